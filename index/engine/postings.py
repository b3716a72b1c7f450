"""Inverted fields as flat arrays: made from tokens, written to a file, read again.

For the sorted terms 0…T-1 of a field, ``starts`` (T+1) delimits each term's postings in ``docs`` (ascending
document numbers) and ``freqs`` (occurrences in that document; left out where all are 1). A field with positions
has besides ``position_starts`` (T+1) and ``positions``: places in the concatenation of all documents' texts, in
which one empty place follows every document, so that neighbours are always of one document. Document d's text
starts at place ``text_starts[d]``; both are of one type.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index.engine.arrays import Array, ArrayFile, ArrayWriter, smallest

_HEAD = 8


class Terms(Sequence[bytes]):
    """Sorted byte strings in one array; string i is ``content[starts[i]:starts[i + 1]]``.

    ``heads`` are their first eight bytes as big-endian numbers, shorter strings filled up with zeros.
    """

    def __init__(self, content: Array, starts: Array, heads: Array) -> None:
        self._content = content.data
        self._starts = starts
        self._heads = heads

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
            return [content[a - ends[0] : b - ends[0]] for a, b in pairwise(ends)][::step]
        return bytes(self._content[self._starts.item(index) : self._starts.item(index + 1)])

    def first_from(self, term: bytes) -> int:
        """The number of the first term that is not before ``term``."""
        head = np.uint64(int.from_bytes(_head(term)))
        first = int(self._heads.searchsorted(head))
        if first == len(self) or self[first] >= term:  # nearly always
            return first
        return bisect_left(self, term, first, int(self._heads.searchsorted(head, "right")))

    def find(self, term: bytes) -> int | None:
        """The number of ``term``."""
        place = self.first_from(term)
        return place if place < len(self) and self[place] == term else None


@dataclass(frozen=True, slots=True)
class Positions:
    """Where a field's terms stand; the module says what the arrays are."""

    starts: Array
    places: Array
    text_starts: Array

    def __getitem__(self, term: int) -> Array:
        """All places of a term, ascending."""
        return self.places[self.starts.item(term) : self.starts.item(term + 1)]


@dataclass(frozen=True, slots=True)
class Postings:
    """One inverted field; the module says what the arrays are. ``docs`` are of one type in all fields of a file."""

    terms: Terms
    starts: Array
    docs: Array
    freqs: Array | None
    positions: Positions | None

    def __getitem__(self, term: int) -> tuple[Array, Array | None]:
        """Documents and frequencies (None: all 1) of a term."""
        own = slice(self.starts.item(term), self.starts.item(term + 1))
        return self.docs[own], None if self.freqs is None else self.freqs[own]


@dataclass(frozen=True, slots=True)
class TermPostings:
    """One term of an inverted field: its number there, its documents and its frequencies in them (None: all 1)."""

    field: str
    text: bytes
    inverted: Postings
    number: int
    docs: Array
    freqs: Array | None

    @property
    def places(self) -> Array:
        """All places of the term, ascending; its field has positions."""
        assert self.inverted.positions is not None
        return self.inverted.positions[self.number]


def _head(term: bytes) -> bytes:
    return term[:_HEAD].ljust(_HEAD, b"\0")


def read(file: ArrayFile, field: str) -> Postings:
    """The postings of a field of an open file."""
    terms = Terms(file[f"{field}.terms"], file[f"{field}.term_starts"], file[f"{field}.term_heads"])
    positions = None
    if f"{field}.positions" in file:
        positions = Positions(
            file[f"{field}.position_starts"], file[f"{field}.positions"], file[f"{field}.text_starts"]
        )
    return Postings(terms, file[f"{field}.starts"], file[f"{field}.docs"], file.get(f"{field}.freqs"), positions)


def fields(file: ArrayFile) -> list[str]:
    """The names of all inverted fields of an open file."""
    return [name.removesuffix(".terms") for name in file.names() if name.endswith(".terms")]


def write_terms(file: ArrayWriter, field: str, terms: Sequence[bytes], starts: Array) -> None:
    """Write the dictionary of a field."""
    file.add(f"{field}.terms", np.frombuffer(b"".join(terms), np.uint8))
    lengths = np.fromiter(map(len, terms), np.int64, len(terms))
    file.add(f"{field}.term_starts", smallest(sums(lengths)))
    file.add(f"{field}.term_heads", np.frombuffer(b"".join(map(_head, terms)), ">u8").astype(np.uint64))
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


def counts(starts: Array) -> Array:
    """The lengths of the runs that start there: ``sums`` undone; int64."""
    wide: NDArray[np.int64] = starts.astype(np.int64)
    return wide[1:] - wide[:-1]


def place_type(end: int) -> np.dtype[np.unsignedinteger]:
    """The type of places before ``end``: so wide that a place less a phrase's length never wraps to another."""
    return np.dtype(np.uint32 if end < 1 << 31 else np.uint64)


def sums(counts: Array | list[int]) -> Array:
    """[0, c0, c0 + c1, …]: where runs of these lengths start, and where the last ends; int64."""
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


def invert(
    numbers: Array, lengths: Array, terms: Callable[[Array], list[bytes]], *, positions: bool
) -> Inverted:
    """Postings from the tokens of all documents.

    ``numbers``: each token, in order, as a uint64 below 2**32 that sorts as the token's bytes do (overwritten);
    ``lengths``: the number of tokens of each document; ``terms``: the tokens that some numbers stand for.
    """
    keys = numbers
    keys <<= 32
    keys |= np.arange(len(keys), dtype=np.uint32)
    keys.sort()  # by term, then place; much faster than sorting an index by two keys
    term = (keys >> 32).astype(np.uint32)
    place = keys.astype(np.uint32)
    del keys, numbers
    doc = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[place]
    new_term = np.diff(term, prepend=~term[:1]) != 0
    first = np.flatnonzero(new_term | (np.diff(doc, prepend=doc[:1]) != 0))
    starts = np.flatnonzero(new_term[first])
    return Inverted(
        terms=terms(term[first[starts]]),
        starts=np.append(starts, len(first)),
        docs=doc[first],
        freqs=np.diff(first, append=len(term)),
        positions=place + doc if positions else None,
        text_starts=sums(lengths + 1),
    )
