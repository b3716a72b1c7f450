"""What occurs in a cluster's index, asked once and kept for as long as its generation answers."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.normalize import fold
from index.schema import ZONES
from search.bm25 import idf
from search.cluster.snapshot import ClusterSnapshot

Json = dict[str, Any]

VALUES_AT_ONCE = 5000
"""So many values of a field come with one answer."""

FREQUENCIES_KEPT = 1 << 20
"""So many terms' frequencies are kept."""

SCORED = (*(f"{zone}_words" for zone in ZONES), *(f"{zone}_bigrams" for zone in ZONES), *(f"{z}_chars" for z in ZONES))
"""The fields that BM25 weighs."""


class ClusterLexicon:
    """The vocabulary of one generation; may be shared by threads."""

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self._snapshot = snapshot
        self._frequencies: dict[tuple[str, str], int] = {}
        self._totals: dict[str, int] = {}
        self.values = functools.lru_cache(maxsize=32)(self._values)
        """The values that occur in a keyword field."""

    @property
    def count(self) -> int:
        """How many articles there are."""
        return int(self._snapshot.meta["articles"])

    def _values(self, field: str) -> Sequence[str]:
        return [value for value, _ in self.counts(field)]

    def counts(self, field: str) -> Iterator[tuple[str, int]]:
        """Each value of a keyword field, and how many articles have it, in the order of the values."""
        for bucket in self.buckets({"value": {"terms": {"field": field}}}):
            yield bucket["key"]["value"], bucket["doc_count"]

    def buckets(self, *keys: Json, counts: Json | None = None) -> Iterator[Json]:
        """Each combination of values that occurs, with what ``counts`` asks of its articles."""
        after: Json = {}
        while True:
            composite = {"size": VALUES_AT_ONCE, "sources": list(keys), **after}
            asked = {"all": {"composite": composite, "aggregations": counts or {}}}
            found = self._snapshot.search({"size": 0, "aggregations": asked}).counts["all"]
            yield from found["buckets"]
            if "after_key" not in found:
                return
            after = {"after": found["after_key"]}

    def years(self) -> list[int]:
        """The years that articles are from."""
        return self._years

    @functools.cached_property
    def _years(self) -> list[int]:
        years = {"years": {"histogram": {"field": "day", "interval": 10000, "min_doc_count": 1}}}
        found = self._snapshot.search({"size": 0, "aggregations": years}).counts["years"]["buckets"]
        return [int(bucket["key"]) // 10000 for bucket in found]

    @functools.cached_property
    def variants(self) -> dict[str, tuple[str, ...]]:
        """Each folded character and the forms of other scripts in which it is printed somewhere."""
        found: dict[str, list[str]] = {}
        for variant in self.values("variants"):
            found.setdefault(fold(variant), []).append(variant)
        return {character: tuple(variants) for character, variants in found.items()}

    @functools.cached_property
    def mean_norm(self) -> float:
        """The mean of the norms of articles with words."""
        mean = {"mean": {"avg": {"field": "norm"}}}
        query = {"size": 0, "query": {"range": {"norm": {"gt": 0}}}, "aggregations": mean}
        return float(self._snapshot.search(query).counts["mean"]["value"] or 1.0)

    # ------------------------------------------------------------------------------- terms

    def has_bigram(self, bigram: str) -> bool:
        """Whether two folded characters stand side by side in any article."""
        fields = [f"{zone}_bigrams" for zone in ZONES]
        self.look_up({field: [bigram] for field in fields})
        return any(self.frequency(field, bigram) for field in fields)

    def expect(self, bigrams: Iterable[str]) -> None:
        """Ask about some bigrams together."""
        bigrams = list(bigrams)
        self.look_up({f"{zone}_bigrams": bigrams for zone in ZONES})

    def frequency(self, field: str, term: str) -> int:
        """In how many articles a term occurs."""
        if (field, term) not in self._frequencies:
            self.look_up({field: [term]})
        return self._frequencies[field, term]

    def idfs(self, field: str, terms: Iterable[str]) -> NDArray[np.float64]:
        """How much each of some terms tells."""
        terms = list(terms)
        self.look_up({field: terms})
        return np.array([idf(self.frequency(field, term), self.count) for term in terms])

    def average_length(self, field: str) -> float:
        """How many terms a field has in the mean of all articles, those without it included."""
        if field not in self._totals:
            self._ask({field: ["\ufffd"]})
        return self._totals[field] / max(1, self.count) or 1.0

    def look_up(self, terms: Mapping[str, Iterable[str]]) -> None:
        """Have the frequencies of some terms of some fields asked together, those not known yet."""
        unknown = {
            field: new for field, some in terms.items()
            if (new := [term for term in dict.fromkeys(some) if (field, term) not in self._frequencies])
        }
        if unknown:
            if len(self._frequencies) > FREQUENCIES_KEPT:
                self._frequencies.clear()
            self._ask(unknown)

    def _ask(self, terms: Mapping[str, Sequence[str]]) -> None:
        """Each shard is shown a document of these terms and tells of each how many of its own have it."""
        found = dict.fromkeys(((field, term) for field, some in terms.items() for term in some), 0)
        totals = dict.fromkeys(terms, 0)
        for answer in self._statistics({field: _text(field, some) for field, some in terms.items()}):
            for field, vector in answer.get("term_vectors", {}).items():
                totals[field] += max(0, vector["field_statistics"]["sum_ttf"])
                for term, statistics in vector["terms"].items():
                    if (field, term) in found:
                        found[field, term] += statistics.get("doc_freq", 0)
        self._frequencies.update(found)
        self._totals.update(totals)

    def _statistics(self, document: Json) -> list[Json]:
        wanted = {"term_statistics": True, "field_statistics": True, "positions": False, "offsets": False}
        docs = [
            {"doc": document, "routing": routing, "fields": list(document), **wanted} for routing in self._routings
        ]
        found: list[Json] = self._snapshot.ask("POST", "/_mtermvectors", {"docs": docs})["docs"]
        return found

    @functools.cached_property
    def _routings(self) -> list[str]:
        """A routing that leads to each shard."""
        settings = self._snapshot.ask("GET", "/_settings", filter_path="*.settings.index.number_of_shards")
        shards = int(settings[self._snapshot.index]["settings"]["index"]["number_of_shards"])
        found: dict[int, str] = {}
        number = 0
        while len(found) < shards:
            answer = self._snapshot.ask("GET", "/_search_shards", routing=str(number))
            found.setdefault(answer["shards"][0][0]["shard"], str(number))
            number += 1
        return list(found.values())


def _text(field: str, terms: Sequence[str]) -> str:
    """A text that has these terms in a field, and may have others."""
    return (" " if field.endswith("_words") else "").join(terms)
