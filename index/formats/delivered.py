"""Articles that a format delivers whole: titles, author and paragraphs are known and need not be told from a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.model import Article, Byline, Page, PageMetadata, Scan
from index.pages import article as articles
from index.pages import byline
from index.pages.blocks import FOLD, Block
from index.pages.draft import Draft
from index.pages.labels import is_notice
from index.pages.page import identified
from index.pages.repair import tidy

_BYLINE_LINES = 3
"""A byline that stands in the text stands in one of so many first lines."""
_LONGEST_NAME = 40
_UNIT = re.compile(r"^.{1,12}?(?=记者|通讯员)")
"""Where somebody is a reporter: 海港记者."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """An article as a format gives it; ``author`` is the byline as printed, empty where the format has none.

    ``ocr``: the text comes from an OCR tool and may need the repairs of such.
    """

    title: str
    paragraphs: tuple[str, ...]
    kicker: str = ""
    subtitle: str = ""
    author: str = ""
    scan: Scan | None = None
    ocr_confidence: float | None = None
    ocr: bool = False


def page(
    source: str, metadata: PageMetadata, delivered: Sequence[Delivered], *, loose: Sequence[str] = (),
    notes: Sequence[str] = (), scan: Scan | None = None,
) -> Page:
    """A page of such articles; ``loose`` is its text that belongs to none, ``source`` the file's name with folders."""
    name = source.rpartition("/")[2]
    built = [_article(each, name, metadata) for each in delivered]
    found = tuple(replace(each, scan=each.scan or scan) for each in identified([each for each, _ in built]))
    doubts = [*notes, *(doubt for _, said in built for doubt in said)]
    return Page(name, metadata, found, tuple(filter(str.strip, loose)), tuple(doubts), scan)


def _article(delivered: Delivered, source: str, metadata: PageMetadata) -> tuple[Article, list[str]]:
    """The article, without its id, and the doubts about it."""
    draft = _draft(delivered)
    sheet = articles.read_through(draft)
    built, doubts = articles.build(sheet, sheet.body, source, metadata)
    if not delivered.ocr:  # born digital: nothing has been misread, and every paragraph is one
        body = "\n".join(filter(None, (tidy(block.text) for block in sheet.body.blocks)))
        built, doubts = replace(built, body=body), []
    return replace(
        built, printed=_printed(delivered), title=delivered.title or None, kicker=delivered.kicker or None,
        subtitle=delivered.subtitle or None, scan=delivered.scan, ocr_confidence=delivered.ocr_confidence,
    ), doubts


def _printed(delivered: Delivered) -> str:
    lines = (delivered.kicker, delivered.title, delivered.subtitle, delivered.author, *delivered.paragraphs)
    return "\n".join(filter(None, lines))


def _draft(delivered: Delivered) -> Draft:
    paragraphs = [Block(text, text, 0, True) for text in delivered.paragraphs if text.strip()]
    people = _people(delivered.author)
    if not people:
        people, paragraphs = _signed(paragraphs)
    kind = "notice" if is_notice(delivered.title.translate(FOLD)) else "news"
    # who is only named in a field may as well be a reporter: no sign of an essay
    draft = Draft(kind, people=people, body=paragraphs, signed=bool(delivered.author))
    draft.printed += enumerate(paragraphs)
    draft.stack += [Block(f"# {delivered.title}", f"  {delivered.title}", 1)] if delivered.title else []
    if paragraphs and (lead := byline.dateline(paragraphs[0].key)):
        named = {person.name for person in lead.bylines}
        draft.people = [person for person in draft.people if person.name not in named or person.role != "作者"]
        draft.people += [person for person in lead.bylines if person not in draft.people]
        draft.dated = True
    for block in paragraphs:
        draft.people += [person for person in _credited(block.key) if person not in draft.people]
    return draft


def _credited(key: str) -> tuple[Byline, ...]:
    """Who took the picture, if that is the end of a paragraph: 图为调试设备。 苏禾 摄."""
    return byline.credit(re.split(r"[。!?;]|(?=\()", key.rstrip("。"))[-1].strip())


def _signed(paragraphs: list[Block]) -> tuple[list[Byline], list[Block]]:
    """The people named in lines of their own at the beginning, and the other paragraphs."""
    people: list[Byline] = []
    rest = list(paragraphs)
    while rest and len(paragraphs) - len(rest) < _BYLINE_LINES and (found := byline.byline(rest[0].key)):
        people += found
        rest.pop(0)
    if not people and len(rest) > 1 and (found := byline.author(rest[0].key)):
        return list(found), rest[1:]
    return people, rest


def _people(author: str) -> list[Byline]:
    """The people of an author's field: a byline as printed, or bare names."""
    key = author.translate(FOLD).strip()
    if not key:
        return []
    found = byline.byline(key) or byline.credit(key)
    if not found or {person.role for person in found} == {"作者"}:
        found = byline.byline(_UNIT.sub("", key)) or found or byline.author(key)
    return list(found or (Byline("作者", " ".join(key.split())[:_LONGEST_NAME]),))
