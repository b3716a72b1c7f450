"""Evaluation of Whoosh queries into arrays, through Whoosh's own matchers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Query
from whoosh.searching import Searcher


@dataclass(frozen=True, slots=True)
class Matches:
    """All documents a query matches, ascending, and the score of each."""

    docs: NDArray[np.int64]
    scores: NDArray[np.float32]


def evaluate(searcher: Searcher, query: Query, *, scored: bool = True) -> Matches:
    """Every match of ``query`` in all segments; without ``scored`` all scores are zero."""
    docs: list[int] = []
    scores: list[float] = []
    for leaf, offset in searcher.leaf_searchers():
        matcher = query.matcher(leaf, leaf.boolean_context() if not scored else None)
        while matcher.is_active():
            docs.append(matcher.id() + offset)
            scores.append(matcher.score() if scored else 0.0)
            matcher.next()
    return Matches(np.array(docs, np.int64), np.array(scores, np.float32))
