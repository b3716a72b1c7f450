"""How often something was written about, period by period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from search.model import SearchRequest, SearchResult
from search.protocol import AnySearcher

Period = Literal["month", "year"]


@dataclass(frozen=True, slots=True)
class Point:
    """The articles of one period that match, and their share of all articles of that period (0 to 1)."""

    period: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Trend:
    """One query over time, oldest period first; every period has a point in which the archive has articles.

    ``total`` also counts articles without a date, which stand in no period.
    """

    q: str
    total: int
    points: tuple[Point, ...]


def trends(searcher: AnySearcher, request: SearchRequest, queries: tuple[str, ...], by: Period) -> tuple[Trend, ...]:
    """The trend of each query under the dates and filters of ``request``.

    Raises:
        QueryError: a query cannot be understood.
        IndexMissingError, IndexOutdatedError, IndexDamagedError
    """
    request = replace(request, sort="newest", result_page=1, per_page=1, facets=(by,))
    articles = _counts(searcher.search(replace(request, q="")))
    return tuple(_trend(searcher.search(replace(request, q=q)), articles) for q in queries)


def _trend(result: SearchResult, articles: dict[str, int]) -> Trend:
    counts = _counts(result)
    # an index published between two searches may have more of a period than the last one had
    whole = {period: max(articles.get(period, 0), counts.get(period, 0)) for period in articles | counts}
    points = (Point(period, counts.get(period, 0), counts.get(period, 0) / whole[period]) for period in sorted(whole))
    return Trend(result.request.q, result.total, tuple(points))


def _counts(result: SearchResult) -> dict[str, int]:
    return {value.value: value.count for value in result.facets[0].values}
