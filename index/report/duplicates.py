"""Articles that say the same: the same file twice under two names, or a text that was printed again.

Texts are compared by their shingles of five characters, each text being represented by the smallest hashes of its own
(a bottom-k sketch: A. Broder, "On the resemblance and containment of documents", 1997). Only articles that share a hash
are compared, each with its neighbours in the list of those that have it, so the work grows with the archive, not with
its square.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from index.model import Article
from index.pages.ngrams import ABSENT, Array, joined
from index.report.model import Duplicates, Mention

SHINGLE = 5
"""Characters of a shingle; ten shingles in a row are hit by one wrong character at most by half."""
SKETCH = 64
"""Hashes kept of a text."""
ALIKE = 0.5
"""Two texts are one if so large a share of their shingles is common (Jaccard); OCR errors lower it."""
LEAST = 40
"""Characters of the shortest text that is compared: shorter ones are alike by chance."""
MEETINGS = 8
"""Two long texts are compared if so many of their hashes meet; of those that are alike two thirds do."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)

_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


class Texts:
    """The sketches of the articles of an archive, gathered batch by batch."""

    def __init__(self) -> None:
        self._mentions: list[Mention] = []
        self._sketches: list[Array] = []

    def add(self, articles: Sequence[Article], codes: Array) -> None:
        """Keep the sketches of articles; ``codes`` are those of their bodies (``ngrams.codes_of``)."""
        for article, sketch in zip(articles, sketches(codes), strict=True):
            if len(sketch):
                self._mentions.append(Mention.of(article))
                self._sketches.append(sketch)

    def duplicates(self) -> tuple[Duplicates, ...]:
        """The groups of articles that say the same, the largest first; within a group by day."""
        groups: defaultdict[int, list[int]] = defaultdict(list)
        leaders = self._leaders()
        for number in range(len(leaders)):
            groups[leaders[number]].append(number)
        found = [self._group(numbers) for numbers in groups.values() if len(numbers) > 1]
        return tuple(sorted(found, key=lambda group: -len(group.articles)))

    def _leaders(self) -> list[int]:
        """For each text the first of those that are, one by one, like it."""
        leaders = list(range(len(self._sketches)))
        for a, b in _candidates(self._sketches):
            first, second = _leader(leaders, a), _leader(leaders, b)
            if first != second and resemblance(self._sketches[a], self._sketches[b]) >= ALIKE:
                leaders[max(first, second)] = min(first, second)
        return [_leader(leaders, number) for number in range(len(leaders))]

    def _group(self, numbers: Sequence[int]) -> Duplicates:
        mentions = sorted((self._mentions[n] for n in numbers), key=lambda found: (str(found.date or ""), found.id))
        return Duplicates(tuple(mentions), len({(found.newspaper, found.date) for found in mentions}) > 1)


def sketches(codes: Array) -> list[Array]:
    """The ``SKETCH`` smallest hashes of each text's shingles, ascending; none of texts shorter than ``LEAST``.

    All texts of ``codes`` (``ngrams.codes_of``) are sorted as one, the number of its text before each hash.
    """
    ends = codes == ABSENT
    numbers = np.cumsum(ends).astype(np.uint64)
    hashes = _hashes(codes)
    whole = (numbers[: len(hashes)] == numbers[SHINGLE - 1 :]) & ~ends[: len(hashes)]
    count = int(np.count_nonzero(ends))
    long = np.append(np.diff(np.flatnonzero(ends), prepend=-1) > LEAST, False)
    whole &= long[numbers[: len(hashes)]]
    found = np.sort((numbers[: len(hashes)] << _HALF | hashes)[whole])
    found = found[np.append(True, found[1:] != found[:-1])[: len(found)]]
    starts = np.searchsorted(found, np.arange(count + 1, dtype=np.uint64) << _HALF).tolist()
    return [
        found[start : min(end, start + SKETCH)].astype(np.uint32)
        for start, end in itertools.pairwise(starts)
    ]


def _hashes(codes: Array) -> Array:
    """The 32-bit hash of each ``SHINGLE`` codes in a row, as 64 bits."""
    wide = codes.astype(np.uint64)
    hashes = np.zeros(max(len(wide) - SHINGLE + 1, 0), np.uint64)
    for n in range(SHINGLE):
        hashes = joined(hashes, wide[n : n + len(hashes)], 1)
    hashes *= _SPREAD
    return hashes >> _HALF


def resemblance(a: Array, b: Array) -> float:
    """The share of common shingles of two texts (0 to 1), estimated from their sketches."""
    both = np.sort(np.concatenate([a, b]))
    new = np.append(True, both[1:] != both[:-1])
    places = np.cumsum(new)  # in the sketch of both together
    return int(np.count_nonzero(~new & (places <= SKETCH))) / min(SKETCH, int(places[-1]))


def _candidates(found: Sequence[Array]) -> list[tuple[int, int]]:
    """Pairs of texts that may be alike: those that meet often where the texts of a hash stand in a row.

    There each meets the one before it and the first.
    """
    if not found:
        return []
    sizes = np.array([len(sketch) for sketch in found])
    hashes = np.concatenate(found).astype(np.uint64) << _HALF
    hashes |= np.repeat(np.arange(len(found), dtype=np.uint64), sizes)
    hashes.sort()
    texts = hashes & _LOW
    hashes >>= _HALF
    new = np.append(True, hashes[1:] != hashes[:-1])
    begins = np.maximum.accumulate(np.where(new, np.arange(len(hashes)), 0))
    same = np.flatnonzero(~new)
    pairs = np.concatenate([texts[same - 1], texts[begins[same]]]) << _HALF | np.tile(texts[same], 2)
    unique, counts = np.unique(pairs, return_counts=True)
    ones, others = (unique >> _HALF).astype(np.intp), (unique & _LOW).astype(np.intp)
    enough = counts >= np.minimum(MEETINGS, np.minimum(sizes[ones], sizes[others]))
    return list(zip(ones[enough].tolist(), others[enough].tolist(), strict=True))


def _leader(leaders: list[int], number: int) -> int:
    while leaders[number] != number:
        leaders[number] = number = leaders[leaders[number]]
    return number
