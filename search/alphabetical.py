"""Names in the order of an index at the end of a book: by pinyin, each under its letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import ascii_uppercase

from index.normalize import significant
from search.pinyin import readings

OTHERS = "#"
"""The letter of names that begin with neither a Chinese character nor a Latin letter."""

LETTERS = (*ascii_uppercase, OTHERS)

_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "朴": "piao", "翟": "zhai",
    "盖": "ge", "覃": "qin", "乐": "yue", "隗": "wei", "种": "chong", "缪": "miao", "员": "yun", "召": "shao",
    "秘": "bi", "折": "she", "繁": "po", "洗": "xian", "能": "nai", "祭": "zhai",
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun",
}
"""Surnames that are read otherwise than their characters usually are (现代汉语词典)."""


@dataclass(frozen=True, slots=True)
class Name:
    """An entry of the index: what it is called, how many articles it has, its letter (A to Z or ``OTHERS``)."""

    text: str
    articles: int
    letter: str


def alphabetical(counts: Iterable[tuple[str, int]], reading: Callable[[str], str]) -> tuple[Name, ...]:
    """Names and how many articles each has, as an index whose order is that of ``reading``."""
    read = [(reading(text), text, count) for text, count in counts]
    found = [(_letter(heard), heard, text, count) for heard, text, count in read]
    found.sort(key=lambda entry: (entry[0] == OTHERS, *entry))
    return tuple(Name(text, count, letter) for letter, _, text, count in found)


def usual_reading(text: str) -> str:
    """A text as pinyin, syllables apart; other characters stand as they are, quotes and brackets are left out."""
    return " ".join(next(iter(readings(character)), character) for character in significant(text))


def surname_reading(name: str) -> str:
    """The same of a person's name, in which the surname may have a reading of its own."""
    length = next((n for n in (2, 1) if name[:n] in _SURNAMES), 0)
    return f"{_SURNAMES[name[:length]]} {usual_reading(name[length:])}" if length else usual_reading(name)


def _letter(reading: str) -> str:
    first = reading[:1].upper()
    return first if first and first in LETTERS else OTHERS
