"""Where the bigrams of a query stand in some candidate documents: the evidence of proximity and of the opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from index.engine.codec import TermsReader, parts

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
        """For each of ``size`` candidates the weights of the terms that occur before position ``length``, summed."""
        early = self.positions < length
        return _distinct_sums(self.candidates[early], self.terms[early], weights, size)

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
    found = [np.empty((3, 0), np.int64)]
    for leaf, offset in searcher.leaf_searchers():
        arrays = parts(leaf.reader())
        first, last = np.searchsorted(docs, (offset, offset + leaf.doc_count_all()))
        if arrays and last > first:
            for number, term in enumerate(terms):
                found.append(_in_segment(arrays[0], field, term, docs[first:last] - offset, number, int(first)))
    return Places(*np.concatenate(found, axis=1))


def _in_segment(reader: TermsReader, field: str, term: str, docs: Ints, number: int, first: int) -> Ints:
    """Rows of candidate, term and position for one term in one segment."""
    found = reader.find(field, term.encode())
    if found is None:
        return np.empty((3, 0), np.int64)
    postings, term_number = found
    assert postings.positions is not None  # asked only of fields with positions
    all_places, text_starts = postings.positions[term_number], postings.positions.text_starts
    starts = text_starts[docs]
    begin = all_places.searchsorted(starts)
    counts = all_places.searchsorted(text_starts[docs + 1]) - begin
    candidates = np.repeat(np.arange(len(docs)), counts)
    picked = np.arange(len(candidates)) + np.repeat(begin - np.cumsum(counts) + counts, counts)
    positions = all_places[picked].astype(np.int64) - starts[candidates]
    return np.stack((candidates + first, np.full(len(candidates), number), positions))


def _distinct_sums(groups: Ints, terms: Ints, weights: Floats, size: int) -> Floats:
    """For each group the weights of its terms, each term counted once."""
    pairs = np.unique(groups * len(weights) + terms)
    return np.bincount(pairs // len(weights), weights[pairs % len(weights)], size).astype(np.float64)
