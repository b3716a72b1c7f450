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
