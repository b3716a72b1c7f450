"""The issues of newspapers that the archive holds, and the pages of each."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.model import Article
from index.schema import page_number
from search.columns import Keyword
from search.hits import Docs
from search.model import SearchRequest
from search.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class IssuePage:
    """One newspaper page of an issue; ``section`` is the one most of its articles name. Furniture is no article."""

    page_no: str | None
    section: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue (期) of a newspaper: what came out on a day, or where no day is known, under a number."""

    newspaper: str | None
    date: datetime.date | None
    issue_no: str | None
    pages: tuple[IssuePage, ...]

    @property
    def articles(self) -> int:
        return sum(page.articles for page in self.pages)

    @property
    def edition(self) -> str:
        """What tells it from other issues of its newspaper."""
        return edition(self.date, self.issue_no)


@dataclass(frozen=True, slots=True)
class _Group:
    """Documents that stand together in a page's section: the article of one, and how many of them are articles."""

    article: Article
    docs: Docs
    articles: int


def edition(date: datetime.date | None, issue_no: str | None) -> str:
    """What an issue is known by: 2024-05-10, 第88期, or nothing where neither is known."""
    if date:
        return date.isoformat()
    return f"第{issue_no}期" if issue_no else ""


def held(snapshot: Snapshot) -> dict[Issue, tuple[Docs, ...]]:
    """All issues, newest first, those without a date last, and the documents of each of their pages.

    One article of each page's section is read.
    """
    found: dict[tuple[str, datetime.date | None, str], list[_Group]] = defaultdict(list)
    for group in _groups(snapshot):
        article = group.article
        number = "" if article.date else article.issue_no or ""
        found[article.newspaper or "", article.date, number].append(group)
    every = [_issue(newspaper, date, groups) for (newspaper, date, _), groups in found.items()]
    every.sort(key=lambda pair: (pair[0].newspaper or "", _natural(pair[0].issue_no)))
    return dict(sorted(every, key=lambda pair: pair[0].date or datetime.date.min, reverse=True))


def selected(found: Iterable[Issue], request: SearchRequest) -> tuple[Issue, ...]:
    """Those of the issues that are under the dates and the newspapers of ``request``."""
    newspapers = dict(request.filters).get("newspaper")
    first, last = request.date_from or datetime.date.min, request.date_to or datetime.date.max
    dated = request.date_from or request.date_to
    return tuple(
        issue
        for issue in found
        if (not newspapers or issue.newspaper in newspapers)
        and (first <= issue.date <= last if issue.date else not dated)
    )


def _groups(snapshot: Snapshot) -> list[_Group]:
    """The documents by newspaper, day, page and section; those without a day one by one."""
    columns, reader = snapshot.columns, snapshot.searcher.reader()
    docs = np.fromiter(reader.all_doc_ids(), np.int64)
    days = columns.days[docs]
    values = [_first(columns.keywords[name])[docs] for name in ("newspaper", "page_no", "section")]
    keys = np.column_stack([days, *values, np.where(days == 0, docs, -1)])
    order = np.lexsort(keys.T)
    changes = np.flatnonzero((np.diff(keys[order], axis=0) != 0).any(axis=1)) + 1
    counted = ~columns.mask("kind", ("page",))
    together = np.split(docs[order], changes) if len(docs) else []
    return [_Group(snapshot.article(group[0]), group, int(counted[group].sum())) for group in together]


def _first(keyword: Keyword) -> NDArray[np.int64]:
    """The number of each document's first value, -1 where it has none."""
    first = np.full(len(keyword.starts) - 1, -1, np.int64)
    having = np.flatnonzero(keyword.starts[1:] > keyword.starts[:-1])
    first[having] = keyword.numbers[keyword.starts[having]]
    return first


def _issue(newspaper: str, date: datetime.date | None, groups: list[_Group]) -> tuple[Issue, tuple[Docs, ...]]:
    pages: dict[str, list[_Group]] = defaultdict(list)
    for group in groups:
        pages[page_number(group.article.page_no or "")].append(group)
    number = next((group.article.issue_no for group in groups if group.article.issue_no), None)
    ordered = sorted(pages, key=_natural)
    issue = Issue(newspaper or None, date, number, tuple(_page(page_no, pages[page_no]) for page_no in ordered))
    return issue, tuple(np.sort(np.concatenate([group.docs for group in pages[page_no]])) for page_no in ordered)


def _page(page_no: str, groups: Iterable[_Group]) -> IssuePage:
    sections: Counter[str] = Counter()
    articles = 0
    for group in groups:
        articles += group.articles
        if group.article.section:
            sections[group.article.section] += group.articles
    section = max(sections, key=lambda name: (sections[name], name), default=None)
    return IssuePage(page_no or None, section, articles)


def _natural(number: str | None) -> tuple[tuple[str, int], ...]:
    """A key that sorts numbers as people do: 2 before 10, A2 before A10, B1 after both."""
    return tuple((text, int(digits or 0)) for text, digits in re.findall(r"([^0-9]*)([0-9]{0,18})", number or ""))
