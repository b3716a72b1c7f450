"""PDF files with a text layer, a newspaper page each page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index import files, scans
from index.errors import UnreadableFileError
from index.formats import text
from index.formats.extras import extra
from index.model import Page, Scan

MAX_BYTES = 512 * 1024 * 1024
"""Largest PDF: the scans of a whole issue."""

MOST_PAGES, MOST_CHARACTERS = 2000, 20_000_000
"""Pages, and characters, of one file."""


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a PDF.

    Raises:
        UnreadableFileError: it is none, is locked, has no text, or what reads it is not installed.
    """
    pdfium = extra("pypdfium2", "pdf", "PDF 文件")
    if files.stamp(path)[0] > MAX_BYTES:
        raise UnreadableFileError(f"文件太大（最多 {MAX_BYTES // 1024 // 1024} MB）")
    with files.opened(path):
        pass  # says why, if it cannot be
    try:
        texts = _texts(pdfium, path)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableFileError("PDF 有密码" if locked else "不是完整的 PDF") from error
    if not any(page.strip() for page in texts):
        raise UnreadableFileError("PDF 没有文字层，请先做文字识别（OCR）")
    scan = scans.named(path.name, name) or Scan(path.name, 1)
    yield from scans.shown(text.parsed(texts, name), scan)


def _texts(pdfium: Any, path: Path) -> list[str]:
    with pdfium.PdfDocument(path) as document:
        if len(document) > MOST_PAGES:
            raise UnreadableFileError(f"页数太多（最多 {MOST_PAGES} 页）")
        texts: list[str] = []
        size = 0
        for page in document:
            texts.append(_text(page))
            size += len(texts[-1])
            if size > MOST_CHARACTERS:
                raise UnreadableFileError(f"文字太多（最多 {MOST_CHARACTERS} 字）")
        return texts


def _text(page: Any) -> str:
    layer = page.get_textpage()
    try:
        found = layer.get_text_bounded()
    finally:
        layer.close()
        page.close()
    return files.printable(found.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", ""))
