"""Several segments into one, array-wise and in bounded memory; deleted documents are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.columns import NumericColumn
from whoosh.fields import Schema

from index.engine.arrays import Array, ArrayWriter, smallest
from index.engine.buffer import write_lengths
from index.engine.codec import DocumentReader, TermsReader
from index.engine.postings import Postings, counts, doc_type, place_type, sums, write_terms

_CHUNK = 1 << 21
"""Occurrences copied at a time."""


def merge(path: Path, readers: list[tuple[TermsReader, DocumentReader]], schema: Schema) -> None:
    """Write the documents of several segments, without the deleted ones, as one."""
    documents = [document for _, document in readers]
    starts = sums([document.doc_count() for document in documents])
    new_docs = [np.cumsum(document.alive) - 1 + start for document, start in zip(documents, starts, strict=False)]
    with ArrayWriter(path) as file:
        _merge_stored(file, documents)
        for name, field in schema.items():
            if field.column_type:
                _merge_numbers(file, name, field.column_type, documents)
            sources = [
                _Source(found, document.alive, new)
                for (terms, document), new in zip(readers, new_docs, strict=True)
                if (found := terms.postings(name))
            ]
            if any(map(_kept, sources)):
                if field.scorable:
                    codes = np.concatenate([_codes(document, name)[document.alive] for document in documents])
                    write_lengths(file, name, codes, sum(map(_occurrences, sources)))
                _merge_postings(file, name, sources, int(starts[-1]))


def _codes(document: DocumentReader, name: str) -> Array:
    codes = document.length_codes(name)
    return np.zeros(document.doc_count_all(), np.uint8) if codes is None else codes


def _merge_numbers(file: ArrayWriter, name: str, kind: NumericColumn, documents: list[DocumentReader]) -> None:
    absent = kind.default_value()
    columns = []
    for document in documents:
        values = document.numbers(name)
        if values is None:
            values = np.full(document.doc_count_all(), absent, np.dtype(kind._typecode))
        columns.append(values[document.alive])
    merged = np.concatenate(columns)
    if (merged != absent).any():
        file.add(f"{name}.numbers", merged)


def _merge_stored(file: ArrayWriter, documents: list[DocumentReader]) -> None:
    lengths = np.concatenate([document.stored_lengths()[document.alive] for document in documents])
    section = file.reserve("stored", np.uint8, int(lengths.sum()))
    for document in documents:
        for piece in document.stored_alive():
            section.append(piece)
    file.add("stored_starts", smallest(sums(lengths)))


@dataclass(frozen=True, slots=True)
class _Source:
    """A field to merge: its postings, which documents are kept, and each one's number in the result."""

    postings: Postings
    keep: Array
    new_docs: Array


def _merge_postings(file: ArrayWriter, field: str, sources: list[_Source], document_count: int) -> None:
    """Write one inverted field made of the fields of several sources, whose new documents ascend."""
    terms = sorted(set[bytes]().union(*(source.postings.terms[:] for source in sources)))
    number = {term: i for i, term in enumerate(terms)}
    inputs = [
        _Input(source, np.fromiter(map(number.__getitem__, source.postings.terms[:]), np.int64))
        for source in sources
    ]
    del number
    texts = _new_texts(sources, document_count)
    output = _Output(file, field, sources, texts, document_count)
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
    """Postings of a run of terms, and the terms and places of their occurrences (none without positions)."""

    terms: Array
    docs: Array
    freqs: Array
    place_terms: Array
    places: Array


@dataclass(frozen=True, slots=True)
class _Input:
    """A source and the new number of each of its terms."""

    source: _Source
    numbers: Array

    def sizes(self) -> Array:
        """How much is to be copied for each term."""
        postings = self.source.postings
        return counts(postings.starts if postings.positions is None else postings.positions.starts)

    def between(self, first: int, last: int, texts: Array) -> _Chunk:
        """What is kept of the terms with new numbers from ``first`` up to ``last``."""
        postings = self.source.postings
        a, b = np.searchsorted(self.numbers, (first, last)).tolist()
        own = slice(postings.starts.item(a), postings.starts.item(b))
        old = postings.docs[own]
        terms = np.repeat(self.numbers[a:b], counts(postings.starts[a : b + 1]))
        freqs = np.ones(len(old), np.int64) if postings.freqs is None else postings.freqs[own].astype(np.int64)
        kept = self.source.keep[old]
        docs = self.source.new_docs[old]
        place_terms = places = np.empty(0, np.int64)
        if postings.positions is not None:
            span = slice(postings.positions.starts.item(a), postings.positions.starts.item(b))
            moved = texts[docs] - postings.positions.text_starts[old].astype(np.int64)
            still = np.repeat(kept, freqs)
            places = (postings.positions.places[span] + np.repeat(moved, freqs))[still]
            place_terms = np.repeat(terms, freqs)[still]
        return _Chunk(terms[kept], docs[kept], freqs[kept], place_terms, places)


def _sorted(chunks: list[_Chunk]) -> _Chunk:
    """The chunks of all sources as one, by term; a term's documents stay in the order of the sources."""
    terms, docs, freqs, place_terms, places = (
        np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in _Chunk.__slots__
    )
    order = np.argsort(terms, kind="stable")
    place_order = np.argsort(place_terms, kind="stable")
    return _Chunk(terms[order], docs[order], freqs[order], place_terms, places[place_order])


def _chunks(inputs: list[_Input], term_count: int) -> Iterator[tuple[int, int]]:
    """Runs of terms with about ``_CHUNK`` occurrences each."""
    sizes = np.zeros(term_count, np.int64)
    for entry in inputs:
        sizes[entry.numbers] += entry.sizes()
    ends = np.cumsum(sizes)
    first = 0
    while first < term_count:
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + _CHUNK, "right")))
        yield first, last
        first = last


def _new_texts(sources: list[_Source], document_count: int) -> Array:
    """Where each new document's text starts, and the end; an absent text is one empty place."""
    lengths = np.ones(document_count, np.int64)
    for source in sources:
        if source.postings.positions is not None:
            own = counts(source.postings.positions.text_starts)
            lengths[source.new_docs[source.keep]] = own[source.keep]
    return sums(lengths)


class _Output:
    """The arrays being filled."""

    def __init__(self, file: ArrayWriter, field: str, sources: list[_Source], texts: Array,
                 document_count: int) -> None:
        self._file = file
        self._field = field
        count = sum(map(_kept, sources))
        self._docs = file.reserve(f"{field}.docs", doc_type(document_count), count)
        freqs = [source.postings.freqs.dtype for source in sources if source.postings.freqs is not None]
        self._freqs = file.reserve(f"{field}.freqs", np.result_type(*freqs), count) if freqs else None
        self._places = None
        if any(source.postings.positions for source in sources):
            occurrences = int(texts[-1]) - document_count
            self._places = file.reserve(f"{field}.positions", place_type(texts[-1]), occurrences)

    def append(self, chunk: _Chunk) -> None:
        self._docs.append(chunk.docs)
        if self._freqs is not None:
            self._freqs.append(chunk.freqs)
        if self._places is not None:
            self._places.append(chunk.places)

    def finish(self, position_starts: Array, texts: Array) -> None:
        if self._places is not None:
            self._file.add(f"{self._field}.position_starts", smallest(position_starts))
            self._file.add(f"{self._field}.text_starts", texts.astype(place_type(texts[-1])))


def _kept(source: _Source) -> int:
    """How many postings of a source are of kept documents."""
    return sum(int(np.count_nonzero(source.keep[docs])) for docs in _pieces(source.postings.docs))


def _occurrences(source: _Source) -> int:
    """How many occurrences of terms a source has in kept documents."""
    docs, freqs = source.postings.docs, source.postings.freqs
    if freqs is None:
        return _kept(source)
    return sum(
        int(own_freqs.sum(where=source.keep[own], dtype=np.int64))
        for own, own_freqs in zip(_pieces(docs), _pieces(freqs), strict=True)
    )


def _pieces(values: Array) -> Iterator[Array]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
