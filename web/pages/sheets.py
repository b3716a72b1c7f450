"""The picture of a printed page, and on it the places of its articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.model import Article
from search.protocol import AnySearcher


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scan: the id of an article that leads to the file, the page of a PDF (None for a picture), and the places.

    ``places`` are articles, each with its left, top, right and bottom as shares of width and height.
    """

    article_id: str
    page: int | None
    places: tuple[tuple[Article, tuple[float, float, float, float]], ...]


def sheet(searcher: AnySearcher, articles: Iterable[Article]) -> Sheet | None:
    """The scan that the first of some articles with one stands on, with all that stand on it; None if there is none."""
    shown = [(article, article.scan) for article in articles if article.scan]
    if not shown or not searcher.scan(shown[0][0].id):
        return None
    first, scan = shown[0]
    places = tuple((article, own.box) for article, own in shown if own.file == scan.file and own.box)
    return Sheet(first.id, scan.page, places)
