"""Addresses of searches: they lead back to the very request, and to exactly what they promise."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import get_args
from urllib.parse import parse_qsl, urlsplit

import pytest
from answers import address
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from strategies import valid_text
from werkzeug.datastructures import MultiDict

from index.schema import page_number
from search.model import FACETS, FILTERS, Facet, FacetValue, SearchRequest, Sort
from web.links import SearchLinks
from web.params import MAX_PAGE, MAX_PER_PAGE, search_request

values = st.lists(valid_text.filter(bool), min_size=1, max_size=3, unique=True).map(tuple)
days = st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    """Requests that can be asked for."""
    first, last = draw(days), draw(days)
    if first and last and first > last:
        first, last = last, first
    names = draw(st.lists(st.sampled_from(FILTERS), unique=True))
    filters = {name: draw(values) for name in names}
    if "page_no" in filters:
        filters["page_no"] = tuple(map(page_number, filters["page_no"]))
    return SearchRequest(
        q=draw(valid_text),
        result_page=draw(st.integers(1, MAX_PAGE)),
        per_page=draw(st.integers(1, MAX_PER_PAGE)),
        sort=draw(st.sampled_from(get_args(Sort))),
        date_from=first,
        date_to=last,
        filters=tuple((name, filters[name]) for name in FILTERS if any(filters.get(name, ()))),
        facets=tuple(draw(st.lists(st.sampled_from(FACETS), unique=True))),
        expand=draw(st.booleans()),
        fuzzy=draw(st.booleans()),
    )


def read(url: str) -> SearchRequest:
    """The request that an address stands for."""
    return search_request(MultiDict(parse_qsl(urlsplit(url).query, keep_blank_values=True)))


@given(requests().filter(lambda request: all(all(page) for _, page in request.filters)))
def test_an_address_leads_back_to_its_request(request: SearchRequest) -> None:
    """Whatever is asked for, its address asks for the same."""
    assert read(SearchLinks(request, "/search").to(request)) == request


@given(requests())
def test_an_address_is_plain_ascii_without_quotes(request: SearchRequest) -> None:
    """An address can stand in HTML, JSON and a shell's quotes as it is."""
    url = SearchLinks(request, "/search").to(request)
    assert url.isascii()
    assert url.isprintable()
    assert not set(url) & set("\"'<> \\")


def test_defaults_stay_out_of_addresses() -> None:
    """What is not asked for is not said."""
    assert SearchLinks(SearchRequest(), "/search").to(SearchRequest()) == "/search"
    assert SearchLinks(SearchRequest(), "/search").to(SearchRequest(q="a b")) == "/search?q=a+b"


@given(st.integers(0, 1000), st.integers(1, 100), st.integers(1, 300))
def test_paging_walks_from_any_page_to_both_ends(reachable: int, per_page: int, current: int) -> None:
    """``next`` leads to the last page and no further, ``prev`` to the first, from beyond the end too."""
    links = SearchLinks(SearchRequest(q="会", per_page=per_page, result_page=current), "/search")
    last = max(1, -(-reachable // per_page))
    paging = links.paging(reachable)
    pages = {name: url and read(url).result_page for name, url in paging.items()}
    assert pages == {
        "self": current,
        "first": 1,
        "last": last,
        "prev": min(current - 1, last) if current > 1 else None,
        "next": current + 1 if current < last else None,
    }


def test_narrowing_goes_to_the_first_page_and_keeps_the_rest() -> None:
    """A filter is added to the same query, order and page length."""
    request = SearchRequest(q="会", result_page=7, per_page=20, sort="oldest", filters=(("kind", ("news",)),))
    narrowed = read(SearchLinks(request, "/search").narrowed("reporter", "李明"))
    assert narrowed == replace(request, result_page=1, filters=(("kind", ("news",)), ("reporter", ("李明",))))


def test_narrowing_to_a_year_or_month_stays_within_the_dates_already_chosen() -> None:
    """The month of a range of days is only the part of it within the range."""
    first, last = datetime.date(2024, 5, 10), datetime.date(2025, 1, 3)
    links = SearchLinks(SearchRequest(date_from=first, date_to=last), "/search")
    for value, start, end in (
        ("2024", first, datetime.date(2024, 12, 31)),
        ("2025", datetime.date(2025, 1, 1), last),
        ("2024-05", first, datetime.date(2024, 5, 31)),
        ("2024-12", datetime.date(2024, 12, 1), datetime.date(2024, 12, 31)),
    ):
        narrowed = read(links.narrowed("year", value))
        assert (narrowed.date_from, narrowed.date_to) == (start, end)


def test_widening_takes_back_what_narrowing_added() -> None:
    """Each chosen condition can be taken away again alone."""
    request = SearchRequest(q="会", filters=(("kind", ("news", "brief")), ("reporter", ("李明",))))
    links = SearchLinks(request, "/search")
    assert read(links.widened("kind", "news")).filters == (("kind", ("brief",)), ("reporter", ("李明",)))
    assert read(links.widened("reporter", "李明")).filters == (("kind", ("news", "brief")),)
    dated = SearchLinks(replace(request, date_from=datetime.date(2024, 1, 1)), "/search")
    assert read(dated.widened("date")) == request


def test_once_a_value_is_chosen_only_chosen_values_are_offered() -> None:
    """People who wrote together with a chosen one have no address of their own, so they are not offered."""
    facet = Facet("reporter", (FacetValue("李明", 3), FacetValue("王芳", 1)))
    assert SearchLinks(SearchRequest(), "/search").offered(facet) == facet.values
    chosen = SearchLinks(SearchRequest(filters=(("reporter", ("李明",)),)), "/search")
    assert chosen.offered(facet) == facet.values[:1]


@pytest.mark.parametrize(
    "conditions",
    [
        {"q": "职工"},
        {"q": ""},
        {"q": "职工", "from": "2024-05-11"},
        {"q": "职工", "to": "2024-05-12", "from": "2024-05-02"},
        {"q": "职工 OR 工会", "kind": "news"},
        {"q": "工会", "section": "要闻", "per_page": "1", "page": "2"},
        {"reporter": "邝子衿"},
    ],
)
def test_a_facets_address_finds_exactly_as_many_as_it_counts(client: FlaskClient, conditions: dict[str, str]) -> None:
    """Following any value of any facet gives ``count`` results, whatever was chosen before."""
    answer = client.get(address("/api/v1/search", facets=",".join(FACETS), **conditions)).json
    assert any(answer["facets"].values())
    for values in answer["facets"].values():
        for value in values:
            assert client.get(value["url"]).json["total"] == value["count"], value


def test_alternatives_of_a_filter_are_counted_exactly_too(client: FlaskClient) -> None:
    """With several values of one filter chosen, each value's address finds its own count."""
    url = "/api/v1/search?kind=news&kind=brief&reporter=邝子衿&reporter=顾南乔&facets=kind,reporter,photographer"
    answer = client.get(url).json
    assert len(answer["facets"]["reporter"]) == 2
    for values in answer["facets"].values():
        for value in values:
            assert client.get(value["url"]).json["total"] == value["count"], value
