"""Queries on whole arrays: every document that matches, with Whoosh's BM25F score, at once.

Segments of ``index.codec`` and the weighting BM25F are evaluated here; anything else, and query types without
an own method, by Whoosh's matchers (``search.stock``). Both give the same documents and, within the precision of
float32, the same scores. An evaluation keeps all it knows to itself, so that threads may share a searcher.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.query import (
    And,
    AndMaybe,
    AndNot,
    ConstantScoreQuery,
    DisjunctionMax,
    Every,
    Not,
    NullQuery,
    NumericRange,
    Or,
    Phrase,
    Query,
    Term,
)
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from index.arrays import Array
from index.codec import LENGTHS, DocumentReader, TermsReader, parts
from index.postings import Postings
from search import stock

Docs = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matches:
    """Document numbers, ascending, each once, and the score of each (0 if none was asked for)."""

    docs: Docs
    scores: Scores


def evaluate(searcher: Searcher, query: Query, *, scored: bool = True) -> Matches:
    """All documents of all segments that match, without deleted ones."""
    statistics = _Statistics(searcher)
    found = []
    for leaf, offset in searcher.leaf_searchers():
        arrays = parts(leaf.reader()) if type(searcher.weighting) is BM25F else None
        if arrays is None:
            found.append(_stock_matches(leaf, offset, query, scored))
        else:
            found.append(_Segment(leaf, *arrays, statistics).matches(query, offset, scored))
    return _joined(found)


def evaluate_stock(searcher: Searcher, query: Query, *, scored: bool = True) -> Matches:
    """The same by Whoosh's matchers; not for several threads at once, unless all segments are ours."""
    return _joined([_stock_matches(leaf, offset, query, scored) for leaf, offset in searcher.leaf_searchers()])


def _stock_matches(leaf: Any, offset: int, query: Query, scored: bool) -> Matches:
    pairs = list(stock.hits(leaf, query, scored=scored)) if leaf.doc_count_all() else []
    docs = np.fromiter((doc for doc, _ in pairs), np.int64, len(pairs))
    return Matches(docs + offset, np.fromiter((score for _, score in pairs), np.float32, len(pairs)))


def _joined(found: list[Matches]) -> Matches:
    if len(found) == 1:
        return found[0]
    docs = np.concatenate([np.empty(0, np.int64), *(matches.docs for matches in found)])
    return Matches(docs, np.concatenate([np.empty(0, np.float32), *(matches.scores for matches in found)]))


class _Statistics:
    """What scores depend on beyond the document, over all segments."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._idf: dict[tuple[str, bytes], float] = {}
        self._norms: dict[str, Scores] = {}

    def weight(self, field: str, term: bytes) -> float:
        """BM25's factor of a term: idf * (K1 + 1). The idf is Whoosh's, log(N / (df + 1)) + 1."""
        idf = self._idf.get((field, term))
        if idf is None:
            df = self._searcher.reader().doc_frequency(field, term)
            idf = self._idf[field, term] = log(self._searcher.doc_count_all() / (df + 1)) + 1
        return idf * float(self._searcher.weighting.K1 + 1)

    def norms(self, field: str) -> Scores:
        """K1 * (1 - B + B * length / average length) for each length code."""
        norms = self._norms.get(field)
        if norms is None:
            weighting = self._searcher.weighting
            b = weighting._field_B.get(field, weighting.B)
            average = self._searcher.avg_field_length(field) or 1
            norms = self._norms[field] = (weighting.K1 * (1 - b + b * LENGTHS / average)).astype(np.float32)
        return norms


class _Universe:
    """The documents of a segment that a query is asked about; they are numbered 0…size-1 here (local numbers)."""

    def __init__(self, segment_size: int, docs: Docs | None = None) -> None:
        self._segment_size = segment_size
        self._docs = docs
        self._table: NDArray[np.int32] | None = None
        self.size = segment_size if docs is None else len(docs)

    def narrowed(self, local: Docs) -> _Universe:
        """The universe of some of these documents."""
        return _Universe(self._segment_size, local if self._docs is None else self._docs[local])

    def of(self, column: Array) -> Array:
        """The values of these documents in an array over the segment."""
        return column if self._docs is None else column[self._docs]

    def locate(self, docs: Array) -> tuple[Docs, Any]:
        """The local numbers of those of ``docs`` (ascending) that are in here, and an index that picks these."""
        if self._docs is None:
            return docs.astype(np.int64), slice(None)
        if self.size * _SEARCH_COST < len(docs):
            places = docs.searchsorted(self._docs.astype(docs.dtype))
            places[places == len(docs)] = 0
            local = np.flatnonzero(docs[places] == self._docs)
            return local, places[local]
        if self._table is None:
            self._table = np.full(self._segment_size, -1, np.int32)
            self._table[self._docs] = np.arange(self.size, dtype=np.int32)
        numbers = self._table[docs]
        picked = np.flatnonzero(numbers >= 0)
        return numbers[picked].astype(np.int64), picked


_SEARCH_COST = 16
"""Searching a number in a sorted array costs about as much as looking up so many in a table."""


@dataclass(frozen=True, slots=True)
class _Hits:
    """Local numbers, ascending, and scores (None if not asked for)."""

    docs: Docs
    scores: Scores | None

    def boosted(self, boost: float) -> _Hits:
        return self if self.scores is None or boost == 1 else _Hits(self.docs, self.scores * np.float32(boost))


def _constant(docs: Docs, score: float, scored: bool) -> _Hits:
    return _Hits(docs, np.full(len(docs), score, np.float32) if scored else None)


def _nothing(scored: bool) -> _Hits:
    return _constant(np.empty(0, np.int64), 0, scored)


class _Segment:
    """One evaluation on one segment."""

    def __init__(self, leaf: Any, terms: TermsReader, documents: DocumentReader, statistics: _Statistics) -> None:
        self._leaf = leaf
        self._terms = terms
        self._documents = documents
        self._statistics = statistics
        self._found: dict[tuple[str, str | bytes], _TermPostings | None] = {}

    def matches(self, query: Query, offset: int, scored: bool) -> Matches:
        hits = self.find(query, _Universe(self._documents.doc_count_all()), scored)
        docs, scores = hits.docs, hits.scores
        if scores is None:
            scores = np.zeros(len(docs), np.float32)
        if self._documents.has_deletions():
            alive = self._documents.alive[docs]
            docs, scores = docs[alive], scores[alive]
        return Matches(docs + offset, scores)

    def find(self, query: Query, universe: _Universe, scored: bool) -> _Hits:
        """The matching documents of the universe."""
        return _METHODS.get(type(query), _Segment._by_matcher)(self, query, universe, scored)

    def _by_matcher(self, query: Query, universe: _Universe, scored: bool) -> _Hits:
        found = _stock_matches(self._leaf, 0, query, scored)
        local, picked = universe.locate(found.docs)
        return _Hits(local, found.scores[picked] if scored else None)

    def _term(self, query: Term, universe: _Universe, scored: bool) -> _Hits:
        term = self._postings(query.fieldname, query.text)
        if term is None:
            return _nothing(scored)
        local, picked = universe.locate(term.docs)
        return _Hits(local, self._scores(term, picked, query.boost) if scored else None)

    def _phrase(self, query: Phrase, universe: _Universe, scored: bool) -> _Hits:
        terms = [self._postings(query.fieldname, word) for word in query.words]
        known = [term for term in terms if term is not None]
        if not terms or len(known) < len(terms):
            return _nothing(scored)
        places = [term.postings.places(term.number) for term in known]
        ends = _exact(places) if query.slop == 1 else _near(places, query.slop, known[0].postings.text_starts)
        docs = _documents_of(ends, known[0].postings.text_starts)
        local, picked = universe.locate(docs)
        if not scored:
            return _Hits(local, None)
        docs = docs[picked].astype(known[0].docs.dtype)
        scores = sum((self._scores(term, term.docs.searchsorted(docs), query.boost) for term in known),
                     np.zeros(len(docs), np.float32))
        return _Hits(local, scores)

    def _and(self, query: And, universe: _Universe, scored: bool) -> _Hits:
        """Rarest part first; each next part is asked about the documents that are left."""
        hits: _Hits | None = None
        for part in sorted(query.subqueries, key=self._size):
            if hits is None:
                hits = self.find(part, universe, scored)
                continue
            more = self.find(part, universe.narrowed(hits.docs), scored)
            scores = None
            if hits.scores is not None and more.scores is not None:
                scores = hits.scores[more.docs] + more.scores
            hits = _Hits(hits.docs[more.docs], scores)
        return _nothing(scored) if hits is None else hits.boosted(query.boost)

    def _or(self, query: Or, universe: _Universe, scored: bool) -> _Hits:
        if query.scale:
            return self._by_matcher(query, universe, scored)
        found = [self.find(part, universe, scored) for part in query.subqueries or [NullQuery]]
        return _union(found, universe.size, np.add).boosted(query.boost)

    def _maximum(self, query: DisjunctionMax, universe: _Universe, scored: bool) -> _Hits:
        found = [self.find(part, universe, scored) for part in query.subqueries or [NullQuery]]
        return _union(found, universe.size, np.maximum).boosted(query.boost)

    def _not(self, query: Not, universe: _Universe, scored: bool) -> _Hits:
        left = np.ones(universe.size, bool)
        left[self.find(query.query, universe, False).docs] = False
        return _constant(np.flatnonzero(left), 1.0, scored)

    def _and_not(self, query: AndNot, universe: _Universe, scored: bool) -> _Hits:
        hits = self.find(query.a, universe, scored)
        left = self._not(Not(query.b), universe.narrowed(hits.docs), False).docs
        return _Hits(hits.docs[left], None if hits.scores is None else hits.scores[left])

    def _and_maybe(self, query: AndMaybe, universe: _Universe, scored: bool) -> _Hits:
        hits = self.find(query.a, universe, scored)
        if hits.scores is None:
            return hits
        more = self.find(query.b, universe.narrowed(hits.docs), scored)
        scores = hits.scores.copy()
        scores[more.docs] += more.scores
        return _Hits(hits.docs, scores)

    def _every(self, query: Every, universe: _Universe, scored: bool) -> _Hits:
        if query.fieldname is None:
            return _constant(np.arange(universe.size), query.boost, scored)
        has = np.zeros(self._documents.doc_count_all(), bool)
        field = self._terms.postings(query.fieldname)
        if field is not None:
            has[field.docs] = True
        return _constant(np.flatnonzero(universe.of(has)), query.boost, scored)

    def _range(self, query: NumericRange, universe: _Universe, scored: bool) -> _Hits:
        """By the column; documents without a value have the column's default."""
        field = self._leaf.schema[query.fieldname]
        values = self._documents.numbers(query.fieldname)
        if not field.column_type:
            return self._by_matcher(query, universe, scored)
        if values is None:
            return _nothing(scored)
        values = universe.of(values)
        inside = values != field.column_type.default_value()
        if query.start is not None:
            start = field.to_column_value(query.start)
            inside &= values > start if query.startexcl else values >= start
        if query.end is not None:
            end = field.to_column_value(query.end)
            inside &= values < end if query.endexcl else values <= end
        return _constant(np.flatnonzero(inside), query.boost, scored)

    def _constant_score(self, query: ConstantScoreQuery, universe: _Universe, scored: bool) -> _Hits:
        return _constant(self.find(query.child, universe, False).docs, query.score, scored)

    def _null(self, query: Query, universe: _Universe, scored: bool) -> _Hits:
        return _nothing(scored)

    def _postings(self, field: str, text: str | bytes) -> _TermPostings | None:
        key = (field, text)
        if key not in self._found:
            self._found[key] = self._look_up(field, text)
        return self._found[key]

    def _look_up(self, field: str, text: str | bytes) -> _TermPostings | None:
        if field not in self._leaf.schema:
            return None
        try:
            term = self._leaf.schema[field].to_bytes(text)
        except ValueError:  # what cannot be a value of the field is in no document
            return None
        found = self._terms.find(field, term)
        return _TermPostings(field, term, *found, *found[0][found[1]]) if found else None

    def _scores(self, term: _TermPostings, picked: Any, boost: float) -> Scores:
        """BM25F of a term in some of its documents; in a field that is not scored, the frequency."""
        docs = term.docs[picked]
        freqs = np.ones(len(docs), np.float32) if term.freqs is None else term.freqs[picked].astype(np.float32)
        codes = self._documents.length_codes(term.field)
        if codes is None:
            return freqs * np.float32(boost)
        norms = self._statistics.norms(term.field)[codes[docs]]
        norms += freqs
        freqs *= np.float32(self._statistics.weight(term.field, term.text) * boost)
        freqs /= norms
        return freqs

    def _size(self, query: Query) -> int:
        """About how many documents match, or how much work it is to know."""
        if type(query) is Term:
            return self._frequency(query.fieldname, query.text)
        if type(query) is Phrase:
            return min((self._frequency(query.fieldname, word) for word in query.words), default=0)
        if type(query) is And:
            return min(map(self._size, query.subqueries), default=0)
        if type(query) in (Or, DisjunctionMax):
            return sum(map(self._size, query.subqueries))
        if type(query) is ConstantScoreQuery:
            return self._size(query.child)
        if type(query) in (AndNot, AndMaybe):
            return self._size(query.a)
        return int(self._documents.doc_count_all())

    def _frequency(self, field: str, text: str | bytes) -> int:
        term = self._postings(field, text)
        return 0 if term is None else len(term.docs)


@dataclass(frozen=True, slots=True)
class _TermPostings:
    field: str
    text: bytes
    postings: Postings
    number: int
    docs: Array
    freqs: Array | None


def _union(found: list[_Hits], size: int, combine: np.ufunc) -> _Hits:
    """All documents of several hits; scores of the same document are combined."""
    found = [hits for hits in found if len(hits.docs)] or found[:1]
    if len(found) == 1:
        return found[0]
    present = np.zeros(size, bool)
    for hits in found:
        present[hits.docs] = True
    docs = np.flatnonzero(present)
    if any(hits.scores is None for hits in found):
        return _Hits(docs, None)
    scores = np.full(size, combine.identity if combine.identity is not None else -np.inf, np.float32)
    for hits in found:
        combine.at(scores, hits.docs, hits.scores)
    return _Hits(docs, scores[docs])


def _exact(places: list[Array]) -> Array:
    """Where the last of several terms stands that follow each other immediately.

    ``places`` are of one unsigned type, in which subtracting and adding again is exact even below 0.
    """
    order = sorted(range(len(places)), key=lambda i: len(places[i]))
    starts = places[order[0]] - places[0].dtype.type(order[0])
    for i in order[1:]:
        expected = starts + places[0].dtype.type(i)
        nearest = places[i].searchsorted(expected)
        nearest[nearest == len(places[i])] = 0
        starts = starts[places[i][nearest] == expected]
    return starts + places[0].dtype.type(len(places) - 1)


def _near(places: list[Array], slop: int, text_starts: Array | None) -> Array:
    """Where the last of several terms stands, each at most ``slop`` places behind the one before."""
    ends = places[0].astype(np.int64)
    for following in places[1:]:
        following = following.astype(np.int64)
        before = ends.searchsorted(following) - 1
        following = following[before >= 0]
        previous = ends[before[before >= 0]]
        near = following - previous <= slop
        near &= _text_of(following, text_starts) == _text_of(previous, text_starts)
        ends = following[near]
    return ends


def _text_of(places: Array, text_starts: Array | None) -> Docs:
    """The document that each place is in."""
    assert text_starts is not None  # every field with positions has them
    return text_starts.searchsorted(places, "right") - 1


def _documents_of(places: Array, text_starts: Array | None) -> Docs:
    """The documents that ascending places are in, each once."""
    docs = _text_of(places, text_starts)
    return docs[np.diff(docs, prepend=-1) > 0]


_METHODS: dict[type, Callable[[_Segment, Any, _Universe, bool], _Hits]] = {
    Term: _Segment._term,
    Phrase: _Segment._phrase,
    And: _Segment._and,
    Or: _Segment._or,
    DisjunctionMax: _Segment._maximum,
    Not: _Segment._not,
    AndNot: _Segment._and_not,
    AndMaybe: _Segment._and_maybe,
    Every: _Segment._every,
    NumericRange: _Segment._range,
    ConstantScoreQuery: _Segment._constant_score,
    type(NullQuery): _Segment._null,
}
