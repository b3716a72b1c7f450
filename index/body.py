"""The body of an article: its blocks as repaired paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from index.blocks import Block
from index.heading import clean
from index.labels import JUMP, is_closing
from index.repair import begins_item, ends_sentence, is_row, is_verse, join, tidy_paragraph


_LIST_MARK = re.compile(r"^[-*+] +")


def paragraphs(body: Sequence[Block], subheads: Collection[Block], *, verse: bool) -> list[str]:
    """Repaired paragraphs, a sub-heading on a line of its own. ``verse``: lines may be a poem's and stay."""
    heads = {id(b) for b in subheads}
    prose = [line.strip() for b in body if id(b) not in heads for line in b.text.split("\n")]
    poem = verse and is_verse(prose)
    out: list[str] = []
    for group in [[b] for b in body] if poem else _groups(body, heads):
        if id(group[0]) in heads:
            out.append(clean(group))
            continue
        lines = [line.strip() for b in group for line in b.text.split("\n") if line.strip()]
        if poem or (verse and is_verse(lines)) or all(map(is_row, lines)):
            out += [tidy_paragraph(_row(line)) for line in lines]
        else:
            out.append(tidy_paragraph(_LIST_MARK.sub("", JUMP.sub("", join(lines))), ocr=True))
    return [p for p in out if p]


def _row(line: str) -> str:
    """A row without the outer bars of a Markdown table."""
    return line.strip().strip("|").strip() if "|" in line else line


def _groups(body: Sequence[Block], heads: set[int]) -> list[list[Block]]:
    """Blocks that make one paragraph: a sentence cut by a column's end or by a picture goes on in the next."""
    groups: list[list[Block]] = []
    for block in body:
        if groups and _runs_on(groups[-1][-1], block, heads):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _runs_on(before: Block, block: Block, heads: set[int]) -> bool:
    if id(before) in heads or id(block) in heads or ends_sentence(before.key) or begins_item(block.key):
        return False
    if block.gap and before.key.endswith(":") or is_row(before.text) and is_row(block.text):
        return False
    if is_closing(before.key) or is_closing(block.key) or "|" in before.key + block.key:
        return False
    return before.length >= 16 or before.key[-1] in ",、"
