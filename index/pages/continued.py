"""Articles that go on on another page of their issue (下转第3版, 上接第1版), put together again."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.model import Article, Page
from index.pages.joint import Context, Lines
from index.pages.jump import Jump, jumps, page_number
from index.pages.repair import begins_item, ends_sentence, join

ALIKE = 0.6
"""Titles of two parts that are so much alike (Ratcliff/Obershelp) are one; later parts often bear a shorter one."""
READS_ON = 1.0
"""Log odds from which the later part reads as the rest of a sentence of the earlier one."""
MOST_ARTICLES, MOST_JUMPING = 200, 12
"""Articles, and such with jumps, looked at on one page; no printed page has so many."""


def issue_of(page: Page) -> str | None:
    """A key that the pages of one issue have in common: the day, or else the issue's number; None if unsaid."""
    said = page.metadata
    return said.date.isoformat() if said.date else said.issue_no


def joined(pages: Sequence[Page]) -> list[Page]:
    """The pages, in their order, with every article that goes on on another page of its issue made one.

    The pages may be of many issues, told apart by ``issue_of``, and of several newspapers. The article stands on its
    first page, with its own id: body, people, sub-headings and printed text of the later parts are put behind its own,
    and they leave their pages; so articles and furniture are still all of the text. Of the jump lines only
    ``printed`` keeps a trace. Parts whose other part is not among the pages, or in doubt, stay as they are,
    with their note (``doubts``). Pure; never raises.
    """
    issues: defaultdict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        if key := issue_of(page):
            issues[key].append(number)
    out = list(pages)
    for numbers in issues.values():
        if len(numbers) > 1:
            for number, page in zip(numbers, _joined([pages[n] for n in numbers]), strict=True):
                out[number] = page
    return out


def called(article: Article) -> str:
    """How a note names an article."""
    return f"《{article.title}》" if article.title else f"“{article.body[:12]}…”"


def doubts(article: Article) -> Iterator[str]:
    """A note for each jump of an article whose other part was not put to it."""
    return (_doubt(article, jump) for jump in jumps(article.printed))


def _doubt(article: Article, jump: Jump) -> str:
    return f"{called(article)}有转接，未合并：{jump.text}"


@dataclass(frozen=True, slots=True)
class _Part:
    """An article of an issue: its page and its place there, its page's number, and its jumps."""

    page: int
    place: int
    number: str | None
    article: Article
    back: Jump | None
    onward: Jump | None


def _joined(pages: Sequence[Page]) -> list[Page]:
    """The pages of one issue with their articles joined."""
    parts = [part for number, page in enumerate(pages) for part in _parts(number, page)]
    later = _later(parts, pages) if any(part.back or part.onward for part in parts) else {}
    articles = [dict(enumerate(page.articles)) for page in pages]
    notes = [Counter(page.notes) for page in pages]
    for first in later.keys() - later.values():
        chain = [first]
        while chain[-1] in later:
            chain.append(later[chain[-1]])
        whole = [parts[i] for i in chain]
        for part in whole:
            notes[part.page] -= Counter(doubts(part.article))
            del articles[part.page][part.place]
        head = whole[0]
        articles[head.page][head.place] = joint = _one([part.article for part in whole])
        notes[head.page].update(_doubt(joint, jump) for jump in (head.back, whole[-1].onward) if jump)
    return [
        replace(page, articles=tuple(a for _, a in sorted(found.items())), notes=tuple(said.elements()))
        for page, found, said in zip(pages, articles, notes, strict=True)
    ]


def _parts(number: int, page: Page) -> Iterator[_Part]:
    """The articles of a page that may be parts of others."""
    own = page_number(page.metadata.page_no) if page.metadata.page_no else None
    jumping = 0
    for place, article in enumerate(page.articles[:MOST_ARTICLES]):
        found = jumps(article.printed)
        jumping += bool(found)
        if not found and not article.title or jumping > MOST_JUMPING:
            continue
        onward = [_is_onward(jump, own, article) for jump in found]
        back = next((jump for jump, on in zip(found, onward, strict=True) if not on), None)
        last = next((jump for jump, on in zip(found[::-1], onward[::-1], strict=True) if on), None)
        yield _Part(number, place, own, article, back, last)


def _is_onward(jump: Jump, own: str | None, article: Article) -> bool:
    """Whether a jump leads to a later part. 紧接 does if it names a later page, or stands behind the text."""
    if jump.onward is not None:
        return jump.onward
    if own and own.isdecimal() and jump.page.isdecimal():
        return int(jump.page) > int(own)
    return not article.printed.lstrip().startswith(jump.text)


def _later(parts: Sequence[_Part], pages: Sequence[Page]) -> dict[int, int]:
    """For each part the one that goes on with it (numbers of parts): the surest pairs first, none where two may be."""
    rated = sorted(((_rating(parts[i], parts[j]), i, j) for i, j in _pairs(parts, pages)), reverse=True)
    rivals = Counter(part for _, i, j in rated for part in ((i, "onward"), (j, "back")))
    found: dict[int, int] = {}
    for rating, i, j in rated:
        alone = rivals[i, "onward"] == rivals[j, "back"] == 1
        if (alone or rating >= ALIKE) and i not in found and j not in found.values():
            found[i] = j
    return found


def _pairs(parts: Sequence[_Part], pages: Sequence[Page]) -> Iterator[tuple[int, int]]:
    """Pairs of an earlier and a later part: both jumps agree, or one does and the titles are alike."""
    on_page: defaultdict[str, list[int]] = defaultdict(list)
    for i, part in enumerate(parts):
        on_page[_digits(part.number)].append(i)
    seen: set[tuple[int, int]] = set()
    for i, part in enumerate(parts):
        if part.onward:
            seen.update((i, j) for j in on_page[_digits(part.onward.page)] + on_page[""])
        if part.back:
            seen.update((j, i) for j in on_page[_digits(part.back.page)] + on_page[""])
    for i, j in seen:
        if _may_follow(parts[i], parts[j], pages):
            yield i, j


def _may_follow(earlier: _Part, later: _Part, pages: Sequence[Page]) -> bool:
    papers = {pages[part.page].metadata.newspaper for part in (earlier, later)} - {None}
    if earlier.page == later.page or len(papers) > 1:
        return False
    said = [(earlier.onward, later.number), (later.back, earlier.number)]
    if any(jump and number and not _same(jump.page, number) for jump, number in said):
        return False
    if earlier.onward and later.back:
        return any(number for _, number in said)
    return _likeness(earlier, later) >= ALIKE


def _digits(number: str | None) -> str:
    return re.sub(r"\D", "", number or "")


def _same(a: str, b: str) -> bool:
    """Whether two page numbers are one; A2 may be called 2."""
    return a == b or a.isdecimal() != b.isdecimal() and _digits(a) == _digits(b)


def _rating(earlier: _Part, later: _Part) -> float:
    """How surely two parts are of one article: by their titles, else by how the text reads across."""
    alike = _likeness(earlier, later)
    if alike >= ALIKE:
        return 1 + alike
    reads = _reads_on(earlier.article.body, later.article.body)
    return ALIKE if reads >= READS_ON else 0.0


def _likeness(earlier: _Part, later: _Part) -> float:
    """Of the titles, one of which may be cut short or be named by the jump."""
    first = _letters(earlier.article.title)
    named = [jump.title for jump in (earlier.onward, later.back) if jump] + [later.article.title]
    return max((_alike(first, second) for second in map(_letters, named) if first and second), default=0.0)


def _alike(a: str, b: str) -> float:
    if min(len(a), len(b)) >= 4 and (a in b or b in a):
        return 1.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()


def _letters(title: str | None) -> str:
    return re.sub(r"\W", "", title or "")


def _reads_on(before: str, after: str) -> float:
    """Log odds of a text going on with a sentence that ``before`` leaves open; 0 if it leaves none."""
    if ends_sentence(before) or begins_item(after) or not before or not after:
        return 0.0
    same, sides = np.zeros(2), [before[-40:], after[:40]]
    lines = Lines(sides, same, same, Context([before[-2000:], after[:2000]]))
    return float(lines.score(np.array([0]), np.array([1]))[0])


def _one(parts: Sequence[Article]) -> Article:
    """The parts as one article, the first's in all that has no parts."""
    first = parts[0]
    kinds = {part.kind for part in parts}
    body = first.body
    for part in parts[1:]:
        cut = body and part.body and not ends_sentence(body) and not begins_item(part.body)
        body = join([body, part.body]) if cut else "\n".join(filter(None, (body, part.body)))
    return replace(
        first,
        body=body,
        printed="\n".join(part.printed for part in parts),
        kind="feature" if "feature" in kinds else "news" if first.kind == "brief" else first.kind,
        title=next((part.title for part in parts if part.title), None),
        bylines=tuple(dict.fromkeys(byline for part in parts for byline in part.bylines)),
        subheads=tuple(head for part in parts for head in part.subheads),
    )
