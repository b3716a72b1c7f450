"""The searcher over a cluster; what it answers means what ``search.searcher`` says."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh.query import Query

from index import scans, segment, store
from index.cluster import generations
from index.cluster.connection import Cluster
from index.model import Article
from index.report import coverage as report
from index.report.model import Coverage
from index.schema import ZONES
from index.sentence import Sentence
from search import deadline, query_parser
from search.cluster.asking import Asking
from search.cluster.catalogue import ClusterCatalogue
from search.cluster.dsl import any_of, compiled, scored
from search.cluster.facets import counting, facets
from search.cluster.lexicon import ClusterLexicon
from search.cluster.runs import BEST, ClusterSelection, Found
from search.cluster.selection import select
from search.cluster.snapshot import ClusterSnapshot, article, incomplete
from search.cluster.suggest import suggester
from search.derived import Derived
from search.did_you_mean import did_you_mean
from search.display import Shown, hit
from search.errors import GenerationGoneError, QueryError
from search.issues import Issue, selected
from search.matching import query_forms, query_units
from search.model import Hit, SearchRequest, SearchResult, Status, Suggestion
from search.query import Node
from search.searcher import FIRST_QUERY, LONGEST_MISTAKE, SUGGESTED, dates, expansions
from search.selection import MISREAD, NEARLY
from search.similar import LEAST, evidence
from search.suggest import Suggester

Json = dict[str, Any]

INCOMPLETE = Sentence("集群的一部分没有回答，结果不全。")

PATIENCE = 2.0
"""Seconds within which a cluster that is there says which generation is the current one."""

_AT_ONCE = 500
"""So many articles are read together."""


@dataclass(frozen=True, slots=True)
class Published:
    """A generation as it says of itself: its name, its time in seconds since 1970, how many articles it has."""

    generation: str
    created: float
    articles: int


class Archive:
    """One generation, and its words."""

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self.snapshot = snapshot
        self.lexicon = ClusterLexicon(snapshot)

    def counts(self, queries: Sequence[Query]) -> list[int]:
        """How many articles match each query."""
        bodies = [{"size": 0, "query": compiled(query), "track_total_hits": True} for query in queries]
        return [answer.total for answer in self.snapshot.searches(bodies, "all")]

    def has_word(self, word: str) -> bool:
        """Whether any text was cut into words one of which is ``word``."""
        return any(self.lexicon.frequency(f"{zone}_words", word) for zone in ZONES)

    def titles_with(self, queries: Sequence[Query], limit: int) -> list[str]:
        """The titles of the articles that most of ``queries`` match, at most ``limit``."""
        clauses = [{"constant_score": {"filter": compiled(query)}} for query in queries]
        sort = [{"_score": "desc"}, {"place": "asc"}]
        hits = self.snapshot.search({"size": limit, "query": any_of(clauses), "sort": sort, "_source": ["title"]}).hits
        return [hit["_source"].get("title") or "" for hit in hits]


class ClusterSearcher:
    """Answers searches from the current generation of a cluster's index; may be shared by threads."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._archive: Archive | None = None
        self._suggester = Derived(_suggester)
        self._catalogue = Derived(_catalogue)
        self._coverage = Derived(_coverage)

    def _current(self) -> Archive:
        """The current generation, opened.

        Raises:
            IndexMissingError, IndexOutdatedError, ClusterError
        """
        deadline.check()
        left = deadline.left()
        meta = generations.current(self._cluster, PATIENCE if left is None else max(0.05, min(left, PATIENCE)))
        known = self._archive
        if known is None or known.snapshot.meta != meta:
            generations.check(meta)
            segment.load()
            known = self._archive = Archive(ClusterSnapshot(self._cluster, meta))
        return known

    def _asked(self, request: SearchRequest) -> Archive:
        """The current generation, if it may answer.

        Raises:
            GenerationGoneError
        """
        archive = self._current()
        if request.generation not in {"", archive.snapshot.generation}:
            raise GenerationGoneError
        return archive

    def manifest(self) -> Published:
        """What the current generation is called and holds."""
        meta = self._current().snapshot.meta
        return Published(meta["generation"], meta["created"], meta["articles"])

    def search(self, request: SearchRequest) -> SearchResult:
        """The result of one search."""
        archive = self._asked(request)
        started = time.perf_counter()
        tree = query_parser.parse(request.q)
        selection = _select(archive, request, tree)
        first = (request.result_page - 1) * request.per_page
        terms = query_forms(tree, expand=request.expand, fuzzy=request.fuzzy, occurs=archive.lexicon.has_bigram)
        hits = _hits(archive, selection.part(first, first + request.per_page), terms)
        return SearchResult(
            request=request,
            normalized=str(tree),
            expanded=expansions(tree) if request.expand else (),
            dates=dates(tree),
            total=selection.total,
            reachable=selection.reachable,
            partial=selection.reachable > selection.total,
            hits=hits,
            facets=facets(selection.counts, request.facets),
            notes=() if selection.complete else (INCOMPLETE,),
            generation=archive.snapshot.generation,
            suggestions=() if selection.total else self._meant(archive, request, tree),
            seconds=time.perf_counter() - started,
        )

    def article(self, article_id: str) -> Article:
        return self._current().snapshot.find(article_id)

    def scan(self, article_id: str) -> Path | None:
        snapshot = self._current().snapshot
        found = snapshot.find(article_id).scan
        return scans.locate(snapshot.meta["root"], found) if found else None

    def marks(self, q: str) -> tuple[str, ...]:
        try:
            return query_forms(query_parser.parse(q), occurs=self._current().lexicon.has_bigram)
        except QueryError:
            return ()

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        archive = self._asked(request)
        selection = _select(archive, request, query_parser.parse(request.q))
        if not selection.complete:
            raise incomplete()
        return _read(archive.snapshot, selection.each())

    def finds(self, q: str) -> bool:
        return _finds(self._current(), SearchRequest(), q)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        return self._suggester.of(self._current()).suggest(text, limit)

    def similar(self, article_id: str, limit: int = 5) -> tuple[tuple[Article, float], ...]:
        archive = self._current()
        clauses = scored(evidence(archive, archive.snapshot.find(article_id)))
        if not clauses:
            return ()
        own = {"term": {"id": article_id}}
        itself = {"query": {"bool": {"filter": own, "should": clauses}}, "size": 1, "_source": False}
        others = {"bool": {"should": clauses, "minimum_should_match": 1, "must_not": [own, {"term": {"kind": "page"}}]}}
        first, found = archive.snapshot.searches([itself, {"query": others, "sort": BEST, "size": limit}], "similar")
        score = max(first.hits[0]["_score"], 1e-9)
        return tuple((article(hit), hit["_score"] / score) for hit in found.hits if hit["_score"] >= LEAST * score)

    def issues(self, request: SearchRequest) -> tuple[Issue, ...]:
        return selected(self._catalogue.of(self._asked(request)).issues, request)

    def catalogue(self) -> ClusterCatalogue:
        return self._catalogue.of(self._current())

    def coverage(self) -> Coverage:
        return self._coverage.of(self._current())

    def status(self) -> Status:
        everything = self.search(SearchRequest(sort="newest", per_page=1, facets=("kind", "newspaper", "year")))
        meta = self._current().snapshot.meta
        return Status(
            generation=meta["generation"],
            created=datetime.datetime.fromtimestamp(meta["created"], datetime.UTC),
            articles=everything.total,
            facets=everything.facets,
            files=meta["files"],
            failed=meta["failed"],
            reindex_due=meta["code"] != store.code_fingerprint(),
        )

    def warm(self) -> None:
        self.search(SearchRequest(q=FIRST_QUERY))
        self.suggest(FIRST_QUERY)
        self.issues(SearchRequest())


    def _meant(self, archive: Archive, request: SearchRequest, tree: Node) -> tuple[Suggestion, ...]:
        """What may have been meant by a short query that finds nothing, and finds something under the same filters."""
        if len(query_units(tree)) > LONGEST_MISTAKE:
            return ()
        suggester = self._suggester.of(archive)
        meant = dict.fromkeys((*did_you_mean(archive, suggester, tree), *suggester.sounding(request.q)))
        return tuple(islice((suggestion for suggestion in meant if _finds(archive, request, suggestion.q)), SUGGESTED))


def _suggester(archive: Archive) -> Suggester:
    return suggester(archive.snapshot, archive.lexicon)


def _catalogue(archive: Archive) -> ClusterCatalogue:
    return ClusterCatalogue(archive.snapshot, archive.lexicon)


def _coverage(archive: Archive) -> Coverage:
    return report.coverage(archive.snapshot.manifest, archive.snapshot.all_articles())


def _asking(archive: Archive, request: SearchRequest, tree: Node) -> Asking:
    return Asking(archive.snapshot, archive.lexicon, request, tree)


def _select(archive: Archive, request: SearchRequest, tree: Node) -> ClusterSelection:
    return select(_asking(archive, request, tree), counting(request.facets))


def _finds(archive: Archive, request: SearchRequest, q: str) -> bool:
    try:
        return _asking(archive, request, query_parser.parse(q)).any()
    except QueryError:  # a long query in its canonical form may be too long
        return False


def _hits(archive: Archive, found: list[Found], terms: tuple[str, ...]) -> tuple[Hit, ...]:
    articles = archive.snapshot.articles(each.key for each in found)
    return tuple(
        hit(Shown.of(own), terms, each.score, partial=each.tier >= NEARLY, approximate=each.tier in (MISREAD, NEARLY))
        for own, each in zip(articles, found, strict=True)
    )


def _read(snapshot: ClusterSnapshot, found: Iterator[Found]) -> Iterator[Article]:
    """Articles, read as they are taken."""
    while some := list(islice(found, _AT_ONCE)):
        yield from snapshot.articles(each.key for each in some)
