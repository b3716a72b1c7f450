"""Where terms stand next to each other, on ascending arrays of their positions.

Positions run through all documents (``index.engine.postings``), so that nothing has to be known of documents before
the end.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from index.engine.arrays import Array, changes
from search.hits import Docs


def exact(places: list[Array], *, overlapping: bool = False) -> Array:
    """Where the last of several terms stands that follow each other immediately.

    ``places`` are of one unsigned type, in which subtracting and adding again is exact even below 0. ``overlapping``
    terms, bigrams of one text, are looked at only where they bring a new character; what is found may then begin in
    one document and end in the next.
    """
    order = sorted(range(len(places)), key=lambda i: len(places[i]))
    if overlapping:
        needed = _spanning(order[0], len(places))
        order = [i for i in order if i in needed]
    starts = places[order[0]] - places[0].dtype.type(order[0])
    for i in order[1:]:
        if not len(starts):
            break
        expected = starts + places[0].dtype.type(i)
        nearest = places[i].take(places[i].searchsorted(expected), mode="clip")
        starts = starts[nearest == expected]
    ends: Array = starts + places[0].dtype.type(len(places) - 1)
    return ends


def _spanning(chosen: int, count: int) -> Collection[int]:
    """Of ``count`` bigrams in a row those that have all characters: the chosen one, every second, first and last."""
    return {0, count - 1, *range(chosen, 0, -2), *range(chosen, count, 2)}


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


def documents_of(places: Array, text_starts: Array, reach: int = 0) -> Docs:
    """The documents that ascending places are in, each once; the ``reach`` places before must be in it, too."""
    docs = _text_of(places, text_starts)
    if reach:
        docs = docs[text_starts[docs] + places.dtype.type(reach) <= places]
    return docs[changes(docs)]
