"""The query tree: what was asked, as frozen values.

``str(node)`` is the canonical text of a query, which parses to an equal tree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.dates import PartialDate, period


@dataclass(frozen=True, slots=True)
class Word:
    """Text typed without quotes; matches as ``search.matching`` says.

    ``tolerant``: also misread by OCR; ``label``: typed in 【】, as the name of a column stands before a title.
    """

    text: str
    tolerant: bool = False
    label: bool = False

    def __str__(self) -> str:
        text = f"{self.text}~" if self.tolerant else self.text
        return f"【{text}】" if self.label else text


@dataclass(frozen=True, slots=True)
class Date:
    """A date within the text of the query: articles of that day, or that name it in any written form."""

    text: str
    date: PartialDate

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text that must occur character by character."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Field:
    """``text`` within one field, named as in ``query_lexer.FIELDS``."""

    name: str
    child: Word | Phrase

    def __str__(self) -> str:
        return f"{self.name}:{self.child}"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Articles of these days, both included; an open end is None."""

    start: datetime.date | None
    end: datetime.date | None

    def __str__(self) -> str:
        for length in (4, 7, 10):  # years, months, days
            start, end = (str(bound or "")[:length] for bound in (self.start, self.end))
            if self.start and period(start) == (self.start, self.end):
                return f"日期:{start}"
            if (not start or period(start)[0] == self.start) and (not end or period(end)[1] == self.end):
                return f"日期:{start}..{end}"
        raise AssertionError(self)


@dataclass(frozen=True, slots=True)
class Not:
    child: Node

    def __str__(self) -> str:
        return f"-{_bracketed(self.child)}"


@dataclass(frozen=True, slots=True)
class And:
    """All children hold. No child is an And, and there are at least two."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(map(_bracketed, self.children))


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child holds. No child is an Or, and there are at least two."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({c})" if isinstance(c, Or) else str(c) for c in self.children)


@dataclass(frozen=True, slots=True)
class Every:
    """All articles: an empty query, narrowed by filters only."""

    def __str__(self) -> str:
        return ""


Node = Word | Phrase | Date | Field | DateRange | Not | And | Or | Every


def conjunction(nodes: Sequence[Node]) -> Node:
    """All of ``nodes``, as flat as possible."""
    return _joined(And, nodes)


def disjunction(nodes: Sequence[Node]) -> Node:
    """Any of ``nodes``, as flat as possible."""
    return _joined(Or, nodes)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts of a query that must all hold."""
    return node.children if isinstance(node, And) else (node,)


def wanted(node: Node) -> Iterator[Word | Phrase | Date]:
    """The words, phrases and dates that a match should show: those not excluded, fields included."""
    match node:
        case Word() | Phrase() | Date():
            yield node
        case Field():
            yield node.child
        case And() | Or():
            for child in node.children:
                yield from wanted(child)
        case _:
            return


def _joined(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node:
    flat: list[Node] = []
    for node in nodes:
        flat += node.children if isinstance(node, kind) else (node,)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _bracketed(node: Node) -> str:
    return f"({node})" if isinstance(node, (And, Or)) else str(node)
