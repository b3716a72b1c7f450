"""From a request to a result: the one door to the index for everybody who asks."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from index import scans, store
from index.errors import IndexDamagedError
from index.manifest import Manifest
from index.model import Article
from index.report.model import Coverage
from search import query_parser
from search.catalogue import Catalogue
from search.coverage import coverage
from search.derived import Derived
from search.did_you_mean import did_you_mean
from search.display import Shelf, hit
from search.errors import GenerationGoneError, QueryError
from search.facets import facets
from search.issues import Issue, selected
from search.matching import query_forms, query_units, units
from search.model import Expansion, Hit, SearchRequest, SearchResult, Status, Suggestion
from search.query import Date, Node, Word, wanted
from search.selection import MISREAD, NEARLY, Selection, select
from search.similar import similar
from search.snapshot import Snapshot
from search.suggest import Suggester

LONGEST_MISTAKE = 3
"""Did-you-mean is for queries of so many units; a longer one that finds nothing is a sentence, not a mistake."""

FIRST_QUERY = "工会"
"""What is asked to have everything loaded; any word does."""

SUGGESTED = 3
"""So many queries are suggested at most in place of one that finds nothing."""


class Searcher:
    """Answers searches from the current generation of an index; may be shared by threads.

    When another generation is published, the next request is answered from it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._current: tuple[Snapshot, object] | None = None
        """What was opened last, and the state of the pointer just before."""
        self._opening = threading.Lock()
        self._shelf = Derived(Shelf)
        self._suggester = Derived(Suggester.read)
        self._catalogue = Derived(Catalogue)
        self._coverage = Derived(coverage)

    def snapshot(self) -> Snapshot:
        """The current generation, opened.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        state = store.pointer_state(self._directory)
        known = self._current
        if known is not None and state is not None and known[1] == state:
            return known[0]
        with self._opening:
            snapshot = self._opened(self._current[0] if self._current else None)
            self._current = snapshot, state
            return snapshot

    def _opened(self, known: Snapshot | None) -> Snapshot:
        """``known`` if it is the current generation, else that one, even if another is published meanwhile."""
        generation = store.current_generation(self._directory)
        if known is not None and known.manifest.generation == generation:
            return known
        try:
            return Snapshot.open(self._directory, generation)
        except IndexDamagedError:
            if store.current_generation(self._directory) == generation:
                raise
            return self._opened(known)

    def manifest(self) -> Manifest:
        """What the current generation is called and holds.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        return self.snapshot().manifest

    def search(self, request: SearchRequest) -> SearchResult:
        """The result of one search.

        Raises:
            QueryError: the query cannot be understood.
            GenerationGoneError, SearchTimeoutError
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        snapshot = self._asked(request)
        started = time.perf_counter()
        tree = query_parser.parse(request.q)
        selection = select(snapshot, request, tree)
        first = (request.result_page - 1) * request.per_page
        terms = query_forms(tree, expand=request.expand, fuzzy=request.fuzzy, occurs=snapshot.lexicon.has_bigram)
        hits = _hits(self._shelf.of(snapshot), selection, terms, first, first + request.per_page)
        return SearchResult(
            request=request,
            normalized=str(tree),
            expanded=expansions(tree) if request.expand else (),
            dates=dates(tree),
            total=len(selection.matching),
            reachable=len(selection.docs),
            partial=len(selection.docs) > len(selection.matching),
            hits=hits,
            facets=facets(snapshot.columns, selection.matching, request.facets),
            notes=(),
            generation=snapshot.manifest.generation,
            suggestions=() if len(selection.matching) else self._meant(snapshot, request, tree),
            seconds=time.perf_counter() - started,
        )

    def article(self, article_id: str) -> Article:
        """The article with an id.

        Raises:
            ArticleNotFoundError
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        return self.snapshot().find_article(article_id)

    def scan(self, article_id: str) -> Path | None:
        """The picture or PDF of the printed page that an article stands on, if it lies in the archive still.

        Where on it the article stands says ``Article.scan``.

        Raises:
            ArticleNotFoundError
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        snapshot = self.snapshot()
        found = snapshot.find_article(article_id).scan
        return scans.locate(snapshot.manifest.root, found) if found else None

    def marks(self, q: str) -> tuple[str, ...]:
        """The folded strings to mark in an article that the query ``q`` led to; none if it is no query."""
        try:
            return query_forms(query_parser.parse(q), occurs=self.snapshot().lexicon.has_bigram)
        except QueryError:
            return ()

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        """All articles that truly match, or where none does, those that do in part; in order, read as they are taken.

        Raises:
            QueryError, GenerationGoneError, SearchTimeoutError: at once, not on the way; and so
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        snapshot = self._asked(request)
        selection = select(snapshot, request, query_parser.parse(request.q))
        found = selection.matching if len(selection.matching) else selection.docs
        return map(snapshot.article, found.tolist())

    def finds(self, q: str) -> bool:
        """Whether a query is understood and truly matches something."""
        return _finds(self.snapshot(), SearchRequest(), q)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """At most ``limit`` queries that ``text`` may be the beginning of."""
        return self._suggester.of(self.snapshot()).suggest(text, limit)

    def similar(self, article_id: str, limit: int = 5) -> tuple[tuple[Article, float], ...]:
        """At most ``limit`` articles about the same, with their likeness (about 1: the same text), best first.

        Raises:
            ArticleNotFoundError
        """
        snapshot = self.snapshot()
        found = similar(snapshot, snapshot.find(article_id), limit)
        return tuple((snapshot.article(doc), share) for doc, share in found)

    def issues(self, request: SearchRequest) -> tuple[Issue, ...]:
        """The issues under the dates and the newspapers of ``request``, newest first; its page is not cut out.

        Raises:
            GenerationGoneError
        """
        return selected(self._catalogue.of(self._asked(request)).issues, request)

    def catalogue(self) -> Catalogue:
        """All that the archive holds, to be leafed through.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        return self._catalogue.of(self.snapshot())

    def coverage(self) -> Coverage:
        """The report on the archive, made once a generation: what is held, and what is wrong with it.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        return self._coverage.of(self.snapshot())

    def status(self) -> Status:
        """What the index holds, and whether it should be made anew."""
        everything = self.search(SearchRequest(sort="newest", per_page=1, facets=("kind", "newspaper", "year")))
        manifest = self.snapshot().manifest
        return Status(
            generation=manifest.generation,
            created=datetime.datetime.fromtimestamp(manifest.created, datetime.UTC),
            articles=everything.total,
            facets=everything.facets,
            files=len(manifest.sources),
            failed=len(manifest.failed),
            reindex_due=manifest.code != store.code_fingerprint(),
        )

    def warm(self) -> None:
        """Load now what the first one who asks would wait for.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        self.search(SearchRequest(q=FIRST_QUERY))
        self.suggest(FIRST_QUERY)
        self.issues(SearchRequest())

    def _asked(self, request: SearchRequest) -> Snapshot:
        """The current generation, if it may answer.

        Raises:
            GenerationGoneError
        """
        snapshot = self.snapshot()
        if request.generation not in {"", snapshot.manifest.generation}:
            raise GenerationGoneError
        return snapshot

    def _meant(self, snapshot: Snapshot, request: SearchRequest, tree: Node) -> tuple[Suggestion, ...]:
        """What may have been meant by a short query that finds nothing, and finds something under the same filters."""
        if len(query_units(tree)) > LONGEST_MISTAKE:
            return ()
        suggester = self._suggester.of(snapshot)
        meant = dict.fromkeys((*did_you_mean(snapshot, suggester, tree), *suggester.sounding(request.q)))
        return tuple(islice((suggestion for suggestion in meant if _finds(snapshot, request, suggestion.q)), SUGGESTED))


def _finds(snapshot: Snapshot, request: SearchRequest, q: str) -> bool:
    try:
        return len(select(snapshot, request, query_parser.parse(q)).matching) > 0
    except QueryError:  # a long query in its canonical form may be too long
        return False


def _hits(shelf: Shelf, selection: Selection, terms: tuple[str, ...], first: int, last: int) -> tuple[Hit, ...]:
    columns = (selection.docs, selection.scores, selection.tiers)
    shown = zip(*(column[first:last].tolist() for column in columns), strict=True)
    return tuple(
        hit(shelf.shown(doc), terms, score, partial=tier >= NEARLY, approximate=tier in (MISREAD, NEARLY))
        for doc, score, tier in shown
    )


def dates(tree: Node) -> tuple[str, ...]:
    """The dates that a query names."""
    return tuple(str(node.date) for node in wanted(tree) if isinstance(node, Date))


def expansions(tree: Node) -> tuple[Expansion, ...]:
    """The other names that are searched for beside the words of a query."""
    words = [node for node in wanted(tree) if isinstance(node, Word)]
    found = [unit for word in words for unit in units(word) if unit.added]
    return tuple(Expansion(unit.text, unit.added) for unit in dict.fromkeys(found))
