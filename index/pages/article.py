"""From a draft to an article: title lines read, people gathered, kind told, look-alikes put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.model import Article, Byline, PageMetadata
from index.pages import byline, continued
from index.pages.blocks import FOLD, Block
from index.pages.body import Body, paragraphs
from index.pages.draft import Draft
from index.pages.heading import heading, with_subheads
from index.pages.labels import is_roll
from index.pages.lookalike import corrected

BRIEF = 220
"""A dateline item of one paragraph up to so many characters is short news."""
BROKEN_BRIEF = 150
"""The same where the one paragraph was printed in parts."""
BRIEF_IN_COLUMN = 280
"""The same in a column of short news, of any number of paragraphs."""
FEATURE, LONG_FEATURE = 600, 1200
"""A reporter's piece without dateline, and anybody's, from so many characters on is a feature."""
SHOWN = 8
"""Corrections named in a note."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft read through: its people and its body, before repair."""

    draft: Draft
    people: tuple[Byline, ...]
    body: Body
    signed_by_reporter: bool


def read_through(draft: Draft) -> Sheet:
    """The people of a draft, the signature at its end included, and its body without that signature."""
    blocks, signers = _without_signature(draft)
    people = tuple(dict.fromkeys(draft.people or signers))
    dated = draft.dated or any(p.role != "作者" for p in signers)
    heads = list(draft.subheads)
    if draft.stack and people and not dated:
        blocks = with_subheads(blocks, heads)
    known = {id(head) for head in heads}
    literary = not dated and draft.kind in ("essay", "news") and all(p.role == "作者" for p in people)
    body = Body(tuple(blocks), frozenset(i for i, b in enumerate(blocks) if id(b) in known), literary)
    return Sheet(draft, people, body, dated and not draft.dated)


def _without_signature(draft: Draft) -> tuple[list[Block], tuple[Byline, ...]]:
    blocks = list(draft.body)
    if not blocks or draft.kind == "notice":
        return blocks, ()
    last = blocks[-1]
    at, signers = byline.signature(last.masked.translate(FOLD))
    if not signers or not at or draft.dated and set(signers) & set(draft.people):
        return blocks, ()
    blocks[-1] = Block(last.raw[:at], last.masked[:at], last.level, last.gap)
    return blocks, signers


def build(sheet: Sheet, body: Body, source: str, metadata: PageMetadata) -> tuple[Article, list[str]]:
    """The article, without its id, and the doubts about it in Chinese."""
    over = heading(sheet.draft.stack)
    right = _Corrector([p.name for p in sheet.people])
    text = right("\n".join(paragraphs(body)))
    article = Article(
        id="",
        source=source,
        body=text,
        printed="\n".join(b.raw for _, b in sorted(sheet.draft.printed, key=lambda placed: placed[0])),
        kind=_kind(sheet, text, len(body.heads)),
        title=right(over.title or "") or None,
        kicker=right(over.kicker or "") or None,
        subtitle=right(over.subtitle or "") or None,
        bylines=sheet.people,
        subheads=tuple(map(right, body.subheads)),
        newspaper=metadata.newspaper,
        issue_no=metadata.issue_no,
        date=metadata.date,
        page_no=metadata.page_no,
        section=metadata.section,
    )
    return article, list(_doubts(article, right.changes, body.moved))


class _Corrector:
    """Puts look-alikes right in the texts of one article and remembers what it changed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.changes: list[str] = []

    def __call__(self, text: str) -> str:
        fixed, found = corrected(text, self._names)
        for change in found:
            around = slice(max(0, change.at - 2), change.at + 2)
            self.changes.append(f"{text[around]}→{fixed[around]}".replace("\n", ""))
        return fixed


def _doubts(article: Article, changes: Sequence[str], moved: int) -> Iterator[str]:
    name = continued.called(article)
    yield from continued.doubts(article)
    if moved:
        yield f"{name}有串栏，重排了{moved}处"
    if changes:
        yield f"{name}更正形近字{len(changes)}处：{'，'.join(changes[:SHOWN])}"
    if article.kind == "photo" and not article.bylines:
        yield f"{name}是图片说明，没有署名"


def _kind(sheet: Sheet, text: str, subheads: int) -> str:
    draft, size = sheet.draft, len(text)
    if draft.kind != "news":
        return draft.kind
    if draft.stack and is_roll(draft.stack[-1].key):
        return "notice"
    if draft.dated or sheet.signed_by_reporter:
        single = "\n" not in text and (len(sheet.body.blocks) == 1 or size <= BROKEN_BRIEF)
        short = single and size <= BRIEF or draft.column and size <= BRIEF_IN_COLUMN
        return "brief" if short else "news"
    roles = {p.role for p in sheet.people}
    if draft.column and size <= BRIEF_IN_COLUMN and not draft.people:
        return "brief"
    divided = subheads >= (2 if roles & {"记者", "作者"} else 3)
    if divided or size >= FEATURE and "记者" in roles or size >= LONG_FEATURE:
        return "feature"
    under_title = sheet.draft.people and not sheet.draft.signed
    return "essay" if roles == {"作者"} and under_title else "news"
