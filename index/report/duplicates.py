"""Articles that say the same: the same file twice under two names, or a text that was printed again.

Texts are compared by their shingles of five characters, each text being represented by the smallest hashes of its own
(a bottom-k sketch: A. Broder, "On the resemblance and containment of documents", 1997). Only articles that share a hash
are compared, each with its neighbours in the list of those that have it, so the work grows with the archive, not with
its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from index.model import Article
from index.pages.ngrams import ABSENT, Array, codes_of, joined
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


class Texts:
    """The sketches of the articles of an archive, gathered batch by batch."""

    def __init__(self) -> None:
        self._mentions: list[Mention] = []
        self._sketches: list[Array] = []

    def add(self, articles: Sequence[Article]) -> None:
        """Keep the articles' sketches."""
        for article, sketch in zip(articles, sketches([article.body for article in articles]), strict=True):
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


def sketches(texts: Sequence[str]) -> list[Array]:
    """The ``SKETCH`` smallest hashes of each text's shingles, ascending; none of texts shorter than ``LEAST``."""
    codes = np.append(np.uint16(ABSENT), codes_of(texts))
    ends = np.flatnonzero(codes == ABSENT)
    wide = codes.astype(np.uint64)
    hashes = np.zeros(max(len(wide) - SHINGLE + 1, 0), np.uint64)
    for n in range(SHINGLE):
        hashes = joined(hashes, wide[n : n + len(hashes)], 1)
    hashes *= _SPREAD
    hashes ^= hashes >> np.uint64(32)
    empty = hashes[:0]
    return [
        np.unique(hashes[start + 1 : end - SHINGLE + 1])[:SKETCH] if end - start > LEAST else empty
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]


def resemblance(a: Array, b: Array) -> float:
    """The share of common shingles of two texts (0 to 1), estimated from their sketches."""
    union = np.union1d(a, b)[:SKETCH]
    common = np.intersect1d(np.intersect1d(a, b, assume_unique=True), union, assume_unique=True)
    return len(common) / len(union)


def _candidates(found: Sequence[Array]) -> list[tuple[int, int]]:
    """Pairs of texts that may be alike: those that meet often where the texts of a hash stand in a row.

    There each meets the one before it and the first.
    """
    if not found:
        return []
    hashes = np.concatenate(found)
    texts = np.repeat(np.arange(len(found)), [len(sketch) for sketch in found])
    order = np.argsort(hashes, kind="stable")
    hashes, texts = hashes[order], texts[order]
    same = np.flatnonzero(hashes[1:] == hashes[:-1]) + 1
    begins = np.maximum.accumulate(np.where(np.append(True, hashes[1:] != hashes[:-1]), np.arange(len(hashes)), 0))
    pairs = np.concatenate([
        np.column_stack([texts[same - 1], texts[same]]), np.column_stack([texts[begins[same]], texts[same]]),
    ])
    unique, counts = np.unique(pairs, axis=0, return_counts=True)
    sizes = np.array([len(sketch) for sketch in found])
    enough = counts >= np.minimum(MEETINGS, sizes[unique].min(axis=1))
    return [(a, b) for a, b in unique[enough].tolist()]


def _leader(leaders: list[int], number: int) -> int:
    while leaders[number] != number:
        leaders[number] = number = leaders[leaders[number]]
    return number
