"""What repair has changed: the text as it was printed, where it differs from what readers see.

It stays searchable, so that whoever copies a line out of the OCR text finds its article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from index.normalize import significant
from index.pages.blocks import mask

CONTEXT = 8
"""Characters kept on either side of a changed place."""


def changed_passages(printed: str, texts: Iterable[str]) -> str:
    """The passages of ``printed`` that stand in none of ``texts``, folded, with their surroundings, one a line."""
    skeletons = [re.sub("\n+", "\n", significant(text)) for text in texts]
    known = {text[i : i + 2] for text in skeletons for i in range(len(text) - 1)}
    ends = {text[i - 1] + text[i + 1] for text in skeletons for i in range(1, len(text) - 1) if text[i] == "\n"}
    kept = _joined(printed, ends - known)
    changed = [i for i in range(len(kept) - 1) if kept[i : i + 2] not in known]
    return "\n".join(kept[start:end] for start, end in _passages(changed))


def _joined(printed: str, ends: Set[str]) -> str:
    """The significant characters of all lines, with a line feed only between those that end and begin a paragraph."""
    kept = ""
    for line in "\n".join(map(mask, printed.split("\n"))).split("\n"):
        if text := significant(line.replace("\0", "")):
            kept += "\n" * (kept[-1:] + text[0] in ends) + text
    return kept


def _passages(changed: Iterable[int]) -> list[tuple[int, int]]:
    """Start and end of the surroundings of each place, those that overlap made one."""
    passages: list[tuple[int, int]] = []
    for place in changed:
        start, end = max(0, place - CONTEXT), place + 2 + CONTEXT
        if passages and start <= passages[-1][1]:
            passages[-1] = (passages[-1][0], end)
        else:
            passages.append((start, end))
    return passages
