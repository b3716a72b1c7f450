"""What MinerU knows of a scanned file (``…content_list.json``): its blocks in reading order, page by page.

The same text stands in the ``.md`` beside it, there without the pages' ends.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index import files, scans
from index.errors import UnreadableFileError
from index.formats import text
from index.model import Page

MOST_BLOCKS = 200_000
"""Blocks of one file."""

_ABOVE, _BELOW = ("header",), ("footer", "page_number", "page_footnote")
_CAPTIONS = ("image_caption", "img_caption", "image_footnote", "img_footnote", "table_caption", "table_footnote",
             "chart_caption", "list_items")  # fmt: skip


def read_pages(path: Path, name: str) -> Iterator[Page]:
    """The pages of a content list.

    Raises:
        UnreadableFileError: it is no content list.
    """
    try:
        blocks = json.loads(files.read_text(path))
    except (ValueError, RecursionError):
        raise UnreadableFileError("不是 JSON") from None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise UnreadableFileError("不是 MinerU 的 content_list")
    if len(blocks) > MOST_BLOCKS:
        raise UnreadableFileError(f"内容块太多（最多 {MOST_BLOCKS} 块）")
    stem = path.name.removesuffix("content_list.json").removesuffix("_")
    beside = (scans.beside(path.with_name(f"{stem}{part}.json"), name) for part in ("", "_origin"))
    yield from scans.shown(text.parsed(_texts(blocks), name), next(filter(None, beside), None))


def _texts(blocks: list[dict[str, Any]]) -> list[str]:
    """The text of each page as Markdown, its headers first and its footers last."""
    pages: defaultdict[int, tuple[list[str], list[str], list[str]]] = defaultdict(lambda: ([], [], []))
    for block in blocks:
        number = block.get("page_idx")
        parts = pages[number if isinstance(number, int) else 0]
        place = 0 if block.get("type") in _ABOVE else 2 if block.get("type") in _BELOW else 1
        parts[place].extend(_lines(block))
    return ["\n\n".join([*above, *body, *below]) for _, (above, body, below) in sorted(pages.items())]


def _lines(block: dict[str, Any]) -> Iterator[str]:
    """The paragraphs of a block."""
    level = block.get("text_level")
    said = block.get("text")
    if isinstance(said, str) and said.strip():
        yield f"{'#' * min(level, 6)} {said}" if isinstance(level, int) and level > 0 else said
    for key in _CAPTIONS:
        value = block.get(key)
        yield from (line for line in (value if isinstance(value, list) else [value]) if isinstance(line, str) and line)
    if isinstance(table := block.get("table_body"), str):
        yield table
