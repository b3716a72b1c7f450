"""The chart that compares queries: where its points stand, which are joined, and what is written beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.trends import Point, Trend
from web.pages.plot import BOTTOM, LEFT, RIGHT, TOP, ceiling, plot


def trend(q: str, **counts: int) -> Trend:
    """A trend over years, given as y2020=3; every share is a tenth of the count."""
    points = tuple(Point(name[1:], count, count / 10) for name, count in counts.items())
    return Trend(q, sum(counts.values()), points)


def test_points_stand_where_their_period_and_number_put_them() -> None:
    """From left to right in time, the higher the more, all lines by the same measure."""
    drawn = plot([trend("甲", y2020=0, y2021=5, y2022=10), trend("乙", y2020=1, y2021=1, y2022=1)], "count")
    places = [[(dot.x, dot.y) for dot in line.dots] for line in drawn.lines]
    middle = (LEFT + RIGHT) / 2
    assert places[0] == [(LEFT, BOTTOM), (middle, (TOP + BOTTOM) / 2), (RIGHT, TOP)]
    assert [x for x, _ in places[1]] == [LEFT, middle, RIGHT]
    assert drawn.heights == ((BOTTOM, 0), ((TOP + BOTTOM) / 2, 5), (TOP, 10))
    assert [line.q for line in drawn.lines] == ["甲", "乙"]


def test_shares_are_drawn_as_well() -> None:
    """The measure decides how high a point stands."""
    drawn = plot([trend("甲", y2020=1, y2021=4)], "share")
    assert drawn.heights[-1] == (TOP, 0.5)
    assert drawn.lines[0].dots[1].y == pytest.approx(BOTTOM + (TOP - BOTTOM) * 0.8)


def test_a_period_of_which_nothing_is_held_breaks_the_line() -> None:
    """It has its place on the way, but no line runs over it."""
    drawn = plot([trend("甲", y2020=1, y2021=2, y2023=1)], "count")
    (line,) = drawn.lines
    assert [(a.point.period, b.point.period) for a, b in line.segments] == [("2020", "2021")]
    assert line.dots[1].x == pytest.approx(LEFT + (RIGHT - LEFT) / 3, abs=0.01)


def test_one_period_stands_in_the_middle_and_none_is_an_empty_chart() -> None:
    """Neither is an error."""
    assert [dot.x for dot in plot([trend("甲", y2020=3)], "count").lines[0].dots] == [50]
    assert plot([trend("甲")], "count").periods == plot([], "share").lines == ()


def test_a_few_periods_are_named() -> None:
    """So few that their names do not touch on a phone."""
    years = plot([trend("甲", **{f"y{year}": 1 for year in range(1950, 2025)})], "count").periods
    assert years[0] == (LEFT, "1950")
    assert 4 <= len(years) <= 6
    months = Trend("甲", 24, tuple(Point(f"20{n // 12 + 20}-{n % 12 + 1:02}", 1, 1) for n in range(24)))
    assert len(plot([months], "count").periods) <= 4


@given(st.floats(1e-9, 1e9))
def test_the_ceiling_is_a_round_number_just_above(value: float) -> None:
    """1, 2 or 5 of some power of ten, and never more than two and a half times as much."""
    found = ceiling(value)
    assert value * (1 - 1e-6) <= found <= value * 2.5 * (1 + 1e-6)
    assert f"{found:.0e}"[0] in "125"
