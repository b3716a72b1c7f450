"""The words of an archive and in how many articles each stands, counted while it is written.

The count serves suggestions, and tells how prominent the words of an article are (``search.prominence``): a cluster
cannot be asked for all words of all articles, so each article is written with the norm of its words' tf·idf.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from index.schema import ZONES
from index.weighting import ORDER as ORDER
from index.weighting import idf

LEARNT = 20_000
"""So many articles are counted before the first norm is taken; those that follow count, too."""


class Vocabulary:
    """How many articles have each word, by zone, of so many ``articles``."""

    def __init__(self, articles: int = 0, counts: dict[str, Counter[str]] | None = None) -> None:
        self.articles = articles
        self.counts = counts or {zone: Counter() for zone in ZONES}

    def add(self, words: dict[str, str]) -> None:
        """Count an article; ``words`` are those of each zone, a space between them."""
        self.articles += 1
        for zone, counts in self.counts.items():
            counts.update(set(words[zone].split(" ")) if words[zone] else ())

    def norm(self, words: str) -> float:
        """The norm of the tf·idf of the words of a body."""
        frequencies = Counter(words.split(" ")) if words else Counter[str]()
        return float(sum((n * self._idf(word)) ** ORDER for word, n in frequencies.items()) ** (1 / ORDER))

    def _idf(self, word: str) -> float:
        return idf(self.counts["body"][word], self.articles)

    def dump(self) -> Iterable[str]:
        """Lines that ``load`` reads."""
        yield json.dumps(self.articles)
        for zone, counts in self.counts.items():
            for word, count in counts.items():
                yield json.dumps([zone, word, count], ensure_ascii=False)

    @classmethod
    def load(cls, lines: Iterable[str]) -> Vocabulary:
        """What ``dump`` wrote."""
        lines = iter(lines)
        found = cls(int(next(lines)))
        for line in lines:
            zone, word, count = json.loads(line)
            found.counts[zone][word] = count
        return found
