"""Characters that OCR took for their look-alikes (现扬 -> 现场), corrected only where the dictionary is sure.

A character and its alternative are compared by the best segmentation of the few characters around them, each word
at its dictionary frequency (a unigram language model, as in P. Norvig, "Natural Language Corpus Data", 2009). The
alternative is taken when it wins by the margin of its pair. ``lookalikes.tsv`` holds the pairs with their margins,
and strings that are never legitimate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from index import segment
from index.pages import joint

REACH = 4
"""Characters looked at on each side; also the longest word."""
TOTAL = 60_000_000
"""Words counted by jieba's dictionary."""
CAUTION = 2.0
"""Asked beyond the margin of each pair, which was set on news: stories and essays have rarer turns of phrase."""
CLEAR, NEWS_MARGIN = 5.0, 2.0
"""The n-grams of news must prefer the alternative, too, by log odds."""
NEWS_ALONE = {1: 4.0, 2: 5.5}
"""How much they must prefer it where the gain is no more than ``CLEAR``, and they know no three characters with the
alternative: by the number of its Chinese neighbours."""
SOLID = 300
"""A character inside a word seen more often than this is left alone."""

_frequency = lru_cache(maxsize=1 << 17)(segment.frequency)


@dataclass(frozen=True, slots=True)
class Correction:
    """One character put right; ``at`` is its place in the text."""

    at: int
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """A right character, its margin, and characters that must not stand before and behind the wrong one."""

    right: str
    margin: float
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    pairs: dict[str, tuple[_Pair, ...]]
    strings: dict[str, str]
    suspects: re.Pattern[str]
    never: re.Pattern[str]


def corrected(text: str, keep: Collection[str] = ()) -> tuple[str, list[Correction]]:
    """``text`` with look-alikes put right, of the same length, and what was changed.

    ``keep``: names that must stay as they are.
    """
    found = {c.at: c for c in _strings(text)}
    for match in _table().suspects.finditer(text):
        at = match.start()
        if at not in found and (right := _better(text, at)):
            found[at] = Correction(at, text[at], right)
    guarded = _guarded(text, keep) if found else set()
    changes = [c for at, c in sorted(found.items()) if at not in guarded]
    letters = list(text)
    for change in changes:
        letters[change.at] = change.right
    return "".join(letters), changes


def _guarded(text: str, keep: Collection[str]) -> set[int]:
    """The places of all names in the text."""
    spans = (m.span() for name in keep if name for m in re.finditer(re.escape(name), text))
    return {at for start, end in spans for at in range(start, end)}


def _strings(text: str) -> Iterator[Correction]:
    """Corrections of strings that are never legitimate."""
    table = _table()
    for match in table.never.finditer(text):
        for i, (wrong, right) in enumerate(zip(match[0], table.strings[match[0]], strict=True)):
            if wrong != right:
                yield Correction(match.start() + i, wrong, right)


def _better(text: str, at: int) -> str | None:
    """The character that the dictionary surely prefers at a place; None if it is the one that stands there."""
    wrong, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if before and _frequency(before + wrong) > SOLID or after and _frequency(wrong + after) > SOLID:
        return None
    options = [pair for pair in _table().pairs[wrong] if _viable(text, at, pair, before, after)]
    if not options:
        return None
    start, end = _window(text, at)
    here = _score(text[start:end])
    gains = [(_score(text[start:at] + p.right + text[at + 1 : end]) - here - p.margin, p.right) for p in options]
    gain, right = max(gains)
    if gain <= CAUTION:
        return None
    around = text[max(0, at - 2) : at], text[at + 1 : at + 3]
    return right if _news_prefers(*around, wrong, right, thin=gain <= CLEAR) else None


@lru_cache(maxsize=1 << 14)
def _news_prefers(before: str, after: str, wrong: str, right: str, *, thin: bool) -> bool:
    """Whether the n-grams of news over a place say the same as the dictionary: log odds, summed."""
    odds, need = 0.0, NEWS_MARGIN
    at = len(before)
    here, there = before + wrong + after, before + right + after
    for size in (2, 3):
        within = range(max(0, at - size + 1), min(at, len(here) - size) + 1)
        starts = [start for start in within if all(map(_is_han, here[start : start + size]))]
        grams = [text[start : start + size] for text in (here, there) for start in starts]
        counts = joint.model().ngrams.counts_of(grams) if grams else []
        seen, wanted = counts[: len(starts)], counts[len(starts) :]
        odds += sum(math.log((w + 0.5) / (s + 0.5)) for s, w in zip(seen, wanted, strict=True))
        if size == 2 and thin:
            need = NEWS_ALONE.get(len(starts), NEWS_MARGIN)
        elif any(wanted):
            need = NEWS_MARGIN
    return odds > need


def _viable(text: str, at: int, pair: _Pair, before: str, after: str) -> bool:
    """Whether the alternative makes a word with its neighbours, and no guard forbids it."""
    if before and before in pair.before or after and after in pair.behind:
        return False
    if pair.behind or before and _frequency(before + pair.right) or after and _frequency(pair.right + after):
        return True
    return _longer(text, at, pair.right)


def _longer(text: str, at: int, right: str) -> bool:
    """Whether the alternative makes a word of three or four characters."""
    around = text[max(0, at - 3) : at] + right + text[at + 1 : at + 4]
    i = min(3, at)
    starts = ((a, n) for n in (3, 4) for a in range(max(0, i - n + 1), min(i, len(around) - n) + 1))
    return any(_frequency(around[a : a + n]) for a, n in starts)


def _window(text: str, at: int) -> tuple[int, int]:
    """The Chinese characters around a place, up to REACH on each side."""
    start, end = at, at + 1
    while start > max(0, at - REACH) and _is_han(text[start - 1]):
        start -= 1
    while end < min(len(text), at + REACH + 1) and _is_han(text[end]):
        end += 1
    return start, end


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


@lru_cache(maxsize=1 << 14)
def _score(text: str) -> float:
    """Log probability of the best segmentation of a short text."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        best.append(max(best[start] + _word(text[start:end]) for start in range(max(0, end - REACH), end)))
    return best[-1]


def _word(word: str) -> float:
    count = _frequency(word)
    if count:
        return math.log(count / TOTAL)
    return -math.log(TOTAL) - 2 if len(word) == 1 else -math.inf


@cache
def _table() -> _Table:
    pairs: dict[str, tuple[_Pair, ...]] = {}
    strings: dict[str, str] = {}
    for line in resources.files(__package__).joinpath("lookalikes.tsv").read_text("utf-8").splitlines():
        wrong, *rest = line.split("\t")
        if len(rest) >= 2:
            right, margin, *guards = rest
            pairs[wrong] = (*pairs.get(wrong, ()), _Pair(right, float(margin), *guards))
        elif rest:
            strings[wrong] = rest[0]
    return _Table(pairs, strings, re.compile(f"[{''.join(pairs)}]"), re.compile("|".join(strings)))
