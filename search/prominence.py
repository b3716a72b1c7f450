"""How prominent a word is in an article: how often it stands there, against how much else is said, and how often.

BM25 holds an article back by the length of its text. For a few keywords the length of the vector of its words'
tf·idf is the better measure: a word that is repeated less than others of the same article is not what the article is
about, however short it is. The Euclidean length makes this the cosine of the vector space model (Salton and Buckley,
1988); the norm of ``ORDER`` gives the few most repeated words more say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.searching import Searcher

from index.engine.codec import parts
from index.engine.postings import Postings, counts
from index.weighting import ORDER as ORDER
from search.bm25 import idfs

Floats = NDArray[np.float64]
Docs = NDArray[np.int64]

LEAST = 0.3
"""Smallest norm, as a share of the mean: a line of ten words is not all about each of them."""

_PIECE = 1 << 20
"""Postings that are looked at together."""


def norms(searcher: Searcher, field: str) -> Floats:
    """For each document the norm of its words' tf·idf, as a multiple of the mean and at least ``LEAST``."""
    leaves = [(parts(leaf.reader()), offset) for leaf, offset in searcher.leaf_searchers()]
    known = [(arrays[0].postings(field), offset) for arrays, offset in leaves if arrays]
    segments = [(inverted, offset) for inverted, offset in known if inverted]
    found = np.zeros(searcher.doc_count_all())
    frequencies = _document_frequencies([inverted for inverted, _ in segments])
    for (inverted, offset), frequency in zip(segments, frequencies, strict=True):
        own = _sums(inverted, idfs(frequency, len(found)))
        found[offset : offset + len(own)] = own
    found **= 1 / ORDER
    mean = found[found > 0].mean() if found.any() else 1.0
    return np.maximum(found / mean, LEAST)


def frequencies(searcher: Searcher, field: str, words: Sequence[str], docs: Docs) -> Floats:
    """How often each word (a row) stands in a field of each of ``docs`` (columns; ascending document numbers)."""
    found = np.zeros((len(words), len(docs)))
    for leaf, offset in searcher.leaf_searchers():
        arrays = parts(leaf.reader())
        inverted = arrays[0].postings(field) if arrays else None
        first, last = docs.searchsorted((offset, offset + leaf.doc_count_all())).tolist()
        if inverted and last > first:
            for row, word in enumerate(words):
                found[row, first:last] = _in_segment(inverted, word, docs[first:last] - offset)
    return found


def _in_segment(inverted: Postings, word: str, docs: Docs) -> Floats:
    number = inverted.terms.find(word.encode())
    if number is None:
        return np.zeros(len(docs))
    having, freqs = inverted[number]
    places = having.searchsorted(docs.astype(having.dtype))
    places[places == len(having)] = 0
    there: Floats = (having[places] == docs).astype(np.float64)
    return there if freqs is None else there * freqs[places].astype(np.float64)


def _sums(inverted: Postings, weights: Floats) -> Floats:
    """For each document of a segment the powers of its words' tf·idf, added."""
    size = int(inverted.docs.max(initial=0)) + 1
    found = np.zeros(size)
    each = np.repeat(weights.astype(np.float32), counts(inverted.starts))
    for first in range(0, len(each), _PIECE):
        own = slice(first, first + _PIECE)
        tf_idf = each[own] if inverted.freqs is None else each[own] * inverted.freqs[own]
        found += np.bincount(inverted.docs[own], tf_idf**ORDER, size)
    return found


def _document_frequencies(fields: Sequence[Postings]) -> list[NDArray[np.int64]]:
    """In how many documents of all segments each term of each segment is."""
    if len(fields) == 1:
        return [counts(fields[0].starts)]
    total = Counter[bytes]()
    for inverted in fields:
        total.update(dict(zip(inverted.terms[:], counts(inverted.starts).tolist(), strict=True)))
    return [np.fromiter(map(total.__getitem__, inverted.terms[:]), np.int64) for inverted in fields]
