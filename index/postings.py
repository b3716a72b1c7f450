"""Inverted fields as flat arrays: made from tokens, written to a file, read again.

For the sorted terms 0…T-1 of a field, ``starts`` (T+1) delimits each term's postings in ``docs`` (ascending
document numbers) and ``freqs`` (occurrences in that document; left out where all are 1). A field with positions
has besides ``position_starts`` (T+1) and ``positions``: places in the concatenation of all documents' texts, in
which one empty place follows every document, so that neighbours are always of one document. Document d's text
starts at place ``text_starts[d]``; both are of one type.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from index.arrays import Array, ArrayFile, ArrayWriter, smallest


class Terms(Sequence[bytes]):
    """Sorted byte strings in one array; string i is ``content[starts[i]:starts[i + 1]]``."""

    def __init__(self, content: Array, starts: Array) -> None:
        self._content = content.data
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            first, last, step = index.indices(len(self))
            ends = self._starts[first : max(first, last) + 1].tolist()
            content = bytes(self._content[ends[0] : ends[-1]])
            return [content[a - ends[0] : b - ends[0]] for a, b in zip(ends, ends[1:], strict=False)][::step]
        return bytes(self._content[self._starts.item(index) : self._starts.item(index + 1)])

    def first_from(self, term: bytes) -> int:
        """The number of the first term that is not before ``term``."""
        return bisect_left(self, term)

    def find(self, term: bytes) -> int | None:
        """The number of ``term``."""
        place = self.first_from(term)
        return place if place < len(self) and self[place] == term else None


@dataclass(frozen=True, slots=True)
class Postings:
    """One inverted field; the module says what the arrays are. ``docs`` are of one type in all fields of a file."""

    terms: Terms
    starts: Array
    docs: Array
    freqs: Array | None
    position_starts: Array | None
    positions: Array | None
    text_starts: Array | None

    def __getitem__(self, term: int) -> tuple[Array, Array | None]:
        """Documents and frequencies (None: all 1) of a term."""
        own = slice(self.starts.item(term), self.starts.item(term + 1))
        return self.docs[own], None if self.freqs is None else self.freqs[own]

    def doc_frequency(self, term: int) -> int:
        """In how many documents, deleted ones included, the term occurs."""
        return int(self.starts.item(term + 1) - self.starts.item(term))

    def places(self, term: int) -> Array:
        """All positions of a term, ascending.

        Raises:
            ValueError: the field has no positions.
        """
        if self.position_starts is None or self.positions is None:
            raise ValueError("field without positions")
        return self.positions[self.position_starts.item(term) : self.position_starts.item(term + 1)]


def read(file: ArrayFile, field: str) -> Postings:
    """The postings of a field of an open file."""
    return Postings(
        Terms(file[f"{field}.terms"], file[f"{field}.term_starts"]),
        file[f"{field}.starts"],
        file[f"{field}.docs"],
        *(file.get(f"{field}.{part}") for part in ("freqs", "position_starts", "positions", "text_starts")),
    )


def fields(file: ArrayFile) -> list[str]:
    """The names of all inverted fields of an open file."""
    return [name.removesuffix(".terms") for name in file.names() if name.endswith(".terms")]


def write_terms(file: ArrayWriter, field: str, terms: Sequence[bytes], starts: Array) -> None:
    """Write the dictionary of a field."""
    file.add(f"{field}.terms", np.frombuffer(b"".join(terms), np.uint8))
    lengths = np.fromiter(map(len, terms), np.int64, len(terms))
    file.add(f"{field}.term_starts", smallest(sums(lengths)))
    file.add(f"{field}.starts", smallest(starts))


def write(file: ArrayWriter, field: str, postings: Inverted, document_count: int) -> None:
    """Write an inverted field."""
    write_terms(file, field, postings.terms, postings.starts)
    file.add(f"{field}.docs", postings.docs.astype(doc_type(document_count)))
    if postings.freqs.max(initial=1) > 1:
        file.add(f"{field}.freqs", smallest(postings.freqs))
    if postings.positions is not None:
        kind = place_type(postings.text_starts[-1])
        file.add(f"{field}.positions", postings.positions.astype(kind))
        file.add(f"{field}.position_starts", smallest(sums(postings.freqs)[postings.starts]))
        file.add(f"{field}.text_starts", postings.text_starts.astype(kind))


def doc_type(document_count: int) -> np.dtype[np.unsignedinteger]:
    """The type of document numbers in a file of so many documents."""
    return np.dtype(np.min_scalar_type(document_count))


def place_type(end: int) -> np.dtype[np.unsignedinteger]:
    """The type of places before ``end``: so wide that a place less a phrase's length never wraps to another."""
    return np.dtype(np.uint32 if end < 1 << 31 else np.uint64)


def sums(counts: Array) -> Array:
    """[0, c0, c0 + c1, …]: where runs of these lengths start, and where the last ends."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


@dataclass(frozen=True, slots=True)
class Inverted:
    """The postings of one field, not yet written. ``freqs`` always stand here."""

    terms: list[bytes]
    starts: Array
    docs: Array
    freqs: Array
    positions: Array | None
    text_starts: Array


def invert(tokens: Array, lengths: Array, vocabulary: list[bytes], *, positions: bool) -> Inverted:
    """Postings from the tokens of all documents.

    ``tokens``: for every token, in order, its index in ``vocabulary``; ``lengths``: tokens of each document.
    """
    order = sorted(range(len(vocabulary)), key=vocabulary.__getitem__)
    rank = np.empty(len(order), np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    keys = rank[tokens] << 32
    keys |= np.arange(len(tokens), dtype=np.uint64)
    keys.sort()  # by term, then place; much faster than sorting an index by two keys
    term = (keys >> 32).astype(np.uint32)
    place = keys.astype(np.uint32)
    del keys
    doc = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[place]
    fresh = np.ones(len(term), bool)
    fresh[1:] = (term[1:] != term[:-1]) | (doc[1:] != doc[:-1])
    first = np.flatnonzero(fresh)
    return Inverted(
        terms=[vocabulary[i] for i in order],
        starts=np.searchsorted(term[first], np.arange(len(order) + 1)),
        docs=doc[first],
        freqs=np.diff(first, append=len(term)),
        positions=place + doc if positions else None,
        text_starts=sums(lengths + 1),
    )
