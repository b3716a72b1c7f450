"""Words that an archive uses and the dictionary does not know, found by how firmly their characters hold together.

A string is taken for a word if its parts stand together far more often than by chance (pointwise mutual
information, of the weakest cut) and if many different characters stand on either side of it (branching entropy):
Church and Hanks 1990; Jin and Tanaka-Ishii 2006. It is none if the segmenter mostly cuts elsewhere than at its ends,
for then it is a part of known words (业增加值 out of 工业 增加值), nor if it is a word that is found anyhow with a
known one before or behind it.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST = 6
"""Characters of the longest word looked for."""

FEWEST = 5
"""Times that a word must occur."""

COHESION = 7.0
"""Least mutual information of the two sides of any cut, in bits."""

FREEDOM = 1.5
"""Least entropy of what stands before, and of what stands behind, in bits."""

STANDING = 0.4
"""Least share of its places where the segmenter cuts at both ends of a word."""

_PARTICLES = frozenset("的了是在和与及或等并已也称说把让这那为从到着将被向就还都又而很更我你您他她它们其之据该")
_MEASURES = frozenset("年月日时届级枚名架次号项件个位条亿")
"""No word begins with a particle or with the measure word of a number, and none ends with a particle."""

_NUMBER = re.compile(rf"[零〇一二三四五六七八九十百千万两]+[{''.join(_MEASURES)}]?")
_LINKS = re.compile("[的了]")
"""No word has these within."""

_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word, how often it occurs, and its weakest cohesion and freedom in bits."""

    word: str
    count: int
    cohesion: float
    freedom: float


def new_words(
    texts: Iterable[str], is_known: Callable[[str], bool], cut: Callable[[str], Iterable[str]]
) -> list[NewWord]:
    """The words of some texts that are not known, the most frequent first; ``cut`` is the segmenter."""
    runs = [run for text in texts for run in _HAN.findall(text)]
    counts = _counts(runs)
    total = sum(map(len, runs))
    firm = {w: bits for w in counts if _is_whole(w) and (bits := _cohesion(w, counts, total)) >= COHESION}
    free = _freedoms(runs, firm)
    words = {word for word in firm if free[word] >= FREEDOM and not is_known(word)}
    standing = _standing(runs, words, cut)
    words = {word for word in words if standing[word] >= STANDING * counts[word]}
    found = [NewWord(w, counts[w], firm[w], free[w]) for w in words if not _is_compound(w, words, is_known)]
    return sorted(found, key=lambda new: (-new.count, new.word))


def _counts(runs: Sequence[str]) -> Counter[str]:
    """How often each frequent string occurs; a string is looked for only where its two ends are frequent."""
    counts = Counter(character for run in runs for character in run)
    for length in range(2, LONGEST + 1):
        longer = Counter(
            run[i : i + length] for run in runs for i in range(len(run) - length + 1)
            if run[i : i + length - 1] in counts and run[i + 1 : i + length] in counts
        )
        counts.update({word: count for word, count in longer.items() if count >= FEWEST})
    return counts


def _is_whole(word: str) -> bool:
    if len(word) < 2 or _NUMBER.fullmatch(word) or _LINKS.search(word):
        return False
    return word[0] not in _PARTICLES | _MEASURES and word[-1] not in _PARTICLES


def _is_compound(word: str, words: Collection[str], is_known: Callable[[str], bool]) -> bool:
    """Whether a word is one of ``words`` with a known one before or behind it."""
    cuts = [(word[:i], word[i:]) for i in range(1, len(word))]
    return any(a in words and is_known(b) or b in words and is_known(a) for a, b in cuts)


def _cohesion(word: str, counts: Counter[str], total: int) -> float:
    chance = max(counts[word[:i]] * counts[word[i:]] for i in range(1, len(word)))
    return math.log2(counts[word] * total / chance)


def _places(run: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where words stand in a run: start and end."""
    for length in range(2, LONGEST + 1):
        for start in range(len(run) - length + 1):
            if run[start : start + length] in words:
                yield start, start + length


def _freedoms(runs: Sequence[str], words: Collection[str]) -> dict[str, float]:
    """The smaller entropy of the characters before and behind each word; every edge of a run counts as another one."""
    sides: tuple[defaultdict[str, Counter[str]], ...] = (defaultdict(Counter), defaultdict(Counter))
    for number, run in enumerate(runs):
        for start, end in _places(run, words):
            sides[0][run[start:end]][run[start - 1] if start else f"<{number}"] += 1
            sides[1][run[start:end]][run[end] if end < len(run) else f">{number}"] += 1
    return {word: min(_entropy(side[word]) for side in sides) for word in words}


def _standing(runs: Sequence[str], words: Collection[str], cut: Callable[[str], Iterable[str]]) -> Counter[str]:
    """How often each word begins and ends where the segmenter cuts."""
    found: Counter[str] = Counter()
    for run in runs:
        if places := list(_places(run, words)):
            cuts = {0, *itertools.accumulate(map(len, cut(run)))}
            found.update(run[start:end] for start, end in places if start in cuts and end in cuts)
    return found


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(count / total * math.log2(count / total) for count in counts.values())
