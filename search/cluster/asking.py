"""What is asked of a cluster for the sake of one request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from index.schema import day_number
from search.cluster.dsl import all_of, compiled
from search.cluster.lexicon import ClusterLexicon
from search.cluster.snapshot import Answer, ClusterSnapshot
from search.matching import asked_about, misread, units
from search.model import SearchRequest
from search.query import Date, Node, Word, wanted
from search.selection import EXACT, MISREAD
from search.whoosh_query import Matching

Json = dict[str, Any]


class Asking:
    """A query under the filters of a request; ``complete`` until a part of the cluster does not answer."""

    def __init__(
        self, snapshot: ClusterSnapshot, lexicon: ClusterLexicon, request: SearchRequest, tree: Node
    ) -> None:
        self.snapshot = snapshot
        self.lexicon = lexicon
        self.request = request
        self.tree = tree
        self.matching = Matching(lexicon, expand=request.expand, fuzzy=request.fuzzy)
        self.filters = list(_filters(request))
        self.complete = True
        self.copy = hashlib.blake2b(f"{tree} {request.filters}".encode(), digest_size=8).hexdigest()
        """Whoever asks the same is answered by the same copies of the shards."""
        tolerant = [node for node in wanted(tree) if isinstance(node, Word) and (request.fuzzy or node.tolerant)]
        self._tolerant = bool(tolerant)
        misreadings = [partial(misread, unit.text) for node in tolerant for unit in units(node, expand=request.expand)]
        lexicon.expect(pair for spellings in misreadings for pair in asked_about(spellings))
        self.found = compiled(self.matching.query(tree))
        """What truly matches, whatever the filters."""

    def ask(self, bodies: Sequence[Json]) -> list[Answer]:
        """The answers to some searches."""
        answers = self.snapshot.searches(bodies, self.copy)
        self.complete &= all(answer.complete for answer in answers)
        return answers

    def tiers(self) -> list[tuple[int, Json]]:
        """The tiers of true matches, as queries."""
        if not self._tolerant:
            return [(EXACT, self.under_filters(self.found))]
        strict = compiled(replace(self.matching, tolerant=False).query(self.tree))
        exact, misread = all_of([self.found, strict, *self.filters]), all_of([self.found, *self.filters], [strict])
        return [(EXACT, exact), (MISREAD, misread)]

    def under_filters(self, query: Json, without: Sequence[Json] = ()) -> Json:
        """What is found by a query under the filters, and not by some others."""
        return all_of([query, *self.filters], without)

    def any(self) -> bool:
        """Whether any article truly matches."""
        return self._is_found(self.under_filters(self.found))

    def occurs(self, text: str) -> bool:
        """Whether the characters of a text stand together in any article."""
        return self._is_found(compiled(self.matching.substring(text)))

    def _is_found(self, query: Json) -> bool:
        return self.ask([{"size": 0, "query": query, "terminate_after": 1}])[0].total > 0

    def days(self) -> list[int]:
        """The days that the query names."""
        dates = [node for node in wanted(self.tree) if isinstance(node, Date) and node.date.day]
        return [first for date in dates for first, _ in self.matching.days(date)]


def _filters(request: SearchRequest) -> Iterator[Json]:
    """What the request narrows the archive by."""
    bounds = {"gte": request.date_from, "lte": request.date_to}
    if days := {name: day_number(day) for name, day in bounds.items() if day}:
        yield {"range": {"day": days}}
    for name, values in request.filters:
        yield {"terms": {name: list(values)}}
