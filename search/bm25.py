"""BM25 as Lucene has it: Whoosh's BM25F with the inverse document frequency of Robertson and Spärck Jones.

idf = ln(1 + (N - n + ½) / (n + ½)) for a term in n of N documents. It is never negative and tells frequent and rare
terms further apart than Whoosh's own, ln(N / (n + 1)) + 1.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from index.engine.codec import LENGTHS
from index.weighting import idf

_LENGTHS = np.array(LENGTHS)

_KEPT = 1 << 14
"""So many terms' weights are kept."""


class BM25(BM25F):  # type: ignore[misc]
    """Whoosh's weighting with this idf."""

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        whole = searcher.get_parent()
        return idf(whole.doc_frequency(fieldname, text), whole.doc_count_all())


def idfs(matching: NDArray[np.int64], documents: int) -> NDArray[np.float64]:
    """``idf`` of many terms."""
    return np.log1p((documents - matching + 0.5) / (matching + 0.5))


class Statistics:
    """What scores depend on beyond the document, over all segments; kept for the next search, whatever thread."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.weight = functools.lru_cache(_KEPT)(self._weight)
        """BM25's factor of a term: idf * (K1 + 1)."""
        self.norms = functools.cache(self._field_norms)
        """K1 * (1 - B + B * length / average length) of a field for each length code."""

    def _weight(self, field: str, text: bytes) -> float:
        frequency = int(self._searcher.reader().doc_frequency(field, text))
        return idf(frequency, self._searcher.doc_count_all()) * float(self._searcher.weighting.K1 + 1)

    def _field_norms(self, field: str) -> NDArray[np.float32]:
        weighting = self._searcher.weighting
        b = weighting._field_B.get(field, weighting.B)
        average = self._searcher.avg_field_length(field) or 1
        norms: NDArray[np.float64] = weighting.K1 * (1 - b + b * _LENGTHS / average)
        return norms.astype(np.float32)
