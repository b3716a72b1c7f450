"""The page that compares queries over time."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template

from search.issues import selected
from search.model import SearchRequest
from search.protocol import AnySearcher
from search.trends import Period
from search.trends import trends as search_trends
from web.addresses import API
from web.links import SearchLinks
from web.middleware import language
from web.pages import filters
from web.pages.chart import MOST_YEARS_BY_MONTH
from web.pages.plot import MOST_POINTS, plot
from web.params import MAX_QUERIES, trends_page_request

trends = Blueprint("trends", __name__)

FIELDS = 3
"""Fields of the form, at least; there is always one to spare."""
MONTHS = 12


@trends.get("/trends")
def page() -> str:
    """Queries as the lines of a chart and the columns of a table; without a query, all articles."""
    parameters = language.parameters()
    wanted, queries, by, measure = trends_page_request(parameters)
    years = _years(wanted)
    wish: Period = by or ("month" if years <= MOST_YEARS_BY_MONTH else "year")
    periods: Period = wish if years * MONTHS * len(queries) <= MOST_POINTS else "year"
    found = search_trends(_searcher(), wanted, queries, periods)
    asked = [q for q in queries if q]
    return render_template(
        "trends.html", trends=found, plot=plot(found, measure), measure=measure, by=periods, asked=asked,
        too_many_months=wish != periods, conditions=wanted, parameters=parameters,
        fields=[*asked, *[""] * max(1, FIELDS - len(asked))][:MAX_QUERIES],
        links=[filters.search_links(replace(wanted, q=q)) for q in queries],
        data=_data(wanted, queries, periods),
    )


def _years(wanted: SearchRequest) -> int:
    """How many years the archive spans under the dates and newspapers asked for."""
    years = [issue.date.year for issue in selected(_searcher().catalogue().issues, wanted) if issue.date]
    return max(years) - min(years) + 1 if years else 0


def _data(wanted: SearchRequest, queries: tuple[str, ...], by: str) -> str:
    """The address of the same as JSON."""
    address = SearchLinks(replace(wanted, q=""), f"{API}/trends").page(1)
    return f"{address}{'&' if '?' in address else '?'}{urlencode([*(('q', q) for q in queries), ('by', by)])}"


def _searcher() -> AnySearcher:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher
