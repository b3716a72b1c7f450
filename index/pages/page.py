"""From the OCR'ed text of one newspaper page to its articles."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.model import Article, Page, PageMetadata
from index.pages import article, masthead
from index.pages.blocks import Block
from index.pages.body import in_reading_order
from index.pages.draft import Draft
from index.pages.numeral import arabic
from index.pages.paragraphs import paragraphs
from index.pages.segmentation import segment

LITERARY = 2
"""So many essays make a page a literary one (副刊)."""


def parse_page(text: str, source: str, known: PageMetadata | None = None) -> Page:
    """The articles, furniture and metadata of one page.

    ``source``: the file's name, with folders if they say something (``2024/05/01/03.md``). ``known``: what is known
    of the page where it does not say so itself, in place of what ``source`` says. Never raises. Every character of
    ``text`` that is not white space stands in one article's ``printed`` or in the furniture.
    """
    front, start = masthead.front_matter(text)
    blocks = paragraphs(text[start:])
    edge, first, last = masthead.edges(blocks)
    inner = [said for b in blocks[first:last] if (said := masthead.read_line(b.key, at_edge=False))]
    beside = masthead.from_source(source) if known is None else known
    metadata = masthead.merged([front, *edge.values(), *inner, beside])
    drafts, loose = segment(blocks, frozenset(edge))
    name = re.split(r"[/\\]", source)[-1]
    articles, notes = _articles(drafts, name, metadata)
    furniture = [text[:start].strip(), *(b.raw for _, b in sorted(loose, key=lambda placed: placed[0]))]
    notes = [*missing(metadata), *notes]
    return Page(name, metadata, identified(articles), tuple(filter(None, furniture)), tuple(notes))


def _articles(drafts: Sequence[Draft], name: str, metadata: PageMetadata) -> tuple[list[Article], list[str]]:
    notes: list[str] = []
    drafts = [draft for draft in drafts if draft.printed]
    if drafts and not any(d.stack or d.people or d.dated or d.kind != "news" for d in drafts):
        drafts = [_whole(drafts)]
        notes.append("版面无法分篇，整版作为一篇")
    sheets = [article.read_through(draft) for draft in drafts]
    articles: list[Article] = []
    for sheet, body in zip(sheets, in_reading_order([s.body for s in sheets]), strict=True):
        built, doubts = article.build(sheet, body, name, metadata)
        articles.append(built)
        notes += doubts
    if sum(a.kind == "essay" for a in articles) >= LITERARY:
        articles = [replace(a, kind="essay") if _is_by_author(a) else a for a in articles]
    return articles, notes


def _whole(drafts: Sequence[Draft]) -> Draft:
    """All of a page as one draft."""
    blocks: list[Block] = [b for d in drafts for b in d.body]
    return Draft("page", body=blocks, printed=[placed for d in drafts for placed in d.printed])


def _is_by_author(found: Article) -> bool:
    """Whether an article signed by an author at its end is an essay when the page is literary."""
    return found.kind == "news" and {b.role for b in found.bylines} == {"作者"}


def missing(metadata: PageMetadata) -> Iterator[str]:
    """What is missing in what is known of a page."""
    if metadata.date is None:
        yield "没有找到日期"
    if metadata.page_no is None:
        yield "没有找到版次"


def identified(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles with their ids: from newspaper, date, page number and title, or content where that is not unique."""
    titles = Counter(a.title for a in articles)
    seen: Counter[str] = Counter()
    out: list[Article] = []
    for found in articles:
        alone = found.title if found.title and titles[found.title] == 1 and found.date else None
        content = alone or f"{found.title}\n{''.join(found.printed.split())}"
        key = "\n".join(map(str, (found.newspaper, found.date, found.page_no, content)))
        seen[key] += 1
        digest = hashlib.blake2b(f"{key}\n{seen[key]}".encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
        out.append(replace(found, id=f"{_prefix(found)}{digest}"))
    return tuple(out)


def _prefix(found: Article) -> str:
    """Day and page, readable and safe in a URL: 20240510-01-."""
    day = f"{found.date:%Y%m%d}-" if found.date else ""
    page = arabic(found.page_no).zfill(2) if found.page_no else ""
    return f"{day}{page}-" if page.isascii() and page.isalnum() else day
