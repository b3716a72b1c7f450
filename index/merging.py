"""Several inverted fields into one, array-wise and in bounded memory; deleted documents are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.arrays import Array, ArrayWriter, smallest
from index.postings import Postings, doc_type, place_type, sums, write_terms

_CHUNK = 1 << 21
"""Occurrences copied at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """A field to merge: its postings, which documents are kept, and each one's number in the result."""

    postings: Postings
    keep: Array
    new_docs: Array


def merge(file: ArrayWriter, field: str, sources: list[Source], document_count: int) -> None:
    """Write one inverted field made of the fields of several sources, whose new documents ascend."""
    terms = sorted(set[bytes]().union(*(source.postings.terms[:] for source in sources)))
    number = {term: i for i, term in enumerate(terms)}
    inputs = [
        _Input(source, np.fromiter(map(number.__getitem__, source.postings.terms[:]), np.int64))
        for source in sources
    ]
    del number
    texts = _new_texts(sources, document_count)
    output = _Output(file, field, inputs, texts, document_count)
    frequencies = np.zeros(len(terms), np.int64)
    occurrences = np.zeros(len(terms), np.int64)
    for first, last in _chunks(inputs, len(terms)):
        chunk = _sorted([entry.between(first, last, texts) for entry in inputs])
        own = chunk.terms - first
        frequencies[first:last] = np.bincount(own, minlength=last - first)
        occurrences[first:last] = np.bincount(own, chunk.freqs, last - first)
        output.append(chunk)
    left = np.flatnonzero(frequencies)
    write_terms(file, field, [terms[i] for i in left.tolist()], sums(frequencies[left]))
    output.finish(sums(occurrences[left]), texts)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Postings of a run of terms, and the terms and places of their occurrences (if there are positions)."""

    terms: Array
    docs: Array
    freqs: Array
    position_terms: Array
    positions: Array


@dataclass(frozen=True, slots=True)
class _Input:
    """A source and the new number of each of its terms."""

    source: Source
    numbers: Array

    def between(self, first: int, last: int, texts: Array | None) -> _Chunk:
        """What is kept of the terms with new numbers from ``first`` up to ``last``."""
        postings = self.source.postings
        a, b = np.searchsorted(self.numbers, (first, last)).tolist()
        own = slice(postings.starts.item(a), postings.starts.item(b))
        old = postings.docs[own]
        terms = np.repeat(self.numbers[a:b], np.diff(postings.starts[a : b + 1].astype(np.int64)))
        freqs = np.ones(len(old), np.int64) if postings.freqs is None else postings.freqs[own].astype(np.int64)
        kept = self.source.keep[old]
        docs = self.source.new_docs[old]
        positions, position_terms = np.empty(0, np.int64), np.empty(0, np.int64)
        if postings.position_starts is not None and postings.positions is not None and texts is not None:
            span = slice(postings.position_starts.item(a), postings.position_starts.item(b))
            moved = texts[docs] - postings.text_starts[old].astype(np.int64)  # type: ignore[index]
            kept_positions = np.repeat(kept, freqs)
            positions = (postings.positions[span] + np.repeat(moved, freqs))[kept_positions]
            position_terms = np.repeat(terms, freqs)[kept_positions]
        return _Chunk(terms[kept], docs[kept], freqs[kept], position_terms, positions)


def _sorted(chunks: list[_Chunk]) -> _Chunk:
    """The chunks of all sources as one, by term; a term's documents stay in the order of the sources."""
    joined = [np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in _Chunk.__slots__]
    terms, docs, freqs, position_terms, positions = joined
    order = np.argsort(terms, kind="stable")
    position_order = np.argsort(position_terms, kind="stable")
    return _Chunk(terms[order], docs[order], freqs[order], position_terms, positions[position_order])


def _chunks(inputs: list[_Input], term_count: int) -> Iterator[tuple[int, int]]:
    """Runs of terms with about ``_CHUNK`` occurrences each."""
    sizes = np.zeros(term_count, np.int64)
    for entry in inputs:
        postings = entry.source.postings
        starts = postings.starts if postings.position_starts is None else postings.position_starts
        sizes[entry.numbers] += np.diff(starts.astype(np.int64))
    ends = np.cumsum(sizes)
    first = 0
    while first < term_count:
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + _CHUNK, "right")))
        yield first, last
        first = last


def _new_texts(sources: list[Source], document_count: int) -> Array | None:
    """Where each new document's text starts, if the field has positions."""
    if all(source.postings.text_starts is None for source in sources):
        return None
    lengths = np.ones(document_count, np.int64)  # an absent text is one empty place
    for source in sources:
        if source.postings.text_starts is not None:
            own = np.diff(source.postings.text_starts.astype(np.int64))
            lengths[source.new_docs[source.keep]] = own[source.keep]
    return sums(lengths)


class _Output:
    """The arrays being filled."""

    def __init__(self, file: ArrayWriter, field: str, inputs: list[_Input], texts: Array | None,
                 document_count: int) -> None:
        self._file = file
        self._field = field
        sources = [entry.source for entry in inputs]
        count = sum(_kept(source) for source in sources)
        self._docs = file.reserve(f"{field}.docs", doc_type(document_count), count)
        freqs = [source.postings.freqs.dtype for source in sources if source.postings.freqs is not None]
        self._freqs = file.reserve(f"{field}.freqs", np.result_type(*freqs), count) if freqs else None
        self._positions = None
        if texts is not None:
            occurrences = int(texts[-1]) - document_count
            self._positions = file.reserve(f"{field}.positions", place_type(texts[-1]), occurrences)

    def append(self, chunk: _Chunk) -> None:
        self._docs.append(chunk.docs)
        if self._freqs is not None:
            self._freqs.append(chunk.freqs)
        if self._positions is not None:
            self._positions.append(chunk.positions)

    def finish(self, position_starts: Array, texts: Array | None) -> None:
        if texts is not None:
            self._file.add(f"{self._field}.position_starts", smallest(position_starts))
            self._file.add(f"{self._field}.text_starts", texts.astype(place_type(texts[-1])))


def kept_occurrences(source: Source) -> int:
    """How many occurrences of terms a source has in kept documents."""
    docs, freqs = source.postings.docs, source.postings.freqs
    total = 0
    for start in range(0, len(docs), _CHUNK):
        own = slice(start, start + _CHUNK)
        kept = source.keep[docs[own]]
        total += int(np.count_nonzero(kept) if freqs is None else freqs[own].sum(where=kept, dtype=np.int64))
    return total


def _kept(source: Source) -> int:
    """How many postings of a source are of kept documents."""
    docs = source.postings.docs
    if source.keep.all():
        return len(docs)
    return sum(
        int(np.count_nonzero(source.keep[docs[start : start + _CHUNK]])) for start in range(0, len(docs), _CHUNK)
    )
