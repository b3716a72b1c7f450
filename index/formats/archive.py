"""Zip archives of page files: unpacked within limits into a folder of their own, and read from there."""

from __future__ import annotations

import contextlib
import lzma
import posixpath
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from index import files
from index.errors import UnreadableFileError, reason
from index.model import Page, PageMetadata

MOST_FILES = 10_000
"""Files in an archive, those of archives inside it included."""
MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes of an archive once unpacked, those of archives inside it included."""
MAX_RATIO, UNSUSPICIOUS = 200, 4 * 1024 * 1024
"""A file that is so many times as large unpacked is a trap, if it is larger than so many bytes; text packs 3 to 20."""
MAX_DEPTH = 2
"""Archives in one another."""

_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What ``zipfile`` and its decompressors let through."""
_BLOCK = 1 << 16
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked."""

    files: int
    bytes: int

    def take(self, *, files: int = 0, size: int = 0) -> None:
        self.files -= files
        self.bytes -= size
        if self.files < 0:
            raise UnreadableFileError(f"压缩包里的文件太多（最多 {MOST_FILES} 个）")
        if self.bytes < 0:
            raise UnreadableFileError(f"压缩包解开后太大（最多 {MAX_UNPACKED // 1024 // 1024} MB）")


@dataclass(slots=True)
class _Unpacking:
    """An archive being unpacked into a folder; ``notes`` name the files that are left out, and why."""

    folder: Path
    budget: _Budget
    depth: int = 1
    notes: list[str] = field(default_factory=list)


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of all page files in an archive; the name of the archive stands before theirs.

    Files that cannot be read, or that would lie outside of the archive, are named in notes.

    Raises:
        UnreadableFileError: it is no archive, is beyond the limits, or nothing of it can be read.
    """
    notes: list[str] = []
    with _temporary_folder() as folder:
        _unpack(path, _Unpacking(Path(folder), _Budget(MOST_FILES, MAX_UNPACKED), notes=notes))
        pages = 0
        for page in _read(Path(folder), name, notes):
            pages += 1
            yield page
        if not pages:
            raise UnreadableFileError(notes[0] if notes else "压缩包里没有报纸文件")
    if notes:
        yield Page(posixpath.basename(name), PageMetadata(), (), notes=tuple(notes))


@contextlib.contextmanager
def _temporary_folder() -> Iterator[str]:
    try:
        folder = tempfile.mkdtemp(prefix="unionnews-")
    except OSError as error:
        raise UnreadableFileError(f"没有地方解开压缩包（{reason(error)}）") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path, name: str, notes: list[str]) -> Iterator[Page]:
    # imported here because that module reads this one's archives
    from index.formats import read_pages as read_any

    for file in files.find([folder]):
        try:
            for page in read_any(file.path, f"{name}/{file.name}"):
                # pictures stay in the archive, where nobody can show them
                yield replace(page, scan=None, articles=tuple(replace(a, scan=None) for a in page.articles))
        except UnreadableFileError as error:
            notes.append(f"{file.name}：{error}")


def _unpack(path: Path, into: _Unpacking) -> None:
    """Unpack the page files of an archive, and of the archives in it.

    Raises:
        UnreadableFileError
    """
    try:
        with files.opened(path) as file, zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                _unpack_member(archive, member, into)
    except _BROKEN as error:
        raise UnreadableFileError("不是完整的压缩包（.zip）") from error


def _unpack_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: _Unpacking) -> None:
    name = _name(member)
    if member.is_dir():
        return
    into.budget.take(files=1)
    if not name.lower().endswith(files.SUFFIXES):
        return
    if refusal := _refusal(name, member):
        into.notes.append(f"{name}：{refusal}")
        return
    target = into.folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(archive, member, target, into.budget)
    except (*_BROKEN, OSError) as error:
        with contextlib.suppress(OSError):
            target.unlink()
        into.notes.append(f"{name}：压缩包里的这个文件已损坏（{type(error).__name__}）")
        return
    if name.lower().endswith(".zip"):
        _unpack_inner(target, name, into)


def _refusal(name: str, member: zipfile.ZipInfo) -> str | None:
    """Why a file is left where it is."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        return "指向压缩包之外，未读取"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "是链接，未读取"
    if member.flag_bits & _ENCRYPTED:
        return "有密码，未读取"
    return None


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, budget: _Budget) -> None:
    """Unpack one file. Its true size is counted; what the archive says of it may be a lie."""
    size = 0
    with archive.open(member) as packed, target.open("xb") as out:
        while block := packed.read(_BLOCK):
            size += len(block)
            budget.take(size=len(block))
            if size > max(UNSUSPICIOUS, MAX_RATIO * member.compress_size):
                raise UnreadableFileError(f"压缩包里的 {_name(member)} 解开后异常地大，不予读取")
            out.write(block)


def _unpack_inner(archive: Path, name: str, into: _Unpacking) -> None:
    """Unpack an archive that lies in another into a folder of its name, in its place."""
    if into.depth >= MAX_DEPTH:
        into.notes.append(f"{name}：压缩包套了太多层（最多 {MAX_DEPTH} 层），未读取")
        archive.unlink()
        return
    packed = archive.with_name(f".{archive.name}")
    archive.rename(packed)
    archive.mkdir()
    try:
        _unpack(packed, _Unpacking(archive, into.budget, into.depth + 1, into.notes))
    except UnreadableFileError as error:
        if min(into.budget.files, into.budget.bytes) < 0:
            raise
        shutil.rmtree(archive)
        into.notes.append(f"{name}：{error}")
    packed.unlink()


def _name(member: zipfile.ZipInfo) -> str:
    """A file's name; in archives from Chinese Windows it is written in GBK and does not say so."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME and not name.isascii():
        try:
            name = files.decode(name.encode("cp437"))
        except (UnicodeEncodeError, UnreadableFileError):
            name = member.filename
    return name.replace("\\", "/").removeprefix("./")
