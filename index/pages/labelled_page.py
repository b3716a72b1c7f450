"""A page with its labels: what stands where, and what follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.pages import byline
from index.pages.blocks import Block
from index.pages.labels import EDITORIAL, LETTER, Label

LOOKAHEAD = 3
"""Paragraphs that may stand between a title and its byline (an editor's note)."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """The blocks of a page with a label for each."""

    blocks: Sequence[Block]
    found: Sequence[Label]

    def label(self, i: int) -> Label | None:
        """The label of block ``i``; None before the first and behind the last."""
        return self.found[i] if 0 <= i < len(self.found) else None

    def next(self, i: int) -> int:
        """The next index from ``i`` on that is not furniture."""
        while self.label(i) is Label.FURNITURE:
            i += 1
        return i

    def is_letter(self, j: int) -> bool:
        """Whether a reader's letter or question begins at ``j``."""
        return self.label(j) is Label.TEXT and bool(LETTER.match(self.blocks[j].key))

    def opens_late(self, j: int) -> bool:
        """Whether a byline follows after an editor's note or a summary."""
        if self.label(j) is not Label.TEXT:
            return False
        for k in range(j, j + LOOKAHEAD):
            if self.label(k + 1) is Label.BYLINE:
                return self.label(k + 2) is Label.TEXT or bool(EDITORIAL.match(self.blocks[j].key))
            if self.label(k + 1) is not Label.TEXT:
                return False
        return False

    def is_author_over_parts(self, i: int) -> bool:
        """Whether line ``i`` is the name between a title and the smaller heading of its first part (组诗)."""
        if not 0 < i < len(self.blocks) - 1 or self.label(i + 1) is not Label.HEAD:
            return False
        over, line, part = self.blocks[i - 1 : i + 2]
        if line.level or not part.level:
            return False
        if byline.author(line.key) or byline.spaced_name(line.key):
            return True
        return 0 < over.level < part.level and bool(byline.pen_name(line.key))

    def is_picture_report(self, j: int) -> bool:
        """Whether running text follows the credit at ``j``, which is then a byline (摄影报道)."""
        return self.label(j + 1) is Label.TEXT and self.label(j + 2) is not Label.CREDIT

    def text_end(self, j: int) -> int:
        """Where the run of text from ``j`` on ends."""
        while self.label(j) is Label.TEXT:
            j += 1
        return j

    def signed_ahead(self, j: int) -> bool:
        """Whether the text up to the next title is signed by an author of its own."""
        last = None
        while self.label(j) in (Label.TEXT, Label.FURNITURE, Label.CAPTION, Label.CREDIT):
            last = self.blocks[j] if self.label(j) is Label.TEXT else last
            j += 1
        if self.label(j) is Label.SIGN_OFF or self.label(j) is Label.BYLINE and self.label(j + 1) is not Label.TEXT:
            return True
        return last is not None and bool(byline.signature(last.key)[1])

    def parts_ahead(self, j: int) -> bool:
        """Whether another heading without a byline of its own follows in the text from ``j`` on."""
        while self.label(j) not in (None, Label.HEAD, Label.BYLINE, Label.DATELINE):
            j += 1
        while self.label(j) is Label.HEAD:
            j += 1
        return self.label(j) is Label.TEXT and self.label(j - 1) is Label.HEAD

    def opens_item(self, i: int, *, in_column: bool) -> bool:
        """Whether a short item is the title of the text behind it."""
        after = self.label(i + 1)
        if after is Label.DATELINE:
            return True
        last = self.blocks[self.text_end(i + 1) - 1]
        return after is Label.TEXT and (in_column or bool(byline.signature(last.key)[1]))
