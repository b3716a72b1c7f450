"""What occurs in an index, for reading a query: values, years, bigrams."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from index.engine.codec import parts
from index.normalize import fold
from index.schema import ZONES
from search import prominence
from search.columns import Columns


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

    def frequency(self, field: str, term: str) -> int:
        """In how many articles a term occurs, deleted ones included."""
        return sum(terms.doc_frequency(field, term.encode()) for terms in self._terms)

    @functools.cached_property
    def _terms(self) -> list[Any]:
        """Where the terms of each segment are."""
        leaves = [leaf for leaf, _ in self.searcher.reader().leaf_readers()]
        return [arrays[0] if (arrays := parts(leaf)) else leaf for leaf in leaves]
