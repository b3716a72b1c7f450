"""The texts of an archive that may be completed, as arrays of characters that patterns are laid upon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh.reading import IndexReader

from index.engine.arrays import Array
from index.engine.codec import TermsReader, parts
from index.engine.postings import counts, sums
from index.normalize import significant
from index.schema import ZONES
from search.hits import Docs
from search.language_files import stop_words
from search.pinyin import Alphabet, Numbers, Table

TITLE_WEIGHT = 4
"""A word in a title counts like so many articles with it in the body: titles say what people look for."""
COMPLETE_WEIGHT = 10
"""How much more an entry counts that is just as long as the pattern."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Texts of one sort: what is matched of text i stands at ``codes[starts[i]:]``, a 0 behind it."""

    shown: Sequence[str]
    codes: Numbers
    starts: Docs
    weights: Array

    @classmethod
    def of(cls, weights: dict[str, int], alphabet: Alphabet) -> Entries:
        """Texts with their weights, matched by their significant characters."""
        keys = [f"{significant(text)}\0" for text in weights]
        starts = sums(list(map(len, keys)))[:-1]
        return cls(tuple(weights), alphabet.numbers("".join(keys)), starts, np.array([*weights.values()], np.float32))

    def best(self, patterns: Iterable[Sequence[Table]], count: int, *, complete: bool = False) -> list[int]:
        """At most ``count`` entries that begin like one of ``patterns``: those just as long, then those of most weight.

        With ``complete`` only those just as long.
        """
        scores = np.zeros(len(self.starts), np.float32)
        for pattern in patterns:
            rows, fits = matching(self.codes, self.starts, pattern)
            ended = self.codes[self.starts[rows] + len(pattern)] == 0
            own = self.weights[rows] * fits * np.where(ended, COMPLETE_WEIGHT, not complete).astype(np.float32)
            scores[rows] = np.maximum(scores[rows], own)
        found = np.flatnonzero(scores)
        order: list[int] = found[np.argsort(-scores[found], kind="stable")[:count]].tolist()
        return order


@dataclass(frozen=True, slots=True)
class Titles:
    """The title zones of all documents: that of document d is at ``codes[starts[d]:]``, a 0 behind it."""

    codes: Numbers
    starts: Docs

    @classmethod
    def of(cls, text: str, alphabet: Alphabet) -> Titles:
        """The title zones in a text that has a NUL behind each."""
        codes = alphabet.numbers(text)
        return cls(codes, np.append(0, np.flatnonzero(codes == 0) + 1))

    def beginning(self, pattern: Sequence[Table]) -> Docs:
        """The documents whose titles begin like ``pattern``."""
        return matching(self.codes, self.starts[:-1], pattern)[0]

    def containing(self, pattern: Sequence[Table]) -> tuple[Docs, Array]:
        """The documents that have ``pattern``, some several times, and whether it is not at the beginning."""
        places, _ = matching(self.codes, np.arange(len(self.codes)), pattern)
        docs = self.starts.searchsorted(places, "right") - 1
        return docs, places > self.starts[docs]


def matching(codes: Numbers, starts: Docs, pattern: Sequence[Table]) -> tuple[Docs, Array]:
    """At which of ``starts`` (by their number) the characters fit ``pattern``, which is not empty, and how well."""
    fits = pattern[0][codes[starts]]
    rows = np.flatnonzero(fits)
    fits = fits[rows]
    for offset, table in enumerate(pattern[1:], 1):
        here = table[codes[starts[rows] + offset]]
        kept = np.flatnonzero(here)
        rows, fits = rows[kept], fits[kept] * here[kept]
    return rows, fits


def words(reader: IndexReader) -> dict[str, int]:
    """The words of two characters and more, and how many articles have each; those with it in the title weigh more."""
    segments = [arrays[0] for leaf, _ in reader.leaf_readers() if (arrays := parts(leaf))]
    return weighed(count for terms in segments for count in _counts(terms))


def weighed(counts: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """The weights of words of two characters and more, of which so many articles have each in a zone."""
    found: Counter[str] = Counter()
    for zone, word, count in counts:
        found[word] += count * (TITLE_WEIGHT if zone == "title" else 1)
    common = stop_words()
    return {word: weight for word, weight in found.items() if len(word) > 1 and word not in common}


def _counts(terms: TermsReader) -> Iterator[tuple[str, str, int]]:
    for zone in ZONES:
        if postings := terms.postings(f"{zone}_words"):
            for word, count in zip(postings.terms[:], counts(postings.starts).tolist(), strict=True):
                yield zone, word.decode(), count


def title_text(reader: IndexReader) -> str:
    """The title zones of all documents as matching sees them, a NUL behind each."""
    return "".join(_title_text(leaf) for leaf, _ in reader.leaf_readers())


def _title_text(leaf: Any) -> str:
    """The title zones of one segment, put together from their bigrams: much faster than to read the articles."""
    arrays, count = parts(leaf), leaf.doc_count_all()
    postings = arrays[0].postings("title_bigrams") if arrays else None
    if postings is None or postings.positions is None:
        return "\0" * int(count)
    positions = postings.positions
    docs = np.repeat(np.arange(count), counts(positions.text_starts))
    places = positions.places + docs[positions.places]
    bigrams = np.frombuffer(b"".join(postings.terms[:]).decode().encode("utf-32-le"), np.uint32).reshape(-1, 2)
    pairs = np.repeat(bigrams, counts(positions.starts), axis=0)
    codes: Numbers = np.zeros(len(docs) + count, np.uint32)
    codes[places], codes[places + 1] = pairs[:, 0], pairs[:, 1]
    used = codes != 0
    used[positions.text_starts[1:] + np.arange(count)] = True
    return str(codes[used].tobytes(), "utf-32-le")
