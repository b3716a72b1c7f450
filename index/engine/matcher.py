"""Whoosh's walks, one term or one document at a time, over arrays of postings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.matching import LeafMatcher, NullMatcher, ReadTooFar

from index.engine.postings import TermPostings, Terms


class TermCursor(base.FieldCursor):  # type: ignore[misc]
    """Whoosh's walk through the terms of a field, for its fuzzy queries."""

    def __init__(self, terms: Terms, field: Any) -> None:
        self._terms = terms
        self._field = field
        self._place = 0

    def first(self) -> str | None:
        self._place = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        self._place = self._terms.first_from(term if isinstance(term, bytes) else self._field.to_bytes(term))
        return self.text()

    def next(self) -> str | None:
        self._place += 1
        return self.text()

    def text(self) -> str | None:
        return self._field.from_bytes(self._terms[self._place]) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._place < len(self._terms)


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]
    """Whoosh's walk through the postings of a term, one document at a time."""

    def __init__(self, postings: TermPostings, format_: Any, scorer: Any) -> None:
        self._postings = postings
        self._term = postings.field, postings.text
        self.format = format_
        self.scorer = scorer
        self._docs, self._freqs = postings.docs, postings.freqs
        self._place = 0

    def copy(self) -> PostingsMatcher:
        other = PostingsMatcher(self._postings, self.format, self.scorer)
        other._place = self._place
        return other

    def replace(self, _minquality: float = 0) -> PostingsMatcher | NullMatcher:
        return self if self.is_active() else NullMatcher()

    def reset(self) -> None:
        self._place = 0

    def is_active(self) -> bool:
        return self._place < len(self._docs)

    def id(self) -> int:
        return int(self._docs[self._place])

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs[self._place :].tolist())

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return False

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._place += int(np.searchsorted(self._docs[self._place :], id))

    def supports_block_quality(self) -> bool:
        return False

    def weight(self) -> float:
        return 1.0 if self._freqs is None else float(self._freqs[self._place])

    def value(self) -> bytes:
        return bytes(self.format.encode(self._positions() if self.supports("positions") else int(self.weight())))

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            return self._positions()
        return self.weight() if astype in ("weight", "frequency") else super().value_as(astype)

    def _positions(self) -> list[int]:
        """Positions of the term in the current document, counted from the start of its text."""
        positions = self._postings.inverted.positions
        if positions is None:
            raise ValueError("field without positions")
        before = self._place if self._freqs is None else int(self._freqs[: self._place].sum(dtype=np.int64))
        places = self._postings.places[before : before + int(self.weight())]
        return [place - positions.text_starts.item(self.id()) for place in places.tolist()]
