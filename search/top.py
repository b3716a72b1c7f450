"""The best of many matches, in a total order, so that every rank can be had exactly."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from search.columns import Columns
from search.evaluator import Matches
from search.hits import Docs, Scores

Order = Literal["relevance", "newest", "oldest"]


def top(matches: Matches, limit: int, order: Order, columns: Columns, *, offset: int = 0) -> tuple[Docs, Scores]:
    """The matches ranked ``offset`` (from 0) to ``offset + limit``, best first, and their scores.

    By relevance: higher score first, of equal scores the newer day, of the same day the id that sorts first.
    By newest or oldest: the day, then the id. Undated documents come last.
    """
    first = best_places(matches, offset + limit, order, columns)[offset:]
    return matches.docs[first], matches.scores[first]


def best_places(matches: Matches, limit: int, order: Order, columns: Columns) -> Docs:
    """Where the best ``limit`` matches stand, best first."""
    sizes = keys(matches, order, columns)
    candidates = np.argpartition(sizes, limit)[:limit] if limit < len(sizes) else np.arange(len(sizes))
    return candidates[np.argsort(sizes[candidates])]


def keys(matches: Matches, order: Order, columns: Columns) -> NDArray[np.uint64]:
    """A number for each match, smallest for the best; no two are equal."""
    if order == "oldest":
        return columns.oldest[matches.docs].astype(np.uint64)
    newest: NDArray[np.uint64] = columns.newest[matches.docs].astype(np.uint64)
    return newest if order == "newest" else newest | _descending(matches.scores) << np.uint64(32)


def _descending(scores: Scores) -> NDArray[np.uint64]:
    """Numbers below 2**32 that sort as the scores do backwards: IEEE 754 floats sort like their bits, once the
    bits of negative ones are flipped."""
    bits = (scores + np.float32(0)).view(np.int32)  # -0 becomes 0
    ascending = bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))
    return (0x7FFFFFFF - ascending.astype(np.int64)).astype(np.uint64)
