"""Parameters of a request, validated."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Collection, Sequence
from typing import Literal, get_args

from werkzeug.datastructures import MultiDict

from index.schema import page_number
from index.sentence import Sentence
from search.alphabetical import LETTERS
from search.dates import period
from search.model import FACETS, FILTERS, SearchRequest, Sort
from search.trends import Period
from web.problems import ParameterError

MAX_PER_PAGE = 100
MAX_PAGE = 1_000_000
MAX_VALUES = 50
"""Most values of one filter."""

PAGE_FACETS = ("year", "month", "newspaper", "section", "kind", "reporter", "photographer")
"""What the results page counts."""

MAX_QUERIES = 10
"""Most queries that are compared over time."""

MAX_SUGGESTIONS = 20
MAX_SIMILAR = 20

Measure = Literal["count", "share"]
"""What is compared over time: articles, or their share of all."""

SEARCH = ("q", "page", "per_page", "sort", "from", "to", "facets", "expand", "fuzzy", "relax", *FILTERS, "generation")
ISSUES = ("newspaper", "from", "to", "page", "per_page", "generation")
CALENDAR = ("newspaper", "page")
LISTING = ("page",)
INDEX = ("sort", "letter", "page")
TRENDS = ("q", "by", "from", "to", "expand", "fuzzy", *FILTERS)
SUGGEST = ("q", "limit")
SIMILAR = ("limit",)
"""The parameters of each address."""

_WRITE_DATES = Sentence("请写成 2024、2024-05 或 2024-05-01。")

_REPEATED = {"facets", *FILTERS}
"""Parameters that may have several values."""


def search_request(
    args: MultiDict[str, str], facets: Sequence[str] = (), *,
    known: Sequence[str] = SEARCH, repeated: Collection[str] = _REPEATED,
) -> SearchRequest:
    """The search that the parameters ask for; ``facets`` are counted unless they name others.

    Raises:
        ParameterError: a parameter is not among ``known``, has a wrong value, or several and is not ``repeated``.
    """
    check_names(args, known, repeated)
    first, last = _date(args, "from", 0), _date(args, "to", 1)
    if first and last and first > last:
        raise ParameterError("from", Sentence("日期范围颠倒了：%(first)s 晚于 %(last)s。", first=first, last=last))
    return SearchRequest(
        q=args.get("q", ""),
        result_page=_number(args, "page", 1, MAX_PAGE),
        per_page=_number(args, "per_page", 10, MAX_PER_PAGE),
        sort=_choice(args, "sort", get_args(Sort)),  # type: ignore[arg-type]
        date_from=first,
        date_to=last,
        filters=tuple((name, values) for name in FILTERS if (values := _values(args, name))),
        facets=_facets(args) if "facets" in args else tuple(facets),
        expand=_choice(args, "expand", ("1", "0")) == "1",
        fuzzy=_choice(args, "fuzzy", ("0", "1")) == "1",
        generation=args.get("generation", ""),
        relax=_choice(args, "relax", ("1", "0")) == "1",
    )


def trends_request(args: MultiDict[str, str]) -> tuple[SearchRequest, tuple[str, ...], Period]:
    """The conditions, the queries to be compared (one that asks for everything if none is given), and the periods.

    Raises:
        ParameterError
    """
    wanted = search_request(args, known=TRENDS, repeated={"q", *FILTERS})
    queries = args.getlist("q")
    if len(queries) > MAX_QUERIES:
        raise ParameterError("q", Sentence("一次最多比较 %(most)s 个查询。", most=MAX_QUERIES))
    return wanted, tuple(dict.fromkeys(queries)) or ("",), _choice(args, "by", get_args(Period))  # type: ignore[return-value]


def trends_page_request(args: MultiDict[str, str]) -> tuple[SearchRequest, tuple[str, ...], Period | None, Measure]:
    """The same for the page: fields left empty are no queries, periods may be left to it; and what is shown of them.

    Raises:
        ParameterError
    """
    given = MultiDict((name, value) for name, value in args.items(multi=True) if value.strip() and name != "show")
    wanted, queries, by = trends_request(given)
    check_names(MultiDict((name, value) for name, value in args.items(multi=True) if name == "show"), ("show",))
    measure = _choice(args, "show", get_args(Measure))
    return wanted, queries, by if "by" in given else None, measure  # type: ignore[return-value]


def index_request(args: MultiDict[str, str]) -> tuple[str, str, int]:
    """The order of an index of names (``count`` or ``name``), the letter (empty for all), and the screenful.

    Raises:
        ParameterError
    """
    check_names(args, INDEX)
    letter = _choice(args, "letter", ("", *LETTERS))
    sort = _choice(args, "sort", ("name", "count") if letter else ("count", "name"))
    return sort, letter, _number(args, "page", 1, MAX_PAGE)


def suggest_request(args: MultiDict[str, str]) -> tuple[str, int]:
    """What was typed, and how many suggestions are wanted.

    Raises:
        ParameterError
    """
    check_names(args, SUGGEST)
    return args.get("q", ""), _number(args, "limit", 8, MAX_SUGGESTIONS)


def similar_limit(args: MultiDict[str, str]) -> int:
    """How many similar articles are wanted.

    Raises:
        ParameterError
    """
    check_names(args, SIMILAR)
    return _number(args, "limit", 5, MAX_SIMILAR)


def check_names(args: MultiDict[str, str], known: Sequence[str], repeated: Collection[str] = ()) -> None:
    """Refuse parameters that an address does not have, and several values where one is meant.

    Raises:
        ParameterError: with the nearest name, or all of them, as a hint.
    """
    for name in args:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            every = Sentence("可用的参数：%(names)s。", names="、".join(known))
            hint = Sentence("是不是 %(name)s？", name=nearest[0]) if nearest else every
            said = Sentence("没有参数“%(name)s”。", name=name[:50])
            raise ParameterError(name, said, hint if known else Sentence("这个地址不带参数。"))
        if name not in repeated and len(set(args.getlist(name))) > 1:
            raise ParameterError(name, Sentence("%(name)s 只能有一个值。", name=name))


def _number(args: MultiDict[str, str], name: str, default: int, most: int) -> int:
    text = args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise ParameterError(name, Sentence("%(name)s 应是 1 到 %(most)s 的整数。", name=name, most=most))
    return int(text)


def _choice(args: MultiDict[str, str], name: str, choices: Sequence[str]) -> str:
    value = args.get(name) or choices[0]
    if value not in choices:
        raise ParameterError(name, Sentence("%(name)s 只能是 %(choices)s。", name=name, choices="、".join(choices)))
    return value


def _date(args: MultiDict[str, str], name: str, end: int) -> datetime.date | None:
    text = args.get(name, "")
    try:
        return period(text)[end] if text else None
    except ValueError:
        raise ParameterError(name, Sentence("%(name)s 不是日期。", name=name), _WRITE_DATES) from None


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    given = args.getlist(name)
    if len(given) > MAX_VALUES:
        raise ParameterError(name, Sentence("%(name)s 最多 %(most)s 个值。", name=name, most=MAX_VALUES))
    values = tuple(dict.fromkeys(value for value in given if value))
    return tuple(map(page_number, values)) if name == "page_no" else values


def _facets(args: MultiDict[str, str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in ",".join(args.getlist("facets")).split(",") if name))
    for name in names:
        if name not in FACETS:
            hint = Sentence("可用的：%(names)s。", names="、".join(FACETS))
            raise ParameterError("facets", Sentence("没有分面“%(name)s”。", name=name[:50]), hint)
    return names
