"""Small archives for tests of searching: articles written down, indexed, and ready to be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index import store
from index.model import Article
from index.reindex import reindex
from index.schema import load
from search.model import SearchRequest, SearchResult
from search.searcher import Searcher

SAMPLE = Path(__file__).parent.parent / "index" / "sample"
"""The newspaper pages that ship with the program."""


def archive(directory: Path, *articles: str | dict[str, Any]) -> Searcher:
    """A searcher over articles, each its body alone or its fields; ids are 1, 2, 3 … where none is given."""
    lines = [
        json.dumps({"id": str(number)} | (article if isinstance(article, dict) else {"body": article}))
        for number, article in enumerate(articles, 1)
    ]
    pages = directory / "articles.jsonl"
    pages.write_text("\n".join(lines), "utf-8")
    return indexed(directory, pages)


def indexed(directory: Path, *paths: Path) -> Searcher:
    """A searcher over page files, the index being in ``directory``."""
    reindex(paths, directory / "index")
    return Searcher(directory / "index")


def ask(searcher: Searcher, q: str, **request: Any) -> SearchResult:
    """The answer, up to 100 hits on the page unless the request says otherwise."""
    return searcher.search(SearchRequest(q=q, **{"per_page": 100} | request))


def ids(searcher: Searcher, q: str, **request: Any) -> list[str]:
    """The articles that truly match, in order."""
    return [hit.article.id for hit in ask(searcher, q, **request).hits if not hit.partial]


def related(searcher: Searcher, q: str, **request: Any) -> list[str]:
    """The articles shown after the true matches because they have some of the words."""
    return [hit.article.id for hit in ask(searcher, q, **request).hits if hit.partial]


def articles_of(directory: Path) -> list[Article]:
    """All that is indexed."""
    index = store.open_generation(directory, store.current_generation(directory))
    with index.searcher() as searcher:
        return [load(fields["article"]) for fields in searcher.all_stored_fields()]
