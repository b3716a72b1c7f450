"""Issues, pages, sections and people as the templates name them, and where their pages are."""

from __future__ import annotations

import datetime

from flask import url_for
from flask_babel import format_date, gettext

from index.model import Article
from index.report.model import Holding, Month
from index.schema import page_number
from search.issues import Issue, IssuePage, edition
from web.pages.chart import in_a_row
from web.pages.filters import day


def month_label(date: datetime.date) -> str:
    """A month within its year: 5月."""
    return str(format_date(date, gettext("M月")))


def weekday(date: datetime.date) -> str:
    """The day of the week: 星期五."""
    return str(format_date(date, "EEEE"))


def issue_label(issue: Issue) -> str:
    """What an issue is called beside its newspaper: its day, else its number."""
    if issue.date:
        return day(issue.date)
    return str(gettext("第%(n)s期", n=issue.issue_no) if issue.issue_no else gettext("日期不明"))


def issue_url(issue: Issue, page: IssuePage | None = None) -> str:
    """The web page of an issue, or of one of its pages."""
    return _url(issue.newspaper, issue.edition, page.page_no or "" if page else None)


def printed_url(article: Article, *, page: bool = False) -> str:
    """The web page of the issue, or of the newspaper page, that an article stands in."""
    place = edition(article.date, article.issue_no)
    return _url(article.newspaper, place, page_number(article.page_no or "") if page else None)


def _url(newspaper: str | None, edition: str, page_no: str | None) -> str:
    if page_no is None:
        return url_for("browse.issue", newspaper=newspaper or "", edition=edition)
    return url_for("browse.page", newspaper=newspaper or "", edition=edition, page_no=page_no)


def name_url(name: str, index: str) -> str:
    """The web page of a section or a person."""
    return url_for(f"names.{index}", name=name)


def by_year(holding: Holding) -> list[tuple[str, list[Month | None]]]:
    """The years of a newspaper, newest first, and what is held of each of their twelve months."""
    held = {month.month: month for month in holding.months}
    years = in_a_row({month[:4] for month in held})
    return [(year, [held.get(f"{year}-{n:02}") for n in range(1, 13)]) for year in reversed(years)]


FILTERS = {
    "month_label": month_label, "weekday": weekday, "issue_label": issue_label, "issue_url": issue_url,
    "printed_url": printed_url, "name_url": name_url, "by_year": by_year,
}
