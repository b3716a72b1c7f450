"""A Whoosh codec whose segments are one file of arrays: postings, field lengths, number columns, stored fields.

Whoosh keeps the schema, the list of segments with their deletions, and the lock. Segments are written by
``index.engine.writer.BulkWriter`` only. Whoosh's own matchers run on them; arrays are there for whoever can use them
(``postings``, ``length_codes``, ``numbers``). Nothing that is open has a state, so that threads may share it.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.columns import ColumnReader, NumericColumn
from whoosh.reading import SegmentReader, TermInfo, TermNotFound
from whoosh.util.numeric import byte_to_length

from index.engine import postings
from index.engine.arrays import Array, ArrayFile
from index.engine.matcher import PostingsMatcher, TermCursor
from index.engine.postings import Postings, TermPostings

LENGTHS: list[int] = [byte_to_length(code) for code in range(256)]
"""The field length that each length code stands for: Whoosh keeps lengths in one byte, roughly logarithmic."""


_CACHED_TERMS = 1 << 14
"""So many look-ups in a segment's dictionaries are remembered: a search asks for each term several times."""


class NumpyCodec(base.Codec):  # type: ignore[misc]
    """What Whoosh asks for the parts of a segment."""

    def new_segment(self, _storage: Any, indexname: str) -> NumpySegment:
        return NumpySegment(self, indexname)

    def terms_reader(self, storage: Any, segment: NumpySegment) -> TermsReader:
        return TermsReader(ArrayFile(segment.path(storage)))

    def per_document_reader(self, storage: Any, segment: NumpySegment) -> DocumentReader:
        return DocumentReader(ArrayFile(segment.path(storage)), segment)


class NumpySegment(W3Segment):  # type: ignore[misc]
    """A segment as the table of contents lists it."""

    def path(self, storage: Any) -> Path:
        """Its file."""
        return Path(storage.folder, self.make_filename(".arrays"))

    def should_assemble(self) -> bool:
        return False


def parts(reader: Any) -> tuple[TermsReader, DocumentReader] | None:
    """The arrays behind one segment's reader; None if another codec wrote it."""
    if isinstance(reader, SegmentReader) and isinstance(reader._terms, TermsReader):
        return reader._terms, reader._perdoc
    return None


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The inverted fields of a segment."""

    def __init__(self, file: ArrayFile) -> None:
        self._fields = {name: postings.read(file, name) for name in sorted(postings.fields(file))}
        self.find = functools.lru_cache(_CACHED_TERMS)(self._find)
        """The postings of a term of a field; None if it has none."""

    def postings(self, field: str) -> Postings | None:
        """The arrays of a field; None if no document has it."""
        return self._fields.get(field)

    def _find(self, field: str, term: bytes) -> TermPostings | None:
        inverted = self._fields.get(field)
        number = None if inverted is None else inverted.terms.find(term)
        if inverted is None or number is None:
            return None
        return TermPostings(field, term, inverted, number, *inverted[number])

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.find(*term) is not None

    def indexed_field_names(self) -> list[str]:
        return list(self._fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, term) for name, inverted in self._fields.items() for term in inverted.terms)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name, inverted in self._fields.items():
            if name >= fieldname:
                first = inverted.terms.first_from(prefix) if name == fieldname else 0
                yield from ((name, inverted.terms[i]) for i in range(first, len(inverted.terms)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        found = self.find(fieldname, text)
        return len(found.docs) if found else 0

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Whoosh's statistics of a term, computed from its postings.

        Lengths are given as 1 and the largest there is: they only bound the scores from above.
        """
        found = self.find(fieldname, text)
        if found is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        docs, freqs = found.docs, found.freqs
        weight, largest = (len(docs), 1) if freqs is None else (int(freqs.sum(dtype=np.int64)), int(freqs.max()))
        return TermInfo(
            float(weight), len(docs), 1, LENGTHS[-1], float(largest), int(docs[0]), int(docs[-1])
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> PostingsMatcher:
        found = self.find(fieldname, text)
        if found is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return PostingsMatcher(found, format_, scorer)

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor | base.EmptyCursor:
        inverted = self._fields.get(fieldname)
        return TermCursor(inverted.terms, fieldobj) if inverted else base.EmptyCursor()

    def close(self) -> None:
        """Nothing to do: the file is unmapped when the last array is gone."""


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """What a segment knows of its documents, deleted ones included."""

    def __init__(self, file: ArrayFile, segment: NumpySegment) -> None:
        self._count: int = segment.doc_count_all()
        self._deleted = frozenset(segment.deleted_docs())
        self._file = file
        self._stored = file["stored"]
        self._stored_starts = file["stored_starts"]
        self._lengths = {
            name.removesuffix(".lengths"): file[name] for name in file.names() if name.endswith(".lengths")
        }
        self.alive = np.ones(self._count, bool)
        """Which documents are not deleted."""
        self.alive[list(self._deleted)] = False

    def length_codes(self, field: str) -> Array | None:
        """Each document's length of a field, as an index of ``LENGTHS``; None if no document has the field."""
        return self._lengths.get(field)

    def numbers(self, field: str) -> Array | None:
        """Each document's value of a number column, as Whoosh encodes it; None if no document has one."""
        return self._file.get(f"{field}.numbers")

    def doc_count(self) -> int:
        return self._count - len(self._deleted)

    def doc_count_all(self) -> int:
        return self._count

    def has_deletions(self) -> bool:
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        return self._deleted

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return f"{fieldname}.numbers" in self._file

    def column_reader(self, fieldname: str, column: NumericColumn) -> NumberReader:
        return NumberReader(self._file[f"{fieldname}.numbers"], column)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        codes = self.length_codes(fieldname)
        return default if codes is None else LENGTHS[codes.item(docnum)]

    def field_length(self, fieldname: str) -> int:
        total = self._file.get(f"{fieldname}.total_length")
        return 0 if total is None else int(total[0])

    def min_field_length(self, fieldname: str) -> int:
        codes = self.length_codes(fieldname)
        return 0 if codes is None else LENGTHS[codes.min(initial=255).item()]

    def max_field_length(self, fieldname: str) -> int:
        codes = self.length_codes(fieldname)
        return 0 if codes is None else LENGTHS[codes.max(initial=0).item()]

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        start, end = self._stored_starts.item(docnum), self._stored_starts.item(docnum + 1)
        return unpack(self._stored[start:end].tobytes())

    def stored_lengths(self) -> Array:
        """How many bytes each document's stored fields take."""
        return postings.counts(self._stored_starts)

    def stored_alive(self) -> Iterator[Array]:
        """The stored fields, as bytes, of all documents that are not deleted, in long pieces."""
        changes = np.flatnonzero(np.diff(self.alive, prepend=False, append=False))
        for first, last in changes.reshape(-1, 2).tolist():
            yield self._stored[self._stored_starts.item(first) : self._stored_starts.item(last)]


class NumberReader(ColumnReader):  # type: ignore[misc]
    """Whoosh's view of a number column."""

    def __init__(self, numbers: Array, column: NumericColumn) -> None:
        self._numbers = numbers
        self._default = column.default_value()
        self._sign = 1

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, docnum: int) -> int:
        return int(self._numbers[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers.tolist())

    def default_value(self, reverse: bool = False) -> int:
        return -int(self._default) if reverse else int(self._default)

    def sort_key(self, docnum: int) -> int:
        return self._sign * self[docnum]

    def load(self) -> list[int]:
        return list(self)

    def set_reverse(self) -> None:
        self._sign = -1


def pack(fields: dict[str, Any]) -> bytes:
    """Stored fields as bytes; values as JSON knows them."""
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return zlib.compress(text, 3)


def unpack(content: bytes) -> dict[str, Any]:
    """The stored fields that ``pack`` made bytes of."""
    fields: dict[str, Any] = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
    return fields
