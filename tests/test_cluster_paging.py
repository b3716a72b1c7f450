"""Far back in a long result on a cluster: each article is there once, in the same order on whichever page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.cluster.address import Address
from search import ranking
from search.cluster import runs
from search.engines import searcher_at
from search.model import SearchRequest, Sort
from search.protocol import AnySearcher


@pytest.fixture
def clustered(cluster_sample: Address, monkeypatch: pytest.MonkeyPatch) -> AnySearcher:
    """The sample, as if it were large: few articles are looked at closely, and one request does not reach far."""
    monkeypatch.setattr(ranking, "CANDIDATES", 8)
    monkeypatch.setattr(runs, "DEEPEST", 11)
    return searcher_at(cluster_sample)


def leafed(searcher: AnySearcher, request: SearchRequest) -> list[str]:
    """The ids of all hits, page by page."""
    found: list[str] = []
    while hits := searcher.search(request).hits:
        found += [hit.article.id for hit in hits]
        request = replace(request, result_page=request.result_page + 1)
    return found


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("q", ["", "工会", "总工会~"])
def test_by_day_all_pages_are_those_of_the_embedded_engine(
    clustered: AnySearcher, index_dir: Path, q: str, sort: Sort
) -> None:
    """To the last article."""
    request = SearchRequest(q=q, sort=sort, per_page=7)
    assert leafed(clustered, request) == leafed(searcher_at(index_dir), request)


@pytest.mark.parametrize("q", ["", "工会", "职工 OR 工会", "2024年5月10日", "总工会~"])
def test_by_relevance_each_article_is_on_one_page(clustered: AnySearcher, index_dir: Path, q: str) -> None:
    """The same articles, whatever the size of a page; text that belongs to no article comes where it should."""
    embedded = searcher_at(index_dir)
    request = SearchRequest(q=q, per_page=7)
    found = leafed(clustered, request)
    assert sorted(found) == sorted(leafed(embedded, request))
    assert found == leafed(clustered, replace(request, per_page=10))
    kinds = [clustered.article(name).kind == "page" for name in found]
    assert kinds == [embedded.article(name).kind == "page" for name in leafed(embedded, request)]


def test_exports_hold_all(clustered: AnySearcher) -> None:
    """In the order of the pages."""
    request = SearchRequest(q="工会", per_page=7)
    assert [article.id for article in clustered.articles(request)] == leafed(clustered, request)
