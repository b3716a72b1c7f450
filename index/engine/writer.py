"""Writing an index in bulk: ready tokens in, segments of arrays out.

Documents are buffered as numbers of terms and inverted at once when the buffer is full; small segments are merged
at commit. Fields with positions take lists of tokens (position = place in the list); other fields whatever
their Whoosh type takes, lists of ready tokens or values first of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from whoosh.fields import Schema
from whoosh.index import TOC, FileIndex, LockError, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import IndexingError, IndexWriter

from index.engine.buffer import Buffer
from index.engine.codec import NumpyCodec, NumpySegment, parts
from index.engine.merging import merge

MAX_TOKENS = 28_000_000
"""Tokens buffered before a segment is written: less than 1 GB."""

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
        self._buffer = Buffer(self.schema)
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
        self._flush_if_full()

    def add_buffer(self, buffer: Buffer) -> None:
        """Add the documents of a buffer, which is of no use afterwards."""
        self._check_open()
        self._buffer.extend(buffer)
        self._flush_if_full()

    def _flush_if_full(self) -> None:
        if self._buffer.size >= self._max_tokens:
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
            buffer, self._buffer = self._buffer, Buffer(self.schema)
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
                merge(path, [reader for reader in readers if reader], self.schema)
                self.segments.append(self._written[-1])


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
