"""JSON lines: one article a line, with the fields that ``unionnews parse`` prints.

Only ``body`` or ``title`` is required. A given ``id`` is kept unchanged. ``scan`` may name the picture of the printed
page, by a path from the file's own folder.
"""

from __future__ import annotations

import codecs
import datetime
import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from index import files, scans
from index.errors import UnreadableFileError
from index.model import KINDS, Article, Byline, Page, PageMetadata, Scan
from index.pages import repair

_BATCH = 500
_MAX_NOTES = 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINES = ("title", "kicker", "subtitle", "newspaper", "issue_no", "page_no", "section")


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The articles of a file in batches, each as a page; lines that are no article become notes.

    Raises:
        UnreadableFileError: the file cannot be opened, or no line of it is an article.
    """
    found = wrong = 0
    articles: list[Article] = []
    notes: list[str] = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            articles.append(read_article(files.decode(line), name))
            found += 1
        except (ValueError, UnreadableFileError) as error:
            wrong += 1
            if wrong <= _MAX_NOTES:
                notes.append(f"第 {number} 行不是文章：{error}")
        if len(articles) >= _BATCH:
            yield _page(name, articles, notes)
            articles, notes = [], []
    if not found:
        raise UnreadableFileError(notes[0] if notes else "文件是空的")
    if wrong > _MAX_NOTES:
        notes.append(f"共有 {wrong} 行不是文章，只列出前 {_MAX_NOTES} 行")
    if articles or notes:
        yield _page(name, articles, notes)


def read_article(line: str, name: str) -> Article:
    """The article of one line of the file ``name``.

    Raises:
        ValueError: the line is no JSON object, or a field of it is wrong; says which.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("不是 JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("不是 JSON 对象")
    texts = {key: _line(fields.get(key), key) for key in _LINES}
    printed = files.printable(_text(fields.get("body"), "body") or "")
    if not printed.strip() and not texts["title"]:
        raise ValueError("缺少 body 或 title")
    date = _date(fields.get("date"))
    headings = (_line(text, "subheads") for text in _list(fields.get("subheads"), "subheads"))
    subheads = tuple(filter(None, headings))
    content = hashlib.sha256(f"{texts}{date}{printed}".encode())
    return Article(
        id=_text(fields.get("id"), "id") or content.hexdigest()[:16],
        source=_line(fields.get("source"), "source") or name.rpartition("/")[2],
        body=_repaired(printed, subheads),
        printed=printed,
        kind=_kind(fields.get("kind")),
        bylines=tuple(map(_byline, _list(fields.get("bylines"), "bylines"))),
        subheads=subheads,
        date=date,
        scan=_scan(_line(fields.get("scan"), "scan"), name),
        title=texts["title"],
        kicker=texts["kicker"],
        subtitle=texts["subtitle"],
        newspaper=texts["newspaper"],
        issue_no=texts["issue_no"],
        page_no=texts["page_no"],
        section=texts["section"],
    )


def _lines(path: Path) -> Iterator[bytes]:
    with files.opened(path) as file:
        if file.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            yield from files.read_text(path).encode().split(b"\n")  # a line end is two bytes there
        else:
            yield from iter(partial(file.readline, files.MAX_BYTES), b"")


def _repaired(body: str, subheads: tuple[str, ...]) -> str:
    """A body with its broken lines joined, but for the lines that are known to be sub-headings."""
    groups = itertools.groupby(body.split("\n"), key=lambda line: line.strip() in subheads)
    pieces = (lines if known else [repair.tidy("\n".join(lines))] for known, lines in groups)
    return "\n".join(filter(None, map(str.strip, itertools.chain.from_iterable(pieces))))


def _page(name: str, articles: list[Article], notes: list[str]) -> Page:
    return Page(name, PageMetadata(), tuple(articles), (), tuple(notes))


def _text(value: Any, key: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{key} 不是文字")
    if _SURROGATE.search(value):
        raise ValueError(f"{key} 里有半个字符（\\ud800 之类）")
    return value


def _line(value: Any, key: str) -> str | None:
    """A text that stands on one line, without the white space around it."""
    text = _text(value, key) or ""
    return files.printable(" ".join(text.splitlines())).strip() or None


def _list(value: Any, key: str) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise ValueError(f"{key} 不是列表")
    return value or []


def _kind(value: Any) -> str:
    kind = _line(value, "kind") or "news"
    if kind not in KINDS:
        raise ValueError(f"kind 只能是 {'、'.join(KINDS)}")
    return kind


def _date(value: Any) -> datetime.date | None:
    text = _line(value, "date")
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("date 不是 2024-05-01 这样的日期") from None


def _scan(file: str | None, name: str) -> Scan | None:
    scan = scans.named(file, name) if file else None
    if file and not scan:
        raise ValueError("scan 不是报纸文件夹里图片或 PDF 的相对路径")
    return scan


def _byline(value: Any) -> Byline:
    fields = value if isinstance(value, dict) else {}
    role, name = _line(fields.get("role"), "role"), _line(fields.get("name"), "name")
    if not role or not name:
        raise ValueError('bylines 不是 [{"role", "name"}]')
    return Byline(role, name)
