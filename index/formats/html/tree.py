"""HTML as a tree, and the paragraphs of a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from index import files
from index.errors import UnreadableFileError

Element = Any
"""An element of lxml."""

MAX_BYTES = 4 * 1024 * 1024
"""Largest HTML file: an article of a newspaper has some kilobytes."""

CONTENT = "founder-content"
"""The element that stands for what Founder's system puts between two comments."""

_UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "nav", "iframe", "select", "button", "svg"))
_BLOCKS = frozenset((
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
    "blockquote", "hr", "center", "td", "th", "dd", "dt", "pre", "figure", "figcaption", "header", "footer", "main",
))  # fmt: skip
_CONTENT = re.compile(r"\s{0,9}(/?)enpcontent\s{0,9}", re.I)


def read(path: Path) -> tuple[Element, list[str]]:
    """The tree of an HTML file, and its comments, which are left out of the tree.

    Raises:
        UnreadableFileError: it is no text, too large, or has no element.
    """
    if files.stamp(path)[0] > MAX_BYTES:
        raise UnreadableFileError(f"网页文件太大（最多 {MAX_BYTES // 1024 // 1024} MB）")
    text, comments = _without_comments(files.read_text(path))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        # in UTF-8, whatever the file says of itself: it has been decoded
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser), comments
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFileError("不是网页（HTML）") from error


def _without_comments(text: str) -> tuple[str, list[str]]:
    """A text without its comments, and these; those of Founder that enclose the article become tags.

    A comment that never ends is none. (libxml2 looks for the end of each of these anew, which is quadratic.)
    """
    out: list[str] = []
    comments: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        comment = text[start + 4 : end]
        mark = _CONTENT.fullmatch(comment)
        out += [text[at:start], f"<{mark[1]}{CONTENT}>" if mark else ""]
        comments.append(comment)
        at = end + 3
    return "".join([*out, text[at:].replace("<!--", "")]), comments


def paragraphs(part: Element | None) -> list[str]:
    """The paragraphs that a browser would show of a part, without scripts and menus.

    A line break (``br``) inside a sentence parts nothing, unless the next line is indented.
    """
    text = "".join(_strings(part)) if part is not None else ""
    lines = re.split("\n|\v(?=[\u3000\u00a0 ]{2})|(?<=[。！？…”])\v", text)
    return [text for line in lines if (text := line.replace("\v", "").strip(" \u3000\u00a0\u200b\ufeff"))]


def _strings(part: Element) -> Iterator[str]:
    """The texts of a part, a line feed for each border of a block."""
    hidden = 0
    for event, element in etree.iterwalk(part, events=("start", "end")):
        unseen, block = element.tag in _UNSEEN, element.tag in _BLOCKS
        hidden += unseen if event == "start" else 0
        if not hidden:
            yield "\v" if element.tag == "br" and event == "end" else "\n" if block and element.tag != "br" else ""
            yield _spaced(element.text if event == "start" else "")
        hidden -= unseen if event == "end" else 0
        if event == "end" and not hidden and element is not part:
            yield _spaced(element.tail)


def _spaced(text: str | None) -> str:
    return files.printable(re.sub(r"[ \t\r\n\f\v]+", " ", text or ""))


def line(part: Element | None) -> str:
    """The text of a part as one line, empty if there is no such part."""
    return " ".join(" ".join(paragraphs(part)).split())


def by_id(tree: Element, *names: str) -> Element | None:
    """The first element that has one of these ids."""
    return next((found[0] for name in names if (found := tree.xpath("//*[@id=$name]", name=name))), None)


def first(tree: Element, *tags: str) -> Element | None:
    """The first element of the first of these tags that is there."""
    return next((found for tag in tags if (found := tree.find(f".//{tag}")) is not None), None)
