"""The pictures of printed pages: which one belongs to a page file, and where it may be read from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.model import Page, Scan

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
"""Endings of pictures that a browser shows."""

PDF = ".pdf"


def beside(path: Path, name: str) -> Scan | None:
    """The picture or PDF that lies beside a page file and is called like it; ``name`` as in ``PageFile``."""
    for suffix in (*PICTURES, PDF):
        for picture in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
            if picture != path and is_there(picture):
                return named(picture.name, name)
    return None


def is_there(path: Path) -> bool:
    """Whether there is a file of this name, which may be no name at all."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def named(file: str, name: str) -> Scan | None:
    """The scan that the page file ``name`` names by a path from its own folder; None if that leaves the archive."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), file.replace("\\", "/")))
    suffix = posixpath.splitext(path)[1].lower()
    if posixpath.isabs(file) or ":" in file or path.startswith("../") or suffix not in (*PICTURES, PDF):
        return None
    return Scan(path, 1 if suffix == PDF else None)


def shown(pages: Iterator[Page], scan: Scan | None) -> Iterator[Page]:
    """The pages of a file with its scan, page by page if that is a PDF, unless they know a scan of their own."""
    for number, page in enumerate(pages, 1):
        own = replace(scan, page=number) if scan and scan.page else scan
        yield with_scan(page, own) if own and not page.scan else page


def with_scan(page: Page, scan: Scan) -> Page:
    """``page`` and its articles with a scan; those that know their own keep it."""
    return replace(page, scan=scan, articles=tuple(a if a.scan else replace(a, scan=scan) for a in page.articles))


def locate(root: str, scan: Scan) -> Path | None:
    """The file of a scan, if there is one and it truly lies below ``root``, whatever links lead there."""
    if not root or not scan.file.lower().endswith((*PICTURES, PDF)):
        return None
    try:
        above, path = Path(root).resolve(), Path(root, scan.file).resolve()
        return path if path.is_relative_to(above) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a NUL in the name, or links in a circle
        return None
