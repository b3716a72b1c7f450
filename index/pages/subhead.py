"""Sub-headings: whether title lines without a byline divide the article they stand in, or open the next one."""

from __future__ import annotations

from collections.abc import Sequence

from index.pages.blocks import Block
from index.pages.draft import Draft
from index.pages.labelled_page import LabelledPage
from index.pages.labels import Label, is_box
from index.pages.paragraphs import is_lead

LONGEST, LONGEST_DATED = 24, 16
"""Characters of a sub-heading, and of one in a news item with a dateline."""
SHORT = 10
"""An article of which nothing says who wrote it has sub-headings of fewer characters, or of a lower level."""
OPENING = 150
"""Characters of a news item before it is divided."""


def divides(article: Draft, lines: Sequence[Block], below: int, page: LabelledPage) -> bool:
    """Whether title lines are a sub-heading of ``article``; ``below`` is the block under them."""
    if article.kind in ("photo", "notice", "brief") or article.closed:
        return False
    level = lines[0].level
    if not article.body:  # a byline has text under it
        return bool(article.people and article.stack) and not page.signed_ahead(below)
    if len(lines) == 1 and is_box(lines[0].key):
        return True
    if article.sealed or (article.people and page.signed_ahead(below)):
        return False
    if article.column and article.stack and article.stack[0].level == level:
        return False
    if _as_large_as_title(article, lines[0]) or _stands_apart(article, lines[0], below, page):
        return False
    size = sum(b.length for b in lines)
    first = article.kind == "news" and not article.subheads and article.finished
    if first and level and not _is_lower(article, level) and not page.parts_ahead(below):
        return False  # in the type of titles, one alone divides nothing
    lead = page.label(below) is Label.TEXT and is_lead(page.blocks[below].key)
    plain = bool(article.stack) and not any(b.level for b in article.stack)
    if article.dated:
        if not level:
            return size < SHORT if plain else size <= LONGEST
        return size <= LONGEST_DATED and not lead and article.size >= OPENING and _is_lower(article, level)
    if not article.people and article.kind == "news" and (level or plain):
        return size < SHORT if not level else size <= LONGEST and _is_lower(article, level)
    return size <= LONGEST and not (lead and size >= LONGEST_DATED)


def _is_lower(article: Draft, level: int) -> bool:
    """Whether a heading is of a lower level than all title lines of the article."""
    return all(b.level < level for b in article.stack)


def _as_large_as_title(article: Draft, line: Block) -> bool:
    """Whether a heading is of the title's level where the sub-headings so far are of lower ones and unlike it."""
    title = min((b.level for b in article.stack if b.level), default=0)
    lower = bool(article.subheads) and all(b.level > title for b in article.subheads)
    return 0 < line.level <= title and lower and not _parallel(article.subheads[-1].key, line.key)


def _parallel(one: str, other: str) -> bool:
    """Whether two lines are made alike: 第一道墙:班前十问, 第二道墙:随手一拍."""
    colons = one.find(":"), other.find(":")
    return one[0] == other[0] and abs(len(one) - len(other)) <= 2 or min(colons) > 0 and abs(colons[0] - colons[1]) <= 2


def _stands_apart(article: Draft, line: Block, below: int, page: LabelledPage) -> bool:
    """Whether a blank line stands above a title and none under it, where none parts the paragraphs."""
    joined = below < len(page.blocks) and not page.blocks[below].gap
    return line.gap and joined and len(article.body) > 1 and not any(b.gap for b in article.body[1:])
