"""Whoosh's query tree in the query language of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from whoosh import query as whoosh

from index.schema import KEYWORDS

Json = dict[str, Any]

NOTHING: Json = {"match_none": {}}
EVERYTHING: Json = {"match_all": {}}


def compiled(query: whoosh.Query) -> Json:
    """The query that finds the same documents.

    Raises:
        TypeError: it is of a kind that the reading of queries does not make.
    """
    for kind in type(query).__mro__:
        if kind in _METHODS:
            return _METHODS[kind](query)
    raise TypeError(query)


def scored(query: whoosh.Query) -> list[Json]:
    """Any of several terms, each with its boost, as clauses whose scores are added.

    In a field of exact values the boost itself is the score.
    """
    return [_clause(term) for term in (query.subqueries if isinstance(query, whoosh.Or) else [])]


def _clause(term: whoosh.Term) -> Json:
    if term.fieldname in KEYWORDS:
        return {"constant_score": {"filter": _term(term), "boost": term.boost}}
    return {"term": {term.fieldname: {"value": term.text, "boost": term.boost}}}


def all_of(parts: Iterable[Json], without: Iterable[Json] = ()) -> Json:
    """What is found by each of ``parts`` and none of ``without``; scores play no part."""
    parts, without = list(parts), list(without)
    if len(parts) == 1 and not without:
        return parts[0]
    return {"bool": {"filter": parts, **({"must_not": without} if without else {})}}


def any_of(parts: Iterable[Json]) -> Json:
    """What is found by one of ``parts``."""
    parts = list(parts)
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    return {"bool": {"should": parts, "minimum_should_match": 1}}


def _term(query: whoosh.Term) -> Json:
    return {"term": {query.fieldname: query.text}}


def _phrase(query: whoosh.Phrase) -> Json:
    """Pairs of characters in a row are the pairs of a string."""
    text = query.words[0] + "".join(pair[-1] for pair in query.words[1:])
    return {"match_phrase": {query.fieldname: text}}


def _or(query: whoosh.Or) -> Json:
    """Any of several; the terms of one field together, for a cluster takes only so many clauses."""
    terms = sorted((part for part in query.subqueries if type(part) is whoosh.Term), key=lambda term: term.fieldname)
    found = [
        {"terms": {field: [term.text for term in same]}} for field, same in groupby(terms, key=lambda t: t.fieldname)
    ]
    return any_of([*found, *(compiled(part) for part in query.subqueries if type(part) is not whoosh.Term)])


def _and(query: whoosh.And) -> Json:
    excluded = [part for part in query.subqueries if type(part) is whoosh.Not]
    wanted = [part for part in query.subqueries if type(part) is not whoosh.Not]
    return all_of(map(compiled, wanted), (compiled(part.query) for part in excluded))


def _not(query: whoosh.Not) -> Json:
    return all_of([], [compiled(query.query)])


def _range(query: whoosh.NumericRange) -> Json:
    bounds = {"gte": query.start, "lte": query.end}
    return {"range": {query.fieldname: {name: bound for name, bound in bounds.items() if bound is not None}}}


_METHODS: dict[type, Callable[[Any], Json]] = {
    whoosh.Term: _term,
    whoosh.Phrase: _phrase,
    whoosh.Or: _or,
    whoosh.And: _and,
    whoosh.Not: _not,
    whoosh.NumericRange: _range,
    whoosh.Every: lambda _: EVERYTHING,
    type(whoosh.NullQuery): lambda _: NOTHING,
}
