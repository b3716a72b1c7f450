"""Lines that landed in another article of the page, brought home.

For pages where OCR has read across elsewhere. A line is moved where it reads badly in its place, and well at home.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.pages.joint import Context, Lines
from index.pages.ngrams import Array
from index.pages.printed_lines import PrintedLine

AWAY = 8.0
"""What bringing a line home must gain (log odds): of some hundred weak joints on a page any may be its home."""
WEAK = 0.0
"""Joints that read worse may be beside a stray line, or miss one; at home both joints must read better."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines as printed, and their reading ``order`` (numbers of lines). Lines from elsewhere stand behind them."""

    lines: tuple[PrintedLine, ...]
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    article: int
    part: int
    line: int


def brought_home(articles: Sequence[Sequence[Part]], headings: Sequence[frozenset[int]],
                 page: Context) -> list[list[Part]]:
    """The parts of each article, without lines of other articles and with their own. ``headings`` stay."""
    places = [_Place(a, k, i) for a, parts in enumerate(articles) for k, part in enumerate(parts) for i in part.order]
    lines = [articles[p.article][p.part].lines[p.line] for p in places]
    free = [not line.first and line.paragraph not in headings[p.article] for line, p in zip(lines, places, strict=True)]
    pairs = _strays(lines, np.array(free, bool), places, page) if len(lines) > 1 else []
    away = {places[stray] for stray, _ in pairs}
    guests = {places[gap]: replace(lines[stray], first=False, paragraph=-1) for stray, gap in pairs}
    return [
        [_with_guests(part, a, k, away, guests) for k, part in enumerate(parts)] for a, parts in enumerate(articles)
    ]


def _with_guests(part: Part, article: int, number: int, away: set[_Place], guests: dict[_Place, PrintedLine]) -> Part:
    lines, order = list(part.lines), list[int]()
    for i in part.order:
        place = _Place(article, number, i)
        if place not in away:
            order.append(i)
        if place in guests:
            order.append(len(lines))
            lines.append(guests[place])
    return Part(tuple(lines), tuple(order))


def _strays(
    lines: Sequence[PrintedLine], free: Array, places: Sequence[_Place], page: Context
) -> list[tuple[int, int]]:
    """Pairs of a stray line and the line that it follows at home."""
    side_by_side = np.array([(p.article, p.part) == (q.article, q.part) for p, q in itertools.pairwise(places)])
    model = Lines([line.text for line in lines], np.array([line.width for line in lines]),
                  np.array([line.usual for line in lines]), page)
    every = np.arange(len(lines))
    joints = np.where(side_by_side, model.score(every[:-1], every[1:]), np.inf)
    weak = joints < WEAK
    strays = np.flatnonzero(weak[:-1] & weak[1:] & free[1:-1]) + 1
    gaps = np.flatnonzero(weak)
    if not len(strays) or not len(gaps):
        return []
    before, behind = model.score(gaps[:, None], strays[None, :]), model.score(strays[:, None], gaps[None, :] + 1).T
    left = model.score(strays - 1, strays + 1) - joints[strays - 1] - joints[strays]
    gain = before + behind - joints[gaps][:, None] + left - AWAY
    article = np.array([p.article for p in places])
    good = (before > WEAK) & (behind > WEAK) & (article[gaps][:, None] != article[strays]) & (gain > 0)
    return _apart([(float(gain[g, s]), int(strays[s]), int(gaps[g])) for g, s in np.argwhere(good)])


def _apart(moves: Sequence[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The best moves of which no two touch the same joint."""
    used: set[int] = set()
    out = []
    for _, stray, gap in sorted(moves, reverse=True):
        touched = {stray - 1, stray, gap}  # joints, by the line before each
        if not used & touched:
            used |= touched
            out.append((stray, gap))
    return out
