"""BM25 as Lucene has it: Whoosh's BM25F with the inverse document frequency of Robertson and Spärck Jones.

idf = ln(1 + (N - n + ½) / (n + ½)) for a term in n of N documents. It is never negative and tells frequent and rare
terms further apart than Whoosh's own, ln(N / (n + 1)) + 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from index.engine.codec import LENGTHS
from index.engine.postings import TermPostings

_LENGTHS = np.array(LENGTHS)


class BM25(BM25F):  # type: ignore[misc]
    """Whoosh's weighting with this idf."""

    def idf(self, searcher: Any, fieldname: str, text: bytes) -> float:
        whole = searcher.get_parent()
        return idf(whole.doc_frequency(fieldname, text), whole.doc_count_all())


def idf(matching: int, documents: int) -> float:
    """How much a term in ``matching`` of ``documents`` tells."""
    return math.log1p((documents - matching + 0.5) / (matching + 0.5))


def idfs(matching: NDArray[np.int64], documents: int) -> NDArray[np.float64]:
    """``idf`` of many terms."""
    return np.log1p((documents - matching + 0.5) / (matching + 0.5))


class Statistics:
    """What scores depend on beyond the document, over all segments."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._frequencies: dict[tuple[str, bytes], int] = {}
        self._norms: dict[str, NDArray[np.float32]] = {}

    def weight(self, term: TermPostings) -> float:
        """BM25's factor of a term: idf * (K1 + 1)."""
        frequency = len(term.docs) if self._searcher.is_atomic() else self._frequency(term.field, term.text)
        return idf(frequency, self._searcher.doc_count_all()) * float(self._searcher.weighting.K1 + 1)

    def _frequency(self, field: str, text: bytes) -> int:
        """In how many documents of all segments a term occurs."""
        key = field, text
        if key not in self._frequencies:
            self._frequencies[key] = int(self._searcher.reader().doc_frequency(field, text))
        return self._frequencies[key]

    def norms(self, field: str) -> NDArray[np.float32]:
        """K1 * (1 - B + B * length / average length) for each length code."""
        norms = self._norms.get(field)
        if norms is None:
            weighting = self._searcher.weighting
            b = weighting._field_B.get(field, weighting.B)
            average = self._searcher.avg_field_length(field) or 1
            norms = self._norms[field] = (weighting.K1 * (1 - b + b * _LENGTHS / average)).astype(np.float32)
        return norms
