"""From the OCR'ed text of one newspaper page to its articles."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index import byline, masthead
from index.blocks import FOLD, Block
from index.body import paragraphs
from index.heading import clean, heading, with_subheads
from index.labels import is_roll
from index.lookalike import corrected
from index.model import Article, Byline, Page, PageMetadata
from index.paragraphs import paragraphs as blocks_of
from index.segmentation import Draft, segment

BRIEF = 220
"""A dateline item of one paragraph up to so many characters is short news."""
LITERARY = 2
"""So many essays make a page a literary one (副刊)."""
FEATURE = 600
"""A signed piece without dateline from so many characters on is a feature."""


def parse_page(text: str, source: str) -> Page:
    """The articles, furniture and metadata of one page.

    ``source``: the file's name, with folders if they say something (``2024/05/01/03.md``). Never raises. Every
    character of ``text`` that is not white space stands in one article's ``printed`` or in the furniture.
    """
    front, start = masthead.front_matter(text)
    blocks = blocks_of(text[start:])
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
    if sum(a.kind == "essay" for a in articles) >= LITERARY:
        articles = [replace(a, kind="essay") if _may_be_essay(a) else a for a in articles]
    furniture = ([text[:start].strip()] if text[:start].strip() else []) + [b.raw for _, b in sorted(loose, key=lambda x: x[0])]
    return Page(name, metadata, _identified(articles), tuple(furniture), (*_doubts(metadata), *notes))


def _may_be_essay(article: Article) -> bool:
    """Whether an article signed by an author at its end is an essay when the page is literary."""
    return article.kind == "news" and bool(article.bylines) and {b.role for b in article.bylines} == {"作者"}


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
    if draft.stack and people and not draft.dated:
        body = with_subheads(body, draft.subheads)
    literary = not draft.dated and draft.kind in ("essay", "news") and all(p.role == "作者" for p in people)
    names = [p.name for p in people]
    right = _Corrector(names)
    text = right("\n".join(paragraphs(body, draft.subheads, verse=literary))) or ""
    article = Article(
        id="",
        source=source,
        body=text,
        printed="\n".join(b.raw for _, b in sorted(draft.printed, key=lambda x: x[0])),
        kind=_kind(draft, people, text),
        title=right(over.title),
        kicker=right(over.kicker),
        subtitle=right(over.subtitle),
        bylines=tuple(dict.fromkeys(people)),
        subheads=tuple(right(clean([b])) or "" for b in draft.subheads),
        newspaper=metadata.newspaper,
        issue_no=metadata.issue_no,
        date=metadata.date,
        page_no=metadata.page_no,
        section=metadata.section,
    )
    notes += _article_doubts(article, draft.jumps, right.changes)
    return article


class _Corrector:
    """Puts look-alikes right in the texts of one article and remembers what it changed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.changes: list[str] = []

    def __call__(self, text: str | None) -> str | None:
        if not text:
            return None
        fixed, corrections = corrected(text, self._names)
        self.changes += [f"{text[max(0, c.at - 2) : c.at + 2]}→{fixed[max(0, c.at - 2) : c.at + 2]}" for c in corrections]
        return fixed


def _article_doubts(article: Article, jumps: Sequence[str], changes: Sequence[str]) -> Iterable[str]:
    name = f"《{article.title}》" if article.title else f"“{article.body[:12]}…”"
    for jump in jumps:
        yield f"{name}有转接：{jump}"
    if changes:
        yield f"{name}更正形近字{len(changes)}处：{'，'.join(changes[:8])}".replace("\n", "")
    if article.kind == "photo" and not article.bylines:
        yield f"{name}是图片说明，没有署名"


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
            draft.signed = True
            draft.dated = any(p.role != "作者" for p in signers)
        body[-1] = Block(last.raw[:at], last.masked[:at], last.level, last.gap)
    return body


def _kind(draft: Draft, people: Sequence[Byline], text: str) -> str:
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
    if len(draft.subheads) >= (2 if roles & {"记者", "作者"} else 3) or size >= FEATURE and ("记者" in roles or size >= 2 * FEATURE):
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
