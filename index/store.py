"""The index directory: generations, their manifests, and the pointer to the current one.

    DIR/current              the name of the generation that answers
    DIR/generations/NAME/    a complete index and its manifest.json
    DIR/lock                 held by the process that writes (released by the system if it dies)
    DIR/lock.holder          who held it last, for the message to the next

A generation is built in its own directory, flushed to the disk, described by its manifest and published by
one atomic rename of the pointer; nothing in a published generation changes again. Readers look at the pointer
and switch when it moves. Pointer and manifest end in a line with their own checksum, and the manifest holds those
of the index files: what is damaged is refused before it is used. An index is trusted like code (Whoosh unpickles
from it): directories are made for their owner only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import hashlib
import importlib.metadata
import os
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from whoosh.index import FileIndex, create_in, open_dir

from index import manifest as manifests
from index.checksums import checksum, sealed, unsealed
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexNotWritableError,
    IndexOutdatedError,
    StoreError,
    reason,
)
from index.manifest import Manifest
from index.schema import SCHEMA, SCHEMA_VERSION
from index.segment import user_words
from index.sentence import Sentence

KEPT_GENERATIONS = 2
"""The current generation and the one before it, which readers may still have open."""

_FINGERPRINTED = ("normalize.py", "segment.py", "analyzer.py", "schema.py")
_READING = (
    "*.txt", "files.py", "scans.py", "companions.py", "model.py", "reading.py", "sidecar.py", "corrections.py",
    "spool.py", "intake.py", "neighbours.py", "formats/**/*.py", "pages/*.*",
)
_MANIFEST = "manifest.json"
_NOT_INDEXED = (_MANIFEST, "MAIN_WRITELOCK")


@functools.cache
def fingerprint() -> str:
    """A digest of all code and dictionaries that decide which terms a text has."""
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for package in ("jieba", "opencc"):
        digest.update(importlib.metadata.version(package).encode())
    for name in _FINGERPRINTED:
        digest.update(Path(__file__).with_name(name).read_bytes())
    digest.update("\n".join(user_words()).encode())
    return digest.hexdigest()[:16]


@functools.cache
def code_fingerprint() -> str:
    """A digest of all code and language files that decide which articles a file gives, and of their terms."""
    package = Path(__file__).parent
    digest = hashlib.sha256(fingerprint().encode())
    for path in sorted(path for pattern in _READING for path in package.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def current_generation(directory: Path) -> str:
    """The name of the generation that answers.

    Raises:
        IndexMissingError: there is none.
    """
    try:
        return unsealed((directory / "current").read_bytes())
    except FileNotFoundError:
        raise IndexMissingError(Sentence(
            "%(folder)s 里没有索引。请先运行：unionnews reindex 报纸文件夹 --index %(folder)s", folder=directory
        )) from None
    except ValueError as error:
        raise damaged(directory) from error
    except OSError as error:
        said = Sentence("索引 %(folder)s 无法读取：%(reason)s", folder=directory, reason=reason(error))
        raise IndexDamagedError(said) from error


def pointer_state(directory: Path) -> tuple[int, int, int] | None:
    """What is another whenever another generation is current, at less expense than its name; None if there is none."""
    try:
        status = (directory / "current").stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def read_manifest(directory: Path, generation: str) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexDamagedError: it is not what was written, or is gone.
        IndexOutdatedError: another version of the program wrote it.
    """
    try:
        text = unsealed((_path(directory, generation) / _MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise damaged(directory) from error
    try:
        return manifests.load(text)
    except ValueError as error:
        raise _outdated(directory) from error


def is_current(manifest: Manifest) -> bool:
    """Whether the running code and dictionaries are those that made the index."""
    return (manifest.schema_version, manifest.fingerprint) == (SCHEMA_VERSION, fingerprint())


def check(directory: Path, manifest: Manifest) -> None:
    """Refuse an index that other code or dictionaries made, or whose files are not what was written.

    Reads all of it: 0.03 s for 100 MB that the system has in memory, where zlib uses the processor's instruction.

    Raises:
        IndexOutdatedError, IndexDamagedError
    """
    if not is_current(manifest):
        raise _outdated(directory)
    try:
        found = _checksums(_path(directory, manifest.generation))
    except OSError as error:
        raise damaged(directory) from error
    if not manifest.checksums.items() <= found.items():
        raise damaged(directory)


def _checksums(path: Path) -> dict[str, int]:
    """The CRC-32 of each of a generation's index files."""
    return {file.name: checksum(file) for file in _index_files(path)}


def _index_files(path: Path) -> list[Path]:
    return [file for file in path.iterdir() if file.name not in _NOT_INDEXED]


def open_generation(directory: Path, generation: str) -> FileIndex:
    """The Whoosh index of a generation, for reading.

    Raises:
        IndexDamagedError: files are missing or broken.
    """
    try:
        return open_dir(str(_path(directory, generation)), schema=SCHEMA)
    except Exception as error:  # whoosh lets whatever a broken file causes through
        raise damaged(directory) from error


def files_of(directory: Path, manifest: Manifest, articles: set[str]) -> set[str]:
    """The files that some articles of a generation were read from; ids that it has not are passed over.

    Raises:
        IndexDamagedError
    """
    index = open_generation(directory, manifest.generation)
    with contextlib.closing(index.reader()) as reader:
        docs = {doc for name in articles if ("id", name) in reader for doc in reader.postings("id", name).all_ids()}
        held = {name: reader.postings("file", name) for name in manifest.sources if ("file", name) in reader}
        return {name for name, postings in held.items() if docs and not docs.isdisjoint(postings.all_ids())}


@contextlib.contextmanager
def writing(directory: Path) -> Iterator[None]:
    """Hold the lock of an index directory, which is made if it is not there.

    Raises:
        IndexLockedError: another process holds it.
        IndexNotWritableError: the directory cannot be made or written.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(directory / "lock", timeout=0)
        with lock:
            _note_holder(directory)
            yield
    except Timeout:
        holder = _holder(directory)
        raise IndexLockedError(f"另一个 reindex 正在写 {directory}（{holder}），请等它结束。") from None
    except OSError as error:
        raise IndexNotWritableError(f"不能写入 {directory}：{reason(error)}。") from error


def new_generation(directory: Path, base: str | None = None) -> tuple[str, FileIndex]:
    """An index in a fresh generation directory, and the generation's name, which no other ever has.

    It is empty, or holds what the generation ``base`` holds: the same files, which are never written again.
    """
    while True:
        generation = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = _path(directory, generation)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700, parents=True)
            break
    try:
        if base is None:
            return generation, create_in(str(path), SCHEMA)
        for file in _index_files(_path(directory, base)):
            _share(file, path / file.name)
        return generation, open_generation(directory, generation)
    except BaseException:
        discard(directory, generation)
        raise


def _share(file: Path, link: Path) -> None:
    try:
        link.hardlink_to(file)
    except OSError:  # a file system without hard links
        shutil.copy2(file, link)


def publish(directory: Path, manifest: Manifest) -> None:
    """Make a finished generation the current one: flush its files, write its manifest, move the pointer."""
    path = _path(directory, manifest.generation)
    manifest = dataclasses.replace(manifest, checksums=_checksums(path))
    (path / _MANIFEST).write_bytes(sealed(manifests.dump(manifest)))
    for file in path.iterdir():
        _flush(file)
    _flush(path)
    _flush(path.parent)
    pointer = directory / "current.new"
    pointer.write_bytes(sealed(manifest.generation))
    _flush(pointer)
    pointer.replace(directory / "current")
    _flush(directory)


def discard(directory: Path, generation: str) -> None:
    """Remove a generation and what was begun to publish it, unless it is the current one already."""
    with contextlib.suppress(StoreError):
        if current_generation(directory) == generation:
            return
    (directory / "current.new").unlink(missing_ok=True)
    shutil.rmtree(_path(directory, generation), ignore_errors=True)


def clean(directory: Path) -> None:
    """Remove generations that are neither current nor the last before it, and what killed runs left."""
    current = current_generation(directory)
    names = sorted(path.name for path in (directory / "generations").iterdir())
    older = [name for name in names if name < current]
    for name in set(names) - {current, *older[1 - KEPT_GENERATIONS :]}:
        discard(directory, name)


def _path(directory: Path, generation: str) -> Path:
    return directory / "generations" / generation


def size(directory: Path) -> int:
    """The bytes of all files of an index directory; what generations share counts once."""
    sizes: dict[int, int] = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            with contextlib.suppress(OSError):  # another run removes old generations meanwhile
                status = Path(folder, name).stat()
                sizes[status.st_ino] = status.st_size
    return sum(sizes.values())


def _outdated(directory: Path) -> IndexOutdatedError:
    return IndexOutdatedError(Sentence(
        "索引 %(folder)s 是用另一版本的程序或词典建立的，需要重建：unionnews reindex 报纸文件夹 --index %(folder)s",
        folder=directory,
    ))


def damaged(directory: Path) -> IndexDamagedError:
    """The error for an index whose files are missing or broken."""
    return IndexDamagedError(Sentence(
        "索引 %(folder)s 已损坏，需要重建：unionnews reindex 报纸文件夹 --full --index %(folder)s", folder=directory
    ))


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no handle on a directory that can be flushed
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _note_holder(directory: Path) -> None:
    now = datetime.datetime.now().astimezone().isoformat(" ", "seconds")
    (directory / "lock.holder").write_text(f"进程 {os.getpid()}，{now} 开始", "utf-8")


def _holder(directory: Path) -> str:
    try:
        return (directory / "lock.holder").read_text("utf-8", "replace")
    except OSError:
        return "进程不明"
