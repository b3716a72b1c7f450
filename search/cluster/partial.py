"""What follows the true matches where these do not fill a screen; as in ``search.selection``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from index.normalize import significant
from index.schema import ZONES
from index.weighting import idf
from search.cluster.asking import Asking
from search.cluster.dsl import any_of, compiled
from search.cluster.ordering import Ordering
from search.cluster.runs import BEST, SHOWN, Found, Run, Searched
from search.matching import UNIT_LENGTH, asked_about, nearly
from search.query import Date, Word, conjunction, conjuncts
from search.selection import DATE_EVIDENCE, PARTIAL, PARTIAL_SHARE, PARTIAL_SHARE_OF_WORD, RANKED_PARTIAL

Json = dict[str, Any]


class Further:
    """Articles that match in part."""

    def __init__(self, asking: Asking, ordering: Ordering) -> None:
        self._asking = asking
        self._ordering = ordering

    def near(self) -> Json | None:
        """What has the query's only word, a name, but for one character."""
        if not isinstance(self._asking.tree, Word):
            return None
        name = significant(self._asking.tree.text)
        lexicon = self._asking.lexicon
        lexicon.expect(asked_about(partial(nearly, name)))
        forms = list(nearly(name, lexicon.has_bigram))
        return any_of(compiled(self._asking.matching.substring(form)) for form in forms) if forms else None

    def partial(self, near: Json | None, true: Sequence[Found], found: int) -> tuple[list[Found], list[Run]]:
        """What has some of the query's bare words: those to be ranked, and the rest.

        ``true`` are all true matches; ``found`` counts what is near, too.
        """
        bare = [node for node in conjuncts(self._asking.tree) if isinstance(node, (Word, Date))]
        evidence, whole = self._weights(bare)
        required = [node for node in conjuncts(self._asking.tree) if not isinstance(node, (Word, Date))]
        needed = [compiled(self._asking.matching.query(conjunction(required)))] if required else []
        excluded = [{"ids": {"values": [each.key for each in true]}}, *([near] if near else [])]
        some = {"bool": {"filter": [*needed, *self._asking.filters], "must_not": excluded, "should": evidence,
                         "minimum_should_match": 1}}
        by_coverage = {"query": some, "sort": [{"_score": "desc"}, {"place": "asc"}], "track_scores": True}
        if not evidence:
            return [], []
        some_of_all = {"size": RANKED_PARTIAL, **by_coverage, "_source": False, "track_total_hits": True}
        (answer,) = self._asking.ask([some_of_all])
        if not answer.hits:
            return [], []
        least = max(PARTIAL_SHARE * answer.hits[0]["_score"], self._least(bare, found) * whole)
        enough = [hit["_id"] for hit in answer.hits if hit["_score"] >= least]
        return self._ranked_partial(enough), self._rest(some, least, len(enough), answer.total)

    def _least(self, bare: Sequence[Word | Date], found: int) -> float:
        single = found and len(bare) == 1 and len(significant(bare[0].text)) <= UNIT_LENGTH
        return PARTIAL_SHARE_OF_WORD if single else 0.0

    def _weights(self, nodes: Sequence[Word | Date]) -> tuple[list[Json], float]:
        """Queries each of which scores what one piece of evidence weighs, and what all of them weigh."""
        matching = self._asking.matching
        weights = [(matching.substring(term), self._telling(term)) for term in self._ordering.ranking.evidence()]
        weights += [(matching.query(node), DATE_EVIDENCE) for node in nodes if isinstance(node, Date)]
        queries = [{"constant_score": {"filter": compiled(query), "boost": weight}} for query, weight in weights]
        return queries, sum(weight for _, weight in weights)

    def _telling(self, term: str) -> float:
        field = "chars" if len(term) == 1 else "bigrams"
        found = max(self._asking.lexicon.frequency(f"{zone}_{field}", term) for zone in ZONES)
        return idf(found, self._asking.lexicon.count)

    def _ranked_partial(self, keys: Sequence[str]) -> list[Found]:
        """Partial matches by score, the best after a closer look, in no order."""
        if not keys:
            return []
        query = {"ids": {"values": list(keys)}}
        first = self._ordering.best(query)
        others = {"query": self._ordering.weighted(query), "sort": BEST, "size": len(keys), **SHOWN}
        best, *rest = self._asking.ask([first, others] if len(keys) > first["size"] else [first])
        looked_at = self._ordering.looked_at(best, PARTIAL)
        seen = {found.key for found in looked_at}
        return looked_at + [Found.of(hit, PARTIAL) for answer in rest for hit in answer.hits if hit["_id"] not in seen]

    def _rest(self, some: Json, least: float, ranked: int, total: int) -> list[Run]:
        """The partial matches behind those that are ranked, by coverage."""
        if ranked < RANKED_PARTIAL or total <= ranked:
            return []
        sort: list[Json] = [{"_score": "desc"}, {"place": "asc"}]
        query = {"function_score": {"query": some, "min_score": least}}
        (answer,) = self._asking.ask([{"size": 0, "query": query, "track_total_hits": True}])
        snapshot, copy = self._asking.snapshot, self._asking.copy
        return [Searched(snapshot, copy, query, sort, answer.total - ranked, PARTIAL, scored=False, skipped=ranked)]
