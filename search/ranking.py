"""In which order matches come.

First all matches are scored by BM25 over words and bigrams of both zones; then the best few hundred are looked at
more closely. Running text (a question, a title, a name, a fragment) asks for the article in which much of it stands
in the opening, for news says what matters first, and close together. A few keywords side by side ask for the article
in which each of them is prominent.

Weights were tuned on tasks with known answers (questions, whole titles, keywords, title fragments, names, with and
without OCR damage) by coordinate ascent on one half of the queries and confirmed on the other, both ways round.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh

from index import analyzer, segment
from index.normalize import fold, significant
from index.weighting import K1 as K1
from index.weighting import B as B
from search.bm25 import BM25
from search.language_files import question_words, stop_words
from search.lexicon import Evidence

WEIGHTING = BM25(B=B, K1=K1)

ZONE_WEIGHTS = {"title": 1.5, "body": 1.0}
KIND_WEIGHTS = {"notice": 0.8}
"""Notices come later than an article that matches as well; text that belongs to no article comes last anyway."""
OTHER_FORM_WEIGHT = 0.8
"""Articles in which a character of the query is printed in another script's form come after those in its own."""
ADDED_WEIGHT = 0.5
"""What an added synonym counts beside the word that was typed."""

CANDIDATES = 300
"""So many of the best matches are looked at closely."""

SPACED_NAME = 4
"""Words of so few characters in all may be a name typed with a space in it."""

KEYWORDS_LENGTH = 14
"""Longest query, in characters, that may be keywords."""

LEAD = 0.4
"""In a longer one, what it is worth to have all of its words, as a share of the idf of all of its bigrams."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Weights of the evidence: BM25 of words and bigrams, then what the closer look adds."""

    words: float = 1.0
    bigrams: float = 0.0
    opening: float = 0.0
    passage: float = 0.0
    prominence: float = 0.0


RUNNING_TEXT = Profile(bigrams=0.25, opening=1.5, passage=0.4)
"""Order and neighbourhood of the characters tell."""
KEYWORDS = Profile(passage=1.0, prominence=100.0)
"""Prominence decides; BM25 and the neighbourhood hardly more than break ties."""
EITHER = replace(RUNNING_TEXT, prominence=10.0)
"""For words typed without spaces that may be a phrase."""

OPENING = 160
"""Characters within which the weight of what stands in the opening falls to 1/e of what it is at the start."""
PASSAGE = 40
"""Characters that count as close together."""
TITLE_FREQUENCY = 3
"""A keyword in the title is as prominent as one that stands so many times in the body."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The evidence that one query asks for: its texts with their weights, and how the evidence is weighed."""

    texts: tuple[tuple[str, float], ...]
    profile: Profile
    labels: frozenset[str] = frozenset()
    """Those of the texts that name a column: words like others, but not of the sentence that the rest is."""

    def query(self) -> whoosh.Query:
        """The query whose scores are the first ordering of all matches."""
        weighted = sorted(self._terms(), key=itemgetter(0))  # those of a field are evaluated together
        terms = [
            whoosh.Term(f"{zone}_{granularity}", term, boost=weight * zone_weight)
            for zone, zone_weight in ZONE_WEIGHTS.items()
            for granularity, term, weight in weighted
        ]
        return whoosh.Or(terms) if terms else whoosh.NullQuery

    def evidence(self) -> list[str]:
        """What speaks for an article that matches in part: the bigrams of what was typed, or a single character."""
        return _evidence([text for text, weight in self.texts if weight == 1])

    def lead(self, lexicon: Evidence) -> float | None:
        """What an article with all words scores more than one with some of them; None if it comes first anyway.

        All words of a long sentence may stand scattered over an article on anything.
        """
        if len(significant("".join(text for text, weight in self.texts if weight == 1))) <= KEYWORDS_LENGTH:
            return None
        return LEAD * float(lexicon.idfs("body_bigrams", self.evidence()).sum())

    def closer(self, lexicon: Evidence, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """What a closer look at each of ``docs`` (ascending) adds to its score."""
        more = np.zeros(len(docs))
        if self.profile.prominence:
            more += self.profile.prominence * self._prominence(lexicon, docs)
        if self.profile.opening or self.profile.passage:
            more += self._neighbourhood(lexicon, docs)
        return more

    def _prominence(self, lexicon: Evidence, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """How prominent the words are: BM25 with the norm of all words' tf·idf as the length of an article."""
        weights = {word: weight for granularity, word, weight in self._terms() if granularity == "words"}
        words = list(weights)
        title, body = (lexicon.frequencies(f"{zone}_words", words, docs) for zone in ("title", "body"))
        times = TITLE_FREQUENCY * title + body
        telling = lexicon.idfs("body_words", words) * list(weights.values())
        sums: NDArray[np.float64] = np.einsum("w,wd->d", telling, times / (times + K1 * lexicon.norms[docs]))
        return sums

    def _neighbourhood(self, lexicon: Evidence, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much stands in the opening, and close together; a title is part of the opening, and a passage."""
        typed = [text for text, weight in self.texts if weight == 1]
        told = [text for text in typed if fold(text) not in self.labels] or typed
        terms = [term for term in _evidence(told) if len(term) > 1]
        if not terms or not len(docs):
            return np.zeros(len(docs))
        weights = lexicon.idfs("body_bigrams", terms)
        title, body = (lexicon.places(f"{zone}_bigrams", terms, docs) for zone in ("title", "body"))
        passages = [zone.passage(weights, PASSAGE, len(docs)) for zone in (title, body)]
        opening = (title + body).opening(weights, OPENING, len(docs))
        return self.profile.opening * opening + self.profile.passage * np.maximum(*passages)

    def _terms(self) -> Iterable[tuple[str, str, float]]:
        """Each term of the texts once: its granularity, the term, its weight."""
        weights: dict[tuple[str, str], float] = {}
        for text, weight in self.texts:
            for word in _words(text):
                weights.setdefault(("words", word), weight * self.profile.words)
            for pair in _bigrams(text):
                weights.setdefault(("bigrams", pair), weight * self.profile.bigrams)
            if len(text) == 1:
                weights.setdefault(("chars", text), weight)
        return ((granularity, term, weight) for (granularity, term), weight in weights.items() if weight)


def ranking(
    words: Sequence[str], phrases: Sequence[str], added: Sequence[str], labels: Collection[str],
    occurs: Callable[[str], bool],
) -> Ranking:
    """The ranking for the words and phrases of a query and the synonyms added to them; some words may be labels.

    ``occurs`` tells whether the characters of a text stand together in any article.
    """
    bare = _without_question_words(words)
    question = "".join(bare) != fold("".join(words))
    asked = (*bare, *phrases)
    joined = "".join(words)
    if len(words) > 1 and len(significant(joined)) <= SPACED_NAME:
        asked = (*asked, joined)
    weighted = (*((text, 1.0) for text in asked), *((text, ADDED_WEIGHT) for text in added))
    profile = RUNNING_TEXT if question else _profile(asked, occurs)
    return Ranking(weighted, profile, frozenset(map(fold, labels)))


def _profile(texts: Sequence[str], occurs: Callable[[str], bool]) -> Profile:
    """Whether texts are a few words side by side.

    A dictionary cuts keywords into words; running text, names and fragments leave single characters over. Words typed
    without spaces may be either, if each two neighbours do stand together somewhere.
    """
    if len(significant("".join(texts))) > KEYWORDS_LENGTH:
        return RUNNING_TEXT
    pieces = [piece for text in texts for word in segment.words(fold(text)) if (piece := significant(word))]
    whole = all(len(piece) > 1 or piece.isascii() for piece in pieces)
    if not whole or len(pieces) < 2:
        return RUNNING_TEXT
    phrase = len(texts) == 1 and all(occurs(first + second) for first, second in pairwise(pieces))
    return EITHER if phrase else KEYWORDS


@functools.lru_cache(maxsize=1024)
def _words(text: str) -> Sequence[str]:
    found = analyzer.words(text)
    return [word for word in found if word not in stop_words()] or found


def _bigrams(text: str) -> list[str]:
    return [pair for pair in analyzer.bigrams(text) if "\n" not in pair]


def _evidence(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(term for text in texts for term in _bigrams(text) or [significant(text)] if term))


def _without_question_words(texts: Sequence[str]) -> Sequence[str]:
    """The texts without what only makes them a question, unless nothing else is left."""
    kept = [piece for text in texts for piece in _question().split(fold(text)) if piece]
    return kept or texts


@functools.cache
def _question() -> re.Pattern[str]:
    words = question_words()
    anywhere = "|".join(re.escape(word) for word in words if len(word) > 1)
    at_end = "".join(re.escape(word) for word in words if len(word) == 1)
    return re.compile(f"{anywhere}|[{at_end}]$")
