"""Queries over time: counts and shares of each period."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from archive import archive

from search.model import SearchRequest
from search.searcher import Searcher
from search.trends import Trend, trends

ARTICLES: tuple[dict[str, object], ...] = (
    {"date": "2022-03-01", "body": "劳动竞赛开赛"},
    {"date": "2022-03-09", "body": "茶厂开秤"},
    {"date": "2022-08-02", "body": "高温慰问", "kind": "brief"},
    {"date": "2023-05-01", "body": "劳动竞赛总结"},
    {"body": "没有日期的劳动竞赛"},
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return archive(tmp_path_factory.mktemp("trends"), *ARTICLES)


def points(trend: Trend) -> list[tuple[str, int, float]]:
    return [dataclasses.astuple(point) for point in trend.points]


def test_each_period_has_count_and_share(searcher: Searcher) -> None:
    """Oldest first, periods without a match included; undated articles count in the total only."""
    (trend,) = trends(searcher, SearchRequest(), ("劳动竞赛",), "year")
    assert (trend.q, trend.total) == ("劳动竞赛", 3)
    assert points(trend) == [("2022", 1, 1 / 3), ("2023", 1, 1.0)]
    (trend,) = trends(searcher, SearchRequest(), ("劳动竞赛",), "month")
    assert points(trend) == [("2022-03", 1, 0.5), ("2022-08", 0, 0.0), ("2023-05", 1, 1.0)]


def test_queries_are_compared_over_the_same_periods(searcher: Searcher) -> None:
    """Several queries, one that finds nothing among them, have points for the same periods."""
    found = trends(searcher, SearchRequest(), ("茶厂", "鲸鱼", ""), "month")
    assert len({tuple(point.period for point in trend.points) for trend in found}) == 1
    assert [sum(point.count for point in trend.points) for trend in found] == [1, 0, 4]


def test_conditions_hold_for_matches_and_for_the_whole(searcher: Searcher) -> None:
    """A share is of the articles under the same filters."""
    (trend,) = trends(searcher, SearchRequest(filters=(("kind", ("brief",)),)), ("高温",), "year")
    assert points(trend) == [("2022", 1, 1.0)]


def test_the_whole_result_is_counted(tmp_path: Path) -> None:
    """Not only the articles of a first page."""
    searcher = archive(tmp_path, *({"date": f"2024-{i % 12 + 1:02}-01", "body": "工会"} for i in range(240)))
    (trend,) = trends(searcher, SearchRequest(), ("工会",), "month")
    assert {point.count for point in trend.points} == {20}
