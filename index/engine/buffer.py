"""Documents that are not yet written: tokens as numbers, columns, stored fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.columns import NumericColumn
from whoosh.fields import NUMERIC, FieldType, Schema, UnknownFieldError
from whoosh.formats import Existence

from index.engine import postings
from index.engine.arrays import Array, ArrayWriter, smallest
from index.engine.codec import LENGTHS, pack
from index.engine.postings import sums
from index.engine.tokens import NGrams, Tokens

_BYTES_A_TOKEN = 30
"""Memory that a token takes until its segment is written."""


class Buffer:
    """Documents not yet inverted."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._texts: dict[str, Tokens] = defaultdict(Tokens)
        self._numbers: dict[str, _Numbers] = defaultdict(_Numbers)
        self._stored: list[bytes] = []
        self.documents = 0
        self.size = 0
        """Tokens, and stored bytes at ``_BYTES_A_TOKEN``."""

    def add(self, fields: dict[str, Any]) -> None:
        """Add a document.

        Raises:
            UnknownFieldError: the schema has no such field.
            ValueError: a field does not take the value. In both cases nothing has been added.
        """
        values = {name: value for name, value in fields.items() if value is not None}
        for name in values:
            if name not in self._schema:
                raise UnknownFieldError(f"no field named {name!r}")
        tokens = {n: _tokens(n, self._schema[n], value) for n, value in values.items() if self._schema[n].indexed}
        numbers = {n: _number(n, self._schema[n], value) for n, value in values.items() if self._schema[n].column_type}
        stored = pack({name: value for name, value in values.items() if self._schema[name].stored})
        for name, terms in tokens.items():
            self._texts[name].add(self.documents, terms)
            self.size += len(terms)
        for name, number in numbers.items():
            self._numbers[name].add(self.documents, number)
        self._stored.append(stored)
        self.size += len(stored) // _BYTES_A_TOKEN
        self.documents += 1

    def extend(self, other: Buffer) -> None:
        """Add the documents of another buffer of the same schema, which is of no use afterwards."""
        for name, tokens in other._texts.items():
            self._texts[name].extend(self.documents, tokens)
        for name, numbers in other._numbers.items():
            self._numbers[name].extend(self.documents, numbers)
        self._stored += other._stored
        self.size += other.size
        self.documents += other.documents

    def __getstate__(self) -> dict[str, Any]:
        """All but the schema, which whoever extends a buffer has: a buffer can be sent to another process."""
        return {**self.__dict__, "_schema": None}

    def write(self, path: Path) -> None:
        """Write the documents as a segment; field by field, each field's tokens are dropped when written."""
        with ArrayWriter(path) as file:
            file.add("stored", np.frombuffer(b"".join(self._stored), np.uint8))
            file.add("stored_starts", smallest(sums(np.fromiter(map(len, self._stored), np.int64))))
            for name, numbers in self._numbers.items():
                file.add(f"{name}.numbers", numbers.column(self._schema[name].column_type, self.documents))
            for name in sorted(self._texts):
                if len(tokens := self._texts.pop(name)):
                    self._invert(file, name, tokens)

    def _invert(self, file: ArrayWriter, name: str, tokens: Tokens) -> None:
        field = self._schema[name]
        if field.scorable:
            lengths = tokens.lengths(self.documents)
            write_lengths(file, name, length_codes(lengths), int(lengths.sum()))
        inverted = tokens.inverted(self.documents, positions=field.format.supports("positions"))
        postings.write(file, name, inverted, self.documents)


class _Numbers:
    """The values of a number column and the documents that have one."""

    def __init__(self) -> None:
        self._documents: list[int] = []
        self._values: list[int] = []

    def add(self, document: int, value: int) -> None:
        self._documents.append(document)
        self._values.append(value)

    def extend(self, document: int, other: _Numbers) -> None:
        self._documents += [document + number for number in other._documents]
        self._values += other._values

    def column(self, kind: NumericColumn, documents: int) -> Array:
        values = np.full(documents, kind.default_value(), np.dtype(kind._typecode))
        values[self._documents] = self._values
        return values


def length_codes(lengths: Array) -> Array:
    """Lengths as Whoosh rounds them: the code of the first length in ``LENGTHS`` that is not smaller."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), len(LENGTHS) - 1).astype(np.uint8)


def write_lengths(file: ArrayWriter, field: str, codes: Array, total: int) -> None:
    """Write the length codes of a field's documents, and the exact sum of their lengths."""
    file.add(f"{field}.lengths", codes)
    file.add(f"{field}.total_length", np.array([total]))


def _tokens(name: str, field: FieldType, value: Any) -> Sequence[str] | Sequence[bytes]:
    """The terms of a value, in order."""
    if isinstance(value, NGrams):
        return value
    if isinstance(value, list | tuple) and not isinstance(field, NUMERIC):
        try:
            "".join(value)
        except TypeError:
            raise ValueError(f"field {name} takes strings") from None
        return list(dict.fromkeys(value)) if isinstance(field.format, Existence) else value
    if field.format.supports("positions"):
        raise ValueError(f"field {name} takes a list of tokens")
    return [term for term, frequency, _, _ in field.index(value) for _ in range(frequency)]


def _number(name: str, field: FieldType, value: Any) -> int:
    if not isinstance(field.column_type, NumericColumn):
        raise ValueError(f"field {name}: only number columns are written")
    return int(field.to_column_value(value))
