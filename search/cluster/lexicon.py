"""What occurs in a cluster's index, asked once and kept for as long as its generation answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.normalize import fold
from index.schema import ZONES
from index.weighting import idf
from search.cluster.snapshot import ClusterSnapshot, incomplete

Json = dict[str, Any]
T = TypeVar("T")

VALUES_AT_ONCE = 5000
"""So many values of a field come with one answer."""

FREQUENCIES_KEPT = 1 << 20
"""So many terms' frequencies are kept."""

DOUBT = 5.0
"""Seconds for which frequencies count that a cluster told without one of its shards."""

ROUTINGS_A_SHARD = 10
"""So many routings are tried to find each shard."""


class ClusterLexicon:
    """The vocabulary of one generation; may be shared by threads."""

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self._snapshot = snapshot
        self._frequencies: dict[tuple[str, str], int] = {}
        self._totals: dict[str, int] = {}
        self._doubtful = 0.0
        self._known: dict[str, Any] = {}

    @property
    def count(self) -> int:
        """How many articles there are."""
        return int(self._snapshot.meta["articles"])

    # ------------------------------------------------------------------------------- values

    def values(self, field: str) -> Sequence[str]:
        """The values that occur in a keyword field."""
        return self._kept(field, lambda: self._values(field))

    def years(self) -> list[int]:
        """The years that articles are from."""
        return self._kept("years", self._years)

    @property
    def variants(self) -> dict[str, tuple[str, ...]]:
        """Each folded character and the forms of other scripts in which it is printed somewhere."""
        return self._kept("forms", self._forms)

    @property
    def mean_norm(self) -> float:
        """The mean of the norms of articles with words."""
        return self._kept("norm", self._mean_norm)

    def _kept(self, name: str, ask: Callable[[], tuple[T, bool]]) -> T:
        """What ``ask`` answers, once it is the whole answer."""
        if name in self._known:
            found: T = self._known[name]
            return found
        found, complete = ask()
        if complete:
            self._known[name] = found
        return found

    def _values(self, field: str) -> tuple[list[str], bool]:
        found, complete = self._buckets([{"value": {"terms": {"field": field}}}], {})
        return [bucket["key"]["value"] for bucket in found], complete

    def _years(self) -> tuple[list[int], bool]:
        years = {"years": {"histogram": {"field": "day", "interval": 10000, "min_doc_count": 1}}}
        answer = self._snapshot.search({"size": 0, "aggregations": years})
        return [int(bucket["key"]) // 10000 for bucket in answer.counts["years"]["buckets"]], answer.complete

    def _forms(self) -> tuple[dict[str, tuple[str, ...]], bool]:
        printed, complete = self._values("variants")
        found: dict[str, list[str]] = {}
        for variant in printed:
            found.setdefault(fold(variant), []).append(variant)
        return {character: tuple(variants) for character, variants in found.items()}, complete

    def _mean_norm(self) -> tuple[float, bool]:
        mean = {"mean": {"avg": {"field": "norm"}}}
        answer = self._snapshot.search({"size": 0, "query": {"range": {"norm": {"gt": 0}}}, "aggregations": mean})
        return float(answer.counts["mean"]["value"] or 1.0), answer.complete

    def counts(self, field: str) -> Iterator[tuple[str, int]]:
        """Each value of a keyword field, and how many articles have it, in the order of the values.

        Raises:
            ClusterUnreachableError: a part of the cluster does not answer.
        """
        found = self.buckets([{"value": {"terms": {"field": field}}}])
        return ((bucket["key"]["value"], bucket["doc_count"]) for bucket in found)

    def buckets(self, keys: Sequence[Json], counts: Json | None = None) -> list[Json]:
        """Each combination of values that occurs, with what ``counts`` asks of its articles.

        Raises:
            ClusterUnreachableError: a part of the cluster does not answer.
        """
        found, complete = self._buckets(keys, counts or {})
        if not complete:
            raise incomplete()
        return found

    def _buckets(self, keys: Sequence[Json], counts: Json) -> tuple[list[Json], bool]:
        found: list[Json] = []
        after: Json = {}
        complete = True
        while True:
            composite = {"size": VALUES_AT_ONCE, "sources": list(keys), **after}
            asked = {"all": {"composite": composite, "aggregations": counts}}
            answer = self._snapshot.search({"size": 0, "aggregations": asked})
            found += answer.counts["all"]["buckets"]
            complete &= answer.complete
            if "after_key" not in answer.counts["all"]:
                return found, complete
            after = {"after": answer.counts["all"]["after_key"]}

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
        return self._frequencies.get((field, term), 0)  # another thread may just have begun anew

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
        if self._doubtful and time.monotonic() > self._doubtful + DOUBT:
            self._frequencies, self._totals, self._doubtful = {}, {}, 0.0
        unknown = {
            field: new for field, some in terms.items()
            if (new := [term for term in dict.fromkeys(some) if (field, term) not in self._frequencies])
        }
        if unknown:
            if len(self._frequencies) > FREQUENCIES_KEPT:
                self._frequencies = {}
            self._ask(unknown)

    def _ask(self, terms: Mapping[str, Sequence[str]]) -> None:
        """Each shard is shown a document of these terms and tells of each how many of its own have it."""
        found = dict.fromkeys(((field, term) for field, some in terms.items() for term in some), 0)
        totals = dict.fromkeys(terms, 0)
        for answer in self._statistics({field: _text(field, some) for field, some in terms.items()}):
            if "error" in answer:
                self._doubtful = time.monotonic()
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

    @property
    def _routings(self) -> list[str]:
        """A routing that leads to each shard; to those that are there, where one is lost."""
        return self._kept("routings", self._found_routings)

    def _found_routings(self) -> tuple[list[str], bool]:
        settings = self._snapshot.ask("GET", "/_settings", filter_path="*.settings.index.number_of_shards")
        shards = int(settings[self._snapshot.index]["settings"]["index"]["number_of_shards"])
        found: dict[int, str] = {}
        for number in map(str, range(ROUTINGS_A_SHARD * shards)):
            for copies in self._snapshot.ask("GET", "/_search_shards", routing=number)["shards"]:
                if copies:
                    found.setdefault(copies[0]["shard"], number)
            if len(found) == shards:
                return list(found.values()), True
        self._doubtful = time.monotonic()
        return list(found.values()), False


def _text(field: str, terms: Sequence[str]) -> str:
    """A text that has these terms in a field, and may have others."""
    return (" " if field.endswith("_words") else "").join(terms)
