"""Articles about the same as a given one, by the words that tell most about it.

An article's words are weighed by how often it has them and how few others do, both as in BM25; the best of them are
searched for. Lucene calls this "more like this".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from whoosh import query as whoosh

from index import analyzer
from index.model import Article
from index.normalize import significant
from index.schema import ROLES, keywords
from search.bm25 import idf
from search.evaluator import evaluate
from search.language_files import stop_words
from search.ranking import K1, ZONE_WEIGHTS
from search.snapshot import Snapshot
from search.whoosh_query import Matching

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
    matches = evaluate(snapshot.searcher, _evidence(snapshot, snapshot.article(doc)))
    own = matches.scores[matches.docs == doc].sum()
    others = (matches.docs != doc) & ~snapshot.columns.mask("kind", ("page",))[matches.docs]
    others &= (matches.scores >= LEAST * own) & (own > 0)
    docs, shares = matches.docs[others], matches.scores[others] / max(own, 1e-9)
    best = np.lexsort((snapshot.columns.newest[docs], -shares))[:limit]
    return tuple(zip(docs[best].tolist(), shares[best].tolist(), strict=True))


def _evidence(snapshot: Snapshot, article: Article) -> whoosh.Query:
    """What speaks for an article being like ``article``."""
    words = dict(_telling_words(snapshot, article)[:WORDS])
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


def _telling_words(snapshot: Snapshot, article: Article) -> list[tuple[str, float]]:
    """The words that occur elsewhere too, and the weight of each as often as it occurs here; most telling first."""
    reader, count = snapshot.searcher.reader(), snapshot.searcher.doc_count_all()
    weights, telling = {}, {}
    for word, frequency in _frequencies(snapshot, article).items():
        articles = reader.doc_frequency("body_words", word)
        if articles > 1:
            weights[word] = frequency / (frequency + K1)
            telling[word] = weights[word] * idf(articles, count)
    return sorted(weights.items(), key=lambda item: (-telling[item[0]], item[0]))


def _frequencies(snapshot: Snapshot, article: Article) -> Counter[str]:
    """How often each word occurs in an article; the name of a column is left out."""
    found = Counter(_words(article.body[:READ]))
    for text in (article.title, article.kicker, article.subtitle):
        if text and not _is_column(snapshot, text):
            for word in _words(text):
                found[word] += TITLE_WEIGHT
    return found


def _words(text: str) -> Iterator[str]:
    common = stop_words()
    return (word for word in analyzer.words(text) if len(word) > 1 and word not in common)


def _is_column(snapshot: Snapshot, title: str) -> bool:
    key = significant(title)
    query = Matching(snapshot.lexicon).substring(key, ("title",)) if key else whoosh.NullQuery
    return len(evaluate(snapshot.searcher, query, scored=False).docs) >= COLUMN_SIZE
