"""JSON lines: one article a line, with the fields that ``unionnews parse`` prints.

Only ``body`` or ``title`` is required. A given ``id`` is kept unchanged.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index import files, repair
from index.errors import UnreadableFileError
from index.model import KINDS, Article, Byline, Page, PageMetadata

_BATCH = 500
_TEXTS = ("title", "kicker", "subtitle", "newspaper", "issue_no", "page_no", "section")


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The articles of a file in batches, each as a page; lines that are no article become notes.

    Raises:
        UnreadableFileError: the file cannot be opened, or no line of it is an article.
    """
    found = 0
    articles: list[Article] = []
    notes: list[str] = []
    for number, line in _lines(path):
        try:
            articles.append(read_article(files.decode(line), name))
            found += 1
        except (ValueError, UnreadableFileError) as error:
            notes.append(f"第 {number} 行不是文章：{error}")
        if len(articles) >= _BATCH:
            yield _page(name, articles, notes)
            articles, notes = [], []
    if not found:
        raise UnreadableFileError(notes[0] if notes else "文件是空的")
    if articles or notes:
        yield _page(name, articles, notes)


def read_article(line: str, name: str) -> Article:
    """The article of one line.

    Raises:
        ValueError: the line is no JSON object, or a field of it is wrong; says which.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("不是 JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("不是 JSON 对象")
    texts = {key: _text(fields, key) for key in _TEXTS}
    printed = _text(fields, "body") or ""
    if not printed and not texts["title"]:
        raise ValueError("缺少 body 或 title")
    return Article(
        id=_text(fields, "id") or hashlib.sha256(f"{texts}{printed}".encode()).hexdigest()[:16],
        source=name.rpartition("/")[2],
        body=repair.tidy(printed),
        printed=printed,
        kind=_kind(fields),
        bylines=_bylines(fields.get("bylines")),
        subheads=tuple(map(str, fields.get("subheads") or ())),
        date=_date(fields),
        **texts,
    )


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except OSError as error:
        raise UnreadableFileError(f"无法读取：{error.strerror}") from error


def _page(name: str, articles: list[Article], notes: list[str]) -> Page:
    return Page(name, PageMetadata(), tuple(articles), (), tuple(notes))


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{key} 不是文字")
    return value


def _kind(fields: dict[str, Any]) -> str:
    kind = _text(fields, "kind") or "news"
    if kind not in KINDS:
        raise ValueError(f"kind 只能是 {'、'.join(KINDS)}")
    return kind


def _date(fields: dict[str, Any]) -> datetime.date | None:
    text = _text(fields, "date")
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("date 不是 2024-05-01 这样的日期") from None


def _bylines(value: Any) -> tuple[Byline, ...]:
    try:
        return tuple(Byline(str(item["role"]), str(item["name"])) for item in value or ())
    except (TypeError, KeyError):
        raise ValueError('bylines 不是 [{"role", "name"}]') from None
