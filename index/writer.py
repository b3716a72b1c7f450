"""Writing an index in bulk: ready tokens in, segments of arrays out.

Documents are buffered as numbers of terms and inverted at once when the buffer is full; small segments are merged
at commit. Fields with positions take lists of tokens (position = place in the list); other fields whatever
their Whoosh type takes, lists of ready tokens or values first of all.
"""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from whoosh.columns import NumericColumn
from whoosh.fields import NUMERIC, FieldType, Schema, UnknownFieldError
from whoosh.formats import Existence
from whoosh.index import TOC, FileIndex, LockError, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import IndexingError, IndexWriter

from index import merging, postings
from index.arrays import Array, ArrayWriter, smallest
from index.codec import LENGTHS, DocumentReader, NumpyCodec, NumpySegment, TermsReader, pack, parts
from index.postings import Postings, sums

MAX_TOKENS = 32_000_000
"""Tokens buffered before a segment is written; inverting the largest field takes some 60 bytes a token."""

MERGE_FACTOR = 2
"""Segments up to so many times the size of all smaller ones together are merged with them."""

MAX_DELETED = 0.25
"""A segment with a larger share of deleted documents is written anew."""


class BulkWriter(IndexWriter):  # type: ignore[misc]
    """Adds documents to an index and deletes others; nothing is visible before ``commit``.

    Used in a ``with`` statement it commits at the end, or cancels after an error. ``delete_by_term`` and
    ``delete_by_query`` see the documents committed before.

    Raises:
        LockError: another writer is at work.
    """

    def __init__(self, index: FileIndex, *, max_tokens: int = MAX_TOKENS) -> None:
        self._lock = index.lock("WRITELOCK")
        if not self._lock.acquire():
            raise LockError("the index is being written")
        self.storage = index.storage
        contents = index._read_toc()
        self.schema: Schema = contents.schema
        self.segments: list[Any] = contents.segments
        self.generation = contents.generation + 1
        self._index_name = index.indexname
        self._max_tokens = max_tokens
        self._buffer = _Buffer(self.schema)
        self._written: list[NumpySegment] = []
        self._closed = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind is not None:
            self.cancel()
        else:
            self.commit()

    def reader(self, **_: Any) -> Any:
        """The index as it was committed, without what has been deleted since."""
        return FileIndex._reader(self.storage, self.schema, self.segments, self.generation)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a committed document by its number in the whole index."""
        self._check_open()
        for segment in self.segments:
            if docnum < segment.doc_count_all():
                segment.delete_document(docnum, delete)
                return
            docnum -= segment.doc_count_all()
        raise IndexingError("no such document")

    def add_document(self, **fields: Any) -> None:
        """Add a document; None stands for an absent field.

        Raises:
            UnknownFieldError: the schema has no such field.
            ValueError: a field does not take the value; nothing has been added then.
        """
        self._check_open()
        self._buffer.add(fields)
        if self._buffer.tokens >= self._max_tokens:
            self._flush()

    def commit(self, optimize: bool = False, merge: bool = True) -> None:
        """Write everything; with ``optimize`` into a single segment, without ``merge`` leaving segments as they are.

        Closes the writer, also when it fails.
        """
        self._check_open()
        try:
            self._flush()
            self.segments += self._written
            if merge or optimize:
                self._merge(optimize)
            TOC(self.schema, self.segments, self.generation).write(self.storage, self._index_name)
        except BaseException:
            self.cancel()
            raise
        clean_files(self.storage, self._index_name, self.generation, self.segments)
        self._close()

    def cancel(self) -> None:
        """Forget all additions and deletions. Closes the writer."""
        self._check_open()
        for segment in self._written:
            segment.path(self.storage).unlink(missing_ok=True)
        self._close()

    def _close(self) -> None:
        self._closed = True
        self._lock.release()

    def _check_open(self) -> None:
        if self._closed:
            raise IndexingError("the writer is closed")

    def _flush(self) -> None:
        if self._buffer.documents:
            buffer, self._buffer = self._buffer, _Buffer(self.schema)
            buffer.write(self._new_segment(buffer.documents))

    def _new_segment(self, documents: int) -> Path:
        """The path of the file of a new segment, which is removed if the writer is cancelled."""
        segment = NumpyCodec().new_segment(self.storage, self._index_name)
        segment.set_doc_count(documents)
        self._written.append(segment)
        return segment.path(self.storage)

    def _merge(self, optimize: bool) -> None:
        """Replace groups of segments by one each; the documents of a group keep their order."""
        ours = [segment for segment in self.segments if isinstance(segment, NumpySegment)]
        for group in [ours] if optimize and len(ours) > 1 else _to_merge(ours):
            merged = [segment for segment in self.segments if segment in group]
            self.segments = [segment for segment in self.segments if segment not in group]
            documents = sum(segment.doc_count() for segment in merged)
            if documents:
                readers = [parts(SegmentReader(self.storage, self.schema, segment)) for segment in merged]
                path = self._new_segment(documents)
                _merge(path, [reader for reader in readers if reader], self.schema)
                self.segments.append(self._written[-1])


class _Buffer:
    """Documents not yet inverted."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._texts: dict[str, _Tokens] = {}
        self._numbers: dict[str, _Numbers] = {}
        self._stored: list[bytes] = []
        self.documents = 0
        self.tokens = 0

    def add(self, fields: dict[str, Any]) -> None:
        values = {name: value for name, value in fields.items() if value is not None}
        for name in values:
            if name not in self._schema:
                raise UnknownFieldError(f"no field named {name!r}")
        tokens = {n: _tokens(n, self._schema[n], value) for n, value in values.items() if self._schema[n].indexed}
        numbers = {n: _number(n, self._schema[n], value) for n, value in values.items() if self._schema[n].column_type}
        stored = pack({name: value for name, value in values.items() if self._schema[name].stored})
        for name, terms in tokens.items():
            self._texts.setdefault(name, _Tokens()).add(self.documents, terms)
            self.tokens += len(terms)
        for name, number in numbers.items():
            self._numbers.setdefault(name, _Numbers()).add(self.documents, number)
        self._stored.append(stored)
        self.documents += 1

    def write(self, path: Path) -> None:
        """Write the documents as a segment; field by field, each field's tokens are dropped when written."""
        with ArrayWriter(path) as file:
            file.add("stored", np.frombuffer(b"".join(self._stored), np.uint8))
            file.add("stored_starts", smallest(sums(np.fromiter(map(len, self._stored), np.int64))))
            for name, numbers in self._numbers.items():
                file.add(f"{name}.numbers", numbers.column(self._schema[name].column_type, self.documents))
            for name in sorted(self._texts):
                self._invert(file, name, self._texts.pop(name))

    def _invert(self, file: ArrayWriter, name: str, text: _Tokens) -> None:
        field = self._schema[name]
        lengths = text.padded(self.documents)
        if field.scorable:
            _write_lengths(file, name, length_codes(lengths), int(lengths.sum()))
        vocabulary = [term if isinstance(term, bytes) else term.encode("utf-8", "surrogatepass")
                      for term in text.vocabulary]
        numbers = np.frombuffer(text.numbers, np.uint32)
        positions = field.format.supports("positions")
        postings.write(file, name, postings.invert(numbers, lengths, vocabulary, positions=positions), self.documents)


class _Tokens:
    """The tokens of a field, as numbers, and how many each document has."""

    def __init__(self) -> None:
        self.vocabulary: dict[str | bytes, int] = defaultdict(itertools.count().__next__)
        self.numbers = array("I")
        self.lengths = array("I")

    def add(self, document: int, terms: list[str] | list[bytes]) -> None:
        self.numbers.extend(map(self.vocabulary.__getitem__, terms))
        self.lengths.extend(itertools.repeat(0, document - len(self.lengths)))
        self.lengths.append(len(terms))

    def padded(self, documents: int) -> Array:
        self.lengths.extend(itertools.repeat(0, documents - len(self.lengths)))
        return np.frombuffer(self.lengths, np.uint32).astype(np.int64)


class _Numbers:
    """The values of a number column and the documents that have one."""

    def __init__(self) -> None:
        self._documents: list[int] = []
        self._values: list[int] = []

    def add(self, document: int, value: int) -> None:
        self._documents.append(document)
        self._values.append(value)

    def column(self, kind: NumericColumn, documents: int) -> Array:
        values = np.full(documents, kind.default_value(), np.dtype(kind._typecode))
        values[self._documents] = self._values
        return values


def length_codes(lengths: Array) -> Array:
    """Lengths as Whoosh rounds them: the code of the first length in ``LENGTHS`` that is not smaller."""
    return np.minimum(np.searchsorted(LENGTHS, lengths), len(LENGTHS) - 1).astype(np.uint8)


def _tokens(name: str, field: FieldType, value: Any) -> list[str] | list[bytes]:
    """The terms of a value, in order."""
    if isinstance(value, list | tuple) and not isinstance(field, NUMERIC):
        if not all(isinstance(token, str) for token in value):
            raise ValueError(f"field {name} takes strings")
        return list(dict.fromkeys(value)) if isinstance(field.format, Existence) else list(value)
    if field.format.supports("positions"):
        raise ValueError(f"field {name} takes a list of tokens")
    return [term for term, frequency, _, _ in field.index(value) for _ in range(frequency)]


def _number(name: str, field: FieldType, value: Any) -> int:
    if not isinstance(field.column_type, NumericColumn):
        raise ValueError(f"field {name}: only number columns are written")
    return int(field.to_column_value(value))


def _to_merge(segments: Iterable[NumpySegment]) -> list[list[NumpySegment]]:
    """Segments of similar size, and single ones in which much is deleted."""
    groups: list[list[NumpySegment]] = []
    total = 0
    for segment in sorted(segments, key=lambda segment: int(segment.doc_count())):
        size = segment.doc_count()
        if groups and size <= MERGE_FACTOR * total:
            groups[-1].append(segment)
            total += size
        else:
            groups.append([segment])
            total = size
    return [group for group in groups if len(group) > 1 or _worn(group[0])]


def _worn(segment: NumpySegment) -> bool:
    return bool(segment.deleted_count() > MAX_DELETED * segment.doc_count_all())


def _merge(path: Path, readers: list[tuple[TermsReader, DocumentReader]], schema: Schema) -> None:
    """Write the documents of several segments, without the deleted ones, as one."""
    documents = [document for _, document in readers]
    counts = [document.doc_count() for document in documents]
    new_docs = [np.cumsum(document.alive) - 1 + start for document, start in zip(documents, sums(counts), strict=False)]
    with ArrayWriter(path) as file:
        _merge_stored(file, documents)
        for name, field in schema.items():
            if field.column_type and any(document.has_column(name) for document in documents):
                file.add(f"{name}.numbers", _merged_numbers(name, field.column_type, documents))
            texts: list[tuple[Postings | None, DocumentReader, Array]] = [
                (terms.postings(name), document, new) for (terms, document), new in zip(readers, new_docs, strict=True)
            ]
            if any(found for found, _, _ in texts):
                _merge_field(file, name, texts, sum(counts))


def _merge_field(file: ArrayWriter, name: str, texts: list[tuple[Postings | None, DocumentReader, Array]],
                 document_count: int) -> None:
    documents = [document for _, document, _ in texts]
    sources = [merging.Source(found, document.alive, new) for found, document, new in texts if found]
    if any(document.length_codes(name) is not None for document in documents):
        codes = np.concatenate([_codes(document, name)[document.alive] for document in documents])
        _write_lengths(file, name, codes, sum(map(merging.kept_occurrences, sources)))
    merging.merge(file, name, sources, document_count)


def _codes(document: DocumentReader, name: str) -> Array:
    codes = document.length_codes(name)
    return np.zeros(document.doc_count_all(), np.uint8) if codes is None else codes


def _write_lengths(file: ArrayWriter, name: str, codes: Array, total: int) -> None:
    file.add(f"{name}.lengths", codes)
    file.add(f"{name}.total_length", np.array([total]))


def _merged_numbers(name: str, kind: NumericColumn, documents: list[DocumentReader]) -> Array:
    absent = kind.default_value()
    columns = []
    for document in documents:
        values = document.numbers(name)
        if values is None:
            values = np.full(document.doc_count_all(), absent, np.dtype(kind._typecode))
        columns.append(values[document.alive])
    return np.concatenate(columns)


def _merge_stored(file: ArrayWriter, documents: list[DocumentReader]) -> None:
    lengths = np.concatenate([document.stored_lengths()[document.alive] for document in documents])
    section = file.reserve("stored", np.uint8, int(lengths.sum()))
    for document in documents:
        for piece in document.stored_alive():
            section.append(piece)
    file.add("stored_starts", smallest(sums(lengths)))
