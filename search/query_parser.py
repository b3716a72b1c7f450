"""Query text to query tree.

    query  = any
    any    = all ("OR" all)*
    all    = part (["AND"] part)*
    part   = ("-" | "NOT") part | "(" any ")" | field ":" value | phrase | word

Operators are upper case; every sign works in half and full width. Chinese quotation marks and book-title marks
inside running text (实施“乙类乙管”第十版) are punctuation, not operators; so are full-width colons after what is no
field. Between words, punctuation separates like a space.
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from dataclasses import dataclass

from index.normalize import fold, is_word_character, significant
from index.sentence import Sentence
from search.dates import find_dates, period, whole_year
from search.errors import QueryError
from search.query import Date, DateRange, Every, Field, Node, Not, Phrase, Word, conjunction, disjunction

MAX_CHARACTERS = 200
"""Spaces are not counted: canonical text has some where a reader may have typed none."""
MAX_TERMS = 32
MAX_DEPTH = 8

FIELDS = {
    "标题": ("标题", "title"),
    "正文": ("正文", "body"),
    "作者": ("作者", "author", "byline"),
    "记者": ("记者", "reporter"),
    "通讯员": ("通讯员", "correspondent"),
    "摄影": ("摄影", "photographer"),
    "版名": ("版名", "section"),
    "版次": ("版次", "page_no"),
    "报纸": ("报纸", "newspaper"),
    "类型": ("类型", "kind"),
    "日期": ("日期", "date"),
}
"""Canonical field name -> the names a query may use."""

_NAMES = {alias: name for name, aliases in FIELDS.items() for alias in aliases}
_OPERATORS = {"AND", "OR", "NOT"}
_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "＂": "＂", "„": "”", "”": "”"}
_OPEN, _CLOSE = frozenset("(（"), frozenset(")）")
_SEPARATORS = frozenset("「」『』„,，。！!？?；;、…《》〈〉【】[]{}〔〕—~～|\\^`´=<>“”‘’'＂\"")
_TILDES = frozenset("~～")
_COLONS = frozenset(":：")
_MINUS = frozenset("-－")
_CLOSING = frozenset("\"＂”」』")
_RANGE = re.compile(r"…+|[~～—–至到]+|--+")
_TITLE = 6
"""So many characters behind the colon make a title of what would else be an unknown field."""
_FIELD_NAME = re.compile(r"[^\W\d]\w{0,19}")


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """``kind`` is one of word, phrase, field, AND, OR, NOT, (, ) or end."""

    kind: str
    text: str
    position: int


def parse(text: str) -> Node:
    """The tree of a query; an empty query is ``Every``.

    Raises:
        QueryError: the query is too long, too deep, has too many words, or is malformed.
    """
    length = len("".join(text.split()))
    if length > MAX_CHARACTERS:
        said = Sentence("查询太长：%(n)s 个字，最多 %(most)s 个", n=length, most=MAX_CHARACTERS)
        raise QueryError(said, MAX_CHARACTERS, _KEEP_FEW)
    lexemes = _lexemes(text)
    if len(lexemes) == 1 and text.strip():
        raise QueryError(
            Sentence("查询里没有可以查找的字"), 0, Sentence("请写上词语；要查找标点本身，请加引号。")
        )
    _check_count(lexemes)
    tree = _Parser(lexemes).query()
    if isinstance(tree, Word) and (year := whole_year(tree.text)):
        return Date(tree.text, year)
    return tree


class _Parser:
    """Recursive descent over the lexemes of one query."""

    def __init__(self, lexemes: list[_Lexeme]) -> None:
        self._lexemes = lexemes
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
    def _next(self) -> _Lexeme:
        return self._lexemes[self._at]

    def _take(self) -> _Lexeme:
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

    def _group(self, opening: _Lexeme, depth: int) -> Node:
        node = self._any(depth)
        if self._take().kind != ")":
            raise QueryError(Sentence("括号没有配对"), opening.position, Sentence("请补上右括号。"))
        return node

    def _field(self, lexeme: _Lexeme) -> Node:
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


def _bare(lexeme: _Lexeme) -> Node:
    text = lexeme.text.rstrip("~～")
    dates = list(find_dates(text))
    if dates and dates[0][:2] == (0, len(text)):
        return Date(text, dates[0][2])
    return Word(text, tolerant=text != lexeme.text)


_KEEP_FEW = Sentence("请只保留最要紧的几个词。")

_EXAMPLES = {
    "标题": "劳模", "正文": "劳模", "作者": "李明", "记者": "李明", "通讯员": "李明", "摄影": "李明", "版名": "要闻",
    "版次": "2", "报纸": "工人报", "类型": "news", "日期": "2024-05",
}


def _incomplete(lexeme: _Lexeme) -> QueryError:
    reasons = {
        "AND": Sentence("AND 的两边都要有词"),
        "OR": Sentence("OR 的两边都要有词"),
        ")": Sentence("括号里没有内容，或多了一个右括号"),
        "end": Sentence("查询在这里断了：后面还缺一个词"),
    }
    return QueryError(reasons[lexeme.kind], lexeme.position, Sentence("要查找这些字符本身，请加引号。"))


def _check_count(lexemes: list[_Lexeme]) -> None:
    terms = [lexeme for lexeme in lexemes if lexeme.kind in {"word", "phrase"}]
    if len(terms) > MAX_TERMS:
        said = Sentence("词太多：%(n)s 个，最多 %(most)s 个", n=len(terms), most=MAX_TERMS)
        raise QueryError(said, terms[MAX_TERMS].position, _KEEP_FEW)


# ------------------------------------------------------------------------------- lexemes


def _lexemes(text: str) -> list[_Lexeme]:
    found: list[_Lexeme] = []
    at = 0
    while at < len(text):
        at = _step(text, at, found)
    found.append(_Lexeme("end", "", len(text)))
    return found


def _step(text: str, at: int, found: list[_Lexeme]) -> int:
    """Append the lexeme at ``at``, if there is one; give back where the next begins."""
    character = text[at]
    if character in _QUOTES and not _is_punctuation(text, at):
        return _phrase(text, at, found)
    if character in _OPEN and text[at + 1 : at + 2] in _CLOSE and is_word_character(text[at - 1 : at] or " "):
        return at + 2  # what stood in the brackets of running text is lost
    if character in _OPEN or character in _CLOSE:
        found.append(_Lexeme("(" if character in _OPEN else ")", character, at))
        return at + 1
    if character in _MINUS:
        return _minus(text, at, found)
    if character in _TILDES and at and text[at - 1] in _CLOSING:
        raise QueryError(Sentence("引号里的词句一字不差，不能再加 ~"), at, Sentence("去掉引号，或去掉 ~。"))
    if found and found[-1].kind == "field" and found[-1].text == "日期" and text[at - 1] in _COLONS:
        return _date_value(text, at, found)
    if _separates(character):
        return at + 1
    return _word(text, at, found)


def _separates(character: str) -> bool:
    return character in _SEPARATORS or character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Zs"}


def _is_punctuation(text: str, at: int) -> bool:
    """Whether the quotation mark at ``at`` belongs to running text: a Chinese one that touches a word."""
    if text[at] in '"＂':
        return False
    if text[at] == "”":
        return True
    end = text.find(_QUOTES[text[at]], at + 1)
    outside = text[at - 1 : at] + (text[end + 1 : end + 2] if end >= 0 else "")
    return any(map(is_word_character, outside))


def _phrase(text: str, at: int, found: list[_Lexeme]) -> int:
    closing = _QUOTES[text[at]]
    end = text.find(closing, at + 1)
    if end < 0 and text[at] == "“":
        end = text.find("“", at + 1)  # typed with the wrong one of the pair
    if end < 0:
        raise QueryError(Sentence("引号没有配对"), at, Sentence("请在末尾补上 %(sign)s", sign=closing))
    inside = text[at + 1 : end]
    if not significant(inside).strip():
        raise QueryError(Sentence("引号里没有可以查找的字"), at, Sentence("请写上要找的词句。"))
    found.append(_Lexeme("phrase", " ".join(inside.replace('"', " ").split()), at))
    return end + 1


def _minus(text: str, at: int, found: list[_Lexeme]) -> int:
    """A single minus between a space and a word excludes; dashes otherwise separate."""
    end = at
    before = text[at - 1 : at]
    while end < len(text) and text[end] in _MINUS:
        end += 1
    after = text[end : end + 1]
    wanted = after and after not in _CLOSE and (not _separates(after) or after in _QUOTES)
    if wanted and end == at + 1 and not is_word_character(before or " "):
        found.append(_Lexeme("NOT", text[at], at))
    elif len(found) > 1 and found[-2].kind == "field" and found[-2].text == "日期":
        raise QueryError(Sentence("日期的范围里不能有空格"), at, Sentence("请写成 日期:2024-01..2024-06。"))
    return end


def _date_value(text: str, at: int, found: list[_Lexeme]) -> int:
    """All that stands behind 日期: up to a space or bracket, so that every sign of a range is kept."""
    end = at
    while end < len(text) and not (text[end].isspace() or text[end] in _OPEN or text[end] in _CLOSE):
        end += 1
    if end > at:
        found.append(_Lexeme("word", text[at:end], at))
    return max(end, at + 1)


def _word(text: str, at: int, found: list[_Lexeme]) -> int:
    end = at
    while end < len(text) and not _ends_word(text, end):
        end += 1
    end = _date_border(text, at, end, found)
    run = text[at:end]
    if text[end : end + 1] in _COLONS and _is_field(run, text, end, at):
        found.append(_Lexeme("field", _NAMES[fold(run)], at))
        return end + 1
    if text[end : end + 1] in _TILDES and (end + 1 == len(text) or _ends_word(text, end + 1)):
        end += 1
    found += _of_run(run, text[at:end], at)
    return max(end, at + 1)


def _date_border(text: str, at: int, end: int, found: list[_Lexeme]) -> int:
    """Where a run of characters ends if a date in it is to stand alone; the value of a field is not divided."""
    if found and found[-1].kind == "field" and text[at - 1] in _COLONS:
        return end
    dated = next(find_dates(text[at:end]), None)
    return at + (dated[0] or dated[1]) if dated else end


def _of_run(run: str, whole: str, at: int) -> list[_Lexeme]:
    operator = unicodedata.normalize("NFKC", run)
    if operator in _OPERATORS:
        return [_Lexeme(operator, run, at)]
    if "*" in run or "＊" in run:
        hint = Sentence("不必写 *：词在任何位置出现都会找到。")
        raise QueryError(Sentence("不支持通配符 *"), at + _first_star(run), hint)
    return [_Lexeme("word", whole.strip(":：,，"), at)] if significant(run) else []


def _ends_word(text: str, at: int) -> bool:
    character = text[at]
    if character in _COLONS:
        return not _between_digits(text, at)
    if character in ",，" and _between_digits(text, at):
        return False
    return _separates(character) or character in _OPEN or character in _CLOSE


def _between_digits(text: str, at: int) -> bool:
    return text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _is_field(name: str, text: str, colon: int, at: int) -> bool:
    """Whether ``name`` before a colon names a field; an unknown one is an error unless it reads like a title."""
    if fold(name) in _NAMES:
        return True
    after = text[colon + 1 : colon + 1 + _TITLE]
    if text[colon] == ":" and _FIELD_NAME.fullmatch(name) and after and not _separates(after[0]):
        nearest = difflib.get_close_matches(fold(name), _NAMES, n=1, cutoff=0.4)
        if not nearest and not name.isascii() and len(after) == _TITLE and not any(map(_separates, after)):
            return False  # a title with a half-width colon
        hint = Sentence("可用的字段：%(fields)s。要查找冒号本身，请加引号。", fields="、".join(FIELDS))
        if nearest:
            hint = Sentence("是不是 %(field)s:？要查找冒号本身，请加引号。", field=nearest[0])
        raise QueryError(Sentence("没有字段“%(name)s”", name=name), at, hint)
    return False


def _first_star(run: str) -> int:
    return min(run.find(star) for star in "*＊" if star in run)


# ------------------------------------------------------------------------------- dates


def _date_range(value: _Lexeme) -> DateRange:
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


def _period(text: str, value: _Lexeme) -> tuple[datetime.date, datetime.date]:
    try:
        return period(text)
    except ValueError:
        raise _no_date(value) from None


def _no_date(value: _Lexeme) -> QueryError:
    return QueryError(
        Sentence("“%(text)s”不是日期", text=value.text),
        value.position,
        Sentence("请写成 日期:2024、日期:2024-05、日期:2024-05-01 或 日期:2024-01..2024-06。"),
    )
