"""Query text to lexemes: what is a word, a phrase, a field, an operator or a bracket, and what only separates.

Operators are upper case; every sign works in half and full width. Chinese quotation marks and book-title marks
inside running text (实施“乙类乙管”第十版) are punctuation, not operators; so are full-width colons after what is no
field. Between words, punctuation separates like a space; 【】 makes a label of what it holds.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from index.normalize import fold, is_word_character, significant
from index.sentence import Sentence
from search.dates import find_dates
from search.errors import QueryError

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
_TITLE = 6
"""So many characters behind the colon make a title of what would else be an unknown field."""
_FIELD_NAME = re.compile(r"[^\W\d]\w{0,19}")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """``kind`` is one of word, phrase, field, AND, OR, NOT, (, ) or end; ``label``: in 【】."""

    kind: str
    text: str
    position: int
    label: bool = False


def lexemes(text: str) -> list[Lexeme]:
    """The lexemes of a query, an end behind them.

    Raises:
        QueryError: a quotation is not closed or empty, a field is not known, a sign has no meaning where it stands.
    """
    found: list[Lexeme] = []
    at = 0
    while at < len(text):
        at = _step(text, at, found)
    found.append(Lexeme("end", "", len(text)))
    return found


def _step(text: str, at: int, found: list[Lexeme]) -> int:
    """Append the lexeme at ``at``, if there is one; give back where the next begins."""
    character = text[at]
    if character in _QUOTES and not _is_punctuation(text, at):
        return _phrase(text, at, found)
    if character in _OPEN and text[at + 1 : at + 2] in _CLOSE and is_word_character(text[at - 1 : at] or " "):
        return at + 2  # what stood in the brackets of running text is lost
    if character in _OPEN or character in _CLOSE:
        found.append(Lexeme("(" if character in _OPEN else ")", character, at))
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


def _phrase(text: str, at: int, found: list[Lexeme]) -> int:
    closing = _QUOTES[text[at]]
    end = text.find(closing, at + 1)
    if end < 0 and text[at] == "“":
        end = text.find("“", at + 1)  # typed with the wrong one of the pair
    if end < 0:
        raise QueryError(Sentence("引号没有配对"), at, Sentence("请在末尾补上 %(sign)s", sign=closing))
    inside = text[at + 1 : end]
    if not significant(inside).strip():
        raise QueryError(Sentence("引号里没有可以查找的字"), at, Sentence("请写上要找的词句。"))
    found.append(Lexeme("phrase", " ".join(inside.replace('"', " ").split()), at))
    return end + 1


def _minus(text: str, at: int, found: list[Lexeme]) -> int:
    """A single minus between a space and a word excludes; dashes otherwise separate."""
    end = at
    before = text[at - 1 : at]
    while end < len(text) and text[end] in _MINUS:
        end += 1
    after = text[end : end + 1]
    wanted = after and after not in _CLOSE and (not _separates(after) or after in _QUOTES)
    if wanted and end == at + 1 and not is_word_character(before or " "):
        found.append(Lexeme("NOT", text[at], at))
    elif len(found) > 1 and found[-2].kind == "field" and found[-2].text == "日期":
        raise QueryError(Sentence("日期的范围里不能有空格"), at, Sentence("请写成 日期:2024-01..2024-06。"))
    return end


def _date_value(text: str, at: int, found: list[Lexeme]) -> int:
    """All that stands behind 日期: up to a space or bracket, so that every sign of a range is kept."""
    end = at
    while end < len(text) and not (text[end].isspace() or text[end] in _OPEN or text[end] in _CLOSE):
        end += 1
    if end > at:
        found.append(Lexeme("word", text[at:end], at))
    return max(end, at + 1)


def _word(text: str, at: int, found: list[Lexeme]) -> int:
    end = at
    while end < len(text) and not _ends_word(text, end):
        end += 1
    end = _date_border(text, at, end, found)
    run = text[at:end]
    if text[end : end + 1] in _COLONS and _is_field(run, text, end, at):
        found.append(Lexeme("field", _NAMES[fold(run)], at))
        return end + 1
    if text[end : end + 1] in _TILDES and (end + 1 == len(text) or _ends_word(text, end + 1)):
        end += 1
    found += _of_run(run, text[at:end], at, label=_in_label(text, at, found))
    return max(end, at + 1)


def _date_border(text: str, at: int, end: int, found: list[Lexeme]) -> int:
    """Where a run of characters ends if a date in it is to stand alone; the value of a field is not divided."""
    if found and found[-1].kind == "field" and text[at - 1] in _COLONS:
        return end
    dated = next(find_dates(text[at:end]), None)
    return at + (dated[0] or dated[1]) if dated else end


def _in_label(text: str, at: int, before: list[Lexeme]) -> bool:
    """Whether what stands there is between 【 and 】, and asked for."""
    excluded = before and before[-1].kind == "NOT"
    return not excluded and text.rfind("【", 0, at) > text.rfind("】", 0, at)


def _of_run(run: str, whole: str, at: int, *, label: bool) -> list[Lexeme]:
    operator = unicodedata.normalize("NFKC", run)
    if operator in _OPERATORS:
        return [Lexeme(operator, run, at)]
    if "*" in run or "＊" in run:
        hint = Sentence("不必写 *：词在任何位置出现都会找到。")
        raise QueryError(Sentence("不支持通配符 *"), at + _first_star(run), hint)
    return [Lexeme("word", whole.strip(":：,，"), at, label)] if significant(run) else []


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
