"""Parameters of a request: read as they are meant, refused where they cannot be."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_text
from werkzeug.datastructures import MultiDict

from search.model import FACETS, FILTERS, SearchRequest
from web.params import MAX_VALUES, search_request
from web.problems import ParameterError

NAMES = ("q", "page", "per_page", "sort", "from", "to", "facets", "expand", "fuzzy", *FILTERS)


def read(*parameters: tuple[str, str], facets: tuple[str, ...] = ()) -> SearchRequest:
    return search_request(MultiDict(parameters), facets)


def test_no_parameters_ask_for_everything() -> None:
    """Every parameter has a default."""
    assert read() == SearchRequest()


def test_blank_parameters_are_not_given() -> None:
    """A form that sends its empty fields asks for nothing more."""
    assert read(*((name, "") for name in NAMES)) == SearchRequest()


def test_a_filter_may_be_repeated() -> None:
    """Values of one filter are alternatives, each taken once, blanks left out."""
    request = read(("kind", "news"), ("kind", "brief"), ("kind", ""), ("kind", "news"), ("reporter", "李明"))
    assert request.filters == (("kind", ("news", "brief")), ("reporter", ("李明",)))


@pytest.mark.parametrize("text", ["2", "02", "第2版", "２", "第二版", "二"])
def test_a_page_number_may_be_written_in_any_form(text: str) -> None:
    """The page of a newspaper is found however it is printed."""
    assert read(("page_no", text)).filters == (("page_no", ("2",)),)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)),
        ("2024-02", datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)),
        ("2024-05-10", datetime.date(2024, 5, 10), datetime.date(2024, 5, 10)),
        ("2024年5月", datetime.date(2024, 5, 1), datetime.date(2024, 5, 31)),
    ],
)
def test_dates_may_be_years_months_or_days(text: str, first: datetime.date, last: datetime.date) -> None:
    """``from`` takes the first day of what is written, ``to`` the last."""
    request = read(("from", text), ("to", text))
    assert (request.date_from, request.date_to) == (first, last)


def test_the_most_results_a_page_are_a_hundred() -> None:
    """100 is allowed, 101 is not."""
    assert read(("per_page", "100")).per_page == 100
    with pytest.raises(ParameterError) as error:
        read(("per_page", "101"))
    assert error.value.param == "per_page"
    assert "100" in error.value.detail


def test_facets_are_a_list_without_doubles() -> None:
    """Names are separated by commas; those of the page are counted unless others are named."""
    assert read(("facets", "year,,kind,year")).facets == ("year", "kind")
    assert read(("facets", "year"), ("facets", "kind")).facets == ("year", "kind")
    assert read(facets=("section",)).facets == ("section",)
    assert read(("facets", ""), facets=("section",)).facets == ()
    assert read(("facets", ",".join(FACETS))).facets == FACETS


def test_a_filter_has_a_limit_of_values() -> None:
    """So many alternatives are no search by a person."""
    assert len(read(*(("section", str(n)) for n in range(MAX_VALUES))).filters[0][1]) == MAX_VALUES
    with pytest.raises(ParameterError) as error:
        read(*(("section", str(n)) for n in range(MAX_VALUES + 1)))
    assert error.value.param == "section"


def test_switches_are_0_or_1() -> None:
    """Synonyms are on unless switched off, tolerance of misread characters off unless switched on."""
    assert (read().expand, read().fuzzy) == (True, False)
    switched = read(("expand", "0"), ("fuzzy", "1"))
    assert (switched.expand, switched.fuzzy) == (False, True)
    for name in ("expand", "fuzzy"):
        with pytest.raises(ParameterError, match="0"):
            read((name, "yes"))


def test_the_query_is_taken_as_it_is() -> None:
    """Spaces, signs and case of the query are the query parser's business."""
    assert read(("q", "  职工　AND “a”\n")).q == "  职工　AND “a”\n"


@given(st.lists(st.tuples(st.sampled_from(NAMES) | any_text, any_text), max_size=6))
def test_parameters_are_read_or_refused(parameters: list[tuple[str, str]]) -> None:
    """Whatever comes, the answer is a request or an error that names a parameter that came."""
    error = None
    try:
        request = read(*parameters)
    except ParameterError as raised:
        error = raised
    if error:
        assert error.param in dict(parameters)
        assert error.detail
    else:
        assert 1 <= request.per_page <= 100
        assert request.result_page >= 1
