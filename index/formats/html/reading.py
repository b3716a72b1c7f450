"""An article of an e-paper site, or any other HTML, as a page.

Founder (方正): the article's fields stand in a comment (``<founder-title>`` or ``<title>``) or in elements of that
name, its text in ``<founder-content>``, between two comments, or in ``#ozoom``. 中工网: ``#pretitle``, ``#ctitle`` and
``#ccontent``. A page that only leads to articles has none of its own. Other HTML is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path

from index import scans
from index.companions import is_layout
from index.formats import delivered, text
from index.formats.delivered import Delivered
from index.formats.html.layout import Layout, label, layout_of
from index.formats.html.tree import CONTENT, Element, by_id, first, line, paragraphs, read
from index.model import Page, PageMetadata, Scan
from index.pages import masthead

_FIELDS = {
    "title": "title", "subtitle": "subtitle", "introtitle": "kicker", "pretitle": "kicker", "author": "author",
    "date": "date", "pagenum": "page", "nodename": "page", "papername": "newspaper",
}  # fmt: skip
_PROPERTY = re.compile(r"<(?:founder-)?([a-z]{4,10})>(.{0,2000}?)</(?:founder-)?\1>", re.S | re.I)
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_SITE = re.compile(r"(?:多媒体)?(?:数字报|电子报|电子版|数字版|网络版)刊?(?:平台)?")
"""What the title of a site adds to the name of the newspaper."""

_IMPRINT = re.compile(
    r"《\s?([^《》\s]{2,14})\s?》\s?[(（]\s?(\d{4}年\d{1,2}月\d{1,2}日)\s?第\s?(\w{1,4})\s?版"
)
"""《人民日报》（2026年04月28日 第 01 版）, behind the byline."""

_FOLDERS = re.compile(r"/((?:19|20)\d\d)(0[1-9]|1[0-2])/([0-2]\d|3[01])/")
"""A day as content/202604/28/ has it."""
_LONGEST = 50_000
_OPENING = 5000
"""Characters of a page among which its imprint stands."""
_IDS = {"pretitle": "pretitle", "title": "ctitle", "subtitle": "csubtitle", "author": "cauthor"}
_TAGS = {"pretitle": "h3", "title": "h1", "subtitle": "h2"}
_INDEX = re.compile(r"(?:paper)?index\.html?", re.I)
_LEVELS = {f"h{level}": level for level in range(1, 7)}


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The article of an HTML file as a page; no page if the file only leads to articles.

    Raises:
        UnreadableFileError: it is no HTML.
    """
    tree, comments = read(path)
    content, fields = _content(tree), _fields(tree, comments)
    if content is not None and (paragraphs(content) or fields.get("title")):
        yield _article(tree, content, fields, path, name)
    elif not _leads_on(tree, path):
        markdown = _markdown(first(tree, "body") if first(tree, "body") is not None else tree)
        yield from scans.shown(text.parsed([markdown], name), scans.beside(path, name)) if markdown else ()


def _content(tree: Element) -> Element | None:
    """The part that holds the article's text."""
    own = first(tree, CONTENT)
    other = by_id(tree, "ccontent", "ozoom", "articleContent")
    return own if other is None or (own is not None and paragraphs(own)) else other


def _leads_on(tree: Element, path: Path) -> bool:
    """Whether a page without an article only leads to others."""
    if is_layout(path.name) or _INDEX.fullmatch(path.name) or tree.find(".//map") is not None:
        return True
    sent_on = any((meta.get("http-equiv") or "").lower() == "refresh" for meta in tree.iter("meta"))
    return sent_on or by_id(tree, "pageUrl", "titleList") is not None


def _fields(tree: Element, comments: Sequence[str]) -> dict[str, str]:
    """What the page says of its article, by our names; the first that says something counts."""
    found = [
        (key.lower(), " ".join(unescape(_MARKUP.sub(" ", value)).split()))
        for comment in comments if "enpproperty" in comment for key, value in _PROPERTY.findall(comment[:_LONGEST])
    ]
    found += [(key, line(first(tree, f"founder-{key}"))) for key in _FIELDS]
    found += [(key, line(by_id(tree, name))) for key, name in _IDS.items()]
    found += [("author", line(part).partition("《")[0]) for part in tree.find_class("sec")[:1]]
    if not any(key == "title" and value for key, value in found):
        found += [(key, line(first(tree, tag))) for key, tag in _TAGS.items()]
    said: dict[str, str] = {}
    for key, value in found:
        if value and key in _FIELDS:
            said.setdefault(_FIELDS[key], value)
    return said


def _article(tree: Element, content: Element, said: dict[str, str], path: Path, name: str) -> Page:
    found = layout_of(path, name) or Layout()
    scan = found.of(path.name) or _only_pdf(path, name)
    lines = tuple(paragraphs(content))
    own = Delivered(
        title=said.get("title", ""), paragraphs=lines, kicker=said.get("kicker", ""),
        subtitle=said.get("subtitle", "").lstrip("—-― "), author=said.get("author", ""), scan=scan,
    )
    return delivered.page(name, _metadata(tree, said, found, name), [own], scan=scan and replace(scan, box=None))


def _metadata(tree: Element, said: dict[str, str], found: Layout, name: str) -> PageMetadata:
    """What the article says of its page, else what the page with the picture says, else the path."""
    number, section = label(said.get("page", ""))
    beside, folders = masthead.from_source(name), _FOLDERS.search(f"/{name}")
    titles = _SITE.sub("", f"{said.get('newspaper', '')} {line(first(tree, 'title'))}")
    words = re.split(r"[\s\-_|—·:：《》]+", titles)
    imprint = _IMPRINT.search(line(first(tree, "body"))[:_OPENING])
    return masthead.merged([
        PageMetadata(
            newspaper=next(filter(masthead.is_newspaper, words), None), date=masthead.find_date(said.get("date", "")),
            page_no=number, section=section,
        ),
        _printed_in(imprint) if imprint else PageMetadata(),
        PageMetadata(date=masthead.find_date("-".join(folders.groups()))) if folders else PageMetadata(),
        PageMetadata(page_no=found.page_no, section=found.section),
        # the number in content_1_1001.htm is no page's; that of a folder 2026/07/18/3/ is
        replace(beside, page_no=beside.page_no if re.search(r"/\d{1,2}/[^/]*$", name) else None),
    ])


def _printed_in(imprint: re.Match[str]) -> PageMetadata:
    return PageMetadata(imprint[1], date=masthead.find_date(imprint[2]), page_no=imprint[3])


def _only_pdf(path: Path, name: str) -> Scan | None:
    """The one PDF in the folder of a page's articles."""
    try:
        found = [file.name for file in path.parent.iterdir() if file.suffix.lower() == scans.PDF]
    except OSError:  # a folder that may be entered, but not listed
        return None
    return scans.named(found[0], name) if len(found) == 1 else None


def _markdown(body: Element) -> str:
    """The text of any HTML, its headings marked."""
    for heading in body.iter(*_LEVELS):
        heading.text = f"{'#' * _LEVELS[heading.tag]} {heading.text or ''}"
    return "\n\n".join(paragraphs(body))
