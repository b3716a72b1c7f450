"""Which characters may be meant by what is typed in pinyin.

Typed text is cut into pieces, one for each character: a syllable, an initial, or, at its end, the beginning of a
syllable; a character that is no letter of pinyin stands for itself. ``gonghui``, ``gongh``, ``gh``, ``工hui`` and
``gong'hui`` all begin like 工会.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # single characters are enough, and 45 MB less
import pypinyin

Table = NDArray[np.float32]
"""For each character of an alphabet, by its number, how well it fits; 0 if it does not. Number 0 is no character."""

Numbers = NDArray[np.uint32]
"""Characters of an alphabet."""

READING_WEIGHT = 0.1
"""What a reading counts beside the one before it: 行 is xing, less often hang, hardly ever heng."""
LONGEST = 40
"""Characters of the longest text that is cut into pieces."""
CUTS = 6
"""So many ways to cut a text are tried: xian is 先 or 西安."""

_INITIALS = frozenset([*"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh"])
_LETTER = re.compile("[a-z]")
_SYLLABLE = re.compile("[a-z]*[aeiouv][a-z]*")
_LONGEST_SYLLABLE = 6
_BREAKS = re.compile(r"[\s'’`]+")


class Alphabet:
    """Characters, numbered from 1 in their order, and how each may be read."""

    def __init__(self, characters: Iterable[str]) -> None:
        self._codes = np.array(sorted(map(ord, set(characters))), np.uint32)
        self.size = len(self._codes) + 1
        self._places: dict[str, dict[int, float]] = {}
        for number, code in enumerate(self._codes.tolist(), 1):
            for rank, syllable in enumerate(readings(chr(code))):
                self._places.setdefault(syllable, {})[number] = READING_WEIGHT**rank
        self._beginnings = {syllable[:n] for syllable in self._places for n in range(1, len(syllable) + 1)}

    def numbers(self, text: str) -> Numbers:
        """The number of each character of ``text``; 0 for those not in the alphabet."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        places = self._codes.searchsorted(codes)
        known = np.append(self._codes, 0xFFFFFFFF)[places] == codes
        return np.where(known, places + 1, 0).astype(np.uint32)

    def literal(self, text: str) -> tuple[Table, ...]:
        """A table for each character of ``text``, in which it alone fits."""
        return tuple(self._table({number: 1.0} if number else {}) for number in self.numbers(text).tolist())

    def like(self, text: str) -> tuple[Table, ...]:
        """A table for each character of ``text``, of those that may be read as it is; a letter only fits itself."""
        return tuple(
            self._table(*(self._places.get(syllable, {}) for syllable in heard)) if (heard := readings(character))
            else self.literal(character)[0]
            for character in text
        )

    def homophones(self, character: str) -> list[str]:
        """The other characters that may be read as ``character`` is, those whose usual reading it is first."""
        table = self.like(character)[0]
        found = np.flatnonzero(table)
        best = found[np.argsort(-table[found], kind="stable")]
        return [other for code in self._codes[best - 1].tolist() if (other := chr(code)) != character]

    def typed(self, text: str) -> list[tuple[Table, ...]]:
        """For each way to understand ``text`` as pinyin, the likeliest first, a table for each character meant."""
        return [
            tuple(self._piece(piece, last=i == len(cut) - 1) for i, piece in enumerate(cut))
            for cut in self.cuts(plain(text))
        ]

    def cuts(self, text: str) -> list[tuple[str, ...]]:
        """The ways to cut plain text into pieces: those with most whole syllables first, then with fewest pieces."""
        if not text or len(text) > LONGEST:
            return []
        best: list[list[tuple[int, tuple[str, ...]]]] = [[] for _ in text] + [[(0, ())]]
        for at in range(len(text) - 1, -1, -1):
            ways = [
                (cost + self._cost(text[at:end]), (text[at:end], *pieces))
                for end in self._ends(text, at)
                for cost, pieces in best[end]
            ]
            if text[at] == "'":
                ways = best[at + 1]
            best[at] = sorted(ways, key=lambda way: (way[0], len(way[1])))[:CUTS]
        least = min((cost for cost, _ in best[0]), default=0)
        return [pieces for cost, pieces in best[0] if cost <= least + 1 and (least or not cost)]

    def _ends(self, text: str, at: int) -> list[int]:
        """Where a piece that starts at ``at`` may end."""
        if not _LETTER.match(text, at):
            return [at + 1]
        longest = min(len(text), at + _LONGEST_SYLLABLE)
        return [end for end in range(at + 1, longest + 1) if self._is_piece(text[at:end], last=end == len(text))]

    def _is_piece(self, piece: str, *, last: bool) -> bool:
        return piece in self._places or piece in _INITIALS or last and piece in self._beginnings

    def _cost(self, piece: str) -> int:
        """0 for a syllable or a character, 1 for the beginning of a syllable."""
        return 0 if piece in self._places or not _LETTER.match(piece) else 1

    def _piece(self, piece: str, *, last: bool) -> Table:
        if not _LETTER.match(piece):
            return self.literal(piece)[0]
        if piece in self._places and not last:
            return self._table(self._places[piece])
        return self._table(*(places for syllable, places in self._places.items() if syllable.startswith(piece)))

    def _table(self, *fitting: dict[int, float]) -> Table:
        table = np.zeros(self.size, np.float32)
        for weights in fitting:
            numbers = list(weights)
            table[numbers] = np.maximum(table[numbers], list(weights.values()))
        return table


def readings(character: str) -> tuple[str, ...]:
    """How a Chinese character may be read, the usual way first, without tones, ü as v; other characters in no way."""
    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(reading for readings in found for reading in readings if _SYLLABLE.fullmatch(reading))


def plain(text: str) -> str:
    """Typed pinyin in one form: lower case, without tones, ü as v, an apostrophe for every break."""
    apart = unicodedata.normalize("NFD", text.lower()).replace("u\u0308", "v")
    letters = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return re.sub("([ln])ue", r"\1ve", _BREAKS.sub("'", letters)).strip("'")
