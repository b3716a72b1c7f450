"""Where the bigrams of a query stand in some candidate documents: the evidence of proximity and of the opening."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from index.engine.arrays import Array, changes
from index.engine.codec import TermsReader, parts
from index.engine.postings import Positions, TermPostings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """Every place of every term in the candidates, in no order: candidate, term and position, all numbers from 0.

    A position counts from the start of the document's field.
    """

    candidates: Ints
    terms: Ints
    positions: Ints

    def __add__(self, other: Places) -> Places:
        """The places of both."""
        return Places(
            np.concatenate((self.candidates, other.candidates)),
            np.concatenate((self.terms, other.terms)),
            np.concatenate((self.positions, other.positions)),
        )

    def opening(self, weights: Floats, length: int, size: int) -> Floats:
        """For each of ``size`` candidates the weights of its terms, summed; each less the later it first occurs.

        By position ``length`` a weight has fallen to 1/e.
        """
        nearness = np.zeros(size * len(weights))
        np.maximum.at(nearness, self.candidates * len(weights) + self.terms, np.exp(self.positions / -length))
        return nearness.reshape(size, len(weights)) @ weights

    def passage(self, weights: Floats, length: int, size: int) -> Floats:
        """For each candidate the largest sum of weights of different terms in one stretch of ``length`` positions.

        Stretches start every half length, so that what is closer together than that is always in one of them.
        """
        best = np.zeros(size)
        per_document = 2 + int(self.positions.max(initial=0)) // length
        for shift in (0, length // 2):
            stretches = self.candidates * per_document + (self.positions + shift) // length
            sums = _distinct_sums(stretches, self.terms, weights, size * per_document)
            np.maximum(best, sums.reshape(size, per_document).max(axis=1, initial=0), out=best)
        return best


def places(searcher: Searcher, field: str, terms: Sequence[str], docs: Ints) -> Places:
    """The places of ``terms`` in a field with positions; ``docs`` are document numbers, ascending."""
    found = []
    for leaf, offset in searcher.leaf_searchers():
        arrays = parts(leaf.reader())
        first, last = docs.searchsorted((offset, offset + leaf.doc_count_all())).tolist()
        if arrays and last > first:
            own = _in_segment(arrays[0], field, terms, docs[first:last] - offset)
            found.append(Places(own.candidates + first, own.terms, own.positions))
    return functools.reduce(Places.__add__, found) if found else _NOWHERE


def _in_segment(reader: TermsReader, field: str, terms: Sequence[str], docs: Ints) -> Places:
    """The places in one segment."""
    known = [(number, term) for number, text in enumerate(terms) if (term := reader.find(field, text.encode()))]
    if not known:
        return _NOWHERE
    positions = known[0][1].inverted.positions
    assert positions is not None  # asked only of fields with positions
    starts, ends = positions.text_starts[docs], positions.text_starts[docs + 1]
    few = 8 * len(docs)  # up to here, looking places up among the candidates is faster
    rare = _of_rare([(number, own) for number, term in known if len(own := term.places) <= few], starts, ends)
    frequent = [(number, term) for number, term in known if len(term.places) > few]
    return rare + _of_frequent(frequent, positions, starts, ends) if frequent else rare


def _of_frequent(
    known: list[tuple[int, TermPostings]], positions: Positions, starts: Array, ends: Array
) -> Places:
    """The places of terms that have many: of each candidate it is asked which places are in it."""
    bounds = np.stack((starts, ends), axis=1).ravel()
    begin, counts = np.empty((2, len(known), len(starts)), np.int64)
    for row, (_, term) in enumerate(known):
        found = term.places.searchsorted(bounds).reshape(-1, 2)
        begin[row] = found[:, 0] + positions.starts.item(term.number)
        counts[row] = found[:, 1] - found[:, 0]
    sizes = counts.ravel()
    pair = np.repeat(np.arange(len(sizes)), sizes)
    picked = np.arange(len(pair)) + (begin.ravel() - np.cumsum(sizes) + sizes).take(pair)
    rows, candidates = np.divmod(pair, len(starts))
    numbers = np.array([number for number, _ in known])
    places = positions.places.take(picked).astype(np.int64) - starts.take(candidates)
    return Places(candidates, numbers.take(rows), places)


def _of_rare(known: list[tuple[int, Array]], starts: Array, ends: Array) -> Places:
    """The places of terms that have few: of each place it is asked which candidate it is in."""
    if not known:
        return _NOWHERE
    places = np.concatenate([own for _, own in known])
    candidates = starts.searchsorted(places, "right") - 1
    inside = ((candidates >= 0) & (places < ends[candidates])).nonzero()[0]
    numbers = np.repeat([number for number, _ in known], [len(own) for _, own in known])
    candidates, places = candidates.take(inside), places.take(inside)
    return Places(candidates, numbers.take(inside), places.astype(np.int64) - starts.take(candidates))


def _distinct_sums(groups: Ints, terms: Ints, weights: Floats, size: int) -> Floats:
    """For each of ``size`` groups the weights of its terms, each term counted once."""
    pairs = np.sort(groups * len(weights) + terms)
    group, term = np.divmod(pairs[changes(pairs)], len(weights))
    return np.bincount(group, weights.take(term), size).astype(np.float64, copy=False)


_NOWHERE = Places(*np.empty((3, 0), np.int64))
