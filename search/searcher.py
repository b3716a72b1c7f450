"""From a request to a result: the one door to the index for everybody who asks."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from index import store
from index.errors import IndexDamagedError
from index.model import Article
from search import query_parser
from search.facets import facets
from search.display import hit
from search.errors import QueryError
from search.matching import query_forms, units
from search.model import Expansion, Hit, SearchRequest, SearchResult
from search.query import Date, Node, Word, wanted
from search.selection import Selection, select
from search.snapshot import Snapshot


class Searcher:
    """Answers searches from the current generation of an index; may be shared by threads.

    When another generation is published, the next request is answered from it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._snapshot: Snapshot | None = None
        self._opening = threading.Lock()

    def snapshot(self) -> Snapshot:
        """The current generation, opened.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        current = self._snapshot
        if current is not None and current.manifest.generation == store.current_generation(self._directory):
            return current
        with self._opening:
            self._snapshot = self._opened(self._snapshot)
            return self._snapshot

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

    def search(self, request: SearchRequest) -> SearchResult:
        """The result of one search.

        Raises:
            QueryError: the query cannot be understood.
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        snapshot = self.snapshot()
        started = time.perf_counter()
        tree = query_parser.parse(request.q)
        selection = select(snapshot, request, tree)
        first = (request.result_page - 1) * request.per_page
        terms = query_forms(tree, expand=request.expand, fuzzy=request.fuzzy, occurs=snapshot.lexicon.has_bigram)
        hits = _hits(snapshot, selection, terms, first, first + request.per_page)
        return SearchResult(
            request=request,
            normalized=str(tree),
            expanded=_expansions(tree) if request.expand else (),
            dates=tuple(str(node.date) for node in wanted(tree) if isinstance(node, Date)),
            total=selection.total,
            reachable=len(selection.docs),
            partial=len(selection.docs) > selection.total,
            hits=hits,
            facets=facets(snapshot.columns, selection.docs[: selection.total], request.facets),
            notes=(),
            generation=snapshot.manifest.generation,
            seconds=time.perf_counter() - started,
        )

    def article(self, article_id: str) -> Article:
        """The article with an id.

        Raises:
            ArticleNotFoundError
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        return self.snapshot().find_article(article_id)

    def marks(self, q: str) -> tuple[str, ...]:
        """The folded strings to mark in an article that the query ``q`` led to; none if it is no query."""
        try:
            return query_forms(query_parser.parse(q), occurs=self.snapshot().lexicon.has_bigram)
        except QueryError:
            return ()


def _hits(snapshot: Snapshot, selection: Selection, terms: tuple[str, ...], first: int, last: int) -> tuple[Hit, ...]:
    shown = zip(selection.docs[first:last].tolist(), selection.scores[first:last].tolist(), strict=True)
    return tuple(
        hit(
            snapshot.article(doc), terms, score,
            partial=rank >= selection.total, approximate=selection.exact <= rank < selection.total,
        )
        for rank, (doc, score) in enumerate(shown, first)
    )


def _expansions(tree: Node) -> tuple[Expansion, ...]:
    words = [node for node in wanted(tree) if isinstance(node, Word)]
    found = [unit for word in words for unit in units(word) if unit.added]
    return tuple(Expansion(unit.text, unit.added) for unit in dict.fromkeys(found))
