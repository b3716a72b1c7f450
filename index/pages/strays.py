"""Lines that landed in another article of the page, brought home.

For pages where OCR has read across elsewhere. A line is moved where it reads badly in its place, and well at home.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.pages.joint import Context, Lines
from index.pages.ngrams import Array
from index.pages.printed_lines import PrintedLine

AWAY, LIKELY = 8.0, 4.0
"""What bringing a line home must gain (log odds): of some hundred weak joints on a page any may be its home; and where
a line is missing by the widths."""
WEAK = 0.0
"""Joints that read worse may be beside a stray line, or miss one; at home both joints must read better."""


FEW = 2.5
"""A line shorter than its column by more characters may have lost the line that stood before its last ones."""
TORN = 0.0
"""The width given to these last characters."""
_REST = re.compile(r"(\s?\S.*[,，.。;；:：!！?？、])(\S{1,3})$")


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
    parted = [[_parted(part) for part in parts] for parts in articles]
    places = [_Place(a, k, i) for a, parts in enumerate(parted) for k, part in enumerate(parts) for i in part.order]
    lines = [parted[p.article][p.part].lines[p.line] for p in places]
    free = [not line.first and line.paragraph not in headings[p.article] for line, p in zip(lines, places, strict=True)]
    pairs = _strays(lines, np.array(free, bool), places, page) if len(lines) > 1 else []
    away = {places[stray] for stray, _ in pairs}
    guests = {places[gap]: replace(lines[stray], first=False, paragraph=-1) for stray, gap in pairs}
    return [
        [_with_guests(part, parted[a][k], _Place(a, k, 0), away, guests) for k, part in enumerate(parts)]
        for a, parts in enumerate(articles)
    ]


def _parted(part: Part) -> Part:
    """The part with each short line in two that has a stop before its last characters: a line may be missing there."""
    lines, order = list(part.lines), list[int]()
    for i in part.order:
        order.append(i)
        line = part.lines[i]
        if line.width < line.usual - FEW and (found := _REST.match(line.text)):
            lines[i] = replace(line, text=found[1], width=line.usual)
            order.append(len(lines))
            lines.append(replace(line, text=found[2], width=TORN, first=False))
    return Part(tuple(lines), tuple(order))


def _with_guests(
    part: Part, parted: Part, at: _Place, away: set[_Place], guests: dict[_Place, PrintedLine]
) -> Part:
    """The part at a place without the lines that are away, and with guests; a line is in two only around a guest."""
    lines, order = list(part.lines), list[int]()
    for i, rest in zip(part.order, _rests(part, parted), strict=True):
        place = replace(at, line=i)
        guest = guests.get(place)
        if place not in away:
            order.append(i)
        if guest:
            order.append(len(lines))
            lines.append(guest)
        if guest and rest:
            lines[i] = parted.lines[i]
            order.append(len(lines))
            lines.append(rest)
    return Part(tuple(lines), tuple(order))


def _rests(part: Part, parted: Part) -> list[PrintedLine | None]:
    """What is set apart from the end of each line, in the order of ``part``."""
    behind = dict(itertools.pairwise(parted.order))
    rests = [behind.get(i, 0) for i in part.order]
    return [parted.lines[j] if j >= len(part.lines) else None for j in rests]


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
    torn = np.array([line.width == TORN for line in lines])
    whole = ~torn[1:-1] & ~torn[2:]
    strays = np.flatnonzero(weak[:-1] & weak[1:] & free[1:-1] & whole) + 1
    gaps = np.flatnonzero(weak | torn[1:])
    if not len(strays) or not len(gaps):
        return []
    before, behind = model.score(gaps[:, None], strays[None, :]), model.score(strays[:, None], gaps[None, :] + 1).T
    left = model.score(strays - 1, strays + 1) - joints[strays - 1] - joints[strays]
    likely = torn[gaps + 1][:, None]
    gain = before + behind - joints[gaps][:, None] + left - np.where(likely, LIKELY, AWAY)
    article = np.array([p.article for p in places])
    good = (likely | (before > WEAK)) & (behind > WEAK) & (article[gaps][:, None] != article[strays]) & (gain > 0)
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
