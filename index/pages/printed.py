"""What repair has changed: the text as it was printed, where it differs from what readers see.

It stays searchable, so that whoever copies a line out of the OCR text finds its article.
"""

from __future__ import annotations

from collections.abc import Iterable

from index.analyzer import bigrams
from index.normalize import significant
from index.pages.blocks import mask

CONTEXT = 8
"""Characters kept on either side of a changed place."""


def changed_passages(printed: str, texts: Iterable[str]) -> str:
    """The passages of ``printed`` that stand in none of ``texts``, folded, with their surroundings, one a line."""
    kept = significant("".join(mask(line).replace("\0", "") for line in printed.split("\n")).replace("\n", ""))
    known = {pair for text in texts for pair in bigrams(text)}
    changed = [i for i in range(len(kept) - 1) if kept[i : i + 2] not in known]
    return "\n".join(kept[start:end] for start, end in _passages(changed))


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
