"""Counts of values over a result set."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from search.columns import Columns
from search.model import Facet, FacetValue


def facets(columns: Columns, docs: NDArray[np.int64], names: Iterable[str]) -> tuple[Facet, ...]:
    """The values of each field that occur in ``docs``, with the number of documents that have them."""
    return tuple(
        Facet(name, tuple(FacetValue(value, count) for value, count in columns.counts(name, docs))) for name in names
    )
