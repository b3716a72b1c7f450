"""In which order matches come: BM25 over words, bigrams and characters of both zones.

Words carry the meaning, bigrams the names and phrases no dictionary has, characters what is left. Weights are
those that did best together on tasks with known answers (known items, names, questions).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh
from whoosh.scoring import BM25F

from index import analyzer
from index.schema import ZONES

K1 = 1.2
"""BM25: how soon a term's repetitions stop counting (Robertson and Zaragoza, 2009)."""
B = 0.75
"""BM25: how much long texts are held back, 0 to 1."""
GRANULARITIES = {"words": 1.0, "bigrams": 0.5, "chars": 0.25}
ZONE_WEIGHTS = {"title": 1.5, "body": 1.0}
KIND_WEIGHTS = {"notice": 0.8, "page": 0.5}
"""Notices, and text that belongs to no article, come later than an article that matches as well."""
COVERAGE = 0.5
"""A partial match that covers the share c of the query counts 1 + COVERAGE · c² times."""

WEIGHTING = BM25F(B=B, K1=K1)

_TERMS = {"words": analyzer.words, "bigrams": analyzer.bigrams, "chars": analyzer.characters}


def score_query(texts: Iterable[str]) -> whoosh.Query:
    """The query whose scores rank articles for ``texts``."""
    joined = "\n".join(texts)
    terms = [
        whoosh.Term(f"{zone}_{granularity}", term, boost=weight * ZONE_WEIGHTS[zone])
        for granularity, weight in GRANULARITIES.items()
        for term in dict.fromkeys(_TERMS[granularity](joined))
        if "\n" not in term
        for zone in ZONES
    ]
    return whoosh.Or(terms) if terms else whoosh.Every()


def idf(matching: int, documents: int) -> float:
    """How much a unit that ``matching`` of ``documents`` contain tells: ln(1 + (N - n + ½) / (n + ½)), as in BM25."""
    return float(np.log1p((documents - matching + 0.5) / (matching + 0.5)))


def order(
    docs: NDArray[np.int64], keys: Iterable[NDArray[np.float32] | NDArray[np.int32]]
) -> NDArray[np.int64]:
    """``docs`` sorted by ``keys``, the most important first, each ascending."""
    return docs[np.lexsort(tuple(keys)[::-1])]
