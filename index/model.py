"""The nouns of a newspaper archive, as frozen values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

KINDS = ("news", "feature", "photo", "brief", "notice", "essay", "page")
"""Kinds of article; ``page`` is text that belongs to no article (or a page that defied segmentation)."""


@dataclass(frozen=True, slots=True)
class Byline:
    """One person and the role printed beside the name: 记者, 通讯员, 摄影, 作者 …"""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What stood wrongly in an article's text, and what the operator has put in its place."""

    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page, or its file name, says of itself; None where nothing says it."""

    newspaper: str | None = None
    issue_no: str | None = None
    date: datetime.date | None = None
    page_no: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """The picture of a printed page, and where on it an article stands.

    ``file`` is the path of the picture or PDF below the archive's root, with slashes (``2024/05/10/A01.jpg``): below
    the folder that the names of page files are relative to (``Manifest.root``). ``page`` is the page of a PDF, from
    1; None for a picture. ``box`` is left, top, right and bottom as shares of the page's width and height (0 to 1),
    None where nothing tells it.
    """

    file: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as a reader sees it. ``body`` is repaired text, one paragraph a line.

    ``printed`` is the text as the OCR tool gave it, title and bylines included. ``source`` is the name of
    the file it stands in. ``scan`` is what the printed page looks like, ``ocr_confidence`` the mean confidence of the
    OCR tool in the article's words (0 to 1); None where the file does not say. ``corrections`` are those made in what
    is shown, not in ``printed``.
    """

    id: str
    source: str
    body: str
    printed: str
    kind: str = "news"
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    bylines: tuple[Byline, ...] = ()
    subheads: tuple[str, ...] = ()
    newspaper: str | None = None
    issue_no: str | None = None
    date: datetime.date | None = None
    page_no: str | None = None
    section: str | None = None
    scan: Scan | None = None
    ocr_confidence: float | None = None
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One newspaper page (版), taken apart.

    Every character of the file that is not white space stands in exactly one article's ``printed`` or in
    ``furniture``; an article that goes on on other pages holds their part, too, once they are joined. ``notes`` are
    doubts for the operator, in Chinese. ``scan`` is the picture of the whole page.
    """

    source: str
    metadata: PageMetadata
    articles: tuple[Article, ...]
    furniture: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    scan: Scan | None = None
