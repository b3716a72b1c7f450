"""Reading page files: bytes to pages, whatever may be wrong with a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index import files, scans
from index.errors import UnreadableFileError
from index.files import PageFile
from index.formats import read_pages
from index.model import Article, Page
from index.pages.repair import tidy
from index.sidecar import Sidecar, informed

_LARGE = 4 * 1024 * 1024
"""A file of so many bytes is not held in memory as a whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was read.

    ``sidecar`` speaks for it; ``stamp`` and ``digest`` as in ``SourceFile``. ``pages`` is None for a large file, which
    is yet to be read (``pages_of``). ``failure`` is why it could not be read.
    """

    file: PageFile
    sidecar: Sidecar | None
    stamp: tuple[int, int]
    digest: str
    pages: tuple[Page, ...] | None = ()
    failure: str | None = None


def read(request: tuple[PageFile, Sidecar | None]) -> Reading:
    """Read a file for which a sidecar may speak; never raises."""
    file, sidecar = request
    stamp = files.stamp(file.path)  # taken before the bytes, so that a change meanwhile shows in the next run
    try:
        digest = files.digest(file.path)
    except UnreadableFileError as error:
        return Reading(file, sidecar, stamp, "", failure=str(error))
    if stamp[0] >= _LARGE:
        return Reading(file, sidecar, stamp, digest, None)
    try:
        return Reading(file, sidecar, stamp, digest, tuple(_pages(file, sidecar)))
    except UnreadableFileError as error:
        return Reading(file, sidecar, stamp, digest, failure=str(error))


def pages_of(reading: Reading) -> Iterator[Page]:
    """The pages of a file, one after the other.

    Raises:
        UnreadableFileError: it cannot be read.
    """
    if reading.failure:
        raise UnreadableFileError(reading.failure)
    yield from _pages(reading.file, reading.sidecar) if reading.pages is None else reading.pages


def _pages(file: PageFile, sidecar: Sidecar | None) -> Iterator[Page]:
    """The pages of a file, with what its sidecar says."""
    pages = read_pages(file.path, file.name)
    if sidecar is None:
        return pages
    return scans.shown((informed(page, sidecar, file) for page in pages), sidecar.scan(file))


def entries(page: Page) -> Iterator[Article]:
    """What is indexed of a page: its articles, and as one entry more what belongs to none of them."""
    yield from page.articles
    text = "\n".join(filter(str.strip, page.furniture))
    body = "\n".join(filter(None, map(tidy, page.furniture)))
    if body:
        said = page.metadata
        digest = hashlib.blake2b(f"{said}\n{text}".encode(errors="surrogatepass"), digest_size=5)
        yield Article(
            id=f"page-{digest.hexdigest()}", source=Path(page.source).name, body=body, printed=text,
            kind="page", newspaper=said.newspaper, issue_no=said.issue_no, date=said.date,
            page_no=said.page_no, section=said.section, scan=page.scan,
        )
