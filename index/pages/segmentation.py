"""From labelled paragraphs to articles, by the evidence of bylines, datelines, credits and titles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.model import Byline
from index.pages import byline
from index.pages.blocks import Block
from index.pages.draft import Draft
from index.pages.heading import is_label
from index.pages.jump import is_jump, jumps
from index.pages.labelled_page import LabelledPage
from index.pages.labelling import LONG_AFTER, labels
from index.pages.labels import Label, is_closing, is_notice, is_remark, is_roll, is_series
from index.pages.masthead import is_contact_of_notice
from index.pages.paragraphs import is_dated_lead, is_lead, titleish
from index.pages.repair import ends_sentence
from index.pages.subhead import LONGEST, divides

_OPENERS = (Label.DATELINE, Label.BYLINE, Label.RESUMED)
_NUMBERED = re.compile("^[一二三四五六七八九十]{1,3}、")
CAPTION = 3
"""Paragraphs of a picture's text at most."""


def segment(blocks: Sequence[Block], furniture: frozenset[int]) -> tuple[list[Draft], list[tuple[int, Block]]]:
    """The articles of a page in order, and the blocks that belong to none, with their places."""
    return _Segmenter(blocks, labels(blocks, furniture)).run()


class _Segmenter:
    """Walks over the page once; ``current`` is the article that plain text belongs to."""

    def __init__(self, blocks: Sequence[Block], found: Sequence[Label]) -> None:
        self.blocks, self.found = blocks, found
        self.page = LabelledPage(blocks, found)
        self.drafts: list[Draft] = []
        self.furniture: list[tuple[int, Block]] = []
        self.current: Draft | None = None
        self.caption: Draft | None = None
        self.column = False
        self.text_at = -9

    def run(self) -> tuple[list[Draft], list[tuple[int, Block]]]:
        steps = {
            Label.FURNITURE: self._furniture, Label.COLUMN: self._column,
            Label.JUMP: self._jump, Label.RESUMED: self._resumed,
            Label.HEAD: self._head, Label.CLOSING: self._closing, Label.BYLINE: self._byline,
            Label.DATELINE: self._dateline, Label.CREDIT: self._credit, Label.CAPTION: self._caption,
            Label.ITEM: self._item, Label.TEXT: self._text, Label.SIGN_OFF: self._sign_off,
        }  # fmt: skip
        i = 0
        while i < len(self.blocks):
            i = steps[self.found[i]](i)
        for draft in self.drafts:
            if not draft.stack and not draft.body:  # nothing but a jump line or a credit
                self.furniture += draft.printed
        # furniture among title lines is met again when only some of the lines were a title
        return [d for d in self.drafts if d.stack or d.body], list(dict(self.furniture).items())

    def _in_notice(self) -> bool:
        return self.current is not None and self.current.kind == "notice" and not self.current.closed

    def _open(self, kind: str = "news", stack: Sequence[tuple[int, Block]] = ()) -> Draft:
        draft = Draft(kind, [b for _, b in stack], column=self.column)
        draft.printed += stack
        self.drafts.append(draft)
        return draft

    def _furniture(self, i: int) -> int:
        if self._in_notice() and i - 1 == self.text_at and is_contact_of_notice(self.blocks[i].key):
            return self._text(i)
        if self.current and is_series(self.blocks[i].key):
            self.current.sealed = True
        self.furniture.append((i, self.blocks[i]))
        return i + 1

    def _column(self, i: int) -> int:
        self.column = True
        if self.current:
            self.current.sealed = True
        return self._furniture(i)

    # -- articles that go on on another page

    def _jump(self, i: int) -> int:
        if self.current is None:  # 紧接 over the first article of the page
            return self._resumed(i)
        self.current.take(i, self.blocks[i])
        self.current.sealed = True
        return i + 1

    def _resumed(self, i: int) -> int:
        """The rest of an article of another page: the jump line stands over its title, under it, or opens the text."""
        alone = is_jump(self.blocks[i].key)
        if self.current is None or self.current.body:
            stack, j = self._stack(i + 1) if alone else ([], i + 1)
            self.current = self._open("news", stack)
        else:
            j = i + 1
        if not alone:
            return self._text(i)
        self.current.take(i, self.blocks[i])
        return j

    # -- titles

    def _head(self, i: int) -> int:
        if self._closes_notice(i):
            self.current.closed = True  # type: ignore[union-attr]
            return self._text(i)
        stack, j = self._stack(i)
        while stack[-1][1].level and not stack[0][1].level and self._in_notice() and stack[0][0] - 1 == self.text_at:
            self._text(stack.pop(0)[0])
        after = self.page.label(j)
        resumed = any(jump.onward is False for _, b in stack for jump in jumps(b.text))
        if after in _OPENERS or resumed or self.page.opens_late(j) or self.page.is_letter(j):
            return self._article(stack, j)
        stack = self._without_fragments(stack)
        if not stack:
            return j
        if writer := self._author(stack, j):
            return self._essay(stack, writer, j)
        if is_notice("".join(b.key for _, b in stack)) or any(is_roll(b.key) for _, b in stack):
            self.column = False
            self.current = self._open("notice", stack)
            return j
        if after is Label.CREDIT and self.page.is_picture_report(j):
            self.current = self._open("news", stack)
            self.current.people += byline.credit(self.blocks[j].key)
            self.current.take(j, self.blocks[j])
            return j + 1
        if after is Label.CREDIT or self._is_titled_picture(j):
            self.caption = self._open("photo", stack)
            return self._picture_text(j)
        if self.current and divides(self.current, [block for _, block in stack], j, self.page):
            return self._subheads(stack, j)
        if self._in_notice() and not any(b.level for _, b in stack):
            for k, _ in stack:
                self._text(k)
            return j
        self.current = self._open("news", stack)
        return j

    def _without_fragments(self, stack: list[tuple[int, Block]]) -> list[tuple[int, Block]]:
        """Title lines without a byline, less the lines in front that are only parts of sentences."""
        inside = self.current is not None and self.current.body
        while inside and stack and not stack[0][1].level and re.search("[,、]", _NUMBERED.sub("", stack[0][1].key)):
            self._text(stack.pop(0)[0])
        return stack

    def _closes_notice(self, i: int) -> bool:
        """Whether a line is the organisation that signs the notice above: named in it, or before a date."""
        notice, block = self.current, self.blocks[i]
        if notice is None or notice.kind != "notice" or block.level or i - 1 != self.text_at or len(block.key) > 30:
            return False
        said = "".join(b.key for b in (*notice.stack, *notice.body))
        return block.key in "".join(said.split()) or self.page.label(i + 1) is Label.CLOSING

    def _stack(self, i: int) -> tuple[list[tuple[int, Block]], int]:
        """The run of title lines from ``i`` on, and where it ends; furniture among them is put away."""
        stack: list[tuple[int, Block]] = []
        while self.page.label(i) is Label.HEAD:
            block = self.blocks[i]
            if stack and block.key.endswith(":") and not block.level and self.page.label(i + 1) is not Label.HEAD:
                break  # 各市总工会:
            stack.append((i, block))
            i += 1
            if len(stack) == 2 and self.page.is_author_over_parts(i - 1):
                break
            j = self.page.next(i)
            if j > i and self.page.label(j) in (Label.HEAD, *_OPENERS):
                self.furniture += [(k, self.blocks[k]) for k in range(i, j)]
                i = j
        return stack, i

    def _article(self, stack: list[tuple[int, Block]], j: int) -> int:
        """A title with a byline or dateline behind it."""
        while len(stack) > 1 and self._ends_previous(stack[0]):
            self._text(stack.pop(0)[0])
        untitled = self.current is not None and self.current.kind == "brief" and not self.current.stack
        if any(b.level for _, b in stack) or untitled:
            self.column = False
        people: tuple[Byline, ...] = ()
        if len(stack) > 1 and (people := byline.author(stack[-1][1].key)):
            writer = stack.pop()
        self.current = self._open("news", stack)
        if people:
            self.current.people += people
            self.current.take(*writer)
        while self.page.label(j) is Label.BYLINE:
            self._sign(self.current, j)
            j += 1
        return j

    def _ends_previous(self, line: tuple[int, Block]) -> bool:
        """Whether the first of some title lines is the last of the article before."""
        unfinished = self.current is not None and not (self.current.finished or self.current.sealed)
        return unfinished and not line[1].level and line[0] - 1 == self.text_at

    def _sign(self, draft: Draft, i: int) -> None:
        draft.people += byline.byline(self.blocks[i].key)
        draft.take(i, self.blocks[i])

    def _author(self, stack: Sequence[tuple[int, Block]], j: int) -> tuple[Byline, ...]:
        """The author under a title; any name where a short plain line stands between a heading and text."""
        if len(stack) < 2:
            return ()
        (_, title), (_, line) = stack[-2:]
        under = self.page.label(j) is Label.TEXT or self.page.is_author_over_parts(j - 1)
        between = title.level and not line.level and under and not is_label(line.key)
        if people := byline.author(line.key) or under and byline.spaced_name(line.key):
            return people
        return byline.pen_name(line.key) or byline.sign_off(line.key) if between else ()

    def _essay(self, stack: list[tuple[int, Block]], writer: tuple[Byline, ...], j: int) -> int:
        line = stack.pop()
        self.current = self._open("essay", stack)
        self.current.people += writer
        self.current.take(*line)
        return j

    def _is_titled_picture(self, j: int) -> bool:
        """Whether a picture's caption, and no running text, follows a title."""
        current = self.current
        end = j + 1 if self.page.label(j) is Label.CAPTION else self.page.text_end(j)
        if self.page.label(end + 1) is Label.TEXT and current is not None:
            return False
        if self.page.label(j) is Label.CAPTION:
            return current is None or current.finished
        credited = j < end <= j + CAPTION and self.page.label(end) is Label.CREDIT
        return credited and (current is None or current.dated or current.closed or is_dated_lead(self.blocks[j].key))

    def _picture_text(self, j: int) -> int:
        end = self.page.text_end(j)
        last = end if self.page.label(end) is Label.CREDIT else j + 1
        while self.caption and j < last and self.page.label(j) in (Label.TEXT, Label.CAPTION):
            self.caption.body.append(self.blocks[j])
            self.caption.take(j, self.blocks[j])
            j += 1
        return j

    def _subheads(self, stack: Sequence[tuple[int, Block]], j: int) -> int:
        assert self.current is not None
        for i, block in stack:
            self.current.take(i, block)
        lines = [b for _, b in stack]
        merged = Block("\n".join(b.raw for b in lines), "\n".join(b.masked for b in lines), lines[0].level)
        self.current.body.append(merged)
        if self.page.label(self.page.next(j)) in (Label.TEXT, Label.CAPTION, Label.CREDIT, Label.ITEM, Label.CLOSING):
            self.current.subheads.append(merged)
        return j

    # -- what stands under titles

    def _byline(self, i: int) -> int:
        current = self.current
        if self._in_notice() and current and current.body:
            return self._closing(i)
        follows = self.page.label(self.page.next(i + 1))
        if current is None or (current.people and current.body and current.finished and follows is Label.TEXT):
            self.current = current = self._open()
        current.signed = bool(current.body)
        self._sign(current, i)
        return i + 1

    def _dateline(self, i: int) -> int:
        current = self.current
        if current is None or current.body or current.dated or current.people and not current.stack:
            current = self.current = self._open("brief" if self.column else "news")
        lead = byline.dateline(self.blocks[i].key)
        current.people += lead.bylines if lead else ()
        current.dated = True
        return self._text(i)

    def _sign_off(self, i: int) -> int:
        """A name under an article that has none yet."""
        if self.current is None:
            return self._text(i)
        if self.current.people or self.current.kind == "notice":
            self._text(i)
            self.current.sealed = True
            return i + 1
        self.current.people += byline.sign_off(self.blocks[i].key)
        self.current.take(i, self.blocks[i])
        self.current.signed = self.current.sealed = True
        return i + 1

    def _text(self, i: int) -> int:
        block = self.blocks[i]
        if self.current is None and is_remark(block.key):
            self.furniture.append((i, block))
            return i + 1
        if self.current is None:
            self.current = self._open()
        self.current.body.append(block)
        self.current.take(i, block)
        signed = block.key.endswith(")") and bool(byline.signature(block.key)[1])
        self.current.sealed = signed or any(jump.onward for jump in jumps(block.text[-40:]))
        self.text_at = i
        return i + 1

    def _closing(self, i: int) -> int:
        follows = self.page.label(i + 1)
        if self.current is None:
            return self._head_from_closing(i) if follows in (Label.HEAD, *_OPENERS) else self._furniture(i)
        if self.current.kind == "notice" or follows is Label.CLOSING or self.page.label(i - 1) is Label.CLOSING:
            self.current.closed = True
            return self._text(i)
        if follows in (Label.HEAD, *_OPENERS) and self.blocks[i].gap is not False:
            return self._head_from_closing(i)
        return self._text(i) if self.current.body else self._furniture(i)

    def _head_from_closing(self, i: int) -> int:
        """A line that only names an organisation, as the first line of a title."""
        stack, j = self._stack(i + 1)
        stack.insert(0, (i, self.blocks[i]))
        if self.page.label(j) in _OPENERS:
            return self._article(stack, j)
        return self._text(i) if self.current else self._furniture(i)

    def _item(self, i: int) -> int:
        """An item of a column of short news, or of a list."""
        block = self.blocks[i]
        signed = byline.signature(block.key)[1] or byline.dateline(block.key[1:].strip())
        if titleish(block.key) and self.page.opens_item(i, in_column=self.column):
            self.current = self._open("brief", [(i, block)])
            return i + 1
        current = self.current
        if current and current.people and current.body and self._divides(block, i):
            return self._subheads([(i, block)], i + 1)
        alone = current is None or current.closed or current.finished and current.kind in ("photo", "brief")
        if not (self.column or signed or alone):
            return self._text(i)
        self.current = self._open("brief")
        return self._text(i)

    def _divides(self, block: Block, i: int) -> bool:
        """Whether a line with a bullet is one of an article's sub-headings: ■ 备课:三个月跑遍七个车间."""
        short = titleish(block.key) and block.length <= LONGEST and block.key[0] in "■□◆◇●○★" and not self.column
        return short and self.page.label(i + 1) is Label.TEXT and self.blocks[i + 1].length >= LONG_AFTER

    # -- pictures

    def _caption(self, i: int) -> int:
        host = self.current
        before = self.blocks[i - 1] if i else None
        self.caption = self._open("photo")
        cut = before is not None and not ends_sentence(before.key) and not is_closing(before.key)
        starts = (cut or self.blocks[i].key.startswith("图为")) and self.text_at == i - 1
        if starts and host and len(host.body) > 1 and host.body[-1] is before and is_lead(before.key):
            self.caption.body.append(host.body.pop())
            self.caption.printed.append(host.printed.pop())
        self.caption.body.append(self.blocks[i])
        self.caption.take(i, self.blocks[i])
        return i + 1

    def _credit(self, i: int) -> int:
        people = byline.credit(self.blocks[i].key)
        brief = self.current if self.current and self.current.kind == "brief" and self.text_at == i - 1 else None
        photo = self.caption if self.caption and not self.caption.people else None
        if photo and self.text_at == i - 1 and is_lead(self.blocks[i - 1].key):  # a caption of its own
            photo = None
        target = brief or photo or self._caption_before(i) or self.current
        if target is None:
            return self._furniture(i)
        target.people += people
        target.take(i, self.blocks[i])
        return i + 1

    def _caption_before(self, i: int) -> Draft | None:
        """The paragraph before a credit, taken out of the article it landed in."""
        host = self.current
        at = self.text_at
        if host is None or not host.body or host.body[-1] is not self.blocks[at] or self.page.next(at + 1) < i:
            return None
        if self.found[at] is Label.DATELINE and not host.stack:
            return None
        if len(host.body) == 1 and host.people:
            return None
        under_subhead = len(host.body) > 1 and any(host.body[-2] is head for head in host.subheads)
        if under_subhead and self.page.label(self.page.next(i + 1)) is not Label.TEXT:
            return None
        if len(host.body) == 1:
            host.kind = "photo"
            self.current = None
            return host
        size = host.last_caption()
        photo = Draft("photo", body=host.body[-size:], printed=host.printed[-size:])
        del host.body[-size:], host.printed[-size:]
        self.drafts.append(photo)
        return photo
