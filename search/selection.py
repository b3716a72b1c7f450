"""Which articles answer a query, and in which order.

They come in tiers: those in which all words occur; where tolerance was asked for, those in which OCR may have misread
them; and, when all these do not fill a screen, those in which some of the words occur. Within a tier, articles of
a day that the query names come first. For a long text the last two tiers are one with the first, which has a lead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Or as WhooshOr
from whoosh.query import Query, Term

from index.normalize import fold, significant
from index.schema import ZONES, day_number
from search import ranking
from search.evaluator import Evaluation, Matches
from search.matching import UNIT_LENGTH, nearly, units
from search.model import SearchRequest
from search.query import Date, Node, Phrase, Word, conjunction, conjuncts, wanted
from search.snapshot import Snapshot
from search.top import best_places, keys
from search.whoosh_query import Matching

PARTIAL_SHARE = 0.25
"""A partial match is shown if it covers at least this share of what the best partial match covers …"""
PARTIAL_SHARE_OF_WORD = 0.4
"""… and, where the query is a single word that occurs, this share of it: two of three characters of a name."""

RANKED_PARTIAL = 1000
"""So many partial matches, those that cover most, are ranked like others; the rest follow by coverage."""

DATE_EVIDENCE = 10.0
"""What a date that the query names counts as evidence of a partial match: as much as a rare term."""

EXACT, MISREAD, NEARLY, PARTIAL = range(4)

Docs = NDArray[np.int64]
Scores = NDArray[np.float32]
Tiers = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Selection:
    """Document numbers in the order in which they are shown, the score of each, and how it matches.

    ``tiers``: EXACT, as asked; MISREAD, with characters that OCR takes for those asked, where that was allowed;
    NEARLY, a name with one character lost or misread; PARTIAL, some of the words.
    """

    docs: Docs
    scores: Scores
    tiers: Tiers

    def __add__(self, following: Selection) -> Selection:
        """One behind the other."""
        return Selection(
            np.concatenate([self.docs, following.docs]),
            np.concatenate([self.scores, following.scores]),
            np.concatenate([self.tiers, following.tiers]),
        )

    @property
    def matching(self) -> Docs:
        """The documents that truly match, in order."""
        return self.docs[self.tiers < NEARLY]


def select(snapshot: Snapshot, request: SearchRequest, tree: Node) -> Selection:
    """The articles that answer ``tree`` under the filters of ``request``."""
    return _Selecting(snapshot, request, tree).selection()


class _Selecting:
    def __init__(self, snapshot: Snapshot, request: SearchRequest, tree: Node) -> None:
        self._snapshot = snapshot
        self._evaluation = Evaluation(snapshot.searcher, snapshot.memory)
        self._columns = snapshot.columns
        self._request = request
        self._tree = tree
        self._matching = Matching(snapshot.lexicon, expand=request.expand, fuzzy=request.fuzzy)
        self._ranking = ranking_of(tree, request.expand, self._occurs)

    def selection(self) -> Selection:
        found = self._filtered(self._evaluate(self._tree))
        exact = self._exact(found)
        misread = found[:0] if exact is found else np.setdiff1d(found, exact, assume_unique=True)
        few = self._request.relax and len(found) < self._request.per_page
        nearly = self._nearly(found) if few else found[:0]
        best, rest = self._partial(np.union1d(found, nearly)) if few else (found[:0], found[:0])
        ordered = self._ranked if self._request.sort == "relevance" else self._by_day
        return ordered([exact, misread, nearly, best]) + _unscored([*[found[:0]] * PARTIAL, rest])

    def _evaluate(self, node: Node) -> Docs:
        return self._docs(self._matching.query(node))

    def _docs(self, query: Query) -> Docs:
        return self._evaluation.matches(query, scored=False).docs

    def _occurs(self, text: str) -> bool:
        return len(self._docs(self._matching.substring(text))) > 0

    def _exact(self, found: Docs) -> Docs:
        tolerant = self._request.fuzzy or any(isinstance(node, Word) and node.tolerant for node in wanted(self._tree))
        if not tolerant:
            return found
        strict = replace(self._matching, tolerant=False)
        docs = self._docs(strict.query(self._tree))
        return np.intersect1d(found, docs, assume_unique=True)

    def _filtered(self, docs: Docs) -> Docs:
        request = self._request
        if not (request.date_from or request.date_to or request.filters):
            return docs
        days = self._columns.days[docs]
        keep = np.ones(len(docs), bool)
        if request.date_from:
            keep &= days >= day_number(request.date_from)
        if request.date_to:
            keep &= (days <= day_number(request.date_to)) & (days > 0)
        for name, values in request.filters:
            keep &= self._columns.mask(name, values)[docs]
        return docs[keep]

    # ------------------------------------------------------------------------------- order

    def _by_day(self, tiers: list[Docs]) -> Selection:
        """The tiers of true matches by their days, then the others by score."""
        places = self._columns.newest if self._request.sort == "newest" else self._columns.oldest
        dated = [tier[np.argsort(places[tier])] for tier in tiers[:NEARLY]]
        return _unscored(dated) + self._ranked([tier[:0] for tier in dated] + tiers[NEARLY:])

    def _ranked(self, tiers: list[Docs]) -> Selection:
        """Tier by tier, by score, the best few hundred of each after a closer look; all looked at together."""
        docs, tier = np.concatenate(tiers), _numbers(tiers)
        if np.count_nonzero(list(map(len, tiers))) > 1:  # each is in order by itself
            order = np.argsort(docs)
            docs, tier = docs[order], tier[order]
        if not len(docs):
            return Selection(docs, np.zeros(0, np.float32), tier)
        scores = self._scores(docs)
        best = self._candidates(docs, scores, tier)
        scores[best] += self._ranking.closer(self._snapshot.lexicon, docs[best]).astype(np.float32)
        for kind, weight in ranking.KIND_WEIGHTS.items():
            scores[self._columns.mask("kind", (kind,))[docs]] *= weight
        scores[self._in_another_form(docs)] *= ranking.OTHER_FORM_WEIGHT
        lead = self._ranking.lead(self._snapshot.lexicon)
        scores[tier < NEARLY] += lead or 0
        rest = np.ones(len(docs), bool)
        rest[best] = False
        order = self._order(docs, scores, rest, tier if lead is None else None)
        if tier.max() >= NEARLY:
            order = order[np.argsort(self._out_of_sight(tier[order]), kind="stable")]
        return Selection(docs[order], scores[order], tier[order])

    def _order(self, docs: Docs, scores: Scores, rest: NDArray[np.bool_], tier: Tiers | None) -> Docs:
        """By tier; articles of a day that is asked for first, text that belongs to no article last; then by score."""
        furniture = self._columns.mask("kind", ("page",))[docs]
        group = (0 if tier is None else tier << 3) | (~self._of_the_day(docs) << 2) | (furniture << 1) | rest
        order = np.argsort(keys(Matches(docs, scores), "relevance", self._columns))
        return order[np.argsort(group.astype(np.uint8)[order], kind="stable")]

    def _out_of_sight(self, tier: Tiers) -> NDArray[np.bool_]:
        """Which partial matches, in this order, would push a true one off the first screen."""
        partial = tier >= NEARLY
        room = self._request.per_page - int(np.count_nonzero(~partial))
        late: NDArray[np.bool_] = partial & (np.cumsum(partial) > room)
        return late

    def _candidates(self, docs: Docs, scores: Scores, tier: Tiers) -> Docs:
        """Where the documents stand, ascending, that are looked at closely: some of each tier."""
        found = []
        for number in range(tier.max() + 1):
            places = np.flatnonzero(tier == number)
            if len(places) > ranking.CANDIDATES:
                matches = Matches(docs[places], scores[places])
                places = places[best_places(matches, ranking.CANDIDATES, "relevance", self._columns)]
            found.append(places)
        return np.sort(np.concatenate(found))

    def _scores(self, docs: Docs) -> Scores:
        """The scores of ``docs`` (ascending) for the words of the query."""
        matches = self._evaluation.matches(self._ranking.query(), within=docs)
        scores = np.zeros(len(docs), np.float32)
        scores[docs.searchsorted(matches.docs)] = matches.scores
        return scores

    def _in_another_form(self, docs: Docs) -> NDArray[np.bool_]:
        """Which documents print a character of the query in another form than was typed: 皇后 for 後."""
        typed = "".join(node.text for node in wanted(self._tree))
        other = np.zeros(len(docs), bool)
        for character, folded in set(zip(typed, fold(typed), strict=True)):
            forms = self._snapshot.lexicon.variants.get(folded, ())
            if character in forms:
                other |= ~np.isin(docs, self._having(character))
            elif forms:
                other |= np.isin(docs, np.concatenate([self._having(form) for form in forms]))
        return other

    def _having(self, variant: str) -> Docs:
        return self._docs(Term("variants", variant))

    def _of_the_day(self, docs: Docs) -> NDArray[np.bool_]:
        dates = [node for node in wanted(self._tree) if isinstance(node, Date) and node.date.day]
        days = [first for date in dates for first, _ in self._matching.days(date)]
        return np.isin(self._columns.days[docs], days) if days else np.zeros(len(docs), bool)

    # ------------------------------------------------------------------------------- partial matches

    def _nearly(self, found: Docs) -> Docs:
        """Documents that have the query's only word, a name, but for one character; without ``found``."""
        if not isinstance(self._tree, Word):
            return found[:0]
        forms = nearly(significant(self._tree.text), self._snapshot.lexicon.has_bigram)
        queries = [self._matching.substring(form) for form in forms]
        if not queries:
            return found[:0]
        docs = self._docs(WhooshOr(queries))
        return np.setdiff1d(self._filtered(docs), found, assume_unique=True)

    def _partial(self, found: Docs) -> tuple[Docs, Docs]:
        """Documents that have some of the query's bare words, without ``found``: those to be ranked, and the rest."""
        bare = [node for node in conjuncts(self._tree) if isinstance(node, (Word, Date))]
        covered, total = self._coverage(bare)
        covered[found] = 0
        required = [node for node in conjuncts(self._tree) if not isinstance(node, (Word, Date))]
        docs = self._evaluate(conjunction(required)) if required else np.flatnonzero(covered)
        docs = self._filtered(docs)
        least = max(PARTIAL_SHARE * float(covered[docs].max(initial=0)), self._least(bare, found) * total)
        docs = docs[covered[docs] >= least] if least else docs[:0]
        by_coverage = docs[np.argsort(-covered[docs], kind="stable")]
        return np.sort(by_coverage[:RANKED_PARTIAL]), by_coverage[RANKED_PARTIAL:]

    def _least(self, bare: list[Word | Date], found: Docs) -> float:
        single = len(found) and len(bare) == 1 and len(significant(bare[0].text)) <= UNIT_LENGTH
        return PARTIAL_SHARE_OF_WORD if single else 0.0

    def _coverage(self, nodes: list[Word | Date]) -> tuple[Scores, float]:
        """For every document the sum of the idf of the evidence it has, and of all evidence."""
        terms = self._ranking.evidence()
        dates = [node for node in nodes if isinstance(node, Date)]
        queries = [*map(self._matching.substring, terms), *map(self._matching.query, dates)]
        weights = [*map(self._telling, terms), *[DATE_EVIDENCE] * len(dates)]
        return self._evaluation.sums(queries, weights), sum(weights)

    def _telling(self, term: str) -> float:
        field = "chars" if len(term) == 1 else "bigrams"
        return min(self._snapshot.lexicon.idf(f"{zone}_{field}", term) for zone in ZONES)


def _unscored(tiers: list[Docs]) -> Selection:
    docs = np.concatenate(tiers)
    return Selection(docs, np.zeros(len(docs), np.float32), _numbers(tiers))


def _numbers(tiers: list[Docs]) -> Tiers:
    return np.repeat(np.arange(len(tiers), dtype=np.uint8), list(map(len, tiers)))


def ranking_of(tree: Node, expand: bool, occurs: Callable[[str], bool]) -> ranking.Ranking:
    """The ranking that a query asks for; ``occurs`` tells whether the characters of a text stand together anywhere."""
    nodes = list(wanted(tree))
    words = [node for node in nodes if isinstance(node, Word)]
    # a day is matched as a date in any form; years and months are words like others
    return ranking.ranking(
        [node.text for node in nodes if isinstance(node, Word) or (isinstance(node, Date) and not node.date.day)],
        [node.text for node in nodes if isinstance(node, Phrase)],
        [name for word in words for unit in units(word, expand=expand) for name in unit.added],
        [word.text for word in words if word.label],
        occurs,
    )
