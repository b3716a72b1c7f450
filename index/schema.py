"""The schema of the index, and an article as a document of it.

A document has two disjoint zones of text, ``title`` (title, kicker, subtitle) and ``body`` (bylines as
printed, paragraphs). Each is indexed in three granularities: words and characters for ranking, bigrams with
positions for exact matching.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any

from whoosh.analysis import IDTokenizer
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

from index import analyzer
from index.engine.tokens import NGrams
from index.model import Article, Byline, Correction, Scan
from index.normalize import fold, significant, variants
from index.pages.printed import changed_passages

SCHEMA_VERSION = 1
"""Raised with every change that an existing index does not survive. 1: the first."""

ZONES = {"title": ("title", "kicker", "subtitle"), "body": ("bylines", "body")}
"""The fields of each zone of text."""

PRINTED = "printed"
"""A third zone, for exact matching only: what OCR gave, where repair has changed it."""

KEYWORDS = ("newspaper", "section", "page_no", "kind", "reporter", "correspondent", "photographer", "author")
"""Fields of exact values, some of them with several values a document."""

ROLES = {"记者": "reporter", "通讯员": "correspondent", "摄影": "photographer"}
"""The field of each byline role; every other role is an author."""


def _text(*, positions: bool) -> TEXT:
    # documents bring ready tokens; the analyzer only satisfies Whoosh
    return TEXT(analyzer=IDTokenizer(), phrase=positions)


def _keyword() -> KEYWORD:
    return KEYWORD(commas=True, scorable=False)


SCHEMA = Schema(
    id=ID(unique=True),
    file=ID(),
    day=NUMERIC(int, sortable=True, shift_step=0),
    article=STORED(),
    **{f"{zone}_words": _text(positions=False) for zone in ZONES},
    **{f"{zone}_bigrams": _text(positions=True) for zone in ZONES},
    **{f"{zone}_chars": _text(positions=False) for zone in ZONES},
    printed_bigrams=_text(positions=True),
    printed_chars=_text(positions=False),
    variants=_keyword(),
    **{name: _keyword() for name in KEYWORDS},
)


def document(article: Article, file: str) -> dict[str, Any]:
    """The fields of an article; ``file`` is the identity of the file it was read from."""
    fields: dict[str, Any] = {"id": article.id, "file": file, "article": dump(article)}
    for zone, text in zone_texts(article).items():
        fields[f"{zone}_words"] = analyzer.words(text)
        fields.update(_exact(zone, text))
        fields.setdefault("variants", []).extend(variants(text))
    if passages := printed_passages(article):
        fields.update(_exact(PRINTED, passages))
    fields.update({name: list(values) for name, values in keywords(article).items()})
    if article.date:
        fields["day"] = day_number(article.date)
    return {name: value for name, value in fields.items() if value}


def _exact(zone: str, text: str) -> dict[str, NGrams]:
    """What finds every string of a zone's text."""
    kept = significant(text)
    return {f"{zone}_bigrams": NGrams(kept, 2), f"{zone}_chars": NGrams(kept, 1)}


def zone_texts(article: Article) -> dict[str, str]:
    """What is searched in each zone; its fields are separated like paragraphs."""
    texts = field_texts(article)
    return {zone: "\n".join(texts[name] for name in names if texts[name]) for zone, names in ZONES.items()}


def field_texts(article: Article) -> dict[str, str]:
    """The text of each searchable field, empty where there is none."""
    return {
        "title": article.title or "",
        "kicker": article.kicker or "",
        "subtitle": article.subtitle or "",
        "bylines": " ".join(f"{byline.role} {byline.name}" for byline in article.bylines),
        "body": article.body,
    }


def printed_passages(article: Article) -> str:
    """What is searched in the zone ``PRINTED``."""
    if article.printed == article.body:
        return ""
    return changed_passages(article.printed, field_texts(article).values())


def keywords(article: Article) -> dict[str, tuple[str, ...]]:
    """The exact values of an article, without the fields that have none."""
    values: dict[str, tuple[str, ...]] = {
        name: (value,) for name in ("newspaper", "section", "kind") if (value := getattr(article, name))
    }
    if article.page_no and (number := page_number(article.page_no)):
        values["page_no"] = (number,)
    for byline in article.bylines:
        field = ROLES.get(byline.role, "author")
        values[field] = tuple(dict.fromkeys((*values.get(field, ()), byline.name)))
    return values


def day_number(date: datetime.date) -> int:
    """A date as the number yyyymmdd."""
    return date.year * 10000 + date.month * 100 + date.day


def page_number(printed: str) -> str:
    """A printed page number in one form: ``02``, ``第二版`` and ``2`` are ``2``; ``a03`` is ``A3``."""
    text = fold(printed).strip("第版页 ").upper()
    head = text.rstrip("0123456789")
    if head == text:
        return _CHINESE_NUMBERS.get(text, text)
    return head + (text[len(head):].lstrip("0") or "0")


_DIGITS = "一二三四五六七八九"
_CHINESE_NUMBERS = {
    **{digit: str(n) for n, digit in enumerate(_DIGITS, 1)},
    **{f"十{digit}": str(10 + n) for n, digit in enumerate(("", *_DIGITS))},
    **{f"{tens}十{digit}": str(10 * t + n) for t, tens in enumerate(_DIGITS[1:4], 2)
       for n, digit in enumerate(("", *_DIGITS))},
}


def dump(article: Article) -> str:
    """An article as JSON text for the stored field."""
    fields = {field.name: getattr(article, field.name) for field in dataclasses.fields(article)}
    fields["date"] = article.date and article.date.isoformat()
    if article.printed == article.body:
        fields["printed"] = None
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=dataclasses.asdict)


def load(text: str) -> Article:
    """The article that ``dump`` wrote."""
    fields = json.loads(text)
    fields["date"] = datetime.date.fromisoformat(fields["date"]) if fields["date"] else None
    fields["bylines"] = tuple(Byline(**byline) for byline in fields["bylines"])
    fields["subheads"] = tuple(fields["subheads"])
    fields["corrections"] = tuple(Correction(**correction) for correction in fields["corrections"])
    if scan := fields.get("scan"):
        fields["scan"] = Scan(scan["file"], scan["page"], tuple(scan["box"]) if scan["box"] else None)
    if fields["printed"] is None:
        fields["printed"] = fields["body"]
    return Article(**fields)
