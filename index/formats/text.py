"""Text and Markdown: one newspaper page a file.

A page may name the picture of itself in its front matter (``scan: ../scans/2024-05-01_02.jpg``, a path from its own
folder).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index import files, scans
from index.model import Page
from index.pages import masthead
from index.pages.page import parse_page

_SCAN = re.compile(r"^(?:scan|扫描件?|版面图)[ \t]*[:：][ \t]*[\"']?([^\"'\n]{1,300}?)[\"']?[ \t]*$", re.M | re.I)


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a text file.

    Raises:
        UnreadableFileError: it is no text.
    """
    text = files.read_text(path)
    page = parse_page(text, name)
    named = _SCAN.search(text[: masthead.front_matter(text)[1]])
    scan = scans.named(named[1], name) if named else None
    yield scans.with_scan(page, scan) if scan else page
