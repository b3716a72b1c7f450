"""The tokens of a field, kept as numbers until they are inverted.

As long as all tokens of a document are of one length, one or two characters, they are packed into numbers without
a look at each; with the first longer token the field changes to a vocabulary. Tokens can be sent to another process.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Sequence
from typing import overload

import numpy as np

from index.engine.arrays import Array
from index.engine.postings import Inverted, invert

_CHARACTER_BITS = 21
_CHARACTER = (1 << _CHARACTER_BITS) - 1

_PIECE = 1 << 20
"""Tokens that are renumbered at a time."""


class NGrams(Sequence[str]):
    """The characters of a text, or every two that are neighbours, as tokens; no list of them is made."""

    def __init__(self, text: str, size: int) -> None:
        if size not in (1, 2):
            raise ValueError("one or two characters")
        self.text = text
        self.size = size

    def __len__(self) -> int:
        return max(0, len(self.text) - self.size + 1)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        start = range(len(self))[index]
        return self.text[start : start + self.size]


class _Vocabulary(dict[str | bytes, int]):
    """Tokens and their numbers, in the order in which they were first asked for."""

    def __missing__(self, token: str | bytes) -> int:
        self[token] = number = len(self)
        return number


class Tokens:
    """Tokens of many documents, in order."""

    def __init__(self) -> None:
        self._packed: array[int] | None = array("Q")
        self._numbers = array("I")
        self._vocabulary = _Vocabulary()
        self._lengths = array("I")

    def add(self, document: int, tokens: Sequence[str] | Sequence[bytes]) -> None:
        """Add a document; documents between this one and the one before have no tokens."""
        self._lengths.extend(itertools.repeat(0, document - len(self._lengths)))
        self._lengths.append(len(tokens))
        if self._packed is not None and tokens:
            if (packed := _pack(tokens)) is not None:
                self._packed.frombytes(packed.tobytes())
                return
            self._spell_out(self._packed)
        self._numbers.extend(map(self._vocabulary.__getitem__, tokens))

    def extend(self, document: int, other: Tokens) -> None:
        """Add the documents of ``other``, the first of which gets the number ``document``; changes ``other``."""
        self._lengths.extend(itertools.repeat(0, document - len(self._lengths)))
        self._lengths.extend(other._lengths)
        if self._packed is not None and other._packed is not None:
            self._packed.extend(other._packed)
            return
        for tokens in (self, other):
            if tokens._packed is not None:
                tokens._spell_out(tokens._packed)
        numbers = np.fromiter(map(self._vocabulary.__getitem__, other._vocabulary), np.uint32, len(other._vocabulary))
        self._numbers.frombytes(numbers[np.frombuffer(other._numbers, np.uint32)].tobytes())

    def __len__(self) -> int:
        return len(self._numbers) if self._packed is None else len(self._packed)

    def lengths(self, documents: int) -> Array:
        """The number of tokens of each of so many documents."""
        self._lengths.extend(itertools.repeat(0, documents - len(self._lengths)))
        return np.frombuffer(self._lengths, np.uint32).astype(np.int64)

    def inverted(self, documents: int, *, positions: bool) -> Inverted:
        """The postings of so many documents."""
        lengths = self.lengths(documents)
        if self._packed is not None:
            numbers, halves = _ranked(np.frombuffer(self._packed, np.uint64))
            if len(halves) <= 1 << 16:
                return invert(numbers, lengths, lambda kept: _terms(kept, halves), positions=positions)
            self._spell_out(self._packed)
        terms = [token if isinstance(token, bytes) else _encoded(token) for token in self._vocabulary]
        order = sorted(range(len(terms)), key=terms.__getitem__)
        rank = np.empty(len(order), np.uint64)
        rank[order] = np.arange(len(order), dtype=np.uint64)
        numbers = rank[np.frombuffer(self._numbers, np.uint32)]
        return invert(numbers, lengths, lambda kept: [terms[order[i]] for i in kept.tolist()], positions=positions)

    def _spell_out(self, packed: array[int]) -> None:
        """Change over from packed tokens to numbers of a vocabulary."""
        distinct, inverse = np.unique(np.frombuffer(packed, np.uint64), return_inverse=True)
        for token in _unpack(distinct):
            self._vocabulary[token]
        self._numbers.frombytes(inverse.astype(np.uint32).tobytes())
        self._packed = None


def _encoded(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")


def _pack(tokens: Sequence[str] | Sequence[bytes]) -> Array | None:
    """Each token as a number that sorts as the token does; None if they are not all of one or all of two characters.

    The first character stands above the second, which is moved up by one: 0 is no character.
    """
    if isinstance(tokens, NGrams):
        codes = _codes(tokens.text)
        return _paired(codes[:-1], codes[1:]) if tokens.size == 2 else codes << _CHARACTER_BITS
    width = max(map(len, tokens))
    if not 1 <= width <= 2 or isinstance(tokens[0], bytes):
        return None
    joined = "".join(tokens)  # type: ignore[arg-type]
    if len(joined) != width * len(tokens):
        return None
    codes = _codes(joined)
    return _paired(codes[0::2], codes[1::2]) if width == 2 else codes << _CHARACTER_BITS


def _codes(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)


def _paired(firsts: Array, seconds: Array) -> Array:
    packed: Array = firsts << _CHARACTER_BITS | (seconds + 1)
    return packed


def _unpack(packed: Array) -> list[str]:
    firsts, seconds = (packed >> _CHARACTER_BITS).tolist(), (packed & _CHARACTER).tolist()
    return [chr(a) + chr(b - 1) if b else chr(a) for a, b in zip(firsts, seconds, strict=True)]


def _ranked(packed: Array) -> tuple[Array, Array]:
    """Packed tokens with each half replaced by its rank among the halves that occur, and these halves.

    The ranks take fewer bits: 16 each, unless there are more characters than all scripts in use have together; then
    the numbers are useless.
    """
    pieces = [slice(start, start + _PIECE) for start in range(0, len(packed), _PIECE)]
    seen = np.zeros(_CHARACTER + 1, bool)
    for piece in pieces:
        seen[packed[piece] >> _CHARACTER_BITS] = True
        seen[packed[piece] & _CHARACTER] = True
    rank = np.cumsum(seen, dtype=np.uint64)
    rank -= 1
    numbers = np.empty(len(packed), np.uint64)
    for piece in pieces:
        numbers[piece] = rank[packed[piece] >> _CHARACTER_BITS] << 16 | rank[packed[piece] & _CHARACTER]
    return numbers, np.flatnonzero(seen).astype(np.uint64)


def _terms(numbers: Array, halves: Array) -> list[bytes]:
    """The terms that such numbers stand for."""
    packed = halves[numbers >> 16] << _CHARACTER_BITS | halves[numbers & 0xFFFF]
    return [_encoded(token) for token in _unpack(packed)]
