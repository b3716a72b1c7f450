"""The query tree as a Whoosh query that finds articles; it decides what matches, not in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from whoosh import query as whoosh

from index.normalize import significant
from index.schema import ZONES, day_number, page_number
from search.matching import units
from search.model import KIND_LABELS
from search.query import And, DateRange, Every, Field, Node, Not, Or, Phrase, Word

Vocabulary = Callable[[str], Sequence[str]]
"""The values that occur in a keyword field."""

_KEYWORD_FIELDS = {
    "作者": ("reporter", "correspondent", "photographer", "author"),
    "记者": ("reporter",),
    "通讯员": ("correspondent",),
    "摄影": ("photographer",),
    "版名": ("section",),
    "版次": ("page_no",),
    "报纸": ("newspaper",),
    "类型": ("kind",),
}
_KINDS_BY_LABEL = {label: kind for kind, label in KIND_LABELS.items()}
_ZONE_FIELDS = {"标题": ("title",), "正文": ("body",)}


def match(node: Node, vocabulary: Vocabulary) -> whoosh.Query:
    """The query that finds the articles for which ``node`` holds."""
    return _positive(_match(node, vocabulary))


def _match(node: Node, vocabulary: Vocabulary) -> whoosh.Query:
    match node:
        case Word() | Phrase():
            return _text(node, tuple(ZONES))
        case Field():
            return _field(node, vocabulary)
        case DateRange(start, end):
            return day_range(start and day_number(start), end and day_number(end))
        case Not(child):
            return whoosh.Not(_positive(_match(child, vocabulary)))
        case Or(children):
            return whoosh.Or([_positive(_match(child, vocabulary)) for child in children])
        case And(children):
            return whoosh.And([_match(child, vocabulary) for child in children])
        case Every():
            return whoosh.Every()
    raise TypeError(node)


def day_range(first: int | None, last: int | None) -> whoosh.Query:
    """Articles whose day lies between the two, both included."""
    return whoosh.NumericRange("day", first, last)


def substring(unit: str, zones: Iterable[str] = ZONES) -> whoosh.Query:
    """Articles in one of whose ``zones`` the characters of ``unit`` stand together."""
    return _any([_in_zone(unit, zone) for zone in zones])


def _in_zone(unit: str, zone: str) -> whoosh.Query:
    if len(unit) == 1:
        return whoosh.Term(f"{zone}_chars", unit)
    pairs = [unit[i : i + 2] for i in range(len(unit) - 1)]
    return whoosh.Phrase(f"{zone}_bigrams", pairs) if len(pairs) > 1 else whoosh.Term(f"{zone}_bigrams", pairs[0])


def _text(node: Word | Phrase, zones: Sequence[str]) -> whoosh.Query:
    found = [substring(unit, zones) for unit in units(node)]
    return found[0] if len(found) == 1 else whoosh.And(found)


def _field(node: Field, vocabulary: Vocabulary) -> whoosh.Query:
    if node.name in _ZONE_FIELDS:
        return _text(node.child, _ZONE_FIELDS[node.name])
    return _any([
        whoosh.Term(name, value)
        for name in _KEYWORD_FIELDS[node.name]
        for value in _values(node, vocabulary(name))
    ])


def _values(node: Field, known: Sequence[str]) -> list[str]:
    """The values that are the text asked for; where none is, those that contain it."""
    text = node.child.text
    if node.name == "版次":
        text = page_number(text)
    elif node.name == "类型":
        text = _KINDS_BY_LABEL.get(text, text)
    wanted = significant(text)
    same = [value for value in known if significant(value) == wanted]
    if same or node.name in {"版次", "类型"}:
        return same
    return [value for value in known if wanted in significant(value)]


def _any(queries: list[whoosh.Query]) -> whoosh.Query:
    if not queries:
        return whoosh.NullQuery
    return queries[0] if len(queries) == 1 else whoosh.Or(queries)


def _positive(query: whoosh.Query) -> whoosh.Query:
    """A query of exclusions only, as all articles but these."""
    if isinstance(query, whoosh.Not):
        return whoosh.And([whoosh.Every(), query])
    if isinstance(query, whoosh.And) and all(isinstance(child, whoosh.Not) for child in query.subqueries):
        return whoosh.And([whoosh.Every(), *query.subqueries])
    return query
