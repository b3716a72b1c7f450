"""Queries on whole arrays: every document that matches, with its BM25 score, at once.

Segments of ``index.engine.codec`` and the weighting BM25 are evaluated here; anything else, and query types without
an own method, by Whoosh's matchers (``search.stock``). Both give the same documents and, within the precision of
float32, the same scores. An evaluation keeps all it knows to itself, so that threads may share a searcher.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from whoosh import query as whoosh
from whoosh.searching import Searcher

from index.engine.arrays import Array
from index.engine.codec import DocumentReader, TermsReader, parts
from index.engine.postings import TermPostings
from search import deadline, stock
from search.adjacency import documents_of, exact, near
from search.bm25 import BM25
from search.hits import Docs, Hits, Scores, Universe, any_of, constant, largest, nothing, summed, total, weighed
from search.memory import Memory
from search.substring import Substring


@dataclass(frozen=True, slots=True)
class Matches:
    """Document numbers, ascending, each once, and the score of each (0 if none was asked for)."""

    docs: Docs
    scores: Scores


def evaluate(
    searcher: Searcher, query: whoosh.Query, *, scored: bool = True, within: Docs | None = None
) -> Matches:
    """The answer of a new ``Evaluation``."""
    return Evaluation(searcher).matches(query, scored=scored, within=within)


class Evaluation:
    """Some queries on one searcher, each of which may use what the others found out; for one thread."""

    def __init__(self, searcher: Searcher, memory: Memory | None = None) -> None:
        ours = type(searcher.weighting) is BM25
        memory = memory or Memory(searcher)
        self._leaves: list[tuple[Any, int, _Segment | None]] = [
            (leaf, offset, _Segment(leaf, offset, *own, memory) if ours and (own := parts(leaf.reader())) else None)
            for leaf, offset in searcher.leaf_searchers()
        ]

    def matches(self, query: whoosh.Query, *, scored: bool = True, within: Docs | None = None) -> Matches:
        """All documents of all segments that match, without deleted ones.

        With ``within`` (document numbers, ascending) only these are looked at, which is faster if they are few; their
        scores are the same.
        """
        found = []
        for leaf, offset, segment in self._leaves:
            size = leaf.doc_count_all()
            universe = Universe(size, _between(within, offset, offset + size))
            search = segment.alive if segment else functools.partial(_by_matchers, leaf)
            hits = search(query, universe, scored)
            found.append((universe.docs(hits.docs) + offset, hits.scores))
        return _joined(found)

    def sums(self, queries: Sequence[whoosh.Query], weights: Sequence[float]) -> Scores:
        """For every document the weights of those of the queries that it matches, summed; 0 if it is deleted."""
        found = []
        for leaf, _, segment in self._leaves:
            whole = Universe(leaf.doc_count_all())
            lists = [
                segment.lists(query, whole) if segment else [_by_matchers(leaf, query, whole, False).docs]
                for query in queries
            ]
            found.append(weighed(lists, weights, whole.size))
        return np.concatenate([np.empty(0, np.float32), *found])


def evaluate_stock(searcher: Searcher, query: whoosh.Query, *, scored: bool = True) -> Matches:
    """The same by Whoosh's matchers; not for several threads at once, unless all segments are ours."""
    found = []
    for leaf, offset in searcher.leaf_searchers():
        hits = _by_matchers(leaf, query, Universe(leaf.doc_count_all()), scored)
        found.append((hits.docs + offset, hits.scores))
    return _joined(found)


def _by_matchers(leaf: Any, query: whoosh.Query, universe: Universe, scored: bool) -> Hits:
    pairs = list(stock.hits(leaf, query, scored=scored)) if leaf.doc_count_all() else []
    local, picked = universe.locate(np.fromiter((doc for doc, _ in pairs), np.int64, len(pairs)))
    scores = np.fromiter((score for _, score in pairs), np.float32, len(pairs))
    return Hits(local, scores[picked] if scored else None)


def _between(docs: Docs | None, first: int, last: int) -> Docs | None:
    """Those of ascending numbers from ``first`` up to ``last``, counted from there."""
    return None if docs is None else docs[slice(*docs.searchsorted((first, last)))] - first


def _joined(found: list[tuple[Docs, Scores | None]]) -> Matches:
    """The documents of all segments; where there are no scores, zeros."""
    filled = [(docs, np.zeros(len(docs), np.float32) if scores is None else scores) for docs, scores in found]
    if len(filled) == 1:
        return Matches(*filled[0])
    docs = np.concatenate([np.empty(0, np.int64), *(docs for docs, _ in filled)])
    return Matches(docs, np.concatenate([np.empty(0, np.float32), *(scores for _, scores in filled)]))


def _frequencies(count: int, freqs: Array | None, picked: Any) -> Scores:
    """Those of the frequencies (None: all 1) that are picked, ``count``, as numbers to be overwritten."""
    return np.ones(count, np.float32) if freqs is None else freqs[picked].astype(np.float32)


class _Segment:
    """An evaluation on one segment."""

    def __init__(
        self, leaf: Any, offset: int, terms: TermsReader, documents: DocumentReader, memory: Memory
    ) -> None:
        self._leaf = leaf
        self._offset = offset
        self._reader = terms
        self._documents = documents
        self._memory = memory
        self._found: dict[tuple[str, str | bytes], TermPostings | None] = {}
        self._unions: dict[int, tuple[whoosh.Or, Docs]] = {}

    def alive(self, query: whoosh.Query, universe: Universe, scored: bool) -> Hits:
        """The matching documents that are not deleted."""
        hits = self.find(query, universe, scored)
        if not self._documents.has_deletions():
            return hits
        return hits.kept(np.flatnonzero(universe.of(self._documents.alive)[hits.docs]))

    def lists(self, query: whoosh.Query, whole: Universe) -> list[Array]:
        """Lists of documents, each ascending, which together are those that match; ``whole`` is the segment."""
        terms = query.subqueries if type(query) is whoosh.Or else [query]
        if self._documents.has_deletions() or any(type(term) is not whoosh.Term for term in terms):
            return [self.alive(query, whole, False).docs]
        return [term.docs for part in terms if (term := self._postings(part.fieldname, part.text))]

    def find(self, query: whoosh.Query, universe: Universe, scored: bool) -> Hits:
        """The matching documents of the universe."""
        deadline.check()
        return _METHODS.get(type(query), _Segment._by_matchers)(self, query, universe, scored)

    def _by_matchers(self, query: whoosh.Query, universe: Universe, scored: bool) -> Hits:
        return _by_matchers(self._leaf, query, universe, scored)

    def _term(self, query: whoosh.Term, universe: Universe, scored: bool) -> Hits:
        term = self._postings(query.fieldname, query.text)
        if term is None:
            return nothing(scored)
        if not scored:
            return Hits(universe.having([term.docs]), None)
        local, picked = universe.locate(term.docs)
        freqs = _frequencies(len(local), term.freqs, picked)
        return Hits(local, self._bm25(term.field, freqs, universe.docs(local), self._factor(term, query.boost)))

    def _terms(self, query: whoosh.Or, universe: Universe) -> Hits:
        """Any of several terms, without scores."""
        found = [self._postings(part.fieldname, part.text) for part in query.subqueries]
        return Hits(universe.having([term.docs for term in found if term]), None)

    def _scored_terms(self, query: whoosh.Or, universe: Universe) -> Hits:
        """Any of several terms, with scores; those of one field at once, because they are many and mostly rare."""
        found = []
        for field, same in groupby(query.subqueries, key=lambda part: str(part.fieldname)):
            pairs = [(term, part.boost) for part in same if (term := self._postings(field, part.text))]
            if pairs:
                found.append(self._terms_of_field(field, pairs, universe))
        return summed(found, universe.size).boosted(query.boost)

    def _terms_of_field(
        self, field: str, pairs: list[tuple[TermPostings, float]], universe: Universe
    ) -> tuple[Docs, Scores]:
        local, picked, counts = universe.locate_all([term.docs for term, _ in pairs])
        each = [term.freqs for term, _ in pairs if term.freqs is not None]
        freqs = _frequencies(len(local), np.concatenate(each) if each else None, picked)
        factors = np.array([self._factor(term, boost) for term, boost in pairs], np.float32)
        return local, self._bm25(field, freqs, universe.docs(local), np.repeat(factors, counts))

    def _phrase(self, query: whoosh.Phrase, universe: Universe, scored: bool) -> Hits:
        """Documents with the words in a row score as for all the words."""
        key = query.fieldname, tuple(query.words), query.slop, type(query) is Substring
        docs = self._memory.phrases.of((self._offset, *key), lambda: self._in_a_row(*key))
        if not scored:
            return Hits(universe.having([docs]), None)
        local, picked = universe.locate(docs)
        docs = docs[picked]
        scores = np.zeros(len(docs), np.float32)
        for term in (self._postings(query.fieldname, word) for word in query.words) if len(docs) else ():
            assert term is not None  # as the phrase has been found
            freqs = _frequencies(len(docs), term.freqs, term.docs.searchsorted(docs.astype(term.docs.dtype)))
            scores += self._bm25(term.field, freqs, docs, self._factor(term, query.boost))
        return Hits(local, scores)

    def _in_a_row(self, field: str, words: tuple[str | bytes, ...], slop: int, overlapping: bool) -> Docs:
        """The documents with the words one after the other; slop is the widest step."""
        terms: list[TermPostings] = []
        for word in words:
            if not (term := self._postings(field, word)):
                return np.empty(0, np.int64)
            terms.append(term)
        if not terms:
            return np.empty(0, np.int64)
        positions = terms[0].inverted.positions
        if positions is None:
            raise whoosh.QueryError(f"{field} has no positions")
        places = [term.places for term in terms]
        if slop > 1:
            return documents_of(near(places, slop, positions.text_starts), positions.text_starts)
        ends = exact(places, overlapping=overlapping)
        docs = documents_of(ends, positions.text_starts, reach=len(words) - 1 if overlapping else 0)
        return docs.astype(terms[0].docs.dtype)

    def _and(self, query: whoosh.And, universe: Universe, scored: bool) -> Hits:
        """Rarest part first; each next part is asked about the documents that are left, as long as there are any."""
        hits: Hits | None = None
        for part in sorted(query.subqueries, key=self._size):
            if hits is None:
                hits = self.find(part, universe, scored)
                continue
            if not len(hits.docs):
                break
            more = self.find(part, universe.narrowed(hits.docs), scored)
            hits = hits.plus(more).kept(more.docs)
        return nothing(scored) if hits is None else hits.boosted(query.boost)

    def _or(self, query: whoosh.Or, universe: Universe, scored: bool) -> Hits:
        if query.scale:
            return self._by_matchers(query, universe, scored)
        if len(query.subqueries) > 1 and all(type(part) is whoosh.Term for part in query.subqueries):
            return self._scored_terms(query, universe) if scored else self._terms(query, universe)
        if not scored:
            return Hits(universe.having([self._any(query)]), None)
        found = [self.find(part, universe, scored) for part in query.subqueries or [whoosh.NullQuery]]
        return total(found, universe.size).boosted(query.boost)

    def _any(self, query: whoosh.Or) -> Docs:
        """All documents of the segment that match; found once, for what is asked again."""
        if id(query) not in self._unions:
            whole = Universe(self._documents.doc_count_all())
            found = any_of([self.find(part, whole, False).docs for part in query.subqueries], whole.size)
            self._unions[id(query)] = query, found  # kept with its docs, so that its id stays its own
        return self._unions[id(query)][1]

    def _maximum(self, query: whoosh.DisjunctionMax, universe: Universe, scored: bool) -> Hits:
        found = [self.find(part, universe, scored) for part in query.subqueries or [whoosh.NullQuery]]
        return largest(found, universe.size).boosted(query.boost)

    def _not(self, query: whoosh.Not, universe: Universe, scored: bool) -> Hits:
        left = np.ones(universe.size, bool)
        left[self.find(query.query, universe, False).docs] = False
        return constant(np.flatnonzero(left), 1.0, scored)

    def _and_not(self, query: whoosh.AndNot, universe: Universe, scored: bool) -> Hits:
        hits = self.find(query.a, universe, scored)
        return hits.kept(self._not(whoosh.Not(query.b), universe.narrowed(hits.docs), False).docs)

    def _and_maybe(self, query: whoosh.AndMaybe, universe: Universe, scored: bool) -> Hits:
        hits = self.find(query.a, universe, scored)
        return hits.plus(self.find(query.b, universe.narrowed(hits.docs), scored)) if scored else hits

    def _every(self, query: whoosh.Every, universe: Universe, scored: bool) -> Hits:
        if query.fieldname is None:
            return constant(np.arange(universe.size), query.boost, scored)
        has = np.zeros(self._documents.doc_count_all(), bool)
        field = self._reader.postings(query.fieldname)
        if field is not None:
            has[field.docs] = True
        return constant(np.flatnonzero(universe.of(has)), query.boost, scored)

    def _range(self, query: whoosh.NumericRange, universe: Universe, scored: bool) -> Hits:
        """By the column; documents without a value have the column's default."""
        field = self._leaf.schema[query.fieldname]
        values = self._documents.numbers(query.fieldname)
        if not field.column_type:
            return self._by_matchers(query, universe, scored)
        if values is None:
            return nothing(scored)
        values = universe.of(values)
        inside = values != field.column_type.default_value()
        if query.start is not None:
            start = field.to_column_value(query.start)
            inside &= values > start if query.startexcl else values >= start
        if query.end is not None:
            end = field.to_column_value(query.end)
            inside &= values < end if query.endexcl else values <= end
        return constant(np.flatnonzero(inside), query.boost, scored)

    def _constant_score(self, query: whoosh.ConstantScoreQuery, universe: Universe, scored: bool) -> Hits:
        return constant(self.find(query.child, universe, False).docs, query.score, scored)

    def _null(self, _query: whoosh.Query, _universe: Universe, scored: bool) -> Hits:
        return nothing(scored)

    def _postings(self, field: str, text: str | bytes) -> TermPostings | None:
        key = (field, text)
        if key not in self._found:
            self._found[key] = self._look_up(field, text)
        return self._found[key]

    def _look_up(self, field: str, text: str | bytes) -> TermPostings | None:
        try:
            return self._reader.find(field, self._leaf.schema[field].to_bytes(text))
        except (KeyError, ValueError):  # what is no field, or cannot be a value of it, is in no document
            return None

    def _factor(self, term: TermPostings, boost: float) -> float:
        """What a term's share of a document's score is multiplied by."""
        scorable = self._documents.length_codes(term.field) is not None
        return self._memory.statistics.weight(term.field, term.text) * boost if scorable else boost

    def _bm25(self, field: str, freqs: Scores, docs: Docs, factor: float | Scores) -> Scores:
        """BM25F of terms that occur ``freqs`` times (overwritten) in ``docs``.

        In a field that is not scored, the frequency itself counts.
        """
        codes = self._documents.length_codes(field)
        if codes is None:
            freqs *= np.float32(factor)
            return freqs
        divisors = self._memory.statistics.norms(field).take(codes.take(docs))
        divisors += freqs
        freqs *= np.float32(factor)
        freqs /= divisors
        return freqs

    def _size(self, query: whoosh.Query) -> int:
        """About how many documents match, or how much work it is to know."""
        kind = type(query)
        if kind is Substring or kind is whoosh.Phrase:
            return min([self._frequency(query.fieldname, word) for word in query.words[:3]], default=0)
        if kind is whoosh.Term:
            return self._frequency(query.fieldname, query.text)
        if kind is whoosh.Or or kind is whoosh.DisjunctionMax:
            return sum(map(self._size, query.subqueries))
        if kind is whoosh.And:
            return min(map(self._size, query.subqueries), default=0)
        if kind is whoosh.ConstantScoreQuery:
            return self._size(query.child)
        if kind in (whoosh.AndNot, whoosh.AndMaybe):
            return self._size(query.a)
        return int(self._documents.doc_count_all())

    def _frequency(self, field: str, text: str | bytes) -> int:
        term = self._postings(field, text)
        return 0 if term is None else len(term.docs)


_METHODS: dict[type, Callable[[_Segment, Any, Universe, bool], Hits]] = {
    whoosh.Term: _Segment._term,
    whoosh.Phrase: _Segment._phrase,
    Substring: _Segment._phrase,
    whoosh.And: _Segment._and,
    whoosh.Or: _Segment._or,
    whoosh.DisjunctionMax: _Segment._maximum,
    whoosh.Not: _Segment._not,
    whoosh.AndNot: _Segment._and_not,
    whoosh.AndMaybe: _Segment._and_maybe,
    whoosh.Every: _Segment._every,
    whoosh.NumericRange: _Segment._range,
    whoosh.ConstantScoreQuery: _Segment._constant_score,
    type(whoosh.NullQuery): _Segment._null,
}
