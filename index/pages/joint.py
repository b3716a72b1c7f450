"""How likely it is that one printed line follows another: the score of the joint between them.

A score is a sum of features with learned weights, in log odds against another line of the same article. Features:
character n-grams over the joint against those of the second line alone, a dictionary word cut by the joint, the
likeness of both sides in a small two-tower network, n-grams of the joint found inside other lines, punctuation,
brackets, and the lengths of the lines (a first line is indented, a last one short).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from index.pages.ngrams import ABSENT, LONGEST, Array, Ngrams, codes_of, joined, span_hashes

SIDE = 8
"""Characters of a line that are looked at on each side of a joint."""
WEIGHTS = {
    "first": 0.299, "second": 0.351, "third": 0.302, "surprise": 0.161, "word": 0.150, "cut word": 0.723,
    "likeness": 0.448, "seen 3": 1.34, "seen 4": 0.623, "end, indent": 0.080, "no end, indent": -0.741,
    "short end, indent": 1.242, "short, no indent": -0.356, "no start": -3.596,
    "bracket closed": 0.892, "bracket open": -2.070,
}  # fmt: skip
"""Learned by conditional logistic regression: which of the 24 nearest lines follows (precedes) a line, on held-out
news and encyclopedia articles wrapped to lines of 12 to 20 characters."""
LOWEST, HIGHEST = -10.0, 7.0
"""No single joint decides."""

PARTS = ("embedding", "hidden", "bias", "out", "shift")
"""The arrays of a tower."""
Counts = dict[tuple[int, int], Array]
"""Of n-grams over many joints, by their characters left and right of them."""
_SPANS = [(a, b) for a in range(1, LONGEST) for b in range(1, LONGEST + 1 - a)]
_TRUST = (0.0, 2.0, 3.0, 4.0)  # weight of the shorter history, by the length of the longer
_STOPS = frozenset(map(ord, "。!?…"))
_NO_START = frozenset(map(ord, ",、;:》)%。!?"))
_OPEN, _CLOSE = frozenset(map(ord, "(《")), frozenset(map(ord, ")》"))
_QUOTE = ord('"')
_HAN = (0x4E00, 0x9FFF)


@dataclass(frozen=True, slots=True)
class Tower:
    """A network from ``SIDE`` characters to a vector; the dot product of two vectors is the likeness of two sides.

    ``embedding`` (characters x d), ``hidden`` (SIDE·d x h) with ``bias``, ``out`` (h x o) with ``shift``.
    """

    embedding: Array
    hidden: Array
    bias: Array
    out: Array
    shift: Array

    def __call__(self, numbers: Array) -> Array:
        inside = _product(self.embedding[numbers].reshape(len(numbers), -1), self.hidden) + self.bias
        return _product(np.maximum(inside, 0), self.out) + self.shift


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned from text: n-grams, and the towers of a joint's left and right side.

    ``numbers``: code of a character -> its row in the towers' embeddings.
    """

    ngrams: Ngrams
    numbers: Array
    left: Tower
    right: Tower


@functools.cache
def model() -> Model:
    """The model that ships with the package, loaded at its first use (0.1 s, 15 MB)."""
    with resources.as_file(resources.files(__package__).joinpath("joints.npz")) as path:
        return read_model(path)


def read_model(path: Path) -> Model:
    """A model that ``index.pages.train_joints`` wrote."""
    with np.load(path) as stored:
        keys = np.cumsum(stored["gaps"], dtype=np.uint32)
        ngrams = Ngrams(keys, stored["levels"], *map(float, stored["totals"]))
        numbers = np.ones(0x10000, np.int64)  # 0: no character, 1: one that is not known
        numbers[stored["characters"]] = np.arange(2, len(stored["characters"]) + 2)
        numbers[ABSENT] = 0
        left, right = (
            Tower(*(stored[f"{side}_{name}"].astype(np.float32) * stored[f"{side}_{name}_scale"] for name in PARTS))
            for side in ("left", "right")
        )
        return Model(ngrams, numbers, left, right)


class Context:
    """The n-grams (n = 2, 3, 4) inside the lines of a page: a name cut by a line's end is found again in another."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @functools.cached_property
    def _ngrams(self) -> dict[int, Array]:
        every = np.append(np.uint16(ABSENT), codes_of(self._texts))
        return {length: _inside(every, length) for length in (2, 3, 4)}

    def has(self, hashes: Array, length: int) -> Array:
        """Which of the n-grams of ``length`` characters are here."""
        seen = self._ngrams[length]
        found: Array = seen[np.minimum(np.searchsorted(seen, hashes), len(seen) - 1)] == hashes
        return found


class _Rows:
    """An array with a row for each line, worked out where it is asked for."""

    def __init__(self, count: int, width: int, work: Callable[[Array], Array]) -> None:
        self._work = work
        self._done = np.zeros(count, bool)
        self._rows = np.zeros((count, width), np.float32)

    def __getitem__(self, lines: Array) -> Array:
        new = np.unique(lines[~self._done[lines]])
        if len(new):
            self._rows[new], self._done[new] = self._work(new), True
        return self._rows[lines]


class Lines:
    """Printed lines, prepared so that many joints between them are scored at once.

    ``widths``: of each line, in characters; ``usual``: what its column's lines have.
    """

    def __init__(self, texts: Sequence[str], widths: Array, usual: Array, page: Context) -> None:
        learned = model()
        every = codes_of(texts)
        ends = np.flatnonzero(every == ABSENT)
        starts = np.append(0, ends + 1)[:-1]
        tails, heads = _sides(every, starts, ends)
        self._ngrams = learned.ngrams
        near = LONGEST - 1  # characters on one side of an n-gram over the joint
        spans = span_hashes(tails[:, -near:])
        self._tails, self._heads = [spans[near - a, near] for a in range(1, LONGEST)], span_hashes(heads[:, :near])
        self._histories = self._ngrams.count(np.stack(self._tails))
        self._alone = _alone(self._ngrams, self._heads)
        count, likeness = len(texts), len(learned.left.shift)
        self._left = _Rows(count, likeness, lambda new: learned.left(learned.numbers[tails[new]]))
        self._right = _Rows(count, likeness, lambda new: learned.right(learned.numbers[heads[new]]))
        self._before = _Rows(count, SIDE + 1, lambda new: _best_words(self._ngrams, tails[new], mirrored=True))
        self._after = _Rows(count, SIDE + 1, lambda new: _best_words(self._ngrams, heads[new], mirrored=False))
        self._page = page
        last = tails[:, -1]
        self.ends = _among(last, _STOPS) | (last == _QUOTE) & _among(tails[:, -2], _STOPS)
        self.bad_start = _among(heads[:, 0], _NO_START)
        self._opens, self._closes = _brackets(every, starts, ends)
        missing = usual - widths
        self.indented = (missing >= 1.2) & (missing <= 3)
        self.short = missing >= 1.5

    def score(self, left: Array, right: Array) -> Array:
        """The scores of the joints between lines ``left`` and ``right`` (numbers of lines, broadcast)."""
        pairs = [side.ravel() for side in np.broadcast_arrays(left, right)]
        of_characters = self.of_characters(*pairs).reshape(np.broadcast_shapes(left.shape, right.shape))
        total = of_characters + self.of_likeness(left, right) + _weighed(self._form(left, right))
        bounded: Array = np.clip(total, LOWEST, HIGHEST)
        return bounded

    def of_characters(self, left: Array, right: Array) -> Array:
        """The part of the scores that comes from the characters beside the joints (one axis)."""
        total, known, counts = self.of_ngrams(left, right)
        word = self._cut_word(left[known], right[known], counts)
        total[known] += _weighed({"word": word, "cut word": word > 0.5})
        here = np.flatnonzero(self._page.has(self._over(1, 1, left, right), 2))
        total[here] += _weighed(self._seen(left[here], right[here]))
        return total

    def of_ngrams(self, left: Array, right: Array) -> tuple[Array, Array, Counts]:
        """The part that comes from n-grams; the joints with a known pair of characters; the counts at these."""
        known = np.flatnonzero(self._ngrams.count(self._over(1, 1, left, right)) > 0)
        gains = np.zeros((LONGEST - 1, len(left)))
        gains[0] = self._before_stranger[left]
        counts = self._counts(left[known], right[known])
        gains[:, known] = self._gains(left[known], right[known], counts)
        surprise = np.maximum(-gains.sum(0) - 2, 0)
        total = _weighed({"first": gains[0], "second": gains[1], "third": gains[2], "surprise": surprise})
        return total, known, counts

    def _over(self, a: int, b: int, left: Array, right: Array) -> Array:
        """Hashes of the last ``a`` and the first ``b`` characters at each joint."""
        return joined(self._tails[a - 1][left], self._heads[0, b][right], b)

    @functools.cached_property
    def _before_stranger(self) -> Array:
        """The first of ``_gains`` for each line before a character that was never seen behind its last one."""
        none, one = np.zeros(1), np.ones(1)
        unseen = [_interpolated(none, history, order, one) for order, history in enumerate(self._histories, 1)]
        gain: Array = np.log(unseen).sum(0)
        return gain

    def _gains(self, left: Array, right: Array, count: Counts) -> list[Array]:
        """Log odds of the second line's first three characters with and without the first line before them."""
        gains = []
        for b in range(1, LONGEST):
            alone = probability = self._alone[b - 1][right]
            for a in range(1, LONGEST + 1 - b):
                history = count[a, b - 1] if b > 1 else self._histories[a - 1][left]
                probability = _interpolated(count[a, b], history, a + b - 1, probability)
            gains.append(np.log(probability / alone))
        return gains

    def _counts(self, left: Array, right: Array) -> Counts:
        """Counts of the n-grams over the joints; each is looked up where its parts over the joint are known."""
        out: Counts = {}
        for a, b in _SPANS:
            parts = [out[part] > 0 for part in ((a - 1, b), (a, b - 1)) if part in out]
            rows = np.flatnonzero(np.all(parts, axis=0)) if parts else np.arange(len(left))
            out[a, b] = np.zeros(len(left))
            out[a, b][rows] = self._ngrams.count(self._over(a, b, left[rows], right[rows]))
        return out

    def _cut_word(self, left: Array, right: Array, counts: Counts) -> Array:
        """What is gained when a dictionary word may stand over the joint: log odds between 0 and 15.

        A word that is no known n-gram is too rare to tell anything.
        """
        words = np.full((len(_SPANS), len(left)), -1e6)
        for word, (a, b) in zip(words, _SPANS, strict=True):
            known = np.flatnonzero(counts[a, b] > 0)
            word[known] = self._ngrams.word(self._over(a, b, left[known], right[known]), -1e6)
        rows = np.flatnonzero(words.max(0) > -1e6)
        before, after = self._before[left[rows]], self._after[right[rows]]
        gains = [word + before[:, a] + after[:, b] for (a, b), word in zip(_SPANS, words[:, rows], strict=True)]
        best = np.zeros(len(left))
        best[rows] = np.clip(np.max(gains, axis=0) - before[:, 0] - after[:, 0], 0, 15)
        return best
    def _seen(self, left: Array, right: Array) -> dict[str, Array]:
        """Whether n-grams of three characters over the joint, and of four as well, stand inside a line of the page."""
        three, four = (
            np.any([self._page.has(self._over(a, b, left, right), n) for a, b in _SPANS if a + b == n], axis=0)
            for n in (3, 4)
        )
        return {"seen 3": three, "seen 4": three & four}

    def of_likeness(self, left: Array, right: Array) -> Array:
        """The part of the scores that comes from the network."""
        if left.ndim == 2 and left.shape[1] == 1 and right.shape[:1] == (1,):
            return WEIGHTS["likeness"] * _product(self._left[left[:, 0]], self._right[right[0]].T)
        likeness: Array = np.einsum("...o,...o->...", self._left[left], self._right[right])
        return WEIGHTS["likeness"] * likeness

    def _form(self, left: Array, right: Array) -> dict[str, Array]:
        ends, short, indented = self.ends[left], self.short[left], self.indented[right]
        opens, closes = self._opens[left], self._closes[right]
        return {
            "end, indent": ends & indented, "no end, indent": ~ends & indented,
            "short end, indent": ends & short & indented, "short, no indent": ~ends & short & ~indented,
            "no start": ends & self.bad_start[right],
            "bracket closed": opens & closes, "bracket open": opens ^ closes,
        }  # fmt: skip


def reads_on(text: str, following: str) -> float:
    """The score of one joint by its characters alone: about 0 where a text goes on, -2 and less where it does not."""
    unknown = np.zeros(2)
    lines = Lines([text, following], unknown, unknown, Context([text, following]))
    left, right = np.array([0]), np.array([1])
    return float((lines.of_characters(left, right) + lines.of_likeness(left, right))[0])


def _weighed(features: dict[str, Array]) -> Array:
    return np.asarray(sum(WEIGHTS[name] * value for name, value in features.items()))


def _among(row: Array, characters: frozenset[int]) -> Array:
    return np.isin(row, list(characters))


def _product(a: Array, b: Array) -> Array:
    """The matrix product in tiles so small that BLAS starts no threads, which would wait for each other."""
    out = np.empty((len(a), b.shape[1]), np.result_type(a, b))
    high, wide = 16, max(1, 250_000 // (16 * len(b)))
    for i in range(0, len(a), high):
        for j in range(0, b.shape[1], wide):
            out[i : i + high, j : j + wide] = a[i : i + high] @ b[:, j : j + wide]
    return out


def _sides(every: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """The last and the first characters of the rows ``every[start:end]``."""
    at = ends[:, None] - SIDE + np.arange(SIDE)
    tails = np.where(at >= starts[:, None], every[at], ABSENT)
    at = np.minimum(starts[:, None] + np.arange(SIDE), ends[:, None])  # every row is followed by ABSENT
    return tails, every[at]


def _interpolated(longer: Array, history: Array, order: int, shorter: Array) -> Array:
    """Jelinek-Mercer interpolation, the shorter history weighing less the better the longer one is known."""
    trust = _TRUST[order] * (1 + 0.5 * np.sqrt(history))
    return np.where(history > 0, (longer + trust * shorter) / (history + np.maximum(trust, 1e-9)), shorter)


def _alone(ngrams: Ngrams, heads: dict[tuple[int, int], Array]) -> list[Array]:
    """Probabilities of a line's first, second and third character, from what stands before them in the line."""
    counts = dict(zip(heads, ngrams.count(np.stack(list(heads.values()))), strict=True))
    out = []
    for at in range(LONGEST - 1):
        probability = (counts[at, at + 1] + 0.5) / (ngrams.characters + 3000)
        for start in range(at - 1, -1, -1):
            probability = _interpolated(counts[start, at + 1], counts[start, at], at - start, probability)
        out.append(probability)
    return out


def _best_words(ngrams: Ngrams, rows: Array, *, mirrored: bool) -> Array:
    """The best log probability of each row from column i on, cut into words, for i = 0 … SIDE (last axis).

    ``mirrored``: from the last i columns back.
    """
    spans = span_hashes(rows)
    rows = rows[:, ::-1] if mirrored else rows
    unknown = float(np.log(0.3 / ngrams.words)) - 2
    scores = ngrams.word(np.stack(list(spans.values())), -1e6)
    where = {span: i for i, span in enumerate(spans)}
    han = (rows >= _HAN[0]) & (rows <= _HAN[1])
    best = [np.zeros(len(rows))] * (SIDE + 1)
    for i in range(SIDE - 1, -1, -1):
        single = np.where(han[:, i], unknown, -6.0)
        options = []
        for length in range(1, min(LONGEST, SIDE - i) + 1):
            j = i + length
            score = scores[where[(SIDE - j, SIDE - i) if mirrored else (i, j)]]
            options.append((np.maximum(score, single) if length == 1 else score) + best[j])
        best[i] = np.where(rows[:, i] == ABSENT, 0.0, np.max(options, axis=0))
    return np.stack(best, axis=1)


def _inside(every: Array, length: int) -> Array:
    """Hashes of the n-grams in ``every`` that no gap divides, ascending; never empty."""
    hashes = np.zeros(len(every) + 1, np.uint64)
    whole = np.ones(len(every) + 1, bool)
    for n in range(length):
        left = max(len(every) - n, 0)
        hashes, whole = joined(hashes[:left], every[n:].astype(np.uint64), 1), whole[:left] & (every[n:] != ABSENT)
    return np.unique(hashes[whole]) if whole.any() else np.zeros(1, np.uint64)


def _brackets(every: Array, starts: Array, ends: Array) -> tuple[Array, Array]:
    """Whether a bracket is left open in a row, and whether one is closed that was not opened."""
    opens, closes = np.zeros((2, len(ends)), bool)
    for i in np.unique(np.searchsorted(ends, np.flatnonzero(_among(every, _OPEN | _CLOSE)))).tolist():
        depth = 0
        for code in every[starts[i] : ends[i]].tolist():
            if code in _OPEN:
                depth += 1
            elif code in _CLOSE:
                closes[i] |= depth == 0
                depth = max(depth - 1, 0)
        opens[i] = depth > 0
    return opens, closes
