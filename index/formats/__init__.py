"""Formats of page files, each in a module of its own, and the one function that reads any of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index import files, scans
from index.errors import UnreadableFileError
from index.formats import jsonl, text
from index.model import Page


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a file; ``name`` is its path as the page's source.

    Raises:
        UnreadableFileError: nothing of it can be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        yield from jsonl.read_pages(path, name)
    elif suffix in files.SUFFIXES:
        yield from scans.shown(text.read_pages(path, name), scans.beside(path, name))
    else:
        known = "、".join(files.SUFFIXES)
        raise UnreadableFileError(f"不支持的文件类型 {suffix or '（无扩展名）'}（支持 {known}）")
