"""Folding of characters, one to one, so that offsets never move.

Two texts that differ only in width, case, script (traditional or simplified) or in the form of an interpunct
fold to the same text of the same length. Sources: Unicode NFKC and lower case where they give one character,
OpenCC's traditional-to-simplified character table (t2s).
"""

from __future__ import annotations

import functools
import sys
import unicodedata
from collections.abc import Callable

import numpy as np
import opencc
from numpy.typing import NDArray

INTERPUNCT = "·"
_INTERPUNCTS = frozenset("•・‧･∙⋅")
_VARIANTS = {"○": "〇", "◯": "〇"}  # the zero of 二〇二四, as typists and OCR give it
_QUOTES = frozenset("\"'＂＇`´")
_TRANSPARENT_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Ps", "Pe", "Pi", "Pf", "Mn"})


class _Table(dict[int, str]):
    """A table for ``str.translate`` that works out each character when it first meets it."""

    def __init__(self, function: Callable[[str], str]) -> None:
        self._function = function

    def __missing__(self, code: int) -> str:
        self[code] = result = self._function(chr(code))
        return result

    @functools.cached_property
    def _codes(self) -> NDArray[np.uint32]:
        """By code, the code of the one character in its place, ``REMOVED`` or, until it is first met, ``_UNKNOWN``."""
        return np.full(sys.maxunicode + 1, _UNKNOWN)

    def codes(self, text: str) -> NDArray[np.uint32]:
        """The code of what stands in the place of each character of ``text``, or ``REMOVED``."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        found: NDArray[np.uint32] = self._codes.take(codes)
        if (unknown := found == _UNKNOWN).any():
            for code in set(codes[unknown].tolist()):
                self._codes[code] = ord(self[code]) if self[code] else REMOVED
            found = self._codes.take(codes)
        return found


_LONG = 200
"""Texts of so many characters are looked up in an array, five times as fast."""

REMOVED, _UNKNOWN = np.uint32(0xFFFFFFFE), np.uint32(0xFFFFFFFF)
"""No characters' codes."""


def _translated(text: str, table: _Table) -> str:
    if len(text) < _LONG:
        return text.translate(table)
    codes = table.codes(text)
    return str(codes[codes != REMOVED].astype("<u4"), "utf-32-le", "surrogatepass")


def fold(text: str) -> str:
    """``text`` in the form that is indexed and searched; of the same length."""
    return _translated(text, _FOLDED)


def significant(text: str) -> str:
    """``text`` folded, without the characters that matching looks through."""
    return _translated(text, _SIGNIFICANT)


def significant_codes(text: str) -> NDArray[np.uint32]:
    """The code of each character of ``text``, folded; ``REMOVED`` for those that matching looks through."""
    return _SIGNIFICANT.codes(text)


def variants(text: str) -> frozenset[str]:
    """The characters of ``text`` that folding takes to another script's form: 後, 發, but not Ａ."""
    return frozenset(_translated(text, _VARIANT))


def is_transparent(character: str) -> bool:
    """Whether matching looks through a folded character: space, quote, bracket, interpunct.

    The line feed is not transparent: it ends a paragraph.
    """
    if character == "\n":
        return False
    if character == INTERPUNCT or character in _QUOTES:
        return True
    return unicodedata.category(character) in _TRANSPARENT_CATEGORIES


def is_word_character(character: str) -> bool:
    """Whether a character is a letter or a digit of any script."""
    return unicodedata.category(character)[0] in "LN"


def _fold_character(character: str) -> str:
    if character in _INTERPUNCTS:
        return INTERPUNCT
    if unicodedata.category(character) == "Cs":
        return "\ufffd"  # half a character, which cannot be encoded
    return _simplified(_simplified(_narrowed(character)))  # twice, for 薴 is simplified to 苧 and 苧 to 苎


def _narrowed(character: str) -> str:
    """A character without its width and case."""
    folded = _one(unicodedata.normalize("NFKC", character), character)
    return _one(_VARIANTS.get(folded, folded).lower(), folded)


def _variant_character(character: str) -> str:
    narrowed = _narrowed(character)
    return "" if narrowed == _fold_character(character) else narrowed


def _significant_character(character: str) -> str:
    folded = _fold_character(character)
    return "" if is_transparent(folded) else folded


def _simplified(character: str) -> str:
    return _one(_simplifier().convert(character), character)


def _one(candidate: str, otherwise: str) -> str:
    return candidate if len(candidate) == 1 else otherwise


@functools.cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


_FOLDED = _Table(_fold_character)
_SIGNIFICANT = _Table(_significant_character)
_VARIANT = _Table(_variant_character)
