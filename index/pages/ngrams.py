"""Counts of characters that stand together and of words: a language model of printed Chinese, in one small array.

Character n-grams (n <= 4) and dictionary words are kept as 32-bit hashes with a rounded logarithm of their count, so
no text can be read back. Looking up takes arrays of hashes; one wrong answer in some 3,000 look-ups is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.normalize import fold

Array = NDArray[Any]

LONGEST = 4
"""Characters of the longest n-gram."""
STEPS = 4
"""Counts are rounded to so many steps an octave."""
ABSENT = 0xFFFE
"""The code beyond a line's end: a noncharacter of Unicode."""

_GAP = chr(ABSENT)
_MULTIPLIER = 0x9E3779B97F4A7C15  # 2**64 / golden ratio: Fibonacci hashing (Knuth, TAOCP 6.4)
_POWERS = [np.uint64(pow(_MULTIPLIER, n, 2**64)) for n in range(LONGEST + 1)]
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_WORD = np.uint64(0x51ED2701)  # set apart: the same characters as a word and as an n-gram
_COUNTS = np.append(0, np.exp2(np.arange(255) / STEPS))  # by level
_OTHER, _SPACE, _DIGIT, _LATIN, _QUOTE = range(5)
_WRITTEN = np.array([0, 0, ord("0"), ord("a"), ord('"')], np.uint16)
"""The one code of all characters of a class."""


def _classes() -> Array:
    """The class of each code up to ``ABSENT``."""
    classes = np.full(ABSENT + 1, _OTHER, np.uint8)
    every = "".join(map(chr, range(ABSENT)))
    for kind, pattern in ((_SPACE, r"\s"), (_DIGIT, "[0-9]"), (_LATIN, "[a-z]"), (_QUOTE, "[“”„‟\"「」『』]")):
        classes[[match.start() for match in re.finditer(pattern, every)]] = kind
    return classes


_CLASSES = _classes()


def codes(text: str) -> Array:
    """The characters of ``text`` as numbers (uint16): folded, without spaces, a number as 0, a Latin word as a."""
    return codes_of([text])[:-1]


def codes_of(texts: Sequence[str]) -> Array:
    """The codes of all texts, each followed by ``ABSENT``."""
    together = "".join(text.replace(_GAP, "\ufffd") + _GAP for text in texts)
    points = np.frombuffer(fold(together).encode("utf-32-le"), np.uint32)
    plain = np.where(points > ABSENT, ABSENT - 1, points).astype(np.uint16)
    classes = _CLASSES[plain]
    kept = classes != _SPACE
    kept[1:] &= (classes[1:] != classes[:-1]) | (classes[1:] == _OTHER) | (classes[1:] == _QUOTE)
    plain, classes = plain[kept], classes[kept]
    written: Array = np.where(classes == _OTHER, plain, _WRITTEN[classes])
    return written


def span_hashes(rows: Array, longest: int = LONGEST) -> dict[tuple[int, int], Array]:
    """``{(i, j): hashes of rows[:, i:j]}`` for every span of at most ``longest`` columns."""
    wide = rows.astype(np.uint64)
    out: dict[tuple[int, int], Array] = {}
    for i in range(wide.shape[1]):
        total = np.zeros(len(wide), np.uint64)
        for j in range(i, min(i + longest, wide.shape[1])):
            total = joined(total, wide[:, j], 1)
            out[i, j + 1] = total
    return out


def joined(left: Array, right: Array, length: int) -> Array:
    """Hashes of texts, from the hashes of their first parts and of their last ``length`` characters."""
    return left * _POWERS[length] + right


def keys_of(hashes: Array, *, word: bool = False) -> Array:
    """The 32-bit keys under which n-grams or words are kept."""
    marked = hashes + _WORD if word else hashes
    return ((marked * _POWERS[1]) >> np.uint64(32)).astype(np.uint32)


def levels_of(counts: Array) -> Array:
    """Counts (>= 1) as small integers that ``Ngrams`` turns back."""
    return (1 + np.minimum(np.round(np.log2(counts) * STEPS), 254)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Ngrams:
    """``keys`` ascend; ``levels`` are their rounded counts. ``characters`` and ``words``: how many were counted."""

    keys: Array
    levels: Array
    characters: float
    words: float

    def count(self, hashes: Array) -> Array:
        """How often each n-gram occurs; 0 where it is unknown."""
        return _COUNTS[self._levels(keys_of(hashes))]

    def counts_of(self, texts: Sequence[str]) -> list[float]:
        """How often each of some texts of one length (at most ``LONGEST`` Chinese characters) occurs."""
        rows = codes_of(texts).reshape(len(texts), -1)[:, :-1]
        counts: list[float] = self.count(span_hashes(rows)[0, rows.shape[1]]).tolist()
        return counts

    def word(self, hashes: Array, unknown: float) -> Array:
        """The log probability of each word; ``unknown`` where it is none."""
        levels = self._levels(keys_of(hashes, word=True))
        return np.where(levels > 0, (levels - 1.0) * (np.log(2) / STEPS) - np.log(self.words), unknown)

    def _levels(self, keys: Array) -> Array:
        # keys that ascend are found five times faster, in the processor's cache; with their places they sort as one
        ascending = np.sort(keys.ravel().astype(np.uint64) << _HALF | np.arange(keys.size, dtype=np.uint64))
        sought = (ascending >> _HALF).astype(np.uint32)
        first = np.append(True, sought[1:] != sought[:-1])[: len(sought)]
        distinct = sought[first]
        at = np.minimum(np.searchsorted(self.keys, distinct), len(self.keys) - 1)
        found = np.where(self.keys[at] == distinct, self.levels[at], 0)
        levels = np.empty(keys.size, np.uint8)
        levels[ascending & _LOW] = found[np.cumsum(first) - 1]
        return levels.reshape(keys.shape)


def counted(texts: Sequence[Array], weights: Sequence[float], least: Sequence[int]) -> tuple[Array, Array, float]:
    """Keys and levels of the n-grams that occur at least ``least[n - 1]`` times, and the number of characters.

    ``texts`` are codes (see ``codes``), each counted ``weights`` times.
    """
    gap = np.array([ABSENT], np.uint16)
    every = np.concatenate([part for text in texts for part in (text, gap)]).astype(np.uint64)
    weight = np.repeat(np.array(weights, np.float64), [len(text) + 1 for text in texts])
    inside = every != ABSENT
    keys, levels = [], []
    hashes = np.zeros(len(every) + 1, np.uint64)
    whole = np.ones(len(every) + 1, bool)
    for n, few in enumerate(least):
        hashes = joined(hashes[: len(every) - n], every[n:], 1)
        whole = whole[: len(every) - n] & inside[n:]
        found, which = np.unique(hashes[whole], return_inverse=True)
        counts = np.bincount(which, weights=weight[: len(hashes)][whole])
        keys.append(keys_of(found[counts >= few]))
        levels.append(levels_of(counts[counts >= few]))
    return np.concatenate(keys), np.concatenate(levels), float(weight[inside].sum())
