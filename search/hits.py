"""Partial results of an evaluation: which documents of a universe, with which scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.engine.arrays import Array

Docs = NDArray[np.int64]
Scores = NDArray[np.float32]

_SEARCH_COST = 16
"""Searching a number in a sorted array costs about as much as looking up so many in a table."""

_TABLE = 1 << 22
"""Places of the largest table that is laid out at once."""

_ALL = slice(None)
_NONE = np.empty(0, np.int64)


class Universe:
    """The documents of a segment that a query is asked about; they are numbered 0…size-1 here (local numbers)."""

    def __init__(self, segment_size: int, docs: Docs | None = None) -> None:
        self._segment_size = segment_size
        self._docs = docs
        self._table: Docs | None = None
        self.size = segment_size if docs is None else len(docs)

    def narrowed(self, local: Docs) -> Universe:
        """The universe of some of these documents."""
        return Universe(self._segment_size, self.docs(local))

    def of(self, column: Array) -> Array:
        """The values of these documents in an array over the segment."""
        return column if self._docs is None else column[self._docs]

    def docs(self, local: Docs) -> Docs:
        """The documents with these local numbers."""
        return local if self._docs is None else self._docs[local]

    def locate(self, docs: Array) -> tuple[Docs, Any]:
        """The local numbers of those of ``docs`` (ascending) that are in here, and an index that picks these."""
        if self._docs is None:
            return docs.astype(np.int64), _ALL
        if self.size * _SEARCH_COST < len(docs):
            places = docs.searchsorted(self._docs.astype(docs.dtype))
            local = (docs.take(places, mode="clip") == self._docs).nonzero()[0]
            return local, places[local]
        return self._looked_up(docs)

    def having(self, lists: Sequence[Array]) -> Docs:
        """The local numbers, ascending, of those in here that any of several lists (each ascending) has."""
        if self._docs is None:
            return any_of(lists, self.size).astype(np.int64, copy=False)
        if self.size * _SEARCH_COST * len(lists) < sum(map(len, lists)):
            return any_of([self.locate(docs)[0] for docs in lists], self.size)
        return _marked(lists, self._segment_size).take(self._docs).nonzero()[0]

    def locate_all(self, lists: Sequence[Array]) -> tuple[Docs, Any, Sequence[int]]:
        """The same for several lists, one after the other: the index picks from all; and how many of each it picks."""
        sizes = [len(docs) for docs in lists]
        if self._docs is None:
            return np.concatenate(lists).astype(np.int64), _ALL, sizes
        if self.size * _SEARCH_COST * len(lists) < sum(sizes):
            each = [self.locate(docs) for docs in lists]
            starts = [0, *accumulate(sizes)]
            picked = np.concatenate([picked + start for (_, picked), start in zip(each, starts, strict=False)])
            return np.concatenate([local for local, _ in each]), picked, [len(local) for local, _ in each]
        local, picked = self._looked_up(np.concatenate(lists))
        return local, picked, np.diff(picked.searchsorted(np.cumsum(sizes)), prepend=0).tolist()

    def _looked_up(self, docs: Array) -> tuple[Docs, Docs]:
        if self._table is None:
            self._table = np.full(self._segment_size, -1, np.int64)
            self._table[self._docs] = np.arange(self.size)
        numbers = self._table.take(docs)
        picked = (numbers >= 0).nonzero()[0]
        return numbers.take(picked), picked


@dataclass(frozen=True, slots=True)
class Hits:
    """Local numbers, ascending, and scores (None if not asked for)."""

    docs: Docs
    scores: Scores | None

    def boosted(self, boost: float) -> Hits:
        return self if self.scores is None or boost == 1 else Hits(self.docs, self.scores * np.float32(boost))

    def kept(self, places: Docs) -> Hits:
        """Those of the hits that stand at these places."""
        return Hits(self.docs[places], None if self.scores is None else self.scores[places])

    def plus(self, others: Hits) -> Hits:
        """The same documents; ``others``, whose docs are places in these, add their scores."""
        if self.scores is None or others.scores is None:
            return self
        scores = self.scores.copy()
        scores[others.docs] += others.scores
        return Hits(self.docs, scores)


def constant(docs: Docs, score: float, scored: bool) -> Hits:
    """Documents that all score the same."""
    return Hits(docs, np.full(len(docs), score, np.float32) if scored else None)


def nothing(scored: bool) -> Hits:
    """No documents."""
    return constant(np.empty(0, np.int64), 0, scored)


def total(found: list[Hits], size: int) -> Hits:
    """The documents of any of several hits in a universe of ``size``; scores of one document are added."""
    found = [hits for hits in found if len(hits.docs)] or found[:1]
    if len(found) == 1:
        return found[0]
    parts = [(hits.docs, hits.scores) for hits in found if hits.scores is not None]
    return summed(parts, size) if parts else Hits(any_of([hits.docs for hits in found], size), None)


def summed(parts: Sequence[tuple[Docs, Scores]], size: int) -> Hits:
    """Each document that is given a score, with the sum of those it is given; any order, as often as it likes."""
    if not parts:
        return nothing(True)
    scores = np.zeros(size, np.float32)
    docs, own = (np.concatenate(column) for column in zip(*parts, strict=True))
    np.add.at(scores, docs, own)
    present = (scores > 0).nonzero()[0] if own.min(initial=1) > 0 else _marked([docs], size).nonzero()[0]
    return Hits(present, scores[present])


def weighed(groups: Sequence[Sequence[Array]], weights: Sequence[float], size: int) -> Scores:
    """For each number below ``size`` the weights of those groups summed in one of whose lists it is."""
    sums = np.zeros(size)
    step = max(1, _TABLE // max(1, size))
    for first in range(0, len(groups), step):
        own = [sorted(group, key=len, reverse=True) for group in groups[first : first + step]]
        own_weights = np.array(weights[first : first + step])
        table = np.zeros(len(own) * size, bool)
        for rank, lists in enumerate(zip_longest(*own, fillvalue=_NONE)):
            docs = np.concatenate(lists).astype(np.intp)
            counts = list(map(len, lists))
            places = docs + np.repeat(np.arange(0, len(table), size), counts)
            found = np.repeat(own_weights, counts)
            if rank:
                found[table[places]] = 0
            table[places] = True
            sums += np.bincount(docs, found, size)
    return sums.astype(np.float32)


def any_of(lists: Sequence[Array], size: int) -> Docs:
    """The documents in any of several lists in a universe of ``size``, ascending; each list is ascending."""
    lists = [docs for docs in lists if len(docs)]
    if len(lists) < 2:
        return lists[0] if lists else np.empty(0, np.int64)
    return _marked(lists, size).nonzero()[0]


def largest(found: list[Hits], size: int) -> Hits:
    """Like ``total``, but of one document's scores only the largest counts."""
    parts = [(hits.docs, hits.scores) for hits in found if hits.scores is not None]
    if not parts:
        return Hits(any_of([hits.docs for hits in found], size), None)
    scores = np.full(size, -np.inf, np.float32)
    for docs, own in parts:
        np.maximum.at(scores, docs, own)
    present = np.flatnonzero(scores > -np.inf)
    return Hits(present, scores[present])


def _marked(lists: Iterable[Array], size: int) -> NDArray[np.bool_]:
    """Which numbers below ``size`` are in any of several lists."""
    present = np.zeros(size, bool)
    for docs in lists:
        present[docs.astype(np.intp, copy=False)] = True  # as numpy would, but in one go
    return present
