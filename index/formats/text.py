"""Text and Markdown, as people and OCR tools write it: one newspaper page a file, or several.

Pages are parted by a form feed (PaddleOCR), by ``{3}`` and dashes (Marker), by a comment that speaks of a page
(``<!-- page 3 -->``, docling's ``<!-- page break -->``), or by headings 第3版. What follows is told from what stands
before: newspaper, day and issue go on, page numbers count up unless the pages say their own.

A page may name the picture of itself in its front matter (``scan: ../scans/2024-05-01_02.jpg``, a path from its own
folder).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index import files, scans
from index.errors import UnreadableFileError
from index.model import Page
from index.pages import masthead
from index.pages.page import parse_page

MOST_PAGES = 2000
"""Pages of one file; what follows belongs to the last."""

_BREAK = re.compile(
    r"\f|^\{\d{1,5}\}-{20,}[ \t]*$|^<!--[ \t]*(?:page|第[ \t]?\d{1,4}[ \t]?页)[^<>\n]{0,40}-->[ \t]*$", re.M | re.I
)
_NUMBER = r"[A-D]?\d{1,3}|[一二三四五六七八九十]{1,3}"
_PAGE_HEADING = re.compile(rf"^#{{1,6}}[ \t]*第[ \t]?({_NUMBER})[ \t]?版(?:[ \t:：·|—-]{{1,3}}\S{{2,8}})?[ \t]*$", re.M)
_PICTURES_FIRST = re.compile(
    r"(?:\s|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)|<img\s[^<>]{0,500}>|</?div(?:\s[^<>]{0,200})?>|"
    r"<!--[ \t]?image[ \t]?-->)*"
)
_SCAN = re.compile(r"^(?:scan|扫描件?|版面图)[ \t]*[:：][ \t]*[\"']?([^\"'\n]{1,300}?)[\"']?[ \t]*$", re.M | re.I)


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a text file.

    Raises:
        UnreadableFileError: it is no text.
    """
    text = files.read_text(path)
    front = text[: masthead.front_matter(text)[1]]
    named = _SCAN.search(front)
    scan = scans.named(named[1], name) if named else scans.beside(path, name)
    yield from scans.shown(parsed(split(text), name), scan)


def split(text: str) -> list[str]:
    """The texts of the newspaper pages in a file; the marks between them are left out, but for headings."""
    pieces = [piece for piece in _BREAK.split(text, MOST_PAGES) if piece.strip()]
    return [page for piece in pieces for page in _at_headings(piece)]


def _at_headings(text: str) -> list[str]:
    """A text cut where headings name another page than the one before."""
    starts: list[int] = []
    number = None
    for match in _PAGE_HEADING.finditer(text):
        if number is not None and match[1] != number:
            starts.append(match.start())
        number = match[1]
    return [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]


def parsed(texts: Sequence[str], name: str) -> Iterator[Page]:
    """The pages of a file in their order; ``name`` is its path as the pages' source.

    Raises:
        UnreadableFileError: there is no text.
    """
    if not any(map(str.strip, texts)):
        raise UnreadableFileError("文件里没有文字")
    if len(texts) == 1:
        yield parse_page(_PICTURES_FIRST.sub("", texts[0], 1), name)
        return
    first = masthead.front_matter(texts[0])[0]
    known = masthead.merged([replace(first, page_no=None), replace(masthead.from_source(name), page_no=None)])
    for number, text in enumerate(texts, 1):
        page = parse_page(_PICTURES_FIRST.sub("", text, 1), name, replace(known, page_no=str(number)))
        known = replace(masthead.merged([page.metadata, known]), page_no=None, section=None)
        yield page
