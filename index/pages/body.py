"""The body of an article: its blocks as repaired paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.pages.blocks import Block
from index.pages.heading import clean
from index.pages.jump import without_jumps
from index.pages.labels import is_closing
from index.pages.paragraphs import is_lead
from index.pages.repair import begins_item, ends_sentence, is_row, is_verse, join, tidy_paragraph
from index.pages.unzip import unzip_page

LARGEST_PAGE = 60_000
"""No printed page holds so many characters; a larger text was not read across columns."""
_LIST_MARK = re.compile(r"^[-*+] +")


@dataclass(frozen=True, slots=True)
class Body:
    """Blocks of running text, and which of them are sub-headings. ``verse``: lines may be a poem's and stay.

    ``moved``: how many printed lines were put into another order.
    """

    blocks: tuple[Block, ...]
    heads: frozenset[int] = frozenset()
    verse: bool = False
    moved: int = 0

    @property
    def subheads(self) -> tuple[str, ...]:
        """The sub-headings as printed lines."""
        return tuple(clean([self.blocks[i]]) for i in sorted(self.heads))


def in_reading_order(bodies: Sequence[Body]) -> list[Body]:
    """The bodies of a page, each with the lines that OCR read across columns put right."""
    if sum(block.length for body in bodies for block in body.blocks) > LARGEST_PAGE:
        return list(bodies)
    found = unzip_page([_texts(b) for b in bodies], [b.heads for b in bodies])
    return [
        replace(body, blocks=tuple(Block(p, p, 0, True) for p in unzipped.paragraphs),
                heads=frozenset(unzipped.headings), moved=unzipped.moved)
        if unzipped.moved else body
        for body, unzipped in zip(bodies, found, strict=True)
    ]  # fmt: skip


def _texts(body: Body) -> list[str]:
    """The paragraphs of a body; none where lines have their own order: verse, lists, tables."""
    lines = [line for block in body.blocks for line in block.text.split("\n")]
    rows = sum(len(line) for line in lines if is_row(line))
    if body.verse and is_verse(lines) or 3 * rows >= sum(map(len, lines)):
        return []
    return [block.text for block in body.blocks]


def paragraphs(body: Body) -> list[str]:
    """Repaired paragraphs, a sub-heading on a line of its own."""
    prose = [line.strip() for i, b in enumerate(body.blocks) if i not in body.heads for line in b.text.split("\n")]
    poem = body.verse and is_verse(prose)
    out: list[str] = []
    for group in [[i] for i in range(len(body.blocks))] if poem else _groups(body):
        lines = [line.strip() for i in group for line in body.blocks[i].text.split("\n") if line.strip()]
        if group[0] in body.heads:
            out.append(clean([body.blocks[group[0]]]))
        elif poem or (body.verse and is_verse(lines)) or all(map(is_row, lines)):
            out += [tidy_paragraph(_row(line)) for line in lines]
        else:
            out.append(tidy_paragraph(_LIST_MARK.sub("", without_jumps(join(lines))), ocr=True))
    return [p for p in out if p]


def _row(line: str) -> str:
    """A row without the outer bars of a Markdown table."""
    return line.strip().strip("|").strip() if "|" in line else line


def _groups(body: Body) -> list[list[int]]:
    """Blocks that make one paragraph: a sentence cut by a column's end or by a picture goes on in the next."""
    groups: list[list[int]] = []
    for i, block in enumerate(body.blocks):
        if groups and not {i, i - 1} & body.heads and _runs_on(body.blocks[i - 1], block, body.blocks[groups[-1][0]]):
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _runs_on(before: Block, block: Block, first: Block) -> bool:
    if ends_sentence(before.key) or begins_item(block.key):
        return False
    if block.gap and before.key.endswith(":") or is_row(before.text) and is_row(block.text):
        return False
    if is_closing(before.key) or is_closing(block.key) or "|" in before.key + block.key:
        return False
    return before.length >= 16 or before.key[-1] in ",、" or is_lead(first.key)
