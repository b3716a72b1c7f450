"""The issues held of each newspaper, and those that are missing against its own rhythm.

Running numbers tell best how many issues are missing between two. Where they are not known the rhythm does: a paper
that comes out several times a week keeps to certain weekdays, another to an interval.
"""

from __future__ import annotations

import datetime
import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.model import Article
from index.report.model import Gap, Holding, Month
from index.schema import page_number

LEAST_ISSUES = 4
"""Fewer issues show no rhythm."""
OFTEN = 3.5
"""A median interval of fewer days is that of a paper with several days a week."""
USUAL = 0.5
"""A weekday belongs to the rhythm if so large a share of the weeks has an issue on it."""
LATE = 1.6
"""An interval of so many usual ones has a gap in it."""

_DAY = datetime.timedelta(days=1)


@dataclass(slots=True)
class Issue:
    """One issue while it is being counted; its ``pages`` by their number."""

    date: datetime.date
    number: int | None = None
    pages: set[str] = field(default_factory=set)
    articles: int = 0


class Issues:
    """The dated issues of all newspapers, gathered article by article."""

    def __init__(self) -> None:
        self._found: defaultdict[str | None, dict[datetime.date, Issue]] = defaultdict(dict)

    def add(self, article: Article) -> None:
        """Count an article to its issue. Page furniture tells that a page is there, but is no article."""
        if article.date is None:
            return
        issue = self._found[article.newspaper].setdefault(article.date, Issue(article.date))
        if article.page_no:
            issue.pages.add(page_number(article.page_no))
        if article.issue_no and article.issue_no.isdecimal():
            issue.number = int(article.issue_no)
        issue.articles += article.kind != "page"

    def holdings(self) -> tuple[Holding, ...]:
        """What is held of each newspaper, most issues first."""
        held = [_holding(name, sorted(found.values(), key=lambda i: i.date)) for name, found in self._found.items()]
        return tuple(sorted(held, key=lambda holding: (-holding.issues, holding.newspaper or "")))


def _holding(newspaper: str | None, issues: Sequence[Issue]) -> Holding:
    first, last = issues[0].date, issues[-1].date
    return Holding(newspaper, len(issues), first, last, tuple(_months(issues)), tuple(gaps(issues)))


def _months(issues: Sequence[Issue]) -> Iterator[Month]:
    for month, group in itertools.groupby(issues, key=lambda issue: f"{issue.date:%Y-%m}"):
        held = list(group)
        pages, articles = sum(len(issue.pages) for issue in held), sum(issue.articles for issue in held)
        yield Month(month, len(held), pages, articles)


def gaps(issues: Sequence[Issue]) -> Iterator[Gap]:
    """The gaps among the issues of one newspaper, which are in the order of their days."""
    rhythms = _rhythms([issue.date for issue in issues])
    for before, after in itertools.pairwise(issues):
        days = rhythms[before.date.year].days_between(before.date, after.date)
        missing = len(days)
        if before.number and after.number and before.number < after.number:
            missing = after.number - before.number - 1
        if 0 < missing <= (after.date - before.date).days:
            yield Gap(before.date, after.date, missing, days if len(days) == missing else ())


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The ``weekdays`` (0 is Monday) a paper comes out on, or else the days from one issue to the next."""

    weekdays: frozenset[int] = frozenset()
    interval: float = 0.0

    def days_between(self, before: datetime.date, after: datetime.date) -> tuple[datetime.date, ...]:
        """The days between two issues on which others should have come out."""
        if self.weekdays:
            days = (before + n * _DAY for n in range(1, (after - before).days))
            return tuple(day for day in days if day.weekday() in self.weekdays)
        if not self.interval or (after - before).days < LATE * self.interval:
            return ()
        count = round((after - before).days / self.interval)
        return tuple(before + (after - before) * n / count for n in range(1, count))


def _rhythms(days: Sequence[datetime.date]) -> dict[int, Rhythm]:
    """The rhythm of each year, or of all years where one has too few issues."""
    whole = _rhythm(days)
    years = itertools.groupby(days, key=lambda day: day.year)
    return {year: _rhythm(found) if len(found := list(group)) >= LEAST_ISSUES else whole for year, group in years}


def _rhythm(days: Sequence[datetime.date]) -> Rhythm:
    if len(days) < LEAST_ISSUES:
        return Rhythm()
    interval = statistics.median(_intervals(days))
    if interval > OFTEN:
        return Rhythm(interval=interval)
    weeks = {day.isocalendar()[:2] for day in days}
    held = Counter(day.weekday() for day in days)
    return Rhythm(frozenset(weekday for weekday, count in held.items() if count >= USUAL * len(weeks)))


def _intervals(days: Iterable[datetime.date]) -> list[int]:
    return [(after - before).days for before, after in itertools.pairwise(days)]
