"""The order of articles found, in runs: some are known, others are left with the cluster until they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from search.cluster.snapshot import ClusterSnapshot
from search.selection import NEARLY

Json = dict[str, Any]

NEWEST: list[Json] = [{"day": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
OLDEST: list[Json] = [{"day": {"order": "asc", "missing": "_last"}}, {"id": "asc"}]
BEST: list[Json] = [{"_score": "desc"}, *NEWEST]
SHOWN: Json = {"_source": False, "docvalue_fields": ["id", "day", "kind"]}
"""What is asked of each hit."""

DEEPEST = 100_000
"""So far one request to the cluster may reach (``max_result_window``); beyond, one goes on where the last ended."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article found: what the cluster knows it by, its id, day, score and tier; ``looked_at``: closely."""

    key: str
    id: str
    day: int
    kind: str
    score: float
    tier: int
    looked_at: bool = False

    @classmethod
    def of(cls, hit: Json, tier: int) -> Found:
        fields = hit["fields"]
        score = float(hit.get("_score") or 0.0)
        return cls(hit["_id"], fields["id"][0], fields.get("day", [0])[0], fields.get("kind", [""])[0], score, tier)


@dataclass(frozen=True, slots=True)
class Listed:
    """Articles in their order."""

    found: Sequence[Found]

    @property
    def count(self) -> int:
        return len(self.found)

    def part(self, first: int, last: int) -> Sequence[Found]:
        return self.found[first:last]

    def each(self) -> Iterator[Found]:
        return iter(self.found)


@dataclass(frozen=True, slots=True)
class Searched:
    """``count`` articles, behind so many ``skipped``, that the cluster has in their order and gives when asked for."""

    snapshot: ClusterSnapshot
    copy: str
    query: Json
    sort: Sequence[Json]
    count: int
    tier: int
    scored: bool = True
    skipped: int = 0

    def part(self, first: int, last: int) -> Sequence[Found]:
        first, last = first + self.skipped, last + self.skipped
        if last <= DEEPEST:
            return [self._found(hit) for hit in self._hits({"from": first, "size": last - first})]
        return [self._found(hit) for hit in islice(self._walked(last), first, None)]

    def _walked(self, last: int) -> Iterator[Json]:
        """All before one rank, as many at once as one request reaches."""
        window: Json = {}
        for place in range(0, last, DEEPEST):
            hits = self._hits({"size": min(DEEPEST, last - place), **window})
            yield from hits
            if not hits:
                return
            window = {"search_after": hits[-1]["sort"]}

    def each(self) -> Iterator[Found]:
        hits = self.snapshot.each(self.query, self.sort, SHOWN, self.copy)
        return (self._found(hit) for hit in islice(hits, self.skipped, None))

    def _hits(self, window: Json) -> Sequence[Json]:
        asked = {"query": self.query, "sort": self.sort, "track_total_hits": False, **SHOWN, **window}
        return self.snapshot.search(asked, self.copy).hits

    def _found(self, hit: Json) -> Found:
        found = Found.of(hit, self.tier)
        return found if self.scored else replace(found, score=0.0)


Run = Listed | Searched


@dataclass(frozen=True, slots=True)
class ClusterSelection:
    """Articles in the order in which they are shown, in runs, ``total`` of which truly match.

    ``counts`` are what was asked of those; ``complete`` unless a part of the cluster did not answer.
    """

    runs: Sequence[Run]
    total: int
    counts: Json
    complete: bool

    @property
    def reachable(self) -> int:
        return sum(run.count for run in self.runs)

    def part(self, first: int, last: int) -> list[Found]:
        """Those from one rank, counted from 0, up to before another."""
        found: list[Found] = []
        for run in self.runs:
            if first < run.count and last > 0:
                found += run.part(max(first, 0), min(last, run.count))
            first, last = first - run.count, last - run.count
        return found

    def each(self) -> Iterator[Found]:
        """Those that truly match, or where none does, all; read as they are taken."""
        every = (found for run in self.runs for found in run.each())
        return (found for found in every if found.tier < NEARLY or not self.total)
