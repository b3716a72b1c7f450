"""Tier by tier, by score: the best few hundred after a closer look, the rest as the cluster has it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from index.normalize import fold
from index.schema import ZONES
from search import ranking
from search.cluster.asking import Asking
from search.cluster.candidates import ASKED, Candidates
from search.cluster.dsl import all_of, any_of, scored
from search.cluster.runs import BEST, SHOWN, Found, Listed, Run, Searched
from search.cluster.snapshot import Answer
from search.query import wanted
from search.selection import ranking_of

Json = dict[str, Any]

_PAGE: Json = {"term": {"kind": "page"}}


class Ordering:
    """The order in which what is asked for is shown."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._lexicon = asking.lexicon
        self._days = asking.days()
        self.ranking = ranking_of(asking.tree, asking.request.expand, asking.occurs)
        self._look_up()

    def lead(self) -> float | None:
        """What an article with all words scores more than one with some; None if it comes first anyway."""
        return self.ranking.lead(Candidates((), self._lexicon))

    def best(self, query: Json) -> Json:
        """What asks for the best of a tier, and how many there are of each stratum."""
        strata = {str(number): {"filter": stratum} for number, stratum in enumerate(self._strata())}
        return {
            "size": ranking.CANDIDATES, "query": self._with_scores(query), "sort": BEST, "track_total_hits": True,
            "_source": False,
            "docvalue_fields": [*SHOWN["docvalue_fields"], *ASKED, *(["variants"] if self._forms else [])],
            "aggregations": strata,
        }

    def _with_scores(self, query: Json) -> Json:
        return {"bool": {"filter": [query], "should": scored(self.ranking.query())}}

    def looked_at(self, answer: Answer, tier: int) -> list[Found]:
        """The best of a tier, with the scores that a closer look gives them, in no order."""
        candidates = Candidates(answer.hits, self._lexicon)
        scores = candidates.scores(self.ranking.query())
        if len(answer.hits):
            scores += self.ranking.closer(candidates, np.arange(len(answer.hits))).astype(np.float32)
        return [
            replace(Found.of(hit, tier), score=score * self._weight(hit), looked_at=True)
            for hit, score in zip(answer.hits, scores.tolist(), strict=True)
        ]

    def _weight(self, hit: Json) -> float:
        """What a score is multiplied by: notices come later, and what is printed in another form than was typed."""
        fields = hit["fields"]
        kind = ranking.KIND_WEIGHTS.get(fields.get("kind", [""])[0], 1.0)
        printed = set(fields.get("variants", ()))
        other = any(character not in printed if typed else character in printed for character, typed in self._forms)
        return kind * (ranking.OTHER_FORM_WEIGHT if other else 1.0)

    @functools.cached_property
    def _forms(self) -> list[tuple[str, bool]]:
        """The characters of other scripts that were typed, and (False) those that stand for what was typed."""
        found: list[tuple[str, bool]] = []
        for character in frozenset("".join(node.text for node in wanted(self._asking.tree))):
            forms = self._lexicon.variants.get(fold(character), ())
            found += [(character, True)] if character in forms else [(form, False) for form in forms]
        return found

    def tier(self, tier: int, query: Json, answer: Answer, looked_at: Sequence[Found]) -> list[Run]:
        """A tier in its strata, in each first what was looked at."""
        ordered = sorted(looked_at, key=self.place)
        if answer.total <= len(ordered):
            return [Listed(ordered)]
        runs: list[Run] = []
        seen = {"ids": {"values": [found.key for found in ordered]}}
        for number, stratum in enumerate(self._strata()):
            here = [found for found in ordered if self._stratum(found) == number]
            rest = all_of([query, stratum], [seen])
            count = int(answer.counts[str(number)]["doc_count"]) - len(here)
            found = Searched(self._asking.snapshot, self._asking.copy, self.weighted(rest), BEST, count, tier)
            runs += [Listed(here), found]
        return runs

    def weighted(self, query: Json) -> Json:
        """A query with the scores of those that are not looked at closely."""
        typed = [{"bool": {"must_not": {"term": {"variants": c}}}} for c, typed in self._forms if typed]
        others = [c for c, typed in self._forms if not typed]
        other = any_of([*typed, *([{"terms": {"variants": others}}] if others else [])])
        weights = [({"term": {"kind": kind}}, weight) for kind, weight in ranking.KIND_WEIGHTS.items()]
        functions = [{"filter": f, "weight": w} for f, w in (*weights, (other, ranking.OTHER_FORM_WEIGHT))]
        return {"function_score": {"query": self._with_scores(query), "functions": functions, "score_mode": "multiply"}}

    # ------------------------------------------------------------------------------- strata

    def _strata(self) -> list[Json]:
        """What divides a tier: articles of the day, its furniture, other articles, their furniture."""
        days = self._days
        if not days:
            return [all_of([], [_PAGE]), _PAGE]
        day = {"terms": {"day": days}}
        return [all_of([day], [_PAGE]), all_of([day, _PAGE]), all_of([], [day, _PAGE]), all_of([_PAGE], [day])]

    def _stratum(self, found: Found) -> int:
        """The number of the stratum that an article is in."""
        days = self._days
        return (2 if days and found.day not in days else 0) + (found.kind == "page")

    def place(self, found: Found) -> tuple[Any, ...]:
        """A key that sorts the articles of a tier."""
        return self._stratum(found), not found.looked_at, -found.score, -found.day, found.id.encode()

    # ------------------------------------------------------------------------------- statistics

    def _look_up(self) -> None:
        """Ask for all statistics together that the ranking needs."""
        terms: dict[str, list[str]] = {}
        for term in getattr(self.ranking.query(), "subqueries", ()):
            terms.setdefault(term.fieldname, []).append(term.text)
        for text in self.ranking.evidence():
            for zone in ZONES:
                terms.setdefault(f"{zone}_{'chars' if len(text) == 1 else 'bigrams'}", []).append(text)
        self._lexicon.look_up(terms)
