"""Parameters of a request, validated."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Sequence
from typing import get_args

from werkzeug.datastructures import MultiDict

from index.schema import page_number
from search.dates import period
from search.model import FACETS, FILTERS, SearchRequest, Sort
from web.errors import ParameterError

MAX_PER_PAGE = 100
MAX_PAGE = 1_000_000
MAX_VALUES = 50
"""Most values of one filter."""

PAGE_FACETS = ("year", "section", "kind", "reporter")
"""What the results page counts."""

_NAMES = ("q", "page", "per_page", "sort", "from", "to", "facets", "expand", "fuzzy", *FILTERS)


def search_request(args: MultiDict[str, str], facets: Sequence[str] = ()) -> SearchRequest:
    """The search that the parameters ask for; ``facets`` are counted unless they name others.

    Raises:
        ParameterError: a parameter is unknown or has a wrong value.
    """
    _check_names(args, _NAMES)
    first, last = _date(args, "from", 0), _date(args, "to", 1)
    if first and last and first > last:
        raise ParameterError("from", f"日期范围颠倒了：{first} 晚于 {last}。")
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
    )


def _check_names(args: MultiDict[str, str], known: Sequence[str]) -> None:
    for name in args:
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1)
            hint = f"是不是 {nearest[0]}？" if nearest else f"可用的参数：{'、'.join(known)}。"
            raise ParameterError(name, f"没有参数“{name[:50]}”。", hint)


def _number(args: MultiDict[str, str], name: str, default: int, most: int) -> int:
    text = args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise ParameterError(name, f"{name} 应是 1 到 {most} 的整数。")
    return int(text)


def _choice(args: MultiDict[str, str], name: str, choices: Sequence[str]) -> str:
    value = args.get(name) or choices[0]
    if value not in choices:
        raise ParameterError(name, f"{name} 只能是 {'、'.join(choices)}。")
    return value


def _date(args: MultiDict[str, str], name: str, end: int) -> datetime.date | None:
    text = args.get(name, "")
    try:
        return period(text)[end] if text else None
    except ValueError:
        raise ParameterError(name, f"{name} 不是日期。", "请写成 2024、2024-05 或 2024-05-01。") from None


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for value in args.getlist(name) if value))
    if len(values) > MAX_VALUES:
        raise ParameterError(name, f"{name} 最多 {MAX_VALUES} 个值。")
    return tuple(map(page_number, values)) if name == "page_no" else values


def _facets(args: MultiDict[str, str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in args["facets"].split(",") if name))
    for name in names:
        if name not in FACETS:
            raise ParameterError("facets", f"没有分面“{name[:50]}”。", f"可用的：{'、'.join(FACETS)}。")
    return names
