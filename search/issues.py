"""The issues of newspapers that the archive holds, and the pages of each."""

from __future__ import annotations

import datetime
import functools
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
class Group:
    """What stands together in a section of a newspaper page: so many ``texts``, of which so many are ``articles``.

    ``page_no`` as ``index.schema.page_number`` writes it. ``docs`` are their documents, where those have numbers.
    """

    newspaper: str | None
    date: datetime.date | None
    issue_no: str | None
    page_no: str
    section: str | None
    articles: int
    texts: int
    docs: Docs | None = None


def edition(date: datetime.date | None, issue_no: str | None) -> str:
    """What an issue is known by: 2024-05-10, 第88期, or nothing where neither is known."""
    if date:
        return date.isoformat()
    return f"第{issue_no}期" if issue_no else ""


Pages = tuple[tuple[Group, ...], ...]
"""What stands on each page of an issue."""


def held(groups: Iterable[Group]) -> dict[Issue, Pages]:
    """All issues, newest first, those without a date last, and what stands on each of their pages."""
    found: dict[tuple[str, datetime.date | None, str], list[Group]] = defaultdict(list)
    for group in groups:
        number = "" if group.date else group.issue_no or ""
        found[group.newspaper or "", group.date, number].append(group)
    every = [_issue(newspaper, date, together) for (newspaper, date, _), together in found.items()]
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


def groups(snapshot: Snapshot) -> list[Group]:
    """The documents by newspaper, day, page and section; those without a day one by one. One of each is read."""
    columns, reader = snapshot.columns, snapshot.searcher.reader()
    docs = np.fromiter(reader.all_doc_ids(), np.int64)
    days = columns.days[docs]
    values = [_first(columns.keywords[name])[docs] for name in ("newspaper", "page_no", "section")]
    keys = np.column_stack([days, *values, np.where(days == 0, docs, -1)])
    order = np.lexsort(keys.T)
    changes = np.flatnonzero((np.diff(keys[order], axis=0) != 0).any(axis=1)) + 1
    counted = ~columns.mask("kind", ("page",))
    together = np.split(docs[order], changes) if len(docs) else []
    return [_group(snapshot.article(own[0]), own, int(counted[own].sum())) for own in together]


def _group(article: Article, docs: Docs, articles: int) -> Group:
    page_no = page_number(article.page_no or "")
    return Group(
        article.newspaper, article.date, article.issue_no, page_no, article.section, articles, len(docs), docs
    )


def _first(keyword: Keyword) -> NDArray[np.int64]:
    """The number of each document's first value, -1 where it has none."""
    first = np.full(len(keyword.starts) - 1, -1, np.int64)
    having = np.flatnonzero(keyword.starts[1:] > keyword.starts[:-1])
    first[having] = keyword.numbers[keyword.starts[having]]
    return first


def _issue(newspaper: str, date: datetime.date | None, groups: list[Group]) -> tuple[Issue, Pages]:
    pages: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        pages[group.page_no].append(group)
    number = next((group.issue_no for group in groups if group.issue_no), None)
    ordered = sorted(pages, key=_natural)
    issue = Issue(newspaper or None, date, number, tuple(_page(page_no, pages[page_no]) for page_no in ordered))
    return issue, tuple(tuple(pages[page_no]) for page_no in ordered)


def _page(page_no: str, groups: Iterable[Group]) -> IssuePage:
    sections: Counter[str] = Counter()
    articles = 0
    for group in groups:
        articles += group.articles
        if group.section:
            sections[group.section] += group.articles
    section = max(sections, key=lambda name: (sections[name], name), default=None)
    return IssuePage(page_no or None, section, articles)


def _natural(number: str | None) -> tuple[tuple[str, int], ...]:
    """A key that sorts numbers as people do: 2 before 10, A2 before A10, B1 after both."""
    return tuple((text, int(digits or 0)) for text, digits in re.findall(r"([^0-9]*)([0-9]{0,18})", number or ""))


class Series:
    """The issues of an archive, in their order."""

    def __init__(self, found: dict[Issue, Pages]) -> None:
        self._held = {(issue.newspaper, issue.edition): (issue, pages) for issue, pages in found.items()}
        self.issues = tuple(issue for issue, _ in self._held.values())
        """Newest first, those without a date last."""

    def issue(self, newspaper: str | None, edition: str) -> Issue | None:
        """The issue of a newspaper that has this ``edition``, if it is held."""
        found = self._held.get((newspaper, edition))
        return found and found[0]

    def around(self, issue: Issue) -> tuple[Issue | None, Issue | None]:
        """The issues of the same newspaper before and after one; those of one without a day have none either."""
        series = self._series[issue.newspaper, bool(issue.date)]
        place = series.index(issue)
        return series[place - 1] if place else None, next(iter(series[place + 1 : place + 2]), None)

    def on(self, issue: Issue, page: IssuePage) -> tuple[Group, ...]:
        """What stands on a page."""
        return self._held[issue.newspaper, issue.edition][1][issue.pages.index(page)]

    @functools.cached_property
    def _series(self) -> dict[tuple[str | None, bool], list[Issue]]:
        """The issues of each newspaper in their order, those with a day and those without."""
        found: dict[tuple[str | None, bool], list[Issue]] = defaultdict(list)
        for issue in self.issues:
            found[issue.newspaper, bool(issue.date)].append(issue)
        return {key: series[::-1] if key[1] else series for key, series in found.items()}
