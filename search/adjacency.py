"""Where terms stand next to each other, on ascending arrays of their positions.

Positions run through all documents (``index.engine.postings``), so that nothing has to be known of documents before
the end.
"""

from __future__ import annotations

import numpy as np

from index.engine.arrays import Array, changes
from search.hits import Docs


def exact(places: list[Array]) -> Array:
    """Where the last of several terms stands that follow each other immediately.

    ``places`` are of one unsigned type, in which subtracting and adding again is exact even below 0.
    """
    order = sorted(range(len(places)), key=lambda i: len(places[i]))
    starts = places[order[0]] - places[0].dtype.type(order[0])
    for i in order[1:]:
        if not len(starts):
            break
        expected = starts + places[0].dtype.type(i)
        nearest = places[i].take(places[i].searchsorted(expected), mode="clip")
        starts = starts[nearest == expected]
    ends: Array = starts + places[0].dtype.type(len(places) - 1)
    return ends


def near(places: list[Array], slop: int, text_starts: Array) -> Array:
    """Where the last of several terms stands, each at most ``slop`` places behind the one before."""
    ends = places[0].astype(np.int64)
    for following in places[1:]:
        following = following.astype(np.int64)
        before = ends.searchsorted(following) - 1
        following = following[before >= 0]
        previous = ends[before[before >= 0]]
        near = following - previous <= slop
        near &= _text_of(following, text_starts) == _text_of(previous, text_starts)
        ends = following[near]
    return ends


def _text_of(places: Array, text_starts: Array) -> Docs:
    """The document that each place is in."""
    ends: Docs = text_starts.searchsorted(places, "right")
    return ends - 1


def documents_of(places: Array, text_starts: Array) -> Docs:
    """The documents that ascending places are in, each once."""
    docs = _text_of(places, text_starts)
    return docs[changes(docs)]
