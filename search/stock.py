"""Queries by Whoosh's own matchers, document by document: slow, and the measure of the fast way.

Defects of Whoosh 2.7.4 are mended on the way: And, Or and DisjunctionMax with a single part forget their boost;
DisjunctionMax compares scores of different documents; AndNot may let its first document through or fail, Not let
a deleted one through; a constant score or boost of 0 counts as 1; Or over a small index drops documents that score 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh import matching
from whoosh import query as whoosh
from whoosh.query.compound import CompoundQuery, DefaultOr
from whoosh.query.wrappers import WrappingQuery


def hits(leaf: Any, query: whoosh.Query, *, scored: bool) -> Iterator[tuple[int, float]]:
    """Documents of one segment's searcher, ascending, and their scores (0 if not ``scored``)."""
    context = leaf.context() if scored else leaf.boolean_context()
    matcher = mended(query).matcher(leaf, context)
    while matcher.is_active():
        yield matcher.id(), matcher.score() if scored else 0.0
        matcher.next()


def mended(query: whoosh.Query) -> whoosh.Query:
    """The query as its author meant it, for Whoosh's matchers."""
    if type(query) in (whoosh.And, whoosh.Or, whoosh.DisjunctionMax):
        return _mended_compound(query)
    if type(query) in (whoosh.AndNot, whoosh.AndMaybe):
        return (_Without if type(query) is whoosh.AndNot else whoosh.AndMaybe)(mended(query.a), mended(query.b))
    if type(query) is whoosh.Not:
        return _Complement(mended(query.query))
    if type(query) is whoosh.ConstantScoreQuery:
        return _Constant(mended(query.child), query.score)
    if type(query) is whoosh.NumericRange:
        plain = whoosh.NumericRange(query.fieldname, query.start, query.end, query.startexcl, query.endexcl)
        return _Constant(plain, query.boost)
    if type(query) is whoosh.Every:
        return _Constant(whoosh.Every(query.fieldname), query.boost)
    return whoosh.NullQuery if type(query) is whoosh.Phrase and not query.words else query


def _mended_compound(query: CompoundQuery) -> whoosh.Query:
    parts = [mended(part) for part in query.subqueries]
    if len(parts) < 2:
        return _Boosted(parts[0], query.boost) if parts else whoosh.NullQuery
    if type(query) is whoosh.And:
        return whoosh.And(parts, boost=query.boost)
    if type(query) is whoosh.DisjunctionMax:
        return _Maximum(parts, boost=query.boost)
    return whoosh.Or(parts, query.boost, scale=query.scale) if query.scale else DefaultOr(parts, query.boost)


class _Boosted(WrappingQuery):  # type: ignore[misc]
    """A query with its scores multiplied."""

    def __init__(self, child: whoosh.Query, boost: float) -> None:
        super().__init__(child)
        self.boost = boost

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        return matching.WrappingMatcher(self.child.matcher(searcher, context), self.boost)


class _Constant(WrappingQuery):  # type: ignore[misc]
    """A query that gives each document the same score."""

    def __init__(self, child: whoosh.Query, score: float) -> None:
        super().__init__(child)
        self.score = score

    def matcher(self, searcher: Any, _context: Any = None) -> Any:
        child = self.child.matcher(searcher, searcher.boolean_context())
        return matching.ConstantScoreWrapperMatcher(child, self.score)


class _Complement(whoosh.Not):  # type: ignore[misc]
    """All documents but those of the query; each scores 1."""

    def matcher(self, searcher: Any, _context: Any = None) -> Any:
        excluded = set(self.query.matcher(searcher, searcher.boolean_context()).all_ids())
        return matching.ListMatcher([doc for doc in searcher.reader().all_doc_ids() if doc not in excluded])


class _Without(whoosh.AndNot):  # type: ignore[misc]
    """The documents of the first part that are not of the second."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        excluded = frozenset(self.b.matcher(searcher, searcher.boolean_context()).all_ids())
        return matching.FilterMatcher(self.a.matcher(searcher, context), excluded, exclude=True)


class _Maximum(whoosh.DisjunctionMax):  # type: ignore[misc]
    """The best score of the parts that match the document."""

    def _matcher(self, parts: list[whoosh.Query], searcher: Any, context: Any) -> Any:
        return self._tree_matcher(parts, _MaximumMatcher, searcher, context, None)


class _MaximumMatcher(matching.UnionMatcher):  # type: ignore[misc]
    def score(self) -> float:
        active = [part for part in (self.a, self.b) if part.is_active() and part.id() == self.id()]
        return max(float(part.score()) for part in active)
