"""Formats of page files, each in a module of its own, and the one function that reads any of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from index import files
from index.errors import UnreadableFileError
from index.model import Page

_MODULES = {
    ".md": "text", ".markdown": "text", ".txt": "text", ".jsonl": "jsonl", "content_list.json": "mineru",
    ".htm": "html", ".html": "html", ".xml": "mets", ".pdf": "pdf", ".docx": "docx", ".zip": "archive",
}  # fmt: skip
"""The module of each ending; loaded when the first such file is read."""


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a file, possibly none; ``name`` is its path as the page's source.

    Raises:
        UnreadableFileError: nothing of it can be read.
    """
    ending = next((ending for ending in files.SUFFIXES if path.name.lower().endswith(ending)), None)
    if ending is None:
        known = "、".join(files.SUFFIXES)
        raise UnreadableFileError(f"不支持的文件类型 {path.suffix.lower() or '（无扩展名）'}（支持 {known}）")
    module = importlib.import_module(f"index.formats.{_MODULES[ending]}")
    yield from module.read_pages(path, name)
