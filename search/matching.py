"""Which characters must stand together for a word of a query to match.

A word typed without quotes is one unit if it is short, otherwise it is cut into its Chinese words, each a
unit. A unit matches wherever its characters stand together. Units come from the cut of the query only,
never from the cut of the text, so that no word of the text is out of reach.
"""

from __future__ import annotations

from index import segment
from index.analyzer import significant, words
from index.normalize import fold, is_word_character
from search.query import Node, Phrase, Word, wanted

UNIT_LENGTH = 4
"""Longest run of characters that is never cut: a name, an idiom, most terms."""


def units(node: Word | Phrase) -> tuple[str, ...]:
    """The folded strings that must each occur, character by character, for ``node`` to match."""
    whole = significant(node.text)
    if isinstance(node, Phrase) or len(whole) <= UNIT_LENGTH:
        return (whole,)
    cut = [significant(word) for word in segment.words(fold(node.text))]
    kept = [unit for unit in cut if any(map(is_word_character, unit))]
    return tuple(dict.fromkeys(kept)) or (whole,)


def query_units(tree: Node) -> tuple[str, ...]:
    """The units of all words and phrases that a match of the query should show."""
    return tuple(dict.fromkeys(unit for node in wanted(tree) for unit in units(node)))


def parts(unit: str) -> tuple[str, ...]:
    """What of a unit may be marked where the whole of it does not occur: words of two characters and more."""
    return tuple(dict.fromkeys(word for word in words(unit) if len(word) > 1 and word != unit))
