"""The query tree as a Whoosh query that finds articles; it decides what matches, not in which order."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from whoosh import query as whoosh

from index.normalize import significant
from index.schema import PRINTED, ZONES, day_number, page_number
from search.dates import day_forms, written_forms
from search.lexicon import Vocabulary
from search.matching import Unit, misread, units
from search.model import KIND_LABELS
from search.query import And, Date, DateRange, Every, Field, Node, Not, Or, Phrase, Word
from search.substring import Substring

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
_EVERYWHERE = (*ZONES, PRINTED)
_ZONE_FIELDS = {"标题": ("title",), "正文": ("body",)}
_KINDS_BY_LABEL = {label: kind for kind, label in KIND_LABELS.items()}


@dataclass(frozen=True, slots=True)
class Matching:
    """How words match: ``expand`` lets synonyms stand for them, ``fuzzy`` lets what OCR takes for them.

    Without ``tolerant`` the ``~`` behind a word is left out of account, to tell exact matches from others.
    """

    lexicon: Vocabulary
    expand: bool = True
    fuzzy: bool = False
    tolerant: bool = True
    dates: dict[Date, whoosh.Query] = field(default_factory=dict)
    """The queries of dates, each made once: evaluated as one and the same."""

    def query(self, node: Node) -> whoosh.Query:
        """The query that finds the articles for which ``node`` holds."""
        return _positive(self._query(node))

    def substring(self, unit: str, zones: Iterable[str] = _EVERYWHERE) -> whoosh.Query:
        """Articles in one of whose ``zones`` the characters of ``unit`` stand together."""
        return substring(unit, zones)

    def _query(self, node: Node) -> whoosh.Query:
        match node:
            case Word() | Phrase():
                return _any([self._text(node, _EVERYWHERE), *self._named_so(node)])
            case Date():
                if node not in self.dates:
                    self.dates[node] = self._date(node)
                return self.dates[node]
            case Field():
                return self._field(node)
            case DateRange(start, end):
                return _day_range(day_number(start) if start else None, day_number(end) if end else None)
            case Not(child):
                return whoosh.Not(replace(self, expand=False, fuzzy=False).query(child))
            case Or(children):
                return whoosh.Or([self.query(child) for child in children])
            case And(children):
                return whoosh.And([self._query(child) for child in children])
            case Every():
                return whoosh.Every()
        raise TypeError(node)

    def _text(self, node: Word | Phrase, zones: Sequence[str]) -> whoosh.Query:
        misreadings = self.tolerant and isinstance(node, Word) and (node.tolerant or self.fuzzy)
        found = [self._unit(unit, zones, misreadings) for unit in units(node, expand=self.expand)]
        return found[0] if len(found) == 1 else whoosh.And(found)

    def _named_so(self, node: Word | Phrase) -> list[whoosh.Query]:
        """Articles in a section or newspaper whose whole name the words are."""
        name = significant(node.text)
        return [
            whoosh.Term(field, value)
            for field in ("section", "newspaper")
            for value in self.lexicon.values(field)
            if significant(value) == name
        ]

    def _unit(self, unit: Unit, zones: Sequence[str], misreadings: bool) -> whoosh.Query:
        forms = [*unit.forms, *(misread(unit.text, self.lexicon.has_bigram) if misreadings else ())]
        return _any([_in_zone(form, zone) for form in forms for zone in zones])

    def _date(self, node: Date) -> whoosh.Query:
        """Articles of the day, or that name it: with its year, or without in an article of that year."""
        forms = dict.fromkeys((significant(node.text), *written_forms(node.date)))
        named = [self._named(form) for form in forms]
        if node.date.year and node.date.day:
            short = _any([self._named(form) for form in day_forms(node.date)])
            named.append(whoosh.And([short, _day_range(node.date.year * 10000, node.date.year * 10000 + 1231)]))
        return _any([*(_day_range(first, last) for first, last in self.days(node)), *named])

    def _named(self, form: str) -> whoosh.Query:
        """Articles in which a date stands in one written form; 1月8日 is not meant where 11月8日 stands."""
        found = self.substring(form)
        for first, longer in (("1月", "1"), ("2月", "1"), ("一月", "十"), ("二月", "十")):
            if form.startswith(first):
                alone = whoosh.And([found, whoosh.Not(self.substring(longer + form))])
                return whoosh.Or([alone, self.substring("年" + form)])
        return found

    def days(self, node: Date) -> list[tuple[int, int]]:
        """The first and the last day of a date, as numbers; of each year of the archive, where the date has none."""
        years = [node.date.year] if node.date.year else self.lexicon.years()
        ranges = [bounds for year in years if (bounds := node.date.bounds(year))]
        return [(day_number(first), day_number(last)) for first, last in ranges]

    def _field(self, node: Field) -> whoosh.Query:
        if node.name in _ZONE_FIELDS:
            return self._text(node.child, _ZONE_FIELDS[node.name])
        known = [(name, value) for name in _KEYWORD_FIELDS[node.name] for value in self.lexicon.values(name)]
        return _any([whoosh.Term(name, value) for name, value in _values(node, known)])


def substring(unit: str, zones: Iterable[str] = _EVERYWHERE) -> whoosh.Query:
    """Articles in one of whose ``zones`` the characters of ``unit`` stand together."""
    return _any([_in_zone(unit, zone) for zone in zones])


@functools.lru_cache(maxsize=4096)  # one search asks for a string again and again
def _in_zone(unit: str, zone: str) -> whoosh.Query:
    if len(unit) == 1:
        return whoosh.Term(f"{zone}_chars", unit)
    return Substring(f"{zone}_bigrams", unit) if len(unit) > 2 else whoosh.Term(f"{zone}_bigrams", unit)


def _values(node: Field, known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields and values that are the text asked for; where none is, those that contain it."""
    text = node.child.text
    if node.name == "版次":
        text = page_number(text)
    elif node.name == "类型":
        text = _KINDS_BY_LABEL.get(text, text)
    wanted = significant(text)
    same = [(name, value) for name, value in known if significant(value) == wanted]
    if same or node.name in {"版次", "类型"}:
        return same
    return [(name, value) for name, value in known if wanted in significant(value)]


def _day_range(first: int | None, last: int | None) -> whoosh.Query:
    return whoosh.NumericRange("day", first, last)


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
