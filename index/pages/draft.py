"""An article while it is being gathered from the blocks of a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.model import Byline
from index.pages.blocks import Block
from index.pages.paragraphs import CAPTION_LINES, is_dated_lead
from index.pages.repair import ends_sentence


@dataclass(slots=True)
class Draft:
    """An article being gathered; ``body`` holds paragraphs, ``subheads`` are those of them that are headings."""

    kind: str = "news"
    stack: list[Block] = field(default_factory=list)
    people: list[Byline] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    subheads: list[Block] = field(default_factory=list)
    printed: list[tuple[int, Block]] = field(default_factory=list)
    dated: bool = False
    column: bool = False
    closed: bool = False
    signed: bool = False
    sealed: bool = False

    def take(self, i: int, block: Block) -> None:
        """Keep a block of the page as part of this article."""
        self.printed.append((i, block))

    @property
    def size(self) -> int:
        """Characters of the body."""
        return sum(b.length for b in self.body)

    @property
    def finished(self) -> bool:
        """Whether the body ends where a sentence ends."""
        return not self.body or ends_sentence(self.body[-1].key)

    def last_caption(self) -> int:
        """How many of the last paragraphs are one caption, which was broken at its line ends."""
        for size in range(1, min(CAPTION_LINES, len(self.body))):
            if is_dated_lead(self.body[-size].key):
                return size
            before = self.body[-size - 1]
            if ends_sentence(before.key) or self.printed[-size - 1][1] is not before:
                break
        return 1
