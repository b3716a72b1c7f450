"""The chart of results over time: which periods it has, and how tall their bars are."""

from __future__ import annotations

from search.model import Facet, FacetValue, SearchRequest
from web.links import SearchLinks
from web.pages.chart import HEIGHT, LONGEST, WIDTH, Bar, bars

LINKS = SearchLinks(SearchRequest(q="会"), "/search")


def chart(counts: dict[str, int]) -> tuple[Bar, ...]:
    """The bars of months and how many results each has."""
    years: dict[str, int] = {}
    for month, count in counts.items():
        years[month[:4]] = years.get(month[:4], 0) + count
    facets = {"year": years, "month": counts}
    return bars([Facet(name, tuple(map(FacetValue, found, found.values()))) for name, found in facets.items()], LINKS)


def test_a_few_years_are_shown_by_month() -> None:
    """From the first to the last month, those without results between them, across years."""
    found = chart({"2024-02": 4, "2023-11": 1})
    assert [(bar.period, bar.count) for bar in found] == [
        ("2023-11", 1), ("2023-12", 0), ("2024-01", 0), ("2024-02", 4),
    ]
    assert [bar.left for bar in found] == [0, WIDTH, 2 * WIDTH, 3 * WIDTH]
    assert [bar.height for bar in found] == [HEIGHT / 4, 0, 0, HEIGHT]
    assert found[0].url == LINKS.narrowed("month", "2023-11")


def test_many_years_are_shown_by_year() -> None:
    """More than three years are too many months for a chart."""
    found = chart({"2001-05": 1, "2004-01": 2, "2004-08": 1})
    assert [(bar.period, bar.count) for bar in found] == [("2001", 1), ("2002", 0), ("2003", 0), ("2004", 3)]
    assert found[-1].url == LINKS.narrowed("year", "2004")


def test_one_period_or_none_is_no_chart() -> None:
    """There is nothing to compare."""
    assert chart({}) == chart({"2024-05": 7}) == bars([], LINKS) == ()


def test_a_misprinted_date_does_not_make_an_endless_chart() -> None:
    """Beyond so many years only those with results are shown."""
    assert len(chart({"0204-05": 1, "2024-05": 1, "2023-05": 1})) == 3
    assert len(chart({"1949-05": 1, f"{1949 + LONGEST - 1}-05": 1})) == LONGEST
