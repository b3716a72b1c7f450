"""What differs between two texts of one article, even where lines of it have changed places.

A character is taken for the same if it stands beside one that it stands beside in the other text as well: what a diff
cannot follow, lines that were read across columns and put into order again, is no difference here. Linear in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from search.model import Part


def compared(text: str, other: str) -> tuple[Part, ...]:
    """``text`` in parts, as hits those that ``other`` has not; white space makes no difference."""
    characters = [(at, character) for at, character in enumerate(text) if not character.isspace()]
    bare = "".join(character for _, character in characters)
    known = set(_pairs("".join(other.split())))
    new = [True] * len(text)
    for at, pair in enumerate(_pairs(bare)):
        if pair in known:
            for place, _ in characters[at : at + 2]:
                new[place] = False
    return _parts(text, new)


def _pairs(text: str) -> Iterable[str]:
    return (text[at : at + 2] for at in range(max(1, len(text) - 1)))


def _parts(text: str, new: list[bool]) -> tuple[Part, ...]:
    parts, at = [], 0
    for is_new, group in groupby(range(len(text)), lambda place: new[place] and not text[place].isspace()):
        size = len(list(group))
        parts.append(Part(text[at : at + size], hit=is_new))
        at += size
    return tuple(parts)
