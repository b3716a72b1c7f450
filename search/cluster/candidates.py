"""The texts of some articles that the cluster has found, looked at as the embedded engine looks at its index.

Scores are BM25 of the same tokens, with lengths rounded as Whoosh rounds them and the statistics of the whole archive.
"""

from __future__ import annotations

import re
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
from search.cluster.lexicon import ClusterLexicon
from search.hits import Docs
from search.passages import Places
from search.prominence import LEAST
from search.ranking import K1, B

Json = dict[str, Any]
Floats = NDArray[np.float64]

ASKED: Json = {"stored_fields": [TOKENS], "docvalue_fields": ["norm"]}
"""What has to be asked of each hit."""

_LENGTHS = np.array(LENGTHS)


class Candidates:
    """Some hits, numbered from 0 in their order."""

    def __init__(self, hits: Sequence[Json], lexicon: ClusterLexicon) -> None:
        self._lexicon = lexicon
        texts = [unpacked(hit["fields"][TOKENS][0]) for hit in hits]
        names = [*(f"{zone}_bigrams" for zone in ZONES), *(f"{zone}_words" for zone in ZONES)]
        self._texts = {name: [text[column] for text in texts] for column, name in enumerate(names)}
        self._norms = np.array([hit["fields"].get("norm", [0.0])[0] for hit in hits], np.float64)
        self._joined = {name: _Joined(self._texts[name]) for name in names[:2]}

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
        zone, _, granularity = field.partition("_")
        if granularity == "words":
            return np.array([text.count(f" {term} ") for text in self._spaced[field]], np.float64)
        candidates, _ = self._joined[f"{zone}_bigrams"].find(term)
        return np.bincount(candidates, minlength=len(self._norms)).astype(np.float64)

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
        found = [self._joined[field].find(term) for term in terms]
        numbers = np.repeat(np.arange(len(terms)), [len(candidates) for candidates, _ in found])
        empty = np.empty(0, np.int64)
        candidates = np.concatenate([empty, *(candidates for candidates, _ in found)])
        return Places(candidates, numbers, np.concatenate([empty, *(places for _, places in found)]))

    # ------------------------------------------------------------------------------- texts

    @cached_property
    def _spaced(self) -> dict[str, list[str]]:
        """The words of each with two spaces between them and one around all: no two share one."""
        return {
            f"{zone}_words": [f" {text.replace(' ', '  ')} " for text in self._texts[f"{zone}_words"]] for zone in ZONES
        }

    @cached_property
    def _divisors(self) -> dict[str, Floats]:
        """What BM25 adds to a term's frequency, by field: K1 * (1 - B + B * length / average length)."""
        lengths = {f"{zone}_words": [len(text.split(" ")) if text else 0 for text in self._texts[f"{zone}_words"]]
                   for zone in ZONES}
        for zone in ZONES:
            sizes = [len(text) for text in self._texts[f"{zone}_bigrams"]]
            lengths |= {f"{zone}_bigrams": [max(0, size - 1) for size in sizes], f"{zone}_chars": sizes}
        return {field: self._norm(field, own) for field, own in lengths.items()}

    def _norm(self, field: str, lengths: Sequence[int]) -> Floats:
        rounded = _LENGTHS[length_codes(np.array(lengths, np.int64))]
        found: Floats = K1 * (1 - B + B * rounded / self._lexicon.average_length(field))
        return found


class _Joined:
    """Texts as one, a NUL behind each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "".join(f"{text}\0" for text in texts)
        self._starts = np.cumsum([0, *(len(text) + 1 for text in texts)])

    def find(self, term: str) -> tuple[Docs, Docs]:
        """Where a string stands, as often as it does: the text's number, and the place in it."""
        pattern = re.compile(f"(?={re.escape(term)})")
        places = np.array([match.start() for match in pattern.finditer(self._text)], np.int64)
        texts = self._starts.searchsorted(places, "right") - 1
        return texts, places - self._starts[texts]
