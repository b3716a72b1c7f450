"""Where the bigrams of a query stand in some candidate documents: the evidence of proximity and of the opening."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from index.engine.arrays import Array, changes
from index.engine.codec import TermsReader, parts
from index.engine.postings import TermPostings, sums
from search.hits import Universe

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
        # not by @, for which BLAS would wake its threads
        sums: Floats = np.einsum("ct,t->c", nearness.reshape(size, len(weights)), weights)
        return sums

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
            universe = Universe(leaf.doc_count_all(), docs[first:last] - offset)
            own = _in_segment(arrays[0], field, terms, universe)
            found.append(Places(own.candidates + first, own.terms, own.positions))
    return functools.reduce(Places.__add__, found) if found else _NOWHERE


def _in_segment(reader: TermsReader, field: str, terms: Sequence[str], universe: Universe) -> Places:
    """The places in the documents of a universe."""
    known = [(number, term) for number, text in enumerate(terms) if (term := reader.find(field, text.encode()))]
    if not known:
        return _NOWHERE
    positions = known[0][1].inverted.positions
    assert positions is not None  # asked only of fields with positions
    candidates, picked, each = universe.locate_all([term.docs for _, term in known])
    begins, counts = _runs([term for _, term in known], positions.starts, picked, each)
    posting = np.repeat(np.arange(len(counts)), counts)
    found = positions.places.take(np.arange(len(posting)) + (begins - np.cumsum(counts) + counts).take(posting))
    candidates = candidates.take(posting)
    numbers = np.repeat([number for number, _ in known], each)
    starts = universe.of(positions.text_starts[:-1]).astype(np.int64)
    return Places(candidates, numbers.take(posting), found - starts.take(candidates))


def _runs(terms: Sequence[TermPostings], starts: Array, picked: Any, each: Sequence[int]) -> tuple[Ints, Ints]:
    """Of some postings of terms, ``each`` so many: where the run of places begins that each counts, and how many.

    ``picked`` is their index in the postings of all the terms, one term after the other; ``starts`` says where the
    places of each term of the field begin.
    """
    freqs = np.concatenate([np.ones(len(term.docs), np.uint8) if term.freqs is None else term.freqs for term in terms])
    counts = freqs[picked].astype(np.int64)
    ends = np.cumsum(freqs, dtype=np.int64)[picked]
    before = sums([len(term.places) for term in terms])[:-1]
    moved = [starts.item(term.number) for term in terms] - before
    return ends - counts + np.repeat(moved, each), counts


def _distinct_sums(groups: Ints, terms: Ints, weights: Floats, size: int) -> Floats:
    """For each of ``size`` groups the weights of its terms, each term counted once."""
    pairs = np.sort(groups * len(weights) + terms)
    group, term = np.divmod(pairs[changes(pairs)], len(weights))
    return np.bincount(group, weights.take(term), size).astype(np.float64, copy=False)


_NOWHERE = Places(*np.empty((3, 0), np.int64))
