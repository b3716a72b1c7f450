"""Text to terms: words, bigrams and characters of folded text.

The skeleton of a text is what matching sees: its significant characters, folded. White space, quotes,
brackets and interpuncts are looked through; punctuation and the end of a paragraph are characters like any
other, so that a phrase crosses them only where it names them. A character's position is its place in the
skeleton; its offset is its place in the text.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import segment
from index.normalize import REMOVED, fold, is_word_character, significant, significant_codes


@dataclass(frozen=True, slots=True)
class Skeleton:
    """``text[i]`` is the folded form of the character at ``offsets[i]`` of the original."""

    text: str
    offsets: NDArray[np.intp]


def skeleton(text: str) -> Skeleton:
    """The significant characters of ``text`` and where each stands."""
    codes = significant_codes(text)
    offsets = (codes != REMOVED).nonzero()[0]
    return Skeleton(str(codes.take(offsets), "utf-32-le"), offsets)


def characters(text: str) -> list[str]:
    """The significant characters of ``text``, folded; item i stands at position i."""
    return list(significant(text))


def bigrams(text: str) -> list[str]:
    """Every two neighbouring significant characters; item i stands at position i."""
    kept = significant(text)
    return [kept[i : i + 2] for i in range(len(kept) - 1)]


def words(text: str) -> list[str]:
    """The words of ``text`` and the shorter words inside them, folded; punctuation left out."""
    return [word for word in segment.search_words(fold(text)) if word.isalnum() or _is_word(word)]


@functools.lru_cache(maxsize=1 << 17)
def _is_word(piece: str) -> bool:
    return any(map(is_word_character, piece))
