"""Query text to query tree.

    query  = any
    any    = all ("OR" all)*
    all    = part (["AND"] part)*
    part   = ("-" | "NOT") part | "(" any ")" | field ":" value | phrase | word

Words, phrases and operators are told apart by ``search.query_lexer``.
"""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata

from index.sentence import Sentence
from search.dates import find_dates, period, whole_year
from search.errors import QueryError
from search.query import Date, DateRange, Every, Field, Node, Not, Phrase, Word, conjunction, disjunction
from search.query_lexer import Lexeme, lexemes

MAX_CHARACTERS = 200
"""Spaces are not counted: canonical text has some where a reader may have typed none."""
MAX_TERMS = 32
MAX_DEPTH = 8

_RANGE = re.compile(r"…+|[~～—–至到]+|--+")


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """The tree of a query; an empty query is ``Every``.

    Raises:
        QueryError: the query is too long, too deep, has too many words, or is malformed.
    """
    length = len("".join(text.split()))
    if length > MAX_CHARACTERS:
        said = Sentence("查询太长：%(n)s 个字，最多 %(most)s 个", n=length, most=MAX_CHARACTERS)
        raise QueryError(said, MAX_CHARACTERS, _KEEP_FEW)
    found = lexemes(text)
    if len(found) == 1 and text.strip():
        raise QueryError(
            Sentence("查询里没有可以查找的字"), 0, Sentence("请写上词语；要查找标点本身，请加引号。")
        )
    _check_count(found)
    tree = _Parser(found).query()
    if isinstance(tree, Word) and (year := whole_year(tree.text)):
        return Date(tree.text, year)
    return tree


class _Parser:
    """Recursive descent over the lexemes of one query."""

    def __init__(self, found: list[Lexeme]) -> None:
        self._lexemes = found
        self._at = 0

    def query(self) -> Node:
        if self._next.kind == "end":
            return Every()
        node = self._any(0)
        if self._next.kind == ")":
            hint = Sentence("请去掉它，或在前面补上左括号。")
            raise QueryError(Sentence("多了一个右括号"), self._next.position, hint)
        return node

    @property
    def _next(self) -> Lexeme:
        return self._lexemes[self._at]

    def _take(self) -> Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]

    def _any(self, depth: int) -> Node:
        nodes = [self._all(depth)]
        while self._next.kind == "OR":
            self._take()
            nodes.append(self._all(depth))
        return disjunction(nodes)

    def _all(self, depth: int) -> Node:
        nodes = [self._part(depth)]
        while self._next.kind not in {"OR", ")", "end"}:
            if self._next.kind == "AND":
                self._take()
            nodes.append(self._part(depth))
        return conjunction(nodes)

    def _part(self, depth: int) -> Node:
        lexeme = self._take()
        if depth == MAX_DEPTH and lexeme.kind in {"NOT", "("}:
            said = Sentence("括号或排除嵌套太深，最多 %(most)s 层", most=MAX_DEPTH)
            raise QueryError(said, lexeme.position, Sentence("请把查询写得简单些。"))
        match lexeme.kind:
            case "word":
                return _bare(lexeme)
            case "phrase":
                return Phrase(lexeme.text)
            case "NOT":
                child = self._part(depth + 1)
                return child.child if isinstance(child, Not) else Not(child)
            case "(":
                return self._group(lexeme, depth + 1)
            case "field":
                return self._field(lexeme)
        self._at -= 1
        raise _incomplete(lexeme)

    def _group(self, opening: Lexeme, depth: int) -> Node:
        node = self._any(depth)
        if self._take().kind != ")":
            raise QueryError(Sentence("括号没有配对"), opening.position, Sentence("请补上右括号。"))
        return node

    def _field(self, lexeme: Lexeme) -> Node:
        value = self._take()
        if value.kind not in {"word", "phrase"}:
            said = Sentence("“%(field)s:”后面缺少要找的内容", field=lexeme.text)
            hint = Sentence("例如 %(example)s", example=f"{lexeme.text}:{_EXAMPLES[lexeme.text]}")
            raise QueryError(said, lexeme.position, hint)
        if lexeme.text == "日期":
            return _date_range(value)
        if value.kind == "phrase":
            return Field(lexeme.text, Phrase(value.text))
        text = value.text.rstrip("~～")
        return Field(lexeme.text, Word(text, tolerant=text != value.text))


def _bare(lexeme: Lexeme) -> Node:
    text = lexeme.text.rstrip("~～")
    dates = list(find_dates(text))
    if dates and dates[0][:2] == (0, len(text)):
        return Date(text, dates[0][2])
    return Word(text, tolerant=text != lexeme.text, label=lexeme.label)


_KEEP_FEW = Sentence("请只保留最要紧的几个词。")

_EXAMPLES = {
    "标题": "劳模", "正文": "劳模", "作者": "李明", "记者": "李明", "通讯员": "李明", "摄影": "李明", "版名": "要闻",
    "版次": "2", "报纸": "工人报", "类型": "news", "日期": "2024-05",
}


def _incomplete(lexeme: Lexeme) -> QueryError:
    reasons = {
        "AND": Sentence("AND 的两边都要有词"),
        "OR": Sentence("OR 的两边都要有词"),
        ")": Sentence("括号里没有内容，或多了一个右括号"),
        "end": Sentence("查询在这里断了：后面还缺一个词"),
    }
    return QueryError(reasons[lexeme.kind], lexeme.position, Sentence("要查找这些字符本身，请加引号。"))


def _check_count(found: list[Lexeme]) -> None:
    terms = [lexeme for lexeme in found if lexeme.kind in {"word", "phrase"}]
    if len(terms) > MAX_TERMS:
        said = Sentence("词太多：%(n)s 个，最多 %(most)s 个", n=len(terms), most=MAX_TERMS)
        raise QueryError(said, terms[MAX_TERMS].position, _KEEP_FEW)


# ------------------------------------------------------------------------------- dates


def _date_range(value: Lexeme) -> DateRange:
    text = _RANGE.sub("..", unicodedata.normalize("NFKC", value.text).replace(" ", ""), count=1)
    start, dots, end = text.partition("..")
    first = _period(start, value) if start else None
    last = _period(end, value) if end else None
    if not dots:
        assert first
        return DateRange(*first)
    if not first and not last:
        raise _no_date(value)
    begin, until = first[0] if first else None, last[1] if last else None
    if begin and until and begin > until:
        said = Sentence("日期范围颠倒了：%(text)s", text=value.text)
        raise QueryError(said, value.position, Sentence("请把早的日期写在前面。"))
    return DateRange(begin, until)


def _period(text: str, value: Lexeme) -> tuple[datetime.date, datetime.date]:
    try:
        return period(text)
    except ValueError:
        raise _no_date(value) from None


def _no_date(value: Lexeme) -> QueryError:
    return QueryError(
        Sentence("“%(text)s”不是日期", text=value.text),
        value.position,
        Sentence("请写成 日期:2024、日期:2024-05、日期:2024-05-01 或 日期:2024-01..2024-06。"),
    )
