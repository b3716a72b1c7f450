"""The generations of a directory as ``index.reindex`` makes them: the embedded index."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from whoosh.index import FileIndex

from index import store
from index.batches import Batch, batches
from index.engine.buffer import Buffer
from index.engine.writer import BulkWriter
from index.manifest import Manifest, Rejected
from index.model import Article
from index.processes import Processes
from index.schema import SCHEMA, document


@dataclass(frozen=True, slots=True)
class Directory:
    """An index directory."""

    path: Path

    def writing(self) -> AbstractContextManager[None]:
        return store.writing(self.path)

    def manifest(self) -> Manifest:
        manifest = self.published()
        store.check(self.path, manifest)
        return manifest

    def published(self) -> Manifest:
        return store.read_manifest(self.path, store.current_generation(self.path))

    def is_current(self) -> bool:
        return store.is_current(self.published())

    def size(self) -> int:
        return store.size(self.path)

    def files_of(self, manifest: Manifest, articles: set[str]) -> set[str]:
        return store.files_of(self.path, manifest, articles)

    @contextlib.contextmanager
    def building(self, base: str | None) -> Iterator[DirectoryBuild]:
        generation, index = store.new_generation(self.path, base)
        try:
            with contextlib.closing(DirectoryBuild(self.path, generation, index)) as build:
                yield build
        finally:
            store.discard(self.path, generation)  # unless it is current now

    def clean(self) -> None:
        store.clean(self.path)


class DirectoryBuild:
    """A generation that is being written."""

    def __init__(self, directory: Path, generation: str, index: FileIndex) -> None:
        self._directory = directory
        self._index = index
        self._writer: BulkWriter | None = BulkWriter(index)
        self.generation = generation
        self.base = _Base(self._writer)

    def add(self, articles: Iterable[tuple[str, Article]], processes: Processes) -> list[Rejected]:
        assert self._writer
        for buffer in processes.map(_buffer, batches(articles)):
            self._writer.add_buffer(buffer)
        return []

    def publish(self, manifest: Manifest) -> None:
        assert self._writer
        writer, self._writer = self._writer, None
        writer.commit()
        self._index.close()
        store.publish(self._directory, manifest)

    def close(self) -> None:
        """Forget what has not been published."""
        if self._writer:
            self._writer.cancel()
            self._index.close()


class _Base:
    """The articles that a writer has not deleted up to now."""

    def __init__(self, writer: BulkWriter) -> None:
        self._writer = writer
        self._reader = writer.reader()

    def __contains__(self, article_id: object) -> bool:
        return ("id", article_id) in self._reader and self._reader.postings("id", article_id).is_active()

    def remove(self, names: Iterable[str]) -> None:
        searcher = self._writer.searcher()
        for name in names:
            self._writer.delete_by_term("file", name, searcher)
        self._reader = self._writer.reader()


def _buffer(batch: Batch) -> Buffer:
    """Articles of files as documents, ready to be written."""
    buffer = Buffer(SCHEMA)
    for name, article in batch:
        buffer.add(document(article, name))
    return buffer
