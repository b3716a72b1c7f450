"""What occurs in an index, for reading a query: values, years, bigrams."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from index.engine.codec import parts
from index.normalize import fold
from index.schema import ZONES
from index.weighting import idf
from search import passages, prominence
from search.columns import Columns
from search.hits import Docs
from search.passages import Places

_KEPT = 1 << 14
"""So many terms' weights are kept."""


class Vocabulary(Protocol):
    """What occurs in an archive, as far as the reading of a query depends on it."""

    def values(self, field: str) -> Sequence[str]:
        """The values that occur in a keyword field."""

    def years(self) -> list[int]:
        """The years that articles are from."""

    def has_bigram(self, bigram: str) -> bool:
        """Whether two folded characters stand side by side in any article."""

    def expect(self, bigrams: Iterable[str]) -> None:
        """Be prepared to be asked about some bigrams."""


class Evidence(Protocol):
    """What a closer look at some documents sees."""

    @property
    def norms(self) -> NDArray[np.float64]:
        """What prominence holds each document back by (``search.prominence``)."""

    def idfs(self, field: str, terms: Iterable[str]) -> NDArray[np.float64]:
        """How much each of some terms tells."""

    def frequencies(self, field: str, words: Sequence[str], docs: Docs) -> NDArray[np.float64]:
        """How often each word (a row) stands in a field of each of ``docs`` (columns; ascending)."""

    def places(self, field: str, terms: Sequence[str], docs: Docs) -> Places:
        """The places of ``terms`` in a field with positions of each of ``docs`` (ascending)."""


@dataclass(frozen=True)
class Lexicon:
    """The vocabulary of one generation."""

    searcher: Searcher
    columns: Columns

    def values(self, field: str) -> Sequence[str]:
        """The values that occur in a keyword field."""
        return self.columns.keywords[field].values

    def years(self) -> list[int]:
        """The years that articles are from."""
        years: list[int] = np.unique(self.columns.days // 10000).tolist()
        return [year for year in years if year]

    @functools.cached_property
    def variants(self) -> dict[str, tuple[str, ...]]:
        """Each folded character and the forms of other scripts in which it is printed somewhere."""
        found: dict[str, list[str]] = {}
        for term in self.searcher.reader().lexicon("variants"):
            variant = term.decode()
            found.setdefault(fold(variant), []).append(variant)
        return {character: tuple(variants) for character, variants in found.items()}

    @functools.cached_property
    def norms(self) -> NDArray[np.float64]:
        """What prominence holds each document back by (``search.prominence``)."""
        return prominence.norms(self.searcher, "body_words")

    def has_bigram(self, bigram: str) -> bool:
        """Whether two folded characters stand side by side in any article."""
        return any(self.frequency(f"{zone}_bigrams", bigram) for zone in ZONES)

    def expect(self, bigrams: Iterable[str]) -> None:
        """Nothing has to be prepared."""

    def frequency(self, field: str, term: str) -> int:
        """In how many articles a term occurs, deleted ones included."""
        return sum(terms.doc_frequency(field, term.encode()) for terms in self._terms)

    @functools.cached_property
    def idf(self) -> Callable[[str, str], float]:
        """How much a term of a field tells (``index.weighting.idf``); kept, for one search asks several times."""
        count = self.searcher.doc_count_all()
        return functools.lru_cache(_KEPT)(lambda field, term: idf(self.frequency(field, term), count))

    def idfs(self, field: str, terms: Iterable[str]) -> NDArray[np.float64]:
        """How much each of some terms tells."""
        return np.array([self.idf(field, term) for term in terms])

    def frequencies(self, field: str, words: Sequence[str], docs: Docs) -> NDArray[np.float64]:
        """How often each word (a row) stands in a field of each of ``docs`` (columns; ascending)."""
        return prominence.frequencies(self.searcher, field, words, docs)

    def places(self, field: str, terms: Sequence[str], docs: Docs) -> Places:
        """The places of ``terms`` in a field with positions of each of ``docs`` (ascending)."""
        return passages.places(self.searcher, field, terms, docs)

    @functools.cached_property
    def _terms(self) -> list[Any]:
        """Where the terms of each segment are."""
        leaves = [leaf for leaf, _ in self.searcher.reader().leaf_readers()]
        return [arrays[0] if (arrays := parts(leaf)) else leaf for leaf in leaves]
