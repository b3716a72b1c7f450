"""Articles about the same as a given one, by the words that tell most about it.

An article's words are weighed by how often it has them and how few others do, both as in BM25; the best of them are
searched for. Lucene calls this "more like this".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh import query as whoosh

from index import analyzer
from index.model import Article
from index.normalize import significant
from index.schema import ROLES, keywords
from index.weighting import K1
from search.evaluator import evaluate
from search.language_files import stop_words
from search.ranking import ZONE_WEIGHTS
from search.snapshot import Snapshot
from search.whoosh_query import substring

WORDS = 30
"""So many of the most telling words are searched for."""
READ = 2000
"""Characters of a body in which they are looked for."""
TITLE_WEIGHT = 2
"""A word of the title counts like so many of the body."""
NAME_WEIGHT = 1.0
"""The score of a common writer or photographer: about that of a common word, for it tells little of the subject."""
COLUMN_SIZE = 4
"""A title that stands in so many titles is the name of a column, and tells nothing of the subject."""
LEAST = 0.15
"""Articles with less than this share of the evidence are not similar."""


def similar(snapshot: Snapshot, doc: int, limit: int = 5) -> tuple[tuple[int, float], ...]:
    """At most ``limit`` other documents like document ``doc``, best first, with their share of its own score.

    Page furniture is never among them. The share is at least ``LEAST``, and about 1 where the text is the same.
    """
    matches = evaluate(snapshot.searcher, evidence(snapshot, snapshot.article(doc)))
    own = matches.scores[matches.docs == doc].sum()
    others = (matches.docs != doc) & ~snapshot.columns.mask("kind", ("page",))[matches.docs]
    others &= (matches.scores >= LEAST * own) & (own > 0)
    docs, shares = matches.docs[others], matches.scores[others] / max(own, 1e-9)
    best = np.lexsort((snapshot.columns.newest[docs], -shares))[:limit]
    return tuple(zip(docs[best].tolist(), shares[best].tolist(), strict=True))


class Words(Protocol):
    """The words of an archive."""

    def idfs(self, field: str, terms: Iterable[str]) -> NDArray[np.float64]:
        """How much each of some terms tells."""

    def frequency(self, field: str, term: str) -> int:
        """In how many articles a term occurs."""


class Archive(Protocol):
    """What is asked of an archive."""

    @property
    def lexicon(self) -> Words: ...

    def counts(self, queries: Sequence[whoosh.Query]) -> list[int]:
        """How many articles match each query."""


def evidence(archive: Archive, article: Article) -> whoosh.Query:
    """What speaks for an article being like ``article``."""
    words = dict(_telling_words(archive, article)[:WORDS])
    terms = [
        whoosh.Term(f"{zone}_words", word, boost=zone_weight * weight)
        for zone, zone_weight in ZONE_WEIGHTS.items()
        for word, weight in words.items()
    ]
    people = (*ROLES.values(), "author")
    names = [
        whoosh.Term(field, name, boost=NAME_WEIGHT)
        for field, values in keywords(article).items() if field in people
        for name in values
    ]
    return whoosh.Or(terms + names) if terms else whoosh.NullQuery


def _telling_words(archive: Archive, article: Article) -> list[tuple[str, float]]:
    """The words that occur elsewhere too, and the weight of each as often as it occurs here; most telling first."""
    weights, telling = {}, {}
    frequencies = _frequencies(archive, article)
    idfs = archive.lexicon.idfs("body_words", frequencies).tolist()
    for (word, frequency), idf in zip(frequencies.items(), idfs, strict=True):
        if archive.lexicon.frequency("body_words", word) > 1:
            weights[word] = frequency / (frequency + K1)
            telling[word] = weights[word] * idf
    return sorted(weights.items(), key=lambda item: (-telling[item[0]], item[0]))


def _frequencies(archive: Archive, article: Article) -> Counter[str]:
    """How often each word occurs in an article; the name of a column is left out."""
    found = Counter(_words(article.body[:READ]))
    for text in (article.title, article.kicker, article.subtitle):
        if text and not _is_column(archive, text):
            for word in _words(text):
                found[word] += TITLE_WEIGHT
    return found


def _words(text: str) -> Iterator[str]:
    common = stop_words()
    return (word for word in analyzer.words(text) if len(word) > 1 and word not in common)


def _is_column(archive: Archive, title: str) -> bool:
    key = significant(title)
    return bool(key) and archive.counts([substring(key, ("title",))])[0] >= COLUMN_SIZE
