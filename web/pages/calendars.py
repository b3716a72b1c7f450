"""Calendars of the issues that an archive holds: a year as months, a month as weeks of days."""

from __future__ import annotations

import calendar
import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.issues import Issue

MARKS = 6
"""So many newspapers have a colour of their own; the others share the last."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month and the issues that came out on it."""

    date: datetime.date
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday, None for days that belong to its neighbours."""

    first: datetime.date
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The days on which an issue came out."""
        return tuple(day for week in self.weeks for day in week if day and day.issues)

    @property
    def issues(self) -> int:
        return sum(len(day.issues) for day in self.days)


def month(issues: Iterable[Issue], year: int, number: int) -> Month:
    """A month with those of ``issues`` that came out in it."""
    held: dict[datetime.date, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.date:
            held[issue.date].append(issue)
    def day(of_month: int) -> Day | None:
        date = datetime.date(year, number, of_month) if of_month else None
        return Day(date, tuple(held.get(date, ()))) if date else None

    weeks = calendar.Calendar().monthdayscalendar(year, number)
    return Month(datetime.date(year, number, 1), tuple(tuple(map(day, week)) for week in weeks))


def year(issues: Iterable[Issue], number: int) -> tuple[Month, ...]:
    """The twelve months of a year."""
    months: dict[int, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.date and issue.date.year == number:
            months[issue.date.month].append(issue)
    return tuple(month(months[n], number, n) for n in range(1, 13))


def years(issues: Iterable[Issue]) -> dict[int, int]:
    """The years in which issues came out, newest first, and how many."""
    return dict(sorted(Counter(issue.date.year for issue in issues if issue.date).items(), reverse=True))


def newspapers(issues: Iterable[Issue]) -> dict[str, int]:
    """The newspapers and how many issues of each there are, most first; issues of unknown newspapers are left out."""
    return dict(Counter(issue.newspaper for issue in issues if issue.newspaper).most_common())


def marks(names: Sequence[str]) -> dict[str, int]:
    """The number of each newspaper's colour, from 0."""
    return {name: min(place, MARKS - 1) for place, name in enumerate(names)}


def neighbours(periods: Iterable[str], current: str) -> tuple[str | None, str | None]:
    """The last of ``periods`` (ISO 8601, of one length) before ``current``, and the first after it."""
    every = sorted({*periods, current})
    place = every.index(current)
    return every[place - 1] if place else None, next(iter(every[place + 1 :]), None)
