"""Which articles answer a query, and in which order, found out by a cluster.

The meaning is that of ``search.selection``: tiers, in them articles of the day first and text that belongs to no
article last, then by score. What is looked at closely is read from the cluster, a few hundred articles a tier; all
that follows stays there until somebody leafs so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from search.cluster.asking import Asking
from search.cluster.dsl import any_of
from search.cluster.ordering import Ordering
from search.cluster.partial import Further
from search.cluster.runs import NEWEST, OLDEST, ClusterSelection, Found, Listed, Run, Searched
from search.selection import NEARLY, PARTIAL

Json = dict[str, Any]


def select(asking: Asking, counts: Json) -> ClusterSelection:
    """The articles that answer; ``counts`` is asked of those that truly match."""
    return _Selecting(asking).selection(counts)


class _Selecting:
    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._request = asking.request
        self._ordering = Ordering(asking)
        self._partly = Further(asking, self._ordering)

    def selection(self, counts: Json) -> ClusterSelection:
        order = self._by_score if self._request.sort == "relevance" else self._by_day
        return order(counts)

    def _by_day(self, counts: Json) -> ClusterSelection:
        """The tiers of true matches by their days, then the others by score."""
        sort = NEWEST if self._request.sort == "newest" else OLDEST
        tiers = self._asking.tiers()
        bodies = [{"size": 0, "query": query, "track_total_hits": True} for _, query in tiers]
        answers = self._asking.ask(_counting(bodies, counts))
        runs: list[Run] = [
            Searched(self._asking.snapshot, self._asking.copy, query, sort, answer.total, tier, scored=False)
            for (tier, query), answer in zip(tiers, answers, strict=False)
        ]
        total = sum(run.count for run in runs)
        runs += self._further(runs)
        return self._selected(runs, total, answers[-1].counts)

    def _by_score(self, counts: Json) -> ClusterSelection:
        """Tier by tier, by score, the best few hundred of each after a closer look."""
        tiers = self._asking.tiers()
        answers = self._asking.ask(_counting([self._ordering.best(query) for _, query in tiers], counts))
        total = sum(answer.total for answer in answers[: len(tiers)])
        looked_at = [self._ordering.looked_at(answer, tier) for (tier, _), answer in zip(tiers, answers, strict=False)]
        lead = self._ordering.lead()
        runs: list[Run] = []
        if lead is not None and total < self._request.per_page and self._request.relax:
            runs = self._led([found for tier in looked_at for found in tier], lead)
        else:
            for (tier, query), answer, found in zip(tiers, answers, looked_at, strict=False):
                ahead = [replace(each, score=each.score + (lead or 0)) for each in found]
                runs += self._ordering.tier(tier, query, answer, ahead)
            runs += self._further(runs)
        return self._selected(runs, total, answers[-1].counts)

    def _selected(self, runs: Sequence[Run], total: int, counts: Json) -> ClusterSelection:
        return ClusterSelection([run for run in runs if run.count], total, counts, self._asking.complete)

    def _further(self, matching: Sequence[Run]) -> list[Run]:
        """What follows the true matches where these do not fill a screen."""
        total = sum(run.count for run in matching)
        if not self._request.relax or total >= self._request.per_page:
            return []
        true = [found for run in matching if run.count for found in run.part(0, run.count)]
        near = self._partly.near()
        runs: list[Run] = []
        if near:
            query = self._asking.under_filters(near, [{"ids": {"values": [found.key for found in true]}}])
            (answer,) = self._asking.ask([self._ordering.best(query)])
            runs += self._ordering.tier(NEARLY, query, answer, self._ordering.looked_at(answer, NEARLY))
        partial, rest = self._partly.partial(near, true, total + sum(run.count for run in runs))
        return [*runs, Listed(sorted(partial, key=self._ordering.place)), *rest]

    def _led(self, true: list[Found], lead: float) -> list[Run]:
        """True matches, which have a lead, and partial ones in one order; but none that pushes a true one off."""
        partial, rest = self._partly.partial(None, true, len(true))
        every = sorted([*(replace(f, score=f.score + lead) for f in true), *partial], key=self._ordering.place)
        room = self._request.per_page - len(true)
        seen = [found for found in every if found.tier == PARTIAL][:room]
        late = {found.key for found in partial} - {found.key for found in seen}
        return [Listed([f for f in every if f.key not in late] + [f for f in every if f.key in late]), *rest]


def _counting(bodies: Sequence[Json], counts: Json) -> list[Json]:
    """The searches of some tiers, the last of which counts the values of all of them."""
    *first, last = bodies
    if not first:
        return [{**last, "aggregations": last.get("aggregations", {}) | counts}]
    return [*bodies, {"size": 0, "query": any_of(body["query"] for body in bodies), "aggregations": counts}]
