"""Page files: finding them in folders and decoding their bytes."""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import UnreadableFileError

SUFFIXES = (".md", ".markdown", ".txt", ".jsonl")
"""Endings of files that hold pages or articles; others in a folder (pictures, say) are passed over."""

MAX_BYTES = 64 * 1024 * 1024
"""Largest page file; a JSON lines file may be larger, it is read a line at a time."""

_MIN_PLAUSIBLE = 0.5
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\v\f\r\x1a\x1b")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file to read. ``name`` identifies it in the index: its path below the folder that was given."""

    path: Path
    name: str


def find(paths: Iterable[Path]) -> Iterator[PageFile]:
    """The page files among ``paths`` and below the folders among them, in the order of their names.

    A file that is named itself is always given, whatever its ending; hidden files and folders are not
    entered, nor links to folders that are being walked already.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(_walk(path, path, frozenset()), key=lambda file: file.name)
        else:
            yield PageFile(path, path.name)


def _walk(folder: Path, root: Path, above: frozenset[Path]) -> Iterator[PageFile]:
    real = folder.resolve()
    if real in above:
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield PageFile(folder, folder.relative_to(root).as_posix())  # reading it will say why not
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, root, above | {real})
        elif entry.suffix.lower() in SUFFIXES:
            yield PageFile(entry, entry.relative_to(root).as_posix())


def digest(path: Path) -> str:
    """The sha256 of a file's bytes.

    Raises:
        UnreadableFileError
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFileError(_reason(error)) from error


def read_text(path: Path) -> str:
    """The text of a page file.

    Raises:
        UnreadableFileError: it cannot be opened, is empty, too large or no text.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFileError(f"文件太大（{size // 1024 // 1024} MB，最多 {MAX_BYTES // 1024 // 1024} MB）")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(_reason(error)) from error
    text = decode(content)
    if not text.strip():
        raise UnreadableFileError("文件是空的")
    return text


def decode(content: bytes) -> str:
    """Bytes as text: by byte order mark, else UTF-8, else GB18030 or Big5, whichever reads more like Chinese.

    Raises:
        UnreadableFileError: no encoding gives text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(content, encoding)
    try:
        return _text(content, "utf-8")
    except UnreadableFileError:
        best = max(_LEGACY, key=lambda encoding: _plausibility(content, encoding))
        if _plausibility(content, best) < _MIN_PLAUSIBLE:
            raise
        return _text(content, best)


def _text(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError("不是文本文件，或文字编码无法识别（支持 UTF-8、GB18030、Big5）") from None
    if _CONTROLS.intersection(text):
        raise UnreadableFileError("不是文本文件（含有二进制内容）")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _plausibility(content: bytes, encoding: str) -> float:
    """The share of frequent characters among the Chinese ones, by the encodings' own first levels.

    GB 2312 and Big5 order their characters by frequency of use: level 1 is B0-D7 in the one, A4-C6 in the
    other. Text read in the wrong encoding is mostly made of rarer ones.
    """
    level, frequent = _LEVELS[encoding]
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    chinese = [c for c in text if c > "\u2e80" and c.isalpha()]
    codes = [c.encode(level, "ignore") for c in chinese]
    return sum(len(code) == 2 and code[0] in frequent for code in codes) / len(chinese) if chinese else 0.0


def _reason(error: OSError) -> str:
    reasons = {PermissionError: "没有读取权限", FileNotFoundError: "文件不存在", IsADirectoryError: "是文件夹，不是文件"}
    return reasons.get(type(error)) or f"无法读取：{error.strerror or os.strerror(error.errno or 0)}"


_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LEVELS = {"gb18030": ("gb2312", range(0xB0, 0xD8)), "big5": ("big5", range(0xA4, 0xC7))}
_LEGACY = tuple(_LEVELS)
