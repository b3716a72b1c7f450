"""The texts of some articles that the cluster has found, looked at as the embedded engine looks at its index.

Scores are BM25 of the same tokens, with lengths rounded as Whoosh rounds them and the statistics of the whole archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh

from index.cluster.mapping import TOKENS, unpacked
from index.engine.buffer import length_codes
from index.engine.codec import LENGTHS
from index.schema import ZONES
from index.weighting import K1, B
from search.cluster.lexicon import ClusterLexicon
from search.hits import Docs
from search.passages import Places
from search.prominence import LEAST

Json = dict[str, Any]
Floats = NDArray[np.float64]

ASKED = ("norm", TOKENS)
"""The columns that have to be asked of each hit."""

_LENGTHS = np.array(LENGTHS)


class Candidates:
    """Some hits, numbered from 0 in their order."""

    def __init__(self, hits: Sequence[Json], lexicon: ClusterLexicon) -> None:
        self._lexicon = lexicon
        texts = [unpacked(hit["fields"][TOKENS][0]) for hit in hits]
        columns = [[text[number] for text in texts] for number in range(2 * len(ZONES))]
        self._bare = {f"{zone}_bigrams": _Joined(column) for zone, column in zip(ZONES, columns, strict=False)}
        self._words = {
            f"{zone}_words": _Joined([f" {text} " for text in column])
            for zone, column in zip(ZONES, columns[len(ZONES) :], strict=True)
        }
        self._counts = {
            f"{zone}_words": np.array([text.count(" ") + 1 for text in column], np.int64)
            for zone, column in zip(ZONES, columns[len(ZONES) :], strict=True)
        }
        self._norms = np.array([hit["fields"].get("norm", [0.0])[0] for hit in hits], np.float64)

    def scores(self, query: whoosh.Query) -> NDArray[np.float32]:
        """The score of each for any of several terms."""
        found = np.zeros(len(self._norms))
        terms = query.subqueries if isinstance(query, whoosh.Or) else []
        for term in terms:
            times = self.times(term.fieldname, term.text)
            telling = float(self._lexicon.idfs(term.fieldname, [term.text])[0]) * (K1 + 1) * term.boost
            found += telling * times / (times + self._divisors[term.fieldname])
        return found.astype(np.float32)

    def times(self, field: str, term: str) -> Floats:
        """How often a term stands in a field of each."""
        if field in self._words:
            texts, _ = self._words[field].find(f" {term} ")
        else:
            texts, _ = self._bare[field.replace("_chars", "_bigrams")].find(term)
        return np.bincount(texts, minlength=len(self._norms)).astype(np.float64)

    # ------------------------------------------------------------------------------- evidence of the closer look

    @property
    def norms(self) -> Floats:
        return np.maximum(self._norms / self._lexicon.mean_norm, LEAST)

    def idfs(self, field: str, terms: Iterable[str]) -> Floats:
        return self._lexicon.idfs(field, terms)

    def frequencies(self, field: str, words: Sequence[str], docs: Docs) -> Floats:
        return np.array([self.times(field, word)[docs] for word in words]).reshape(len(words), len(docs))

    def places(self, field: str, terms: Sequence[str], docs: Docs) -> Places:
        assert len(docs) == len(self._norms)  # all of them
        found = [self._bare[field].find(term) for term in terms]
        numbers = np.repeat(np.arange(len(terms)), [len(candidates) for candidates, _ in found])
        empty = np.empty(0, np.int64)
        candidates = np.concatenate([empty, *(candidates for candidates, _ in found)])
        return Places(candidates, numbers, np.concatenate([empty, *(places for _, places in found)]))

    @cached_property
    def _divisors(self) -> dict[str, Floats]:
        """What BM25 adds to a term's frequency, by field: K1 * (1 - B + B * length / average length)."""
        lengths = dict(self._counts)
        for field, texts in self._bare.items():
            lengths |= {field: texts.sizes - 1, field.replace("_bigrams", "_chars"): texts.sizes}
        return {field: self._norm(field, np.maximum(own, 0)) for field, own in lengths.items()}

    def _norm(self, field: str, lengths: Docs) -> Floats:
        found: Floats = K1 * (1 - B + B * _LENGTHS[length_codes(lengths)] / self._lexicon.average_length(field))
        return found


class _Joined:
    """Texts as one, a NUL behind each; what is found once is remembered."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "".join(f"{text}\0" for text in texts)
        self.sizes = np.array([len(text) for text in texts], np.int64)
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes + 1)])
        self._found: dict[str, tuple[Docs, Docs]] = {}

    def find(self, term: str) -> tuple[Docs, Docs]:
        """Where a string stands, as often as it does: the text's number, and the place in it."""
        if term not in self._found:
            places = np.array(self._places(term), np.int64)
            texts = self._starts.searchsorted(places, "right") - 1
            self._found[term] = texts, places - self._starts[texts]
        return self._found[term]

    def _places(self, term: str) -> list[int]:
        found = []
        place = self._text.find(term)
        while place >= 0:
            found.append(place)
            place = self._text.find(term, place + 1)
        return found
