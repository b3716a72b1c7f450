"""What the paragraphs of a page are, judged by themselves and then, step by step, by their neighbours."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from index.pages import byline
from index.pages.blocks import HAN, Block
from index.pages.labels import CLAUSES, DAY, QR, Label, is_remark, label
from index.pages.paragraphs import is_lead, titleish
from index.pages.repair import ends_sentence, is_row, is_verse

LONG, LONG_AFTER = 80, 40
"""A sub-heading stands between texts of at least so many characters."""
_RUNNING = (Label.TEXT, Label.DATELINE, Label.ITEM)
_SPEAKER = re.compile(rf"^([{HAN}·]{{1,8}})\s?:")
"""The speaker of a line in an interview."""
_PART = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))[^。;]{2,22}$")
_READER = re.compile(rf"^(?:读者|网友|来信人|求助人)\s?:?\s?[{HAN}]{{1,4}}(?:\s[{HAN}])?$")
"""A reader's name under a letter."""


def labels(blocks: Sequence[Block], furniture: frozenset[int]) -> list[Label]:
    """A label for each block; ``furniture`` are the indices already known as such."""
    found = [Label.FURNITURE if i in furniture else label(b) for i, b in enumerate(blocks)]
    for judge in (
        _spread_furniture, _running_text, _first_title_lines, _long_lines, _rows, _part_headings, _stanzas, _ends
    ):  # fmt: skip
        judge(blocks, found)
    return found


def _spread_furniture(blocks: Sequence[Block], found: list[Label]) -> None:
    """A short line that names an organisation beside a line about its QR code is part of that."""
    for i, block in enumerate(blocks):
        if found[i] not in (Label.CLOSING, Label.HEAD) or block.level or len(block.key) > 16:
            continue
        after = i + 1 < len(blocks) and found[i + 1] is Label.FURNITURE and QR.search(blocks[i + 1].key)
        before = i and found[i - 1] is Label.FURNITURE and QR.search(blocks[i - 1].key)
        if after or before and (found[i] is Label.CLOSING or block.key.startswith("关注")):
            found[i] = Label.FURNITURE


def _running_text(blocks: Sequence[Block], found: list[Label]) -> None:
    """Short lines that are spoken, asked or the rest of a paragraph are no titles."""
    speakers = Counter(m[1] for b in blocks if (m := _SPEAKER.match(b.key)))
    for i, block in enumerate(blocks):
        said = _SPEAKER.match(block.key)
        spoken = said is not None and speakers[said[1]] > 1
        opening = i > 0 and found[i - 1] is Label.BYLINE and "," in block.key or _addresses(blocks, found, i)
        asked = i > 0 and found[i - 1] is Label.TEXT and not block.gap and block.key.endswith("?")
        if found[i] is Label.HEAD and not block.level and (spoken or opening or asked or _continues(blocks, found, i)):
            found[i] = Label.TEXT


def _first_title_lines(blocks: Sequence[Block], found: list[Label]) -> None:
    for i in range(len(blocks) - 2, -1, -1):
        if found[i] is Label.TEXT and found[i + 1] is Label.HEAD and _begins_title(blocks, found, i):
            found[i] = Label.HEAD


def _long_lines(blocks: Sequence[Block], found: list[Label]) -> None:
    for i in range(len(blocks) - 1, -1, -1):
        if found[i] is Label.HEAD and not blocks[i].level and _wordy(blocks[i]) and not _opened(found, i):
            found[i] = Label.TEXT


def _rows(blocks: Sequence[Block], found: list[Label]) -> None:
    """Rows of a table or list are no titles."""
    printed = [not b.level and found[i] is not Label.FURNITURE for i, b in enumerate(blocks)]
    rows = [inside and is_row(b.text) for inside, b in zip(printed, blocks, strict=True)]
    for start, end in _tables(blocks, found):
        found[start:end] = [Label.TEXT] * (end - start)
    for i in range(len(blocks)):
        if found[i] in (Label.HEAD, Label.CLOSING) and rows[i] and any(rows[max(0, i - 1) : i] + rows[i + 1 : i + 2]):
            found[i] = Label.TEXT


def _part_headings(blocks: Sequence[Block], found: list[Label]) -> None:
    parts = [i for i in range(1, len(blocks) - 1) if found[i] is Label.TEXT and _numbers_part(blocks, found, i)]
    for i in parts if len(parts) > 1 else ():
        found[i] = Label.HEAD


def _stanzas(blocks: Sequence[Block], found: list[Label]) -> None:
    for start, end in _verses(blocks, found):
        found[start:end] = [Label.TEXT] * (end - start)


def _ends(blocks: Sequence[Block], found: list[Label]) -> None:
    """Names under articles and letters, and names of columns over their items."""
    for i in range(1, len(blocks)):
        if found[i] in (Label.HEAD, Label.TEXT) and _signs_off(blocks, found, i):
            found[i] = Label.SIGN_OFF
        if found[i - 1] is Label.HEAD and DAY.match(blocks[i].key) and _signs_letter(blocks[i - 1]):
            found[i - 1] = Label.TEXT
        if found[i - 1] is Label.ITEM and found[i] is Label.HEAD and _names_column(blocks[i - 1]):
            found[i - 1] = Label.COLUMN
        if found[i - 1] is Label.HEAD and found[i] is Label.ITEM and len(blocks[i - 1].key) <= 8:
            found[i - 1] = Label.COLUMN


def _verses(blocks: Sequence[Block], found: Sequence[Label]) -> Iterator[tuple[int, int]]:
    """Stanzas: stretches of short lines of uneven length under an author or heading, without the name under them."""
    i = 0
    while i < len(blocks):
        end = i
        while end < len(blocks) and found[end] in (Label.HEAD, Label.TEXT) and _may_be_verse(blocks[end]):
            end += 1
        opened = end < len(blocks) and found[end] in (Label.DATELINE, Label.BYLINE)
        start = _past_author(blocks, i, end)
        above = found[start - 1] if start else None
        titled = above is Label.BYLINE or above is Label.HEAD and blocks[start - 1].level > 0
        if end > start and byline.author(blocks[end - 1].key):
            end -= 1
        lines = [line.strip() for b in blocks[start:end] for line in b.text.split("\n")]
        if not opened and (titled or start > i) and is_verse(lines) and not any(map(is_row, lines)):
            yield start, end
        i = max(end, i) + 1


def _numbers_part(blocks: Sequence[Block], found: Sequence[Label], i: int) -> bool:
    """Whether a line is the numbered heading of a part (一、选得准), not an item of a list."""
    block, after = blocks[i], blocks[i + 1]
    apart = found[i - 1] in (Label.TEXT, Label.BYLINE, Label.DATELINE) and found[i + 1] is Label.TEXT
    return apart and bool(_PART.match(block.key)) and after.length >= LONG_AFTER and not _PART.match(after.key)


def _tables(blocks: Sequence[Block], found: Sequence[Label]) -> Iterator[tuple[int, int]]:
    """Rows of a table or list whose cells one space sets apart: lines in a row of equally many words."""
    start = 0
    for words, run in itertools.groupby(range(len(blocks)), lambda i: _words(blocks[i], found[i])):
        size = len(list(run))
        if words > 3 and size > 1 or words == 3 and size > 2:
            yield start, start + size
        start += size


def _words(block: Block, label: Label) -> int:
    return len(block.key.split()) if label is Label.HEAD and not block.level else 0


def _may_be_verse(block: Block) -> bool:
    lines = block.text.split("\n")
    short = all(len(line.strip()) <= 22 and len(line.split()) <= 2 for line in lines)
    return short and not block.level and len(block.key) <= 120


def _past_author(blocks: Sequence[Block], start: int, end: int) -> int:
    """Where verse begins in a stretch that may open with its title and author."""
    for i in range(start, min(start + 3, end - 1)):
        if byline.author(blocks[i].key) or byline.spaced_name(blocks[i].key):
            return i + 1
    return start


def _signs_off(blocks: Sequence[Block], found: Sequence[Label], i: int) -> bool:
    """Whether a line is the name under an article rather than a title: text before it, none behind it."""
    if blocks[i].level or found[i - 1] not in _RUNNING or len(blocks[i].key) > 24:
        return False
    if not byline.sign_off(blocks[i].key):
        return False
    if _READER.match(blocks[i].key):
        return True
    after = found[i + 1] if i + 1 < len(found) else None
    if after in (Label.TEXT, Label.BYLINE, Label.DATELINE):
        return False
    return after is not Label.HEAD or not byline.author(blocks[i + 1].key) or bool(blocks[i + 1].level)


def _addresses(blocks: Sequence[Block], found: Sequence[Label], i: int) -> bool:
    """Whether a short line with a colon under a title or author says whom a letter is for."""
    named = blocks[i].key.endswith(":") and blocks[i].length <= 10 and i + 1 < len(blocks)
    return i > 0 and named and found[i - 1] in (Label.HEAD, Label.BYLINE) and found[i + 1] is Label.TEXT


def _signs_letter(block: Block) -> bool:
    """Whether a line over a day is short enough to say who wrote the letter: 爸爸."""
    return not block.level and block.length <= 6


def _names_column(block: Block) -> bool:
    """Whether a heading with a bullet is short enough for the name of a column: ■热点关注."""
    return len(re.sub(r"\W", "", block.key)) <= (6 if block.level else 8)


def _wordy(block: Block) -> bool:
    """Whether a line without heading mark is long for a title."""
    return block.length > 32 or len(block.key.split()) > 2 and block.length > 24


def _opened(found: Sequence[Label], i: int) -> bool:
    return i + 1 < len(found) and found[i + 1] in (Label.HEAD, Label.DATELINE, Label.BYLINE)


def _begins_title(blocks: Sequence[Block], found: Sequence[Label], i: int) -> bool:
    """Whether a short line that ends with a comma is the first of a title rather than the rest of a paragraph."""
    block = blocks[i]
    short = not block.level and block.length <= CLAUSES and block.key[-1] in ",、" and titleish(block.key[:-1])
    return short and (not i or found[i - 1] not in _RUNNING or ends_sentence(blocks[i - 1].key))


def _stands_apart(blocks: Sequence[Block], found: Sequence[Label], i: int) -> bool:
    """Whether a line has the form of a sub-heading between two paragraphs, rather than of a part of a sentence."""
    if i + 1 >= len(blocks) or found[i + 1] is not Label.TEXT or not (blocks[i].gap and blocks[i + 1].gap):
        return False
    short = 4 <= blocks[i].length <= 12 and not re.search(r"[,、:;。!?)]|\d$", blocks[i].key)
    return short and blocks[i + 1].length >= LONG_AFTER


def _continues(blocks: Sequence[Block], found: Sequence[Label], i: int) -> bool:
    """Whether a short line without heading mark is the rest of the paragraph before it."""
    before = i - 1
    while before >= 0 and found[before] in (Label.FURNITURE, Label.CREDIT, Label.CAPTION):
        before -= 1
    if before < 0 or found[before] not in _RUNNING:
        return False
    text = blocks[before]
    if is_remark(text.key) or _stands_apart(blocks, found, i) and text.length >= LONG:
        return False
    long = text.length >= 16 or is_lead(text.key)
    unfinished = long and not ends_sentence(text.key) and not is_verse(text.text.split("\n"))
    after = i + 1
    while after < len(blocks) and found[after] is Label.HEAD and not blocks[after].level:
        after += 1
    opens = after < len(blocks) and found[after] in (Label.DATELINE, Label.BYLINE)
    return unfinished and not opens
