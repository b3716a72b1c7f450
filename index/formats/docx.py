"""Word documents (``.docx``): their paragraphs and tables as the text of a page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index import files, scans
from index.errors import UnreadableFileError
from index.formats import text
from index.formats.extras import extra
from index.model import Page

MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes of a document's text once unpacked; pictures do not count, they are not unpacked."""

_HEADING = re.compile(r"(?:heading|标题)\s?(\d)", re.I)


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a Word document.

    Raises:
        UnreadableFileError: it is none, is too large, or what reads it is not installed.
    """
    docx = extra("docx", "docx", " Word 文档")
    with files.opened(path) as file:
        try:
            with zipfile.ZipFile(file) as parts:
                size = sum(part.file_size for part in parts.infolist() if part.filename.endswith((".xml", ".rels")))
            if size > MAX_UNPACKED:
                raise UnreadableFileError(f"文档解开后太大（最多 {MAX_UNPACKED // 1024 // 1024} MB）")
            file.seek(0)
            lines = list(_lines(docx.Document(file)))
        except UnreadableFileError:
            raise
        except Exception as error:  # python-docx lets whatever a broken part causes through
            raise UnreadableFileError("不是完整的 Word 文档（.docx）") from error
    if not lines:
        raise UnreadableFileError("文件是空的")
    yield from scans.shown(text.parsed(text.split("\n\n".join(lines)), name), scans.beside(path, name))


def _lines(document: Any) -> Iterator[str]:
    """The paragraphs of a document as Markdown."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            yield from (" | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in block.rows)
        elif said := files.printable(block.text).strip():
            style = (block.style.name or "") if block.style is not None else ""
            match = _HEADING.match(style)
            level = int(match[1]) if match else 1 if style == "Title" else 0
            yield f"{'#' * min(level, 6)} {said}" if level else said
