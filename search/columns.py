"""Values of documents as arrays: what filters, facets and sorting look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from index.schema import KEYWORDS, SCHEMA


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword field. ``docs[i]`` are the documents that have ``values[i]``, ascending."""

    values: tuple[str, ...]
    docs: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """``days[doc]`` is yyyymmdd, 0 where unknown; ``id_ranks[doc]`` the place of its id in the order of ids."""

    days: NDArray[np.int32]
    id_ranks: NDArray[np.int32]
    keywords: dict[str, Keyword]

    @classmethod
    def read(cls, reader: IndexReader) -> Columns:
        """The columns of all documents of a reader."""
        days = np.zeros(reader.doc_count_all(), np.int32)
        for value, docs in _postings(reader, "day"):
            days[docs] = value
        id_ranks = np.zeros(reader.doc_count_all(), np.int32)
        for rank, (_, docs) in enumerate(_postings(reader, "id")):
            id_ranks[docs] = rank
        return cls(days, id_ranks, {name: _keyword(reader, name) for name in KEYWORDS})

    def mask(self, name: str, values: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which documents have one of ``values`` in a keyword field."""
        mask = np.zeros(len(self.days), bool)
        for value, docs in zip(self.keywords[name].values, self.keywords[name].docs, strict=True):
            if value in values:
                mask[docs] = True
        return mask


def _keyword(reader: IndexReader, name: str) -> Keyword:
    found = list(_postings(reader, name))
    return Keyword(tuple(value for value, _ in found), tuple(docs for _, docs in found))


def _postings(reader: IndexReader, name: str):  # type: ignore[no-untyped-def]
    for term in reader.lexicon(name):
        docs = np.fromiter(reader.postings(name, term).all_ids(), np.int64)
        yield SCHEMA[name].from_bytes(term), docs
