"""How much of a text is no Chinese: the share of its characters that stand in no known pair.

A character counts as known if it and the one before it, or the one behind it, stand together somewhere in what the
language model (``index.pages.ngrams``) has counted: dictionary words and usual pairs. Signs of other scripts and of
mangled encodings are never known.
"""

from __future__ import annotations

import numpy as np

from index.pages.joint import model
from index.pages.ngrams import ABSENT, Array, joined

GARBLED = 0.2
"""From this share on a text is suspicious: clean news stays below 0.13, a tenth of wrong characters gives 0.15."""
LEAST = 40
"""Characters of the shortest text that can be judged."""

_HAN = (0x3400, 0x9FFF)
_USUAL = ((0, 0x7F), (0x370, 0x4FF), (0x2000, 0x25FF), (0x3000, 0x303F), (0xFE30, 0xFFEF), (ABSENT, ABSENT))
"""Letters, punctuation and numbering signs of Chinese newspapers; Latin with accents is mostly a mangled encoding."""


def _odd() -> Array:
    """Whether each code up to ``ABSENT`` is a sign that no Chinese newspaper prints."""
    odd = np.ones(ABSENT + 1, bool)
    for first, last in (_HAN, *_USUAL):
        odd[first : last + 1] = False
    return odd


_ODD = _odd()


def shares(codes: Array) -> Array:
    """The share of unknown characters (0 to 1) of each text; 0 for texts of fewer than ``LEAST`` characters.

    ``codes`` are those of the texts (``ngrams.codes_of``).
    """
    codes = np.append(np.uint16(ABSENT), codes)
    wide = codes.astype(np.uint64)
    known = model().ngrams.count(joined(wide[:-1], wide[1:], 1)) > 0
    han = (codes >= _HAN[0]) & (codes <= _HAN[1])
    unknown = _ODD[codes]
    unknown[1:-1] |= han[1:-1] & ~known[:-1] & ~known[1:]
    ends = np.flatnonzero(codes == ABSENT)
    sizes = np.diff(ends) - 1
    counts = np.diff(np.append(0, np.cumsum(unknown))[ends])
    found: Array = np.where(sizes >= LEAST, counts / np.maximum(sizes, 1), 0.0)
    return found
