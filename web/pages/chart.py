"""Results over time as the bars of a chart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.model import Facet
from web.links import SearchLinks

HEIGHT = 40
WIDTH = 10
"""Units of the tallest bar and of each bar with the gap beside it."""
MOST_YEARS_BY_MONTH = 3
LONGEST = 150
"""So many periods in a row; beyond, a date is misprinted, and periods without results are left out."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One period (2024 or 2024-05), how many results it has, where they are; the bar's left edge and its height."""

    period: str
    count: int
    url: str
    left: int
    height: float


def bars(facets: Iterable[Facet], links: SearchLinks) -> tuple[Bar, ...]:
    """A bar for each month or, over more than three years, each year, oldest first; none for a single period."""
    counts = {facet.name: {value.value: value.count for value in facet.values} for facet in facets}
    if not counts.get("year") or "month" not in counts:
        return ()
    first, last = int(min(counts["year"])), int(max(counts["year"]))
    name = "month" if last - first < MOST_YEARS_BY_MONTH else "year"
    found = counts[name]
    if len(found) < 2:
        return ()
    periods = in_a_row(found)
    tallest = max(found.values())
    return tuple(
        Bar(period, count, links.narrowed(name, period), i * WIDTH, count / tallest * HEIGHT)
        for i, period in enumerate(periods)
        for count in [found.get(period, 0)]
    )


def in_a_row(periods: Iterable[str]) -> list[str]:
    """All years, or months as 2024-05, from the first to the last of ``periods``; only these if that were too many."""
    found = sorted(periods)
    if not found or int(found[-1][:4]) - int(found[0][:4]) >= LONGEST:
        return found
    if len(found[0]) == 4:
        return [f"{year:04}" for year in range(int(found[0]), int(found[-1]) + 1)]
    months = range(_month(found[0]), _month(found[-1]) + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]


def _month(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:]) - 1
