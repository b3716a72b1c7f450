"""What can be read in an article finds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.model import Article
from index.normalize import significant
from search.model import SearchRequest
from search.searcher import Searcher


@pytest.fixture(scope="module")
def searcher(index_dir: Path) -> Searcher:
    return Searcher(index_dir)


@pytest.fixture(scope="module")
def articles(searcher: Searcher) -> list[Article]:
    return [hit.article for hit in searcher.search(SearchRequest(per_page=100)).hits]


@given(data=st.data())
def test_every_short_string_finds_its_article(data: st.DataObject, searcher: Searcher, articles: list[Article]) -> None:
    """Any one to six characters in a row, whatever they are, quoted, find the article they stand in."""
    article = data.draw(st.sampled_from(articles))
    text = data.draw(st.sampled_from([article.body, article.title or article.body]))
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    string = text[start : start + data.draw(st.integers(1, 6))]
    assume(significant(string).strip() and "\n" not in string and '"' not in string)
    first = SearchRequest(q=f'"{string}"', per_page=100)
    assert article.id in {hit.article.id for hit in searcher.search(first).hits}
