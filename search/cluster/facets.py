"""Counts of values over a result set, made by the cluster."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from search.model import Facet, FacetValue

Json = dict[str, Any]

MOST = 10_000
"""So many values of a field are counted; of a field that has more, the rarest may be left out."""

_PERIODS = {"year": 10000, "month": 100}
"""How many days' numbers (yyyymmdd) one period has."""


def counting(names: Iterable[str]) -> Json:
    """What asks a cluster for the values of some fields."""
    return {name: _counting(name) for name in names}


def _counting(name: str) -> Json:
    if name in _PERIODS:
        return {"histogram": {"field": "day", "interval": _PERIODS[name], "min_doc_count": 1}}
    return {"terms": {"field": name, "size": MOST, "order": [{"_count": "desc"}, {"_key": "asc"}]}}


def facets(counts: Json, names: Iterable[str]) -> tuple[Facet, ...]:
    """The values of each field, most frequent first (years and months: newest first)."""
    return tuple(Facet(name, tuple(_values(name, counts[name]["buckets"]))) for name in names)


def _values(name: str, buckets: Iterable[Json]) -> list[FacetValue]:
    if name not in _PERIODS:
        return [FacetValue(bucket["key"], bucket["doc_count"]) for bucket in buckets]
    counts = {int(bucket["key"]) // _PERIODS[name]: bucket["doc_count"] for bucket in buckets}
    return [FacetValue(_period(number), counts[number]) for number in sorted(counts, reverse=True)]


def _period(number: int) -> str:
    """A year, or a year and a month, as it is written."""
    return f"{number:04}" if number < 10000 else f"{number // 100:04}-{number % 100:02}"
