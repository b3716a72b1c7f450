"""Several queries over time as the lines of one chart.

All places are percentages of the chart, so that it fits any screen without distorting its text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.trends import Point, Trend
from web.pages.chart import in_a_row
from web.params import Measure

LEFT, RIGHT, TOP, BOTTOM = 2.0, 98.0, 8.0, 88.0
"""The frame in which the lines run."""
MOST_POINTS = 240
"""So many points of all lines together can be told apart, and are drawn fast."""
_TICKS = {len("2024"): 6, len("2024-05"): 4}
"""Most years, or months, that are named below the chart of a phone."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One point: where it stands, and what it stands for."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True, slots=True)
class Line:
    """A query's points; ``segments`` join those of neighbouring periods: the archive has nothing of the others."""

    q: str
    dots: tuple[Dot, ...]
    segments: tuple[tuple[Dot, Dot], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """The lines; some periods and heights (numbers of articles, or shares) with the places where they stand."""

    lines: tuple[Line, ...]
    periods: tuple[tuple[float, str], ...]
    heights: tuple[tuple[float, float], ...]


def plot(trends: Sequence[Trend], measure: Measure) -> Plot:
    """The chart of trends that have points for the same periods."""
    periods = in_a_row({point.period for trend in trends for point in trend.points})
    top = ceiling(max((getattr(point, measure) for trend in trends for point in trend.points), default=0))
    places = {period: _between(LEFT, RIGHT, i, len(periods) - 1) for i, period in enumerate(periods)}
    heights = (0, top) if measure == "count" and top % 2 else (0, top / 2, top)
    return Plot(
        tuple(_line(trend, measure, places, top) for trend in trends),
        tuple((places[period], period) for period in _some(periods)),
        tuple((_between(BOTTOM, TOP, height, top), height) for height in heights),
    )


def ceiling(value: float) -> float:
    """The least of 1, 2, 5, 10, 20 … (or .5, .2 …) that is not below ``value``; 1 for nothing at all."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9))


def _line(trend: Trend, measure: Measure, places: dict[str, float], top: float) -> Line:
    dots = tuple(
        Dot(places[point.period], _between(BOTTOM, TOP, getattr(point, measure), top), point) for point in trend.points
    )
    order = {period: i for i, period in enumerate(places)}
    joined = ((a, b) for a, b in pairwise(dots) if order[b.point.period] - order[a.point.period] == 1)
    return Line(trend.q, dots, tuple(joined))


def _between(first: float, last: float, part: float, whole: float) -> float:
    """The place ``part`` of ``whole`` on the way; the middle where there is no way."""
    return round(first + (last - first) * (part / whole if whole else 0.5), 2)


def _some(periods: Sequence[str]) -> Sequence[str]:
    """At most so many periods, evenly spaced from the first."""
    return periods[:: -(-len(periods) // _TICKS[len(periods[0])])] if periods else ()
