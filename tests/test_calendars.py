"""Calendars of issues: years of months, months of weeks, and the way from one period to the next."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from search.issues import Issue
from web.pages import calendars


def issue(day: str | None, newspaper: str | None = "琅川工人报") -> Issue:
    return Issue(newspaper, datetime.date.fromisoformat(day) if day else None, None, ())


def test_a_month_is_weeks_from_monday_to_sunday() -> None:
    """Days of its neighbours are empty; the days with issues have them."""
    issues = [issue("2024-05-10"), issue("2024-05-10", "三江职工"), issue("2024-06-01"), issue(None)]
    month = calendars.month(issues, 2024, 5)
    assert [len(week) for week in month.weeks] == [7] * 5
    assert [day and day.date.day for day in month.weeks[0]] == [None, None, 1, 2, 3, 4, 5]
    assert [(day.date.isoformat(), len(day.issues)) for day in month.days] == [("2024-05-10", 2)]
    assert month.issues == 2


@given(st.lists(st.dates(datetime.date(2023, 1, 1), datetime.date(2024, 12, 31)), max_size=20))
def test_a_year_has_each_of_its_issues_on_its_day(days: list[datetime.date]) -> None:
    """None is lost and none stands on another day."""
    months = calendars.year([issue(day.isoformat()) for day in days], 2024)
    shown = [day.date for month in months for day in month.days for _ in day.issues]
    assert sorted(shown) == sorted(day for day in days if day.year == 2024)
    assert sum(month.issues for month in months) == len(shown)


def test_years_and_newspapers_are_counted() -> None:
    """Years newest first, newspapers with most issues first; what is not known is left out."""
    dated = [issue("2022-01-01"), issue("2024-05-10"), issue("2024-05-17", "三江职工")]
    issues = [*dated, issue(None), issue("2024-01-01", None)]
    assert list(calendars.years(issues).items()) == [(2024, 3), (2022, 1)]
    assert list(calendars.newspapers(issues).items()) == [("琅川工人报", 3), ("三江职工", 1)]


def test_many_newspapers_share_the_last_colour() -> None:
    """The first ones have one of their own."""
    marks = calendars.marks([str(n) for n in range(9)])
    assert list(marks.values()) == [0, 1, 2, 3, 4, 5, 5, 5, 5]


def test_periods_lead_to_the_nearest_that_have_issues() -> None:
    """Over any gap; a period without issues has neighbours as well."""
    periods = ["2024-05", "2022-01", "2024-05", "2023-11"]
    assert calendars.neighbours(periods, "2023-11") == ("2022-01", "2024-05")
    assert calendars.neighbours(periods, "2022-01") == (None, "2023-11")
    assert calendars.neighbours(periods, "2024-01") == ("2023-11", "2024-05")
    assert calendars.neighbours([], "2024") == (None, None)
