"""METS with ALTO: an issue taken apart by a digitising firm or a tool, article by article.

The METS file names the ALTO file of each page and says, in its logical map, which of their blocks make which article
(``div TYPE="ARTICLE"`` with ``fptr/area``). An ALTO file without METS is read as a page of text.

https://www.loc.gov/standards/mets/
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from index import scans
from index.errors import UnreadableFileError
from index.formats import delivered, text
from index.formats.alto import AltoPage, TextBlock, alto_page, around, confidence, read_alto
from index.formats.delivered import Delivered
from index.formats.xml import Element, attribute, read
from index.model import Page, PageMetadata, Scan
from index.pages import masthead
from index.pages.repair import join

MOST_PAGES = 2000
"""ALTO files of one issue."""

_TITLES = ("HEADING", "TITLE", "HEADLINE", "MAIN_TITLE", "MAINTITLE")
_PARTS = {
    **dict.fromkeys(_TITLES, "title"), **dict.fromkeys(("OVERLINE", "KICKER", "SUPERTITLE", "MOTTO"), "kicker"),
    **dict.fromkeys(("SUBHEADLINE", "SUBTITLE", "SUB_TITLE", "SUBHEADING"), "subtitle"),
    **dict.fromkeys(("AUTHOR", "BYLINE", "CREATOR"), "author"),
}  # fmt: skip
_ARTICLES = ("ARTICLE", "ADVERTISEMENT", "NOTICE", "OBITUARY", "ILLUSTRATION_ARTICLE", "LETTER", "POEM")


@dataclass(slots=True)
class _Sheet:
    """A page while its articles are being gathered; blocks that belong to one are taken out of ``loose``."""

    number: str
    alto: AltoPage
    scan: Scan | None
    loose: dict[str, TextBlock]
    articles: list[Delivered] = field(default_factory=list)


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a METS file with its ALTO files, or of one ALTO file.

    Raises:
        UnreadableFileError: it is no XML, or none of its pages can be read.
    """
    root = read(path)
    if root.tag == "alto":
        blocks = alto_page(root).blocks.values()
        if not blocks:
            raise UnreadableFileError("ALTO 里没有文字")
        whole = "\n\n".join("\n".join(block.lines) for block in blocks)
        yield from scans.shown(text.parsed([whole], name), scans.beside(path, name))
    elif root.tag == "mets":
        yield from _pages(root, path, name)
    else:
        yield Page(posixpath.basename(name), PageMetadata(), (), notes=("不是 METS 或 ALTO，没有读取文章",))


def _pages(root: Element, path: Path, name: str) -> Iterator[Page]:
    sheets, notes = _sheets(root, path, name)
    if not sheets:
        raise UnreadableFileError(notes[0] if notes else "METS 没有列出 ALTO 文件")
    for article in _articles(root):
        _gather(article, sheets)
    said = _metadata(root, name)
    for number, sheet in enumerate(sheets.values()):
        metadata = masthead.merged([PageMetadata(page_no=sheet.number), said])
        loose = ["\n".join(block.lines) for block in sheet.loose.values()]
        yield delivered.page(
            name, metadata, sheet.articles, loose=loose, notes=() if number else notes, scan=sheet.scan
        )


def _sheets(root: Element, path: Path, name: str) -> tuple[dict[str, _Sheet], list[str]]:
    """The pages by the id of their ALTO file, in their order, and what could not be read."""
    numbers = _numbers(root)
    sheets: dict[str, _Sheet] = {}
    notes: list[str] = []
    for file in [file for file in root.iter("file") if _href(file).lower().endswith(".xml")][:MOST_PAGES]:
        href = _href(file)
        try:
            alto = read_alto(_inside(path.parent, href))
        except UnreadableFileError as error:
            notes.append(f"{href}：{error}")
            continue
        identity = attribute(file, "ID")
        number = numbers.get(identity, str(len(sheets) + 1))
        sheets[identity] = _Sheet(number, alto, _scan(alto, path, href, name), dict(alto.blocks))
    return sheets, notes


def _href(file: Element) -> str:
    """The path of a file from the METS file's folder."""
    location = file.find("FLocat")
    href = attribute(location, "href") if location is not None else ""
    return unquote(re.sub(r"^file:/{0,2}(?=\.?/?\w|\.)", "", href)).replace("\\", "/")


def _inside(folder: Path, href: str) -> Path:
    """A file below the folder of the METS file.

    Raises:
        UnreadableFileError: it lies elsewhere.
    """
    try:
        path = folder.joinpath(href).resolve()
        if path.is_relative_to(folder.resolve()):
            return path
    except (OSError, ValueError, RuntimeError):  # a NUL in the name, or links in a circle
        pass
    raise UnreadableFileError("不在 METS 文件所在的文件夹里，不予读取")


def _scan(alto: AltoPage, path: Path, href: str, name: str) -> Scan | None:
    """The picture that the ALTO file names, or one that is called like it."""
    within = posixpath.join(posixpath.dirname(name), href)
    named = scans.named(posixpath.basename(alto.picture.replace("\\", "/")), within) if alto.picture else None
    if named and scans.is_there(path.parent.joinpath(posixpath.dirname(href), posixpath.basename(named.file))):
        return named
    return scans.beside(path.parent.joinpath(href), within)


def _numbers(root: Element) -> dict[str, str]:
    """The page number of each ALTO file, from the physical map."""
    found: dict[str, str] = {}
    for division in root.iter("div"):
        if attribute(division, "TYPE").upper() == "PAGE":
            number = attribute(division, "ORDERLABEL") or attribute(division, "ORDER")
            found |= {identity: number for identity in _files(division) if number}
    return found


def _files(division: Element) -> Iterator[str]:
    for pointer in division.iter("fptr", "area"):
        if identity := attribute(pointer, "FILEID"):
            yield identity


def _articles(root: Element) -> Iterator[Element]:
    """The divisions that are articles, without those inside others."""
    inside: set[Element] = set()
    for division in root.iter("div"):
        if attribute(division, "TYPE").upper() in _ARTICLES and division not in inside:
            inside |= set(division.iter("div"))
            yield division


def _gather(article: Element, sheets: dict[str, _Sheet]) -> None:
    """Put an article on the page where it begins, and its blocks out of the loose ones."""
    parts: defaultdict[str, list[TextBlock]] = defaultdict(list)
    home: _Sheet | None = None
    for kind, identity, block_id in _pointers(article):
        sheet = sheets.get(identity)
        block = sheet.loose.pop(block_id, None) if sheet else None
        if sheet and block:
            home = home or sheet
            parts[kind].append(block)
    if home:
        blocks = [block for found in parts.values() for block in found]
        on_page = set(map(id, home.alto.blocks.values()))
        box = around(block.box for block in blocks if id(block) in on_page)
        lines = {kind: join([line for block in found for line in block.lines]) for kind, found in parts.items()}
        home.articles.append(Delivered(
            title=lines.get("title", "") or attribute(article, "LABEL").strip(), kicker=lines.get("kicker", ""),
            subtitle=lines.get("subtitle", ""), author=lines.get("author", ""),
            paragraphs=tuple("\n".join(block.lines) for block in parts["body"]), ocr=True,
            scan=home.scan and Scan(home.scan.file, home.scan.page, box), ocr_confidence=confidence(blocks),
        ))  # fmt: skip


def _pointers(article: Element) -> Iterator[tuple[str, str, str]]:
    """The blocks of an article in their order: part, file, block."""
    for division in article.iter("div"):
        kind = _kind(division, article)
        for pointer in division.findall("fptr"):
            for area in pointer.iter("area"):
                yield kind, attribute(area, "FILEID"), attribute(area, "BEGIN")


def _kind(division: Element, article: Element) -> str:
    """The part of the article that a division is, or stands in."""
    while division is not None and division is not article:
        if kind := _PARTS.get(attribute(division, "TYPE").upper()):
            return kind
        division = division.getparent()
    return "body"


def _metadata(root: Element, name: str) -> PageMetadata:
    """Newspaper, day and number of the issue, from its description (MODS), its label, or the path."""
    titles: Sequence[str | None] = [root.findtext(".//mods//titleInfo/title"), *attribute(root, "LABEL").split(",")]
    papers = ("".join(title.split()) for title in titles if title)
    day = next(filter(None, (element.text for element in root.iter("dateIssued", "date"))), "")
    number = root.findtext(".//detail[@type='issue']/number") or ""
    return masthead.merged([
        PageMetadata(
            newspaper=next(filter(masthead.is_newspaper, papers), None), issue_no=number.strip() or None,
            date=masthead.find_date(day) or masthead.find_date(attribute(root, "LABEL")),
        ),
        masthead.from_source(name),
    ])
