"""Values of documents as arrays: what filters, facets and sorting look at. Deleted documents have theirs too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader

from index.engine.arrays import Array
from index.engine.codec import parts
from index.engine.postings import counts, sums
from index.schema import KEYWORDS, ROLES
from search.hits import Docs

PERSON = (*ROLES.values(), "author")
"""The fields that together are ``person``: whoever has a byline, in whatever role."""

_Pairs = tuple[list[bytes], Docs, NDArray[np.int32]]
"""The sorted values of a field, and each pair of a document and the number of one of its values."""


@dataclass(frozen=True)
class Keyword:
    """One keyword field, by value and by document.

    ``docs[i]`` are the documents that have ``values[i]``, ascending; values are sorted.
    ``numbers[starts[d]:starts[d + 1]]`` are the values of document d, as indices of ``values``.
    """

    values: tuple[str, ...]
    docs: tuple[Docs, ...]
    starts: Docs
    numbers: NDArray[np.int32]

    def counts(self, docs: Docs) -> list[tuple[str, int]]:
        """How many of ``docs`` have each value: values that occur, most frequent first, then in order."""
        numbers = self._numbers_of(docs) if self._only is None else self._only.take(docs)
        having = np.bincount(numbers, minlength=len(self.values) + 1)[:-1]
        present = np.flatnonzero(having)
        order = present[np.argsort(-having[present], kind="stable")]
        return [(self.values[i], int(having[i])) for i in order.tolist()]

    def mask(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """Which documents have one of ``values``."""
        mask = np.zeros(len(self.starts) - 1, bool)
        for value in values:
            number = bisect_left(self.values, value)
            if number < len(self.values) and self.values[number] == value:
                mask[self.docs[number]] = True
        return mask

    @cached_property
    def _only(self) -> Array | None:
        """The number of each document's only value, ``len(values)`` for none; None if some document has several."""
        sizes = counts(self.starts)
        if sizes.max(initial=0) > 1:
            return None
        only = np.full(len(sizes), len(self.values))
        only[sizes > 0] = self.numbers
        return only

    def _numbers_of(self, docs: Docs) -> Array:
        first = self.starts[docs]
        sizes = self.starts[docs + 1] - first
        ends = np.cumsum(sizes)
        skipped = np.repeat(first - ends + sizes, sizes)
        return self.numbers[skipped + np.arange(len(skipped))]


@dataclass(frozen=True)
class Columns:
    """``days[doc]`` is yyyymmdd, 0 where unknown; ``id_ranks[doc]`` the place of its id in the order of ids."""

    days: NDArray[np.int32]
    id_ranks: NDArray[np.int32]
    keywords: dict[str, Keyword]

    @classmethod
    def read(cls, reader: IndexReader) -> Columns:
        """The columns of all documents of a reader."""
        pairs = {name: _pairs(reader, name) for name in KEYWORDS}
        pairs["person"] = _united([pairs[name] for name in PERSON])
        count = reader.doc_count_all()
        return cls(_days(reader), _id_ranks(reader), {name: _keyword(count, *found) for name, found in pairs.items()})

    def mask(self, name: str, values: Iterable[str]) -> NDArray[np.bool_]:
        """Which documents have one of ``values`` in a keyword field."""
        return self.keywords[name].mask(values)

    def counts(self, name: str, docs: Docs) -> list[tuple[str, int]]:
        """How many of ``docs`` have each value of a field, most frequent first.

        ``year`` and ``month`` (as 2024-05) are counted like fields, newest first, undated documents left out.
        """
        if name == "year":
            return [(f"{year:04}", count) for year, count in _having(*self._years, docs)]
        if name == "month":
            return [(f"{month // 100:04}-{month % 100:02}", count) for month, count in _having(*self._months, docs)]
        return self.keywords[name].counts(docs)

    @cached_property
    def _years(self) -> tuple[Array, Array]:
        """The years that articles are from, 0 for unknown, and the place of each document's among them."""
        return np.unique(self.days // 10000, return_inverse=True)

    @cached_property
    def _months(self) -> tuple[Array, Array]:
        """The months likewise, as numbers yyyymm."""
        return np.unique(self.days // 100, return_inverse=True)

    @cached_property
    def newest(self) -> NDArray[np.uint32]:
        """Each document's place when sorted by newer day, then id; undated documents last."""
        return _places(-self.days, self.id_ranks)

    @cached_property
    def oldest(self) -> NDArray[np.uint32]:
        """Each document's place when sorted by older day, then id; undated documents last."""
        return _places(np.where(self.days > 0, self.days, np.iinfo(np.int32).max), self.id_ranks)


def ids(reader: IndexReader, docs: Docs) -> list[str]:
    """The ids of ``docs``, sorted."""
    values, owners, numbers = _pairs(reader, "id")
    return [values[number].decode() for number in np.sort(numbers[np.isin(owners, docs)]).tolist()]


def _days(reader: IndexReader) -> NDArray[np.int32]:
    column = reader.schema["day"].column_type
    days = np.zeros(reader.doc_count_all(), np.int32)
    for leaf, offset in reader.leaf_readers():
        if leaf.doc_count_all() and leaf.has_column("day"):
            arrays = parts(leaf)
            encoded = arrays[1].numbers("day") if arrays else None
            if encoded is None:
                encoded = np.array(list(leaf.column_reader("day", translate=False)))
            known = np.flatnonzero(encoded != column.default_value())
            # Whoosh stores signed numbers moved up by 2**31, so that their bytes sort as they do
            days[offset + known] = encoded[known].astype(np.int64) - (1 << 31)
    return days


def _id_ranks(reader: IndexReader) -> NDArray[np.int32]:
    values, docs, numbers = _pairs(reader, "id")
    ranks = np.full(reader.doc_count_all(), len(values), np.int32)
    ranks[docs] = numbers
    return ranks


def _keyword(count: int, values: list[bytes], docs: Docs, numbers: NDArray[np.int32]) -> Keyword:
    """The field of ``count`` documents that has these pairs."""
    by_value = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(values)))
    by_doc = np.argsort(docs, kind="stable")
    return Keyword(
        tuple(value.decode("utf-8", "replace") for value in values),
        tuple(np.split(docs[by_value], ends[:-1])) if values else (),
        sums(np.bincount(docs, minlength=count)),
        numbers[by_doc],
    )


def _pairs(reader: IndexReader, name: str) -> _Pairs:
    """The pairs of a field."""
    leaves = [(*_inverted(leaf, name), offset) for leaf, offset in reader.leaf_readers()]
    values = sorted(set[bytes]().union(*(terms for terms, _, _, _ in leaves)))
    docs, numbers = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for terms, frequencies, own, offset in leaves:
        docs.append(own.astype(np.int64) + offset)
        numbers.append(np.repeat(_places_in(values, terms), frequencies))
    return values, np.concatenate(docs), np.concatenate(numbers)


def _united(fields: Iterable[_Pairs]) -> _Pairs:
    """The pairs of several fields as those of one, each once."""
    fields = list(fields)
    values = sorted({value for own, _, _ in fields for value in own})
    numbers = np.concatenate([_places_in(values, own)[numbers] for own, _, numbers in fields])
    pairs = np.unique(np.column_stack([np.concatenate([docs for _, docs, _ in fields]), numbers]), axis=0)
    return values, pairs[:, 0], pairs[:, 1].astype(np.int32)


def _places_in(values: list[bytes], some: list[bytes]) -> NDArray[np.int32]:
    number = {value: i for i, value in enumerate(values)}
    return np.fromiter(map(number.__getitem__, some), np.int32, len(some))


def _inverted(leaf: Any, name: str) -> tuple[list[bytes], Array, Array]:
    """The terms of a field in one segment, in how many documents each is, and these documents."""
    arrays = parts(leaf)
    if arrays is None:
        terms = list(leaf.lexicon(name)) if leaf.doc_count_all() else []
        found = [list(leaf.postings(name, term).all_ids()) for term in terms]
        docs = np.array([doc for docs in found for doc in docs], np.int64)
        return terms, np.array([len(docs) for docs in found], np.int64), docs
    inverted = arrays[0].postings(name)
    if inverted is None:
        return [], np.empty(0, np.int64), np.empty(0, np.int64)
    return inverted.terms[:], counts(inverted.starts), inverted.docs


def _places(*keys: Array) -> NDArray[np.uint32]:
    """Each document's place when sorted by the first key, then the next."""
    places = np.empty(len(keys[0]), np.uint32)
    places[np.lexsort(keys[::-1])] = np.arange(len(places), dtype=np.uint32)
    return places


def _having(periods: Array, numbers: Array, docs: Docs) -> list[tuple[int, int]]:
    """How many of ``docs`` are of each period, the last first, without 0 (unknown)."""
    having = np.bincount(numbers.take(docs), minlength=len(periods))
    present = np.flatnonzero(having * periods)[::-1]
    return list(zip(periods[present].tolist(), having[present].tolist(), strict=True))
