"""From a request to a result: the one door to the index for everybody who asks."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh

from index import store
from index.model import Article
from index.schema import day_number, field_texts
from search import query_parser, ranking, whoosh_query
from search.evaluator import evaluate
from search.facets import facets
from search.matching import parts, query_units, units
from search.model import Hit, SearchRequest, SearchResult, Snippet
from search.query import Node, Word, conjunction, conjuncts, wanted
from search.snapshot import Snapshot
from search.snippet import markable, marked, occurrences, snippet, spans

PARTIAL_SHARE = 0.5
"""A partial match is shown if it covers at least this share of what the best partial match covers."""

Docs = NDArray[np.int64]


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
        generation = store.current_generation(self._directory)
        with self._opening:
            if self._snapshot is None or self._snapshot.manifest.generation != generation:
                self._snapshot = Snapshot.open(self._directory, generation)
            return self._snapshot

    def search(self, request: SearchRequest) -> SearchResult:
        """The result of one search.

        Raises:
            QueryError: the query cannot be understood.
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        snapshot = self.snapshot()
        started = time.perf_counter()
        tree = query_parser.parse(request.q)
        with snapshot.lock:
            return _Search(snapshot, request, tree).result(started)

    def article(self, article_id: str) -> Article:
        """The article with an id.

        Raises:
            ArticleNotFoundError
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        return self.snapshot().find_article(article_id)


class _Search:
    """One search over one snapshot."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest, tree: Node) -> None:
        self._snapshot = snapshot
        self._columns = snapshot.columns
        self._request = request
        self._tree = tree
        self._texts = list(dict.fromkeys(node.text for node in wanted(tree)))
        self._terms = query_units(tree)

    def result(self, started: float) -> SearchResult:
        request = self._request
        found = self._filtered(self._matching(self._tree))
        related = self._related(found) if len(found) < request.per_page else found[:0]
        ranked = np.concatenate([self._sorted(found, request.sort), related])
        first = (request.result_page - 1) * request.per_page
        shown = ranked[first : first + request.per_page]
        return SearchResult(
            request=request,
            normalized=str(self._tree),
            total=len(found),
            reachable=len(ranked),
            partial=len(related) > 0,
            hits=tuple(self._hit(int(doc), first + i >= len(found)) for i, doc in enumerate(shown)),
            facets=facets(self._columns, found, request.facets),
            notes=(),
            generation=self._snapshot.manifest.generation,
            seconds=time.perf_counter() - started,
        )

    def _evaluate(self, query: whoosh.Query) -> Docs:
        return evaluate(self._snapshot.searcher, query, scored=False).docs

    def _matching(self, tree: Node) -> Docs:
        return self._evaluate(whoosh_query.match(tree, lambda name: self._columns.keywords[name].values))

    def _filtered(self, docs: Docs) -> Docs:
        request, days = self._request, self._columns.days[docs]
        keep = np.ones(len(docs), bool)
        if request.date_from:
            keep &= days >= day_number(request.date_from)
        if request.date_to:
            keep &= (days <= day_number(request.date_to)) & (days > 0)
        for name, values in request.filters:
            keep &= self._columns.mask(name, values)[docs]
        return docs[keep]

    def _sorted(self, docs: Docs, sort: str) -> Docs:
        days, ids = self._columns.days[docs], self._columns.id_ranks[docs]
        if sort == "newest":
            return ranking.order(docs, (-days, ids))
        if sort == "oldest":
            return ranking.order(docs, (days == 0, days, ids))
        return ranking.order(docs, (-self._scores[docs], -days, ids))

    @functools.cached_property
    def _scores(self) -> NDArray[np.float32]:
        """The score of every document of the index for the words of the query."""
        matches = evaluate(self._snapshot.searcher, ranking.score_query(self._texts))
        scores = np.zeros(len(self._columns.days), np.float32)
        scores[matches.docs] = matches.scores
        for kind, weight in ranking.KIND_WEIGHTS.items():
            scores[self._columns.mask("kind", (kind,))] *= weight
        return scores

    def _related(self, found: Docs) -> Docs:
        """Documents that have some of the query's bare words, the best covered first, without ``found``."""
        bare = [node for node in conjuncts(self._tree) if isinstance(node, Word)]
        if not bare:
            return found[:0]
        covered = self._coverage(evidence(bare))
        covered[found] = 0
        required = [node for node in conjuncts(self._tree) if not isinstance(node, Word)]
        docs = np.flatnonzero(covered) if not required else self._matching(conjunction(required))
        docs = self._filtered(docs[covered[docs] > 0])
        if not len(docs):
            return docs
        docs = docs[covered[docs] >= PARTIAL_SHARE * covered[docs].max()]
        scores = self._scores[docs] * (1 + ranking.COVERAGE * covered[docs] ** 2)
        return ranking.order(docs, (-scores, -self._columns.days[docs], self._columns.id_ranks[docs]))

    def _coverage(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """For every document the share of ``terms`` it contains, by their idf."""
        covered, total = np.zeros(len(self._columns.days), np.float32), 0.0
        for term in terms:
            docs = self._evaluate(whoosh_query.substring(term))
            weight = ranking.idf(len(docs), len(covered))
            covered[docs] += weight
            total += weight
        return covered / total if total else covered

    def _hit(self, doc: int, partial: bool) -> Hit:
        article = self._snapshot.article(doc)
        texts = field_texts(article)
        terms = markable("\n".join(texts.values()), self._terms)
        places = {field: occurrences(text, terms) for field, text in texts.items()}
        shown = [field for field, found in places.items() if found and field not in {"title", "body"}]
        return Hit(
            article=article,
            score=float(self._scores[doc]),
            partial=partial,
            title_parts=marked(article.title or "", spans(places["title"])),
            snippets=(
                *(Snippet(field, marked(texts[field], spans(places[field]))) for field in shown),
                *((snippet("body", article.body, places["body"]),) if article.body else ()),
            ),
        )


def evidence(words: Iterable[Word]) -> tuple[str, ...]:
    """What speaks for a partial match: the units of the words, and the words inside them."""
    found = [unit for word in words for unit in units(word)]
    found += [part for unit in found for part in parts(unit)]
    longer = [term for term in found if len(term) > 1]
    return tuple(dict.fromkeys(longer or found))
