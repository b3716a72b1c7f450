"""In which order matches come.

First all matches are scored by BM25 over words and bigrams of both zones; then the best few hundred are looked at
more closely: how much of the query stands in the article's opening (news says what matters first), and how much
stands close together. Words carry the meaning, bigrams the names and phrases that no dictionary has.

Weights were tuned on tasks with known answers (questions, whole titles, keywords, title fragments, names) on one
half of the queries and confirmed on the other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh
from whoosh.searching import Searcher

from index import analyzer, segment
from index.normalize import fold, significant
from search.bm25 import BM25, idf
from search.language_files import question_words, stop_words
from search.passages import places

K1 = 1.2
"""BM25: how soon a term's repetitions stop counting (Robertson and Zaragoza, 2009)."""
B = 0.75
"""BM25: how much long texts are held back, 0 to 1."""
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


@dataclass(frozen=True, slots=True)
class Profile:
    """Weights of the evidence. ``openings`` are (characters from the start, weight)."""

    words: float
    bigrams: float
    openings: tuple[tuple[int, float], ...]
    passage: float


RUNNING_TEXT = Profile(words=1.5, bigrams=0.25, openings=((50, 0.25), (100, 0.1), (150, 0.5)), passage=0.5)
"""For questions, titles, names and fragments: order and neighbourhood of the characters tell."""
KEYWORDS = Profile(words=2.0, bigrams=0.0, openings=((150, 0.25),), passage=0.2)
"""For a few words side by side: their neighbourhood tells little."""
PASSAGE = 40
"""Characters that count as close together."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The evidence that one query asks for: its texts with their weights, and how the evidence is weighed."""

    texts: tuple[tuple[str, float], ...]
    profile: Profile

    def query(self) -> whoosh.Query:
        """The query whose scores are the first ordering of all matches."""
        terms = [
            whoosh.Term(f"{zone}_{granularity}", term, boost=weight * zone_weight)
            for zone, zone_weight in ZONE_WEIGHTS.items()
            for granularity, term, weight in self._terms()
        ]
        return whoosh.Or(terms) if terms else whoosh.NullQuery

    def evidence(self) -> list[str]:
        """What speaks for an article that matches in part: the bigrams of what was typed, or a single character."""
        typed = [text for text, weight in self.texts if weight == 1]
        return list(dict.fromkeys(term for text in typed for term in _bigrams(text) or [significant(text)] if term))

    def closer(self, searcher: Searcher, docs: NDArray[np.int64]) -> NDArray[np.float64]:
        """What the opening and the closest passage of each of ``docs`` (ascending) add to its score.

        A title is part of the opening, and a passage.
        """
        terms = [term for term in self.evidence() if len(term) > 1]
        if not terms or not len(docs):
            return np.zeros(len(docs))
        reader = searcher.reader()
        count = searcher.doc_count_all()
        weights = np.array([idf(reader.doc_frequency("body_bigrams", term.encode()), count) for term in terms])
        title, body = (places(searcher, f"{zone}_bigrams", terms, docs) for zone in ("title", "body"))
        more = self.profile.passage * np.maximum(
            title.passage(weights, PASSAGE, len(docs)), body.passage(weights, PASSAGE, len(docs))
        )
        for length, weight in self.profile.openings:
            more += weight * (title + body).opening(weights, length, len(docs))
        return more

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


def ranking(words: Sequence[str], phrases: Sequence[str], added: Sequence[str]) -> Ranking:
    """The ranking for the words and phrases of a query and the synonyms added to them."""
    asked = (*_without_question_words(words), *phrases)
    joined = "".join(words)
    if len(words) > 1 and len(significant(joined)) <= SPACED_NAME:
        asked = (*asked, joined)
    weighted = (*((text, 1.0) for text in asked), *((text, ADDED_WEIGHT) for text in added))
    return Ranking(weighted, KEYWORDS if _are_keywords(asked) else RUNNING_TEXT)


def _are_keywords(texts: Sequence[str]) -> bool:
    """Whether texts, spaces or not, are a few words side by side.

    A dictionary cuts keywords into words; running text, names and fragments leave single characters over.
    """
    if len(significant("".join(texts))) > KEYWORDS_LENGTH:
        return False
    pieces = [piece for text in texts for word in segment.words(fold(text)) if (piece := significant(word))]
    whole = all(len(piece) > 1 or piece.isascii() for piece in pieces)
    return whole and len(pieces) > 1


def _words(text: str) -> list[str]:
    found = analyzer.words(text)
    return [word for word in found if word not in stop_words()] or found


def _bigrams(text: str) -> list[str]:
    return [pair for pair in analyzer.bigrams(text) if "\n" not in pair]


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
