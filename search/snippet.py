"""Extracts with the matched characters marked, as data; HTML comes later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.analyzer import Skeleton, skeleton
from search.matching import parts
from search.model import Part, Snippet

SHORTEST, LONGEST = 60, 160
"""Length of a snippet in characters, where the text has as many."""

_WINDOW = 100
"""Matches this far apart still fit one snippet."""
_LEAD = 50
"""How far before a match a snippet may start to begin with a sentence."""

_CLAUSE_END = re.compile(r"[，；：,;:]")
_SENTENCE_END = re.compile(r"[。！？!?…\n]+[”’」』）)]*")

Span = tuple[int, int]


def occurrences(text: str | Skeleton, terms: Iterable[str]) -> dict[str, list[Span]]:
    """Where the characters of each term stand together in ``text``: start and end of each place, in its offsets.

    Terms are folded and significant, as ``search.matching.units`` gives them; those that do not occur are left out.
    """
    bare = skeleton(text) if isinstance(text, str) else text
    return {term: _find(bare, term) for term in terms if term in bare.text}


def spans(found: dict[str, list[Span]]) -> list[Span]:
    """All places of ``occurrences``."""
    return [span for places in found.values() for span in places]


def markable(text: str, terms: Iterable[str]) -> tuple[str, ...]:
    """The terms, and for each that does not occur in ``text`` the words inside it."""
    found = occurrences(text, terms := tuple(terms))
    return tuple(dict.fromkeys([*terms, *(part for term in terms if term not in found for part in parts(term))]))


def marked(text: str, places: Iterable[Span], start: int = 0, end: int | None = None) -> tuple[Part, ...]:
    """``text[start:end]`` in parts, those inside ``places`` as hits; their texts concatenate to it."""
    end = len(text) if end is None else end
    parts: list[Part] = []
    at = start
    for begin, stop in _merged(places):
        begin, stop = max(begin, at), min(stop, end)
        if begin < stop:
            parts += [Part(text[at:begin])] if begin > at else []
            parts.append(Part(text[begin:stop], hit=True))
            at = stop
    return (*parts, Part(text[at:end])) if at < end else tuple(parts)


def snippet(field: str, text: str, found: dict[str, list[Span]]) -> Snippet:
    """The extract of ``text`` that shows most of ``found``; its beginning if nothing is found."""
    places = sorted([(begin, stop, term) for term, spans in found.items() for begin, stop in spans])
    start, end = _bounds(text, _best(places))
    inside = [(begin, stop) for begin, stop, _ in places if stop > start and begin < end]
    return Snippet(field, marked(text, inside, start, end))


def _find(bare: Skeleton, term: str) -> list[Span]:
    text, offset, last = bare.text, bare.offsets.item, len(term) - 1
    found = []
    at = text.find(term)
    while at >= 0:
        found.append((offset(at), offset(at + last) + 1))
        at = text.find(term, at + 1)
    return found


def _merged(places: Iterable[Span]) -> list[Span]:
    """The places in order, those that overlap or touch made one."""
    merged: list[Span] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _best(places: Sequence[tuple[int, int, str]]) -> Span:
    """The first window that shows the most characters of different terms; it starts and ends with a match."""
    best, most = (0, 0), 0
    first = shown = 0
    inside = dict.fromkeys([term for _, _, term in places], 0)
    for last, (_, end, term) in enumerate(places):
        shown += 0 if inside[term] else len(term)
        inside[term] += 1
        while first < last and end - places[first][0] > _WINDOW:
            leaving = places[first][2]
            inside[leaving] -= 1
            shown -= 0 if inside[leaving] else len(leaving)
            first += 1
        if shown > most:
            best, most = (places[first][0], end), shown
    return best


def _bounds(text: str, window: Span) -> Span:
    """Start and end of a snippet that holds a window: from a sentence's start, to a sentence's end, if near."""
    start = _sentence_start(text, window[0])
    end = min(len(text), start + LONGEST)
    ends = [stop.end() for stop in _SENTENCE_END.finditer(text, start + SHORTEST, end)]
    end = next((stop for stop in reversed(ends) if stop >= window[1]), end)
    if end - start < SHORTEST:
        before = [0, *(stop.end() for stop in _SENTENCE_END.finditer(text, 0, start))]
        earlier = [place for place in before if SHORTEST <= end - place <= LONGEST]
        start = earlier[-1] if earlier else max(0, end - SHORTEST)
    return start, end


def _sentence_start(text: str, match: int) -> int:
    """Where to begin before a match: after the nearest sentence end, else clause end, else a little before it."""
    earliest = max(0, match - _LEAD)
    for ending in (_SENTENCE_END, _CLAUSE_END):
        starts = [stop.end() for stop in ending.finditer(text, earliest, match)]
        if starts:
            return starts[-1] if ending is _SENTENCE_END else starts[0]
    return earliest if earliest == 0 else match - _LEAD // 2
