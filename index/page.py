"""From the OCR'ed text of one newspaper page to its articles."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index import byline, masthead
from index.blocks import FOLD, Block
from index.heading import clean, heading
from index.labels import JUMP, begins_item, is_closing, is_roll
from index.model import Article, Byline, Page, PageMetadata
from index.paragraphs import paragraphs
from index.repair import ends_sentence, is_row, is_verse, join, tidy_paragraph
from index.segmentation import Draft, segment

BRIEF = 220
"""A dateline item of one paragraph up to so many characters is short news."""
FEATURE = 600
"""A signed piece without dateline from so many characters on is a feature."""


def parse_page(text: str, source: str) -> Page:
    """The articles, furniture and metadata of one page.

    ``source``: the file's name, with folders if they say something (``2024/05/01/03.md``). Never raises. Every
    character of ``text`` that is not white space stands in one article's ``printed`` or in the furniture.
    """
    front, start = masthead.front_matter(text)
    blocks = paragraphs(text[start:])
    edge, first, last = masthead.edges(blocks)
    inner = [said for b in blocks[first:last] if (said := masthead.read_line(b.key, at_edge=False))]
    metadata = masthead.merged([front, *edge.values(), *inner, masthead.from_source(source)])
    drafts, loose = segment(blocks, frozenset(edge))
    notes: list[str] = []
    drafts = [d for d in drafts if d.printed]
    if drafts and not any(d.stack or d.people or d.dated or d.kind != "news" for d in drafts):
        drafts = [_whole(drafts)]
        notes.append("版面无法分篇，整版作为一篇")
    name = re.split(r"[/\\]", source)[-1]
    articles = [_article(d, name, metadata, notes) for d in drafts]
    furniture = ([text[:start].strip()] if text[:start].strip() else []) + [b.raw for _, b in sorted(loose, key=lambda x: x[0])]
    return Page(name, metadata, _identified(articles), tuple(furniture), (*_doubts(metadata), *notes))


def _doubts(metadata: PageMetadata) -> Iterable[str]:
    if metadata.date is None:
        yield "没有找到日期"
    if metadata.page_no is None:
        yield "没有找到版次"


def _whole(drafts: Sequence[Draft]) -> Draft:
    whole = Draft("page")
    for draft in drafts:
        whole.body += draft.body
        whole.printed += draft.printed
    return whole


def _article(draft: Draft, source: str, metadata: PageMetadata, notes: list[str]) -> Article:
    over = heading(draft.stack)
    people = [*draft.people]
    body = _signed(draft, people)
    subheads = {id(b) for b in draft.subheads}
    text = "\n".join(_paragraphs(body, subheads, verse=not draft.dated and draft.kind in ("essay", "news")))
    kind = _kind(draft, people, body, text)
    for jump in draft.jumps:
        notes.append(f"《{over.title or '无题'}》有转接：{jump}")
    if kind == "photo" and not people:
        notes.append(f"图片说明没有署名：{text[:20]}")
    if kind == "essay" or kind == "brief":
        pass
    return Article(
        id="",
        source=source,
        body=text,
        printed="\n".join(b.raw for _, b in sorted(draft.printed, key=lambda x: x[0])),
        kind=kind,
        title=over.title or None,
        kicker=over.kicker,
        subtitle=over.subtitle,
        bylines=tuple(dict.fromkeys(people)),
        subheads=tuple(clean([b]) for b in draft.subheads),
        newspaper=metadata.newspaper,
        issue_no=metadata.issue_no,
        date=metadata.date,
        page_no=metadata.page_no,
        section=metadata.section,
    )


def _signed(draft: Draft, people: list[Byline]) -> list[Block]:
    """The body without the signature at its end, whose people are added."""
    body = list(draft.body)
    if not body or draft.kind == "notice":
        return body
    last = body[-1]
    flat = last.masked.translate(FOLD)
    at, signers = byline.signature(flat)
    if signers and at > 0 and not (draft.dated and any(p in people for p in signers)):
        if not people:
            people += signers
        body[-1] = Block(last.raw[:at], last.masked[:at], last.level, last.gap)
    return body


def _paragraphs(body: Sequence[Block], subheads: set[int], verse: bool) -> list[str]:
    groups: list[list[Block]] = []
    for block in body:
        if groups and _runs_on(groups[-1][-1], block, subheads):
            groups[-1].append(block)
        else:
            groups.append([block])
    out: list[str] = []
    for group in groups:
        if id(group[0]) in subheads:
            out.append(clean(group))
            continue
        lines = [line.strip() for b in group for line in b.text.split("\n") if line.strip()]
        if verse and is_verse(lines) or all(map(is_row, lines)):
            out += [tidy_paragraph(line) for line in lines]
            continue
        text = JUMP.sub("", join(lines))
        out.append(tidy_paragraph(text, ocr=True))
    return [p for p in out if p]


def _runs_on(before: Block, block: Block, subheads: set[int]) -> bool:
    if block.gap and before.key.endswith(":") or is_row(before.text) and is_row(block.text):
        return False
    if id(before) in subheads or id(block) in subheads or ends_sentence(before.key) or begins_item(block.key):
        return False
    if is_closing(before.key) or is_closing(block.key) or "|" in before.key + block.key:
        return False
    return before.length >= 16 or before.key[-1] in ",、"


def _kind(draft: Draft, people: Sequence[Byline], body: Sequence[Block], text: str) -> str:
    if draft.kind in ("photo", "notice", "page", "essay"):
        return draft.kind
    size = len(text)
    if draft.stack and is_roll(draft.stack[-1].key):
        return "notice"
    if draft.kind == "brief" or draft.column and size <= BRIEF + 60 and draft.dated:
        return "brief"
    if draft.dated:
        return "brief" if "\n" not in text and size <= BRIEF else "news"
    roles = {p.role for p in people}
    if len(draft.subheads) >= 2 and roles & {"记者", "作者"} or size >= FEATURE and ("记者" in roles or size >= 2 * FEATURE):
        return "feature"
    return "essay" if roles == {"作者"} and not draft.signed else "news"


def _identified(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles with their ids: from newspaper, date, page number and title, or content where that is not unique."""
    names = Counter(a.title for a in articles)
    seen: Counter[str] = Counter()
    out = []
    for article in articles:
        own = article.title if article.title and names[article.title] == 1 and article.date else None
        content = own or f"{article.title}\n{article.body}\n{''.join(article.printed.split())}"
        key = "\n".join(map(str, (article.newspaper, article.date, article.page_no, content)))
        seen[key] += 1
        digest = hashlib.blake2b(f"{key}\n{seen[key]}".encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
        out.append(replace(article, id=f"{_prefix(article)}{digest}"))
    return tuple(out)


def _prefix(article: Article) -> str:
    day = f"{article.date:%Y%m%d}-" if article.date else ""
    page = masthead.arabic(article.page_no) if article.page_no else ""
    return day + (f"{page.zfill(2)}-" if page.isascii() and page.isalnum() else "")
