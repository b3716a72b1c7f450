"""The printed lines of a paragraph: where the newspaper's lines began, told by their widths.

White space in OCR'ed text is a line's end, a stray space, or the gap between columns; and now and then a line's end
left no trace. The lines of a column are of one width, so the likeliest cuts are the ones that give such lines.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

NARROWEST, WIDEST = 7, 32
"""Widths of a column, in characters."""
STRAY, KEPT, HIDDEN = 0.5, 6.0, 3.0
"""Costs: a space inside a line after a comma or beside a number; elsewhere; a cut where there is no space."""
SHORT, SHORTER, LONG, OFF = 1.5, 0.05, 2.0, 0.05
"""Costs of a line that is too short (and for each character of that), for each character that it is too long, and of
one that is off by one character."""
INDENT = 2

_NO_START = frozenset("，。、；：！？”’）》…,.;:!?)%—")
_NO_END = frozenset("“（《(‘")
GOOD = 1.0
"""No other width is tried for a paragraph whose cuts cost no more."""
RARER = 0.5
"""Cost of each place that a width stands behind the one that most lines have."""
LOOK_BACK = 8
"""A line longer than usual by more than this is taken only if there is no other way to cut."""
_SPACE_OR_BRACKET = re.compile(r"[(（)）]|\s")
_WIDTHS_TRIED = 3
_TIE = 1e-9  # of equal costs, those with the shorter last line; never decided by rounding
_BYLINE = 60  # brackets that close so early hold names, which are set apart by spaces


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed line, ``text``, with the white space before it.

    ``first``: of its paragraph, which is the one numbered ``paragraph``. ``width`` in characters; ``usual``: of its
    paragraph's full lines.
    """

    text: str
    paragraph: int
    first: bool
    width: float
    usual: int


def printed_lines(paragraphs: Sequence[str]) -> list[PrintedLine]:
    """The lines of an article; the texts of a paragraph's lines, put together, are the paragraph."""
    tried = _likely_widths(paragraphs)
    out: list[PrintedLine] = []
    for number, paragraph in enumerate(paragraphs):
        widths = [0.0, *itertools.accumulate(map(_WIDTHS.__getitem__, paragraph))]
        usual, cuts = _best_cuts(paragraph, widths, tried)
        for start, end in itertools.pairwise(cuts):
            width = widths[end] - widths[start]
            out.append(PrintedLine(paragraph[start:end], number, start == 0, width, usual))
    return out


def may_be_shifted(before: str, line: str, shift: int) -> bool:
    """Whether the border of two lines may be moved by so many characters, to the left if negative."""
    text, at = before + line, len(before) + shift
    if not len(before.lstrip()) > -shift or not len(line) > shift + 1 or any(map(str.isspace, text[at - 1 : at + 1])):
        return False
    return _may_be_cut(text[at - 1], text[at])


def shifted(before: PrintedLine, line: PrintedLine, shift: int) -> tuple[PrintedLine, PrintedLine]:
    """Two lines with their border moved."""
    text, at = before.text + line.text, len(before.text) + shift
    left, right = text[:at], text[at:]
    return (replace(before, text=left, width=sum(map(_WIDTHS.__getitem__, left))),
            replace(line, text=right, width=sum(map(_WIDTHS.__getitem__, right))))


class _Widths(dict[str, float]):
    """The widths of characters, each worked out when it is first met."""

    def __missing__(self, character: str) -> float:
        half = character.isascii() and character.isalnum()
        self[character] = width = 0.0 if character.isspace() else 0.5 if half else 1.0
        return width


_WIDTHS = _Widths()


def _likely_widths(paragraphs: Sequence[str]) -> list[int]:
    """The widths that most pieces between spaces have, or two pieces with a stray space between them."""
    votes: Counter[int] = Counter()
    for paragraph in paragraphs:
        pieces = paragraph.split()
        widths = [round(sum(map(_WIDTHS.__getitem__, piece))) for piece in pieces]
        votes.update(w for w in widths if NARROWEST <= w <= WIDEST for _ in range(2))
        pairs = zip(pieces, pieces[1:], widths, widths[1:], strict=False)
        votes.update(v + w for a, b, v, w in pairs if v + w <= WIDEST and _may_be_stray(a[-1], b[0]))
    score = {w: votes[w] + 0.7 * (votes[w - 1] + votes[w + 1]) + 0.3 * votes[w - INDENT] for w in votes}
    return sorted(score, key=lambda w: (-score[w], w))[:_WIDTHS_TRIED] or [WIDEST]


def _may_be_stray(before: str, after: str) -> bool:
    """Whether a space between these characters may stand inside a line."""
    return before in ",，)）" or any(c.isascii() and c.isalnum() for c in (before, after))


def _best_cuts(paragraph: str, widths: Sequence[float], tried: Sequence[int]) -> tuple[int, list[int]]:
    """The usual width of a paragraph's lines, and its lines' borders, from 0 to its length."""
    stray = _stray_costs(paragraph)
    best: tuple[float, int, list[int]] | None = None
    for rank, usual in enumerate(tried):
        cost, cuts = _cut(paragraph, widths, stray, usual)
        cost += RARER * rank
        if best is None or cost < best[0]:
            best = cost, usual, cuts
        if cost <= GOOD:
            break
    assert best is not None
    return best[1], best[2]


def _stray_costs(paragraph: str) -> list[float]:
    """What the spaces before each position cost, all together, if no line ends at them."""
    costs = [0.0] * (len(paragraph) + 1)
    bracket = False
    for found in _SPACE_OR_BRACKET.finditer(paragraph):
        i, character = found.start(), found[0]
        if not character.isspace():
            bracket = character in "(（"
        elif 0 < i < len(paragraph) - 1 and not paragraph[i - 1].isspace():
            inside = bracket and i < _BYLINE or _may_be_stray(paragraph[i - 1], paragraph[i + 1])
            costs[i + 1] = STRAY if inside and character != "\n" else KEPT
    return list(itertools.accumulate(costs))


def _cut(paragraph: str, widths: Sequence[float], stray: Sequence[float], usual: int) -> tuple[float, list[int]]:
    """The cheapest cuts, by dynamic programming over the places where a line may end."""
    places = _places(paragraph, widths, usual)
    widest = usual + LOOK_BACK
    inner, outer = _line_costs(usual)
    cost, rest, back = [0.0], [0.0], [0]  # rest: cost without that of the spaces so far
    for j in range(1, len(places)):
        end, last = places[j], j == len(places) - 1
        of_width, reach = outer if last else inner, widths[end]
        best, start = math.inf, 0
        for i in range(j - 1, 0, -1):
            width = reach - widths[places[i]]
            if width > widest:
                if best < math.inf:
                    break
                value = rest[i] + _line_cost(width, usual, False, last)
            else:
                value = rest[i] + of_width[int(2 * width)]
            if value < best - _TIE:
                best, start = value, i
        if reach <= widest or best == math.inf:
            value = _line_cost(reach, usual, True, last)
            if value < best - _TIE:
                best, start = value, 0
        hidden = 0.0 if last or paragraph[end].isspace() else HIDDEN
        cost.append(best + hidden + stray[end])
        rest.append(cost[-1] - stray[min(end + 1, len(paragraph))])
        back.append(start)
    cuts, j = [places[-1]], len(places) - 1
    while j:
        j = back[j]
        cuts.append(places[j])
    return cost[-1], cuts[::-1]


@functools.cache
def _line_costs(usual: int) -> tuple[list[float], list[float]]:
    """``_line_cost`` by twice the width: of a line inside a paragraph, and of its last line."""
    halves = range(2 * (usual + LOOK_BACK) + 1)
    inner, outer = ([_line_cost(half / 2, usual, False, last) for half in halves] for last in (False, True))
    return inner, outer


def _places(paragraph: str, widths: Sequence[float], usual: int) -> list[int]:
    """Where a line may end: before white space, and inside a piece that is too long for one line."""
    out = [0]
    for piece in re.finditer(r"\S+", paragraph):
        start, end = piece.span()
        if widths[end] - widths[start] > usual + 1:
            out += [i for i in range(start + 1, end) if _may_be_cut(paragraph[i - 1], paragraph[i])]
        out.append(end)
    return [*out[:-1], len(paragraph)] if len(out) > 1 else [0, len(paragraph)]


def _may_be_cut(before: str, after: str) -> bool:
    if after in _NO_START or before in _NO_END:
        return False
    return not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())


def _line_cost(width: float, usual: int, first: bool, last: bool) -> float:
    off = min(abs(width - usual), abs(width - usual + INDENT)) if first else abs(width - usual)
    if off <= 1:
        return OFF * off
    if width > usual:
        return LONG * (width - usual - 1)
    return SHORTER * (usual - width) + (0 if last else SHORT)
