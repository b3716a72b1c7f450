"""A cheap first look: whether OCR may have read an article across columns.

Only the joints that white space shows are looked at, nearly all by their characters alone. Whatever was mixed up, three
joints or more read badly: those of a comb, and the three that an exchange of two blocks or a stray line leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from index.pages.joint import Context, Lines
from index.pages.ngrams import Array

FEWEST = 8
"""An article with fewer visible joints is passed over."""
STRANGE = -0.5
"""Joints whose characters score worse are shown to the network."""
WORST = 3
"""So many joints of an article, the worst, are judged together."""

_ENDS = frozenset("。！？…”!?\"")


def worst_joints(
    articles: Sequence[Sequence[str]], headings: Sequence[Collection[int]], page: Context
) -> list[float]:
    """How badly each article of a page (a list of paragraphs) reads at its worst joints: scores together, <= 0.

    ``headings``: numbers of the paragraphs that are sub-headings. The model is not read for a page where no article
    has ``FEWEST`` visible joints.
    """
    pieces: list[str] = []
    joints = [_visible_joints(article, heads, pieces) for article, heads in zip(articles, headings, strict=True)]
    numbers = np.array([i for of_article in joints if len(of_article) >= FEWEST for i in of_article], int)
    if not len(numbers):
        return [0.0] * len(articles)
    same = np.zeros(len(pieces))  # the lengths of pieces say nothing
    scores = np.zeros(len(pieces))
    scores[numbers] = _scores(Lines(pieces, same, same, page), numbers)
    return [float(np.sort(scores[of_article])[:WORST].sum()) for of_article in joints]


def _visible_joints(article: Sequence[str], headings: Collection[int], pieces: list[str]) -> list[int]:
    """The numbers of the pieces before white space inside a sentence. Adds the article's pieces to ``pieces``."""
    out = []
    open_end = False
    for number, paragraph in enumerate(article):
        own = paragraph.split()
        if not own:
            continue
        if open_end and number not in headings:
            out.append(len(pieces) - 1)
        out += range(len(pieces), len(pieces) + len(own) - 1)
        pieces += own
        open_end = number not in headings and own[-1][-1] not in _ENDS
    return out


def _scores(lines: Lines, left: Array) -> Array:
    """The scores of the joints behind lines ``left``; 0 where the n-grams are not strange."""
    strange = np.flatnonzero(lines.of_ngrams(left, left + 1)[0] < STRANGE)
    joint = left[strange], left[strange] + 1
    scores = np.zeros(len(left))
    scores[strange] = lines.of_characters(*joint) + lines.of_likeness(*joint)
    return scores
