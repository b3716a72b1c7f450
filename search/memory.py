"""What the evaluations of one searcher learn for those that follow."""

from __future__ import annotations

from whoosh.searching import Searcher

from search.bm25 import Statistics
from search.hits import Docs
from search.kept import Kept

PHRASES = 1 << 24
"""Bytes that the documents of phrases may take."""
_ENTRY = 500
"""About what each takes beside its documents."""


class Memory:
    """What all evaluations on one searcher may know; threads may share it."""

    def __init__(self, searcher: Searcher) -> None:
        self.statistics = Statistics(searcher)
        self.phrases = Kept[Docs](PHRASES, lambda docs: docs.nbytes + _ENTRY)
        """The documents of each segment that have some terms in a row."""
