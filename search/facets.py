"""Counts of values over a result set."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.columns import Columns
from search.model import Facet, FacetValue


def facets(columns: Columns, docs: NDArray[np.int64], names: Iterable[str]) -> tuple[Facet, ...]:
    """The values of each field that occur in ``docs``, with the number of documents that have them."""
    return tuple(Facet(name, _VALUES.get(name, _keyword_values)(columns, docs, name)) for name in names)


def _year_values(columns: Columns, docs: NDArray[np.int64], name: str) -> tuple[FacetValue, ...]:
    counts = _counts(columns.days[docs] // 10000)
    return tuple(FacetValue(f"{year:04}", count) for year, count in counts)


def _month_values(columns: Columns, docs: NDArray[np.int64], name: str) -> tuple[FacetValue, ...]:
    counts = _counts(columns.days[docs] // 100)
    return tuple(FacetValue(f"{month // 100:04}-{month % 100:02}", count) for month, count in counts)


def _counts(numbers: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Each number and how often it occurs, largest number first, without 0 (unknown)."""
    values, counts = np.unique(numbers[numbers > 0], return_counts=True)
    return list(zip(values[::-1].tolist(), counts[::-1].tolist(), strict=True))


def _keyword_values(columns: Columns, docs: NDArray[np.int64], name: str) -> tuple[FacetValue, ...]:
    chosen = np.zeros(len(columns.days), bool)
    chosen[docs] = True
    keyword = columns.keywords[name]
    counted = [
        FacetValue(value, count)
        for value, having in zip(keyword.values, keyword.docs, strict=True)
        if (count := int(np.count_nonzero(chosen[having])))
    ]
    return tuple(sorted(counted, key=lambda value: (-value.count, value.value)))


_VALUES = {"year": _year_values, "month": _month_values}
