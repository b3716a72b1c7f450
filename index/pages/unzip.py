"""The reading order of printed lines that OCR read across columns, or put down at another place.

Every pair of lines has a score for standing one after the other (``index.pages.joint``). Starting from the printed
order, edits are made while they gain more than they cost: undoing a comb (a band of k columns read row by row) and
exchanging two neighbouring blocks of lines, which also brings a stray line home. The costs are what an edit must
explain, as in minimum description length (Rissanen 1978); an article is left as printed where all edits together gain
too little.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.pages.first_look import worst_joints
from index.pages.joint import HIGHEST, LOWEST, Context, Lines
from index.pages.ngrams import Array
from index.pages.printed_lines import PrintedLine, may_be_shifted, printed_lines, shifted
from index.pages.strays import Part, brought_home

EXCHANGE, FARTHER, LONGER = 4.0, 0.7, 0.6
"""Cost of exchanging two blocks, and for each doubling (base e) of the longer and of the shorter one."""
COMB = {2: 6.0, 3: 7.0, 4: 8.0}
"""Cost of undoing a comb of so many columns, and a rest that goes on in one of them."""
REST = 1.0
ENOUGH, ENOUGH_AGAIN, MARGIN = 5.5, 2.0, 0.5
"""What all edits of an article must gain beyond their costs (log odds), on a page where OCR has read across elsewhere,
and what each edit must. At 5.5, none of 9,000 paragraphs of news that had not been mixed up was touched."""
WEAK = 3.0
"""A joint that reads better is never broken by an exchange."""
FIRST_LOOKS = (-8.5, -5.0)
"""An article is looked at whose worst joints score so badly together; and where one was put right, OCR having read
the page across its columns, also those that score a little better."""
DOUBTFUL = -1.0
"""An article with fewer than two joints that read worse is left as printed."""
SHIFT, STRAIGHT = 2, 1.5
"""How far a cut may be from where the widths put it, and what each character costs."""
LONGEST_BLOCK, MOST_ROWS, LONGEST_REST = 16, 16, 10
"""Lines of the shorter block of an exchange; rows of a comb; lines that follow a comb in one of its columns."""
MOST_LINES, MOST_ROUNDS = 160, 25
"""Lines looked at together, for work grows with their square; rounds of edits."""
NO_END, NO_BEGINNING = -2.0, -3.0
"""Scores of an article or a part that ends inside a sentence, and of one that begins with a comma."""
BARRIER = -1e3
_LINES = np.arange(MOST_LINES + 2)
_FARTHER = FARTHER * np.log(np.maximum(_LINES, 1))  # by the length of a block
_LONGER = np.where(_LINES > LONGEST_BLOCK, -BARRIER, LONGER * np.log(np.maximum(_LINES, 1)))


@dataclass(frozen=True, slots=True)
class Unzipped:
    """``paragraphs`` in reading order; ``moved``: how many lines follow another line than in print.

    ``headings``: where the given headings now stand among the paragraphs.
    """

    paragraphs: list[str]
    moved: int
    headings: tuple[int, ...] = ()


def unzip(paragraphs: Sequence[str], headings: Collection[int] = ()) -> Unzipped:
    """Put the lines of one article into reading order.

    A paragraph is its printed lines with white space between them. ``headings``: numbers of paragraphs that are
    sub-headings; they stay in their order, and lines may move past them. No character but white space is added or
    lost; an article that reads well comes back unchanged.
    """
    return unzip_page([paragraphs], [headings])[0]


def unzip_page(articles: Sequence[Sequence[str]], headings: Sequence[Collection[int]] = ()) -> list[Unzipped]:
    """``unzip`` for all articles of a page, with the headings of each.

    Names are found again in other articles. Where OCR read across once, less doubt is enough for the rest, and a
    line that landed in another article is brought home.
    """
    marks = [frozenset(heads) for heads in headings] or [frozenset[int]()] * len(articles)
    page = Context([piece for article in articles for paragraph in article for piece in paragraph.split()])
    found = _looked_at(articles, marks, page)
    again = _read_across(found.values())
    enough = ENOUGH_AGAIN if again else ENOUGH
    read = [
        [part if gain >= enough else _as_printed(part.lines) for part, gain in found.get(i, ())]
        for i in range(len(articles))
    ]
    if again:
        read = [parts or [_as_printed(printed_lines(article))] for parts, article in zip(read, articles, strict=True)]
        read = brought_home(read, marks, page)
    return [_put_together(*of_article) for of_article in zip(read, articles, marks, strict=True)]


def _looked_at(
    articles: Sequence[Sequence[str]], marks: Sequence[frozenset[int]], page: Context
) -> dict[int, list[tuple[Part, float]]]:
    """``_with_orders`` of the doubtful articles, by their numbers."""
    worst = worst_joints(articles, marks, page)
    found: dict[int, list[tuple[Part, float]]] = {}
    for bar in FIRST_LOOKS:
        new = [i for i, score in enumerate(worst) if score <= bar and i not in found]
        found |= {i: _with_orders(articles[i], marks[i], page) for i in new}
        if not _read_across(found.values()):
            break
    return found


def _read_across(found: Iterable[Sequence[tuple[Part, float]]]) -> bool:
    """Whether OCR surely read across columns somewhere."""
    return any(gain >= ENOUGH for parts in found for _, gain in parts)


def _with_orders(article: Sequence[str], headings: frozenset[int], page: Context) -> list[tuple[Part, float]]:
    """The parts of an article in the best order found, and what each gains over the printed one."""
    parts = _parts(_cut_clearly(printed_lines(article), page))
    orders = ((part, *_reading_order(part, headings, page)) for part in parts)
    return [(Part(tuple(part), tuple(order.tolist())), gain) for part, order, gain in orders]


def _as_printed(lines: Sequence[PrintedLine]) -> Part:
    return Part(tuple(lines), tuple(range(len(lines))))


def _put_together(parts: Sequence[Part], printed: Sequence[str], headings: frozenset[int]) -> Unzipped:
    moved = sum(int((np.diff(part.order) != 1).sum()) for part in parts)
    if not moved:
        return Unzipped(list(printed), 0, tuple(sorted(headings)))
    texts = [text for part in parts for text in _assembled(part, headings)]
    return Unzipped([text for text, _ in texts], moved, tuple(i for i, (_, heading) in enumerate(texts) if heading))


def _cut_clearly(lines: list[PrintedLine], page: Context) -> list[PrintedLine]:
    """The lines with every cut that no space marks moved by up to ``SHIFT`` characters to where it reads worst.

    Two columns that ran together read badly just there; inside one column a cut does no harm anywhere.
    """
    cuts = [
        (i, shift)
        for i, line in enumerate(lines)
        if not line.first and not line.text[0].isspace()
        for shift in range(-SHIFT, SHIFT + 1)
        if may_be_shifted(lines[i - 1].text, line.text, shift)
    ]
    if not cuts:
        return lines
    pairs = [shifted(lines[i - 1], lines[i], shift) for i, shift in cuts]
    sides = [left.text for left, _ in pairs] + [right.text for _, right in pairs]
    every = np.arange(len(cuts))
    same = np.zeros(len(sides))  # the lengths of the lines say nothing here
    scores = Lines(sides, same, same, page).score(every, every + len(cuts))
    best: dict[int, tuple[float, int]] = {}
    for (i, shift), score in zip(cuts, scores.tolist(), strict=True):
        best[i] = min(best.get(i, (np.inf, 0)), (score + STRAIGHT * abs(shift), shift))
    out = list(lines)
    for i, (_, shift) in best.items():
        out[i - 1], out[i] = shifted(out[i - 1], out[i], shift)
    return out


def _parts(lines: Sequence[PrintedLine]) -> Iterator[list[PrintedLine]]:
    """Whole paragraphs, together at most ``MOST_LINES`` lines unless one alone has more."""
    part: list[PrintedLine] = []
    starts = [i for i, line in enumerate(lines) if line.first] + [len(lines)]
    for start, end in itertools.pairwise(starts):
        if part and len(part) + end - start > MOST_LINES:
            yield part
            part = []
        part += lines[start:end]
    if part:
        yield part


def _reading_order(
    part: Sequence[PrintedLine], headings: frozenset[int], page: Context
) -> tuple[Array, float]:
    """The best order found for the lines, and what it gains over the printed one."""
    printed = np.arange(len(part))
    if not 4 <= len(part) <= MOST_LINES:
        return printed, 0.0
    lines = Lines([line.text for line in part], np.array([line.width for line in part]),
                  np.array([line.usual for line in part]), page)
    joints = lines.score(printed[:-1], printed[1:])
    if np.sort(joints)[1] > DOUBTFUL:
        return printed, 0.0
    heading = np.array([False, *(line.paragraph in headings for line in part), False])
    order, gain = _improved(_scores(part, lines, joints, heading), heading)
    return order[1:-1] - 1, gain


def _scores(part: Sequence[PrintedLine], lines: Lines, joints: Array, heading: Array) -> Array:
    """Scores of every line after every other; the first row and the last column stand for the article's ends.

    Joints that read well stay, so that only the lines at weak joints are looked at.
    """
    count = len(part)
    before = np.flatnonzero(np.append(joints, LOWEST) < WEAK)
    behind = np.flatnonzero(np.append(LOWEST, joints) < WEAK)
    inner = np.full((count, count), LOWEST)
    inner[np.arange(count - 1), np.arange(1, count)] = joints
    inner[np.ix_(before, behind)] = lines.score(before[:, None], behind[None, :])
    first = np.array([line.first for line in part])
    inner = np.where(lines.ends[:, None] & first[None, :], np.maximum(inner, 0), inner)
    scores = np.zeros((count + 2, count + 2))
    scores[1:-1, 1:-1] = inner
    closing = np.where(lines.ends, 0, NO_END)
    scores[1:-1, -1] = closing
    scores[0, 1:-1] = np.where(lines.bad_start, NO_BEGINNING, 0)
    scores[:, heading] = np.array([0, *closing, 0])[:, None]
    scores[heading] = scores[0]
    return scores


def _improved(scores: Array, heading: Array) -> tuple[Array, float]:
    """The best order found, from the first to the last of all rows, and what it gains over the printed one.

    The hill is climbed in two ways, for an exchange inside a comb may bar its undoing.
    """
    order, gain = _climbed(scores, heading, combs_first=False)
    if gain:
        other, more = _climbed(scores, heading, combs_first=True)
        if more > gain:
            return other, more
    return order, gain


def _climbed(scores: Array, heading: Array, *, combs_first: bool) -> tuple[Array, float]:
    order = np.arange(len(scores))
    total = 0.0
    for _ in range(MOST_ROUNDS):
        now = scores[np.ix_(order, order)]
        barred = np.cumsum(heading[order])
        combs = list(_combs(now, barred))
        exchanges = () if combs and combs_first else _exchanges(now, barred)
        chosen = _disjoint([*combs, *exchanges])
        if not chosen:
            break
        for edit in chosen:
            order[edit.start : edit.end] = order[edit.order]
            total += edit.gain
    return order, total


@dataclass(frozen=True, slots=True)
class _Edit:
    """The lines at ``start`` … ``end`` - 1 put into ``order`` (positions)."""

    gain: float
    start: int
    end: int
    order: list[int]


def _disjoint(edits: Iterable[_Edit]) -> list[_Edit]:
    """The best edits that do not touch each other."""
    chosen: list[_Edit] = []
    for edit in sorted(edits, key=lambda e: (-e.gain, e.start, e.end)):
        if all(edit.end < other.start or other.end < edit.start for other in chosen):
            chosen.append(edit)
    return chosen


def _exchanges(now: Array, barred: Array) -> Iterator[_Edit]:
    """For each weak joint, the best exchange of the blocks before and after it."""
    joints = np.diagonal(now, 1)
    weak = np.flatnonzero(joints < WEAK)
    behind = now[np.ix_(weak, weak + 1)]  # the line after one weak joint behind the line before another
    first, second = behind - joints[weak][:, None], behind - joints[weak]
    # of the three new joints, two are known before the third line is, and the third is at most the best there is
    first = first + behind.max(0, initial=BARRIER)[:, None]
    most = np.where(weak[:, None] < weak, first, BARRIER).max(0, initial=BARRIER)
    for m in range(1, len(weak) - 1):
        hope = EXCHANGE + MARGIN + joints[weak[m]]
        after = m + 1 + np.flatnonzero(second[m, m + 1 :] + most[m] > hope)
        if len(after):
            before = np.flatnonzero(first[:m, m] + second[m, after].max() > hope)
            yield from _best_exchange(now, barred, weak[before], weak[m], weak[after])


def _best_exchange(now: Array, barred: Array, u: Array, v: int, x: Array) -> Iterator[_Edit]:
    """The best exchange of lines u + 1 … v with lines v + 1 … x."""
    joints = np.diagonal(now, 1)
    gain = now[u, v + 1][:, None] - joints[u][:, None] - joints[v] - joints[x] + now[v, x + 1]
    gain = gain + now[np.ix_(x, u + 1)].T - _exchange_costs(v - u, x - v)
    before, after = barred[v] - barred[u], barred[x] - barred[v]  # headings in the two blocks
    shorter_is_before = (v - u)[:, None] <= (x - v)
    gain = np.where(np.where(shorter_is_before, before[:, None] > 0, after > 0), BARRIER, gain)
    i, j = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[i, j] >= MARGIN:
        start, end = int(u[i]) + 1, int(x[j]) + 1
        yield _Edit(float(gain[i, j]), start, end, [*range(v + 1, end), *range(start, v + 1)])


def _exchange_costs(before: Array, after: Array) -> Array:
    longer = np.maximum(before[:, None], after)
    shorter = np.minimum(before[:, None], after)
    cost: Array = EXCHANGE + _FARTHER[longer] + _LONGER[shorter]
    return cost


def _combs(now: Array, barred: Array) -> Iterator[_Edit]:
    """For each number of columns and rows, the best comb.

    Rows r of a comb of k columns from line a on: column q is a + q, a + q + k, … The lines behind the last row may go
    on in one column.
    """
    count = len(now) - 2
    reach = max(COMB) * MOST_ROWS + LONGEST_REST + 2
    wide = np.full((len(now) + reach, len(now) + reach), BARRIER)
    wide[: len(now), : len(now)] = now
    run = _running(wide, 1)
    for k in COMB:
        rows, starts = np.arange(2, MOST_ROWS + 1), np.arange(1, count - 2 * k + 2)
        starts = starts[now[starts, starts + 1] < WEAK]
        last = starts + k * rows[:, None] - 1
        columns = _running(wide, k)
        within = columns[last - k + 1] - columns[starts]  # the joints inside all columns, which lie side by side
        hope = within + (k + 2) * HIGHEST - (run[last] - run[starts - 1]) - COMB[k]
        inside = (last <= count) & (barred[np.minimum(last, count)] == barred[starts - 1])
        i, j = np.nonzero(inside & (hope > MARGIN))
        if len(i):
            yield from _best_combs(wide, run, within[i, j], starts[j], rows[i], k, count)


def _running(wide: Array, k: int) -> Array:
    """Sums of the scores of each line before the one k lines on."""
    return np.concatenate([[0], np.cumsum(np.diagonal(wide, k))])


def _best_combs(
    wide: Array, run: Array, within: Array, starts: Array, rows: Array, k: int, count: int
) -> Iterator[_Edit]:
    """The best comb for each number of rows, which ascend."""
    end = (starts + k * rows)[:, None]
    lines = starts[:, None]
    gains = []
    for c in range(k):
        rest = np.arange(1, LONGEST_REST + 1) if c < k - 1 else np.arange(1)
        after = end + rest  # behind the rest
        lasts = [end - k + q for q in range(k)]
        gain = within[:, None] - COMB[k] - run[after] + run[lines - 1]
        if c < k - 1:
            gain = gain + wide[lasts[c], end] + run[after - 1] - run[end] - REST
            lasts[c] = after - 1
        gain = gain + wide[lines - 1, lines] + wide[lasts[-1], after]
        for q in range(k - 1):
            gain = gain + wide[lasts[q], lines + q + 1]
        gains.append(np.where(after > count + 1, BARRIER, gain))
    gain = np.concatenate(gains, axis=1)  # k - 1 columns with rests of 1, 2 … lines, or none
    best = gain.max(1)
    for group in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(rows)) + 1):
        i = group[best[group].argmax()]
        if best[i] >= MARGIN:
            c, longer = divmod(int(gain[i].argmax()), LONGEST_REST)
            close = int(end[i, 0]) + (longer + 1 if c < k - 1 else 0)
            yield _comb_edit(float(best[i]), int(starts[i]), k, int(rows[i]), c, close)


def _comb_edit(gain: float, start: int, k: int, rows: int, c: int, end: int) -> _Edit:
    columns = [list(range(start + q, start + k * rows, k)) for q in range(k)]
    columns[c] += range(start + k * rows, end)
    return _Edit(gain, start, end, [line for column in columns for line in column])


def _assembled(part: Part, headings: frozenset[int]) -> Iterator[tuple[str, bool]]:
    """The paragraphs in reading order, and whether each is a heading."""
    text, last = "", -2
    for i in part.order:
        line = part.lines[i]
        if last >= 0 and (i == last + 1 and line.first or _begins_paragraph(part.lines[last], line, headings)):
            yield text, part.lines[last].paragraph in headings
            text = ""
        if not text:
            text = line.text if line.first else line.text.lstrip()
        else:
            text = text + line.text if i == last + 1 else f"{text.rstrip()}\n{line.text.lstrip()}"
        last = i
    yield text, part.lines[last].paragraph in headings


def _begins_paragraph(before: PrintedLine, line: PrintedLine, headings: frozenset[int]) -> bool:
    """Whether a line that was moved begins a paragraph."""
    if headings & {before.paragraph, line.paragraph} and before.paragraph != line.paragraph:
        return True
    return line.first and before.text.rstrip().endswith(tuple("。！？…!?\"”"))
