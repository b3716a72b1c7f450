"""Which characters must stand together for a word of a query to match.

A word typed without quotes is one unit if it is short, otherwise it is cut into its Chinese words, each a
unit. A unit matches wherever its characters, or those of another name of the same thing, stand together. Units
come from the cut of the query only, never from the cut of the text, so that no word of the text is out of reach.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from index import segment
from index.analyzer import words
from index.normalize import fold, is_word_character, significant
from search.dates import day_forms, written_forms
from search.language_files import lookalikes, synonyms
from search.query import Date, Node, Phrase, Word, wanted

UNIT_LENGTH = 4
"""Longest run of characters that is never cut: a name, an idiom, most terms."""

_NAME_LENGTH = 3
"""Characters of most names."""

_TOLERANT_LENGTH = 8
"""Longest unit in which look-alikes are tried: each character has up to a dozen."""

_QUANTITY = re.compile(
    r"(\d+(?:[.,]\d+)*(?:%|[万亿千百十余多]*(?:平方|立方)?(?:公里|公斤|公顷|小时|分钟|摄氏度|毫米|厘米|千米"
    r"|元|年|月|日|时|分|秒|米|吨|斤|克|人|名|个|件|家|项|次|岁|版|期|届|号|度|辆|台|座|条|张|户|亩|天|周|[万亿千百])?))"
)
"""A number in digits and the unit behind it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Folded strings of which one must occur, character by character; ``added`` are other names of what was typed."""

    text: str
    added: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.text, *(significant(name) for name in self.added))


@functools.lru_cache(maxsize=4096)
def units(node: Word | Phrase, *, expand: bool = True) -> tuple[Unit, ...]:
    """The units that must all occur for ``node`` to match; with ``expand``, synonyms stand for a word."""
    whole = significant(node.text)
    if isinstance(node, Phrase):
        return (Unit(whole),)
    pieces = _named(_cut(node.text)) if expand else _cut(node.text)
    if len(whole) <= UNIT_LENGTH:
        return (Unit(whole, _replaced(pieces) if expand else ()),)
    kept = dict.fromkeys(piece for piece in pieces if any(map(is_word_character, piece)))
    return tuple(Unit(piece, synonyms().get(piece, ()) if expand else ()) for piece in kept) or (Unit(whole),)


def query_units(tree: Node, *, expand: bool = True) -> tuple[Unit, ...]:
    """The units of all words, phrases and dates that a match of the query should show."""
    found = [unit for node in wanted(tree) for unit in _shown(node, expand)]
    return tuple(dict.fromkeys(found))


def query_forms(
    tree: Node, *, expand: bool = True, fuzzy: bool = False, occurs: Callable[[str], bool]
) -> tuple[str, ...]:
    """All strings that may be marked in a match; ``occurs`` tells whether the index has a bigram."""
    forms = [form for unit in query_units(tree, expand=expand) for form in unit.forms]
    tolerant = [node for node in wanted(tree) if isinstance(node, Word) and (fuzzy or node.tolerant)]
    forms += [text for node in tolerant for unit in units(node, expand=expand) for text in misread(unit.text, occurs)]
    return tuple(dict.fromkeys(forms))


@functools.lru_cache(maxsize=4096)
def parts(unit: str) -> tuple[str, ...]:
    """What of a unit may be marked where the whole of it does not occur: words of two characters and more."""
    return tuple(dict.fromkeys(word for word in words(unit) if len(word) > 1 and word != unit))


def misread(text: str, occurs: Callable[[str], bool]) -> Iterator[str]:
    """``text`` with one character replaced by one that OCR takes for it.

    ``occurs`` tells whether the index has a bigram.
    """
    if len(text) > _TOLERANT_LENGTH:
        return
    for i, character in enumerate(text):
        for other in lookalikes().get(character, ()):
            around = text[max(0, i - 1) : i] + other + text[i + 1 : i + 2]
            if all(occurs(around[j : j + 2]) for j in range(len(around) - 1)):
                yield text[:i] + other + text[i + 1 :]


def asked_about(spellings: Callable[[Callable[[str], bool]], Iterable[str]]) -> set[str]:
    """The bigrams that ``misread`` and its like may ask about."""
    asked: set[str] = set()

    def occurs(bigram: str) -> bool:
        asked.add(bigram)
        return True

    for _ in spellings(occurs):
        pass
    return asked


def nearly(text: str, occurs: Callable[[str], bool]) -> Iterator[str]:
    """What OCR may have made of a name: ``text`` with its middle character lost, or one misread.

    Only of three characters that no dictionary knows: two of another word tell little.
    """
    if len(text) == _NAME_LENGTH and not segment.frequency(text):
        yield text[0] + text[-1]
        yield from misread(text, occurs)


def _shown(node: Word | Phrase | Date, expand: bool) -> tuple[Unit, ...]:
    if not isinstance(node, Date):
        return units(node, expand=expand)
    forms = written_forms(node.date) + (day_forms(node.date) if node.date.day else ())
    return (Unit(significant(node.text), forms),)


def _cut(text: str) -> list[str]:
    """The words of a text, each with its significant characters only; a number stays with its unit.

    The user dictionary has no part in it: a word added to it must not take a match away.
    """
    words = [
        word
        for number, run in enumerate(_QUANTITY.split(fold(text)))
        for word in ([run] if number % 2 else segment.plain_words(run))
    ]
    return [piece for word in words if (piece := significant(word))]


def _named(pieces: list[str]) -> list[str]:
    """Neighbouring pieces that together are a name with synonyms made one, the longest such from the left."""
    joined: list[str] = []
    at = 0
    while at < len(pieces):
        ends = range(len(pieces), at, -1)
        end = next((end for end in ends if "".join(pieces[at:end]) in synonyms()), at + 1)
        joined.append("".join(pieces[at:end]))
        at = end
    return joined


def _replaced(pieces: list[str]) -> tuple[str, ...]:
    """The text of ``pieces`` with each name in turn replaced by its synonyms."""
    return tuple(
        "".join((*pieces[:i], other, *pieces[i + 1 :]))
        for i, piece in enumerate(pieces)
        for other in synonyms().get(piece, ())
    )
