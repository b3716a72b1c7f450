"""Pages to leaf through the archive: the calendar, issues, and their pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, current_app, render_template

from index.model import Article
from index.schema import page_number
from index.sentence import Sentence
from search.issues import Issue, IssuePage, selected
from search.model import SearchRequest
from search.protocol import AnyCatalogue, AnySearcher
from web.middleware import language
from web.pages import calendars, filters
from web.pages.paging import screen
from web.pages.sheets import sheet
from web.params import CALENDAR, LISTING, search_request
from web.problems import NotHeldError

browse = Blueprint("browse", __name__)

HEADLINES = 12
"""Most titles shown of each page of an issue …"""
MOST_HEADLINES = 400
"""… and of all its pages together."""
LISTED_HEADLINES = 3
"""Titles shown of each issue where several are listed."""
LISTED_ISSUES = 100
"""Issues without a date on one screen."""
LISTED_ARTICLES = 50
"""Articles of a newspaper page on one screen."""

_PERIOD = re.compile("[0-9]{4}(?:-[0-9]{2}){0,2}")


class Headlines(NamedTuple):
    """A page of an issue, and its first articles."""

    page: IssuePage
    articles: tuple[Article, ...]


# ------------------------------------------------------------------------------- calendar


@browse.get("/calendar")
def calendar() -> str:
    """The newest year; where no issue has a date, those without."""
    years = calendars.years(_wanted()[1])
    return period(f"{next(iter(years)):04}") if years else undated()


@browse.get("/calendar/<period>")
def period(period: str) -> str:
    """A year (2024) as a calendar; a month (2024-05) or a day (2024-05-10) with the headlines of its issues."""
    wanted, issues = _wanted()
    held = [issue for issue in issues if issue.date and issue.edition.startswith(period)]
    if not _PERIOD.fullmatch(period) or not held:
        raise NotHeldError(Sentence("没有收录 %(period)s 的报纸。", period=period[:20]))
    around = calendars.neighbours((issue.edition[: len(period)] for issue in issues if issue.date), period)
    year, of_month = int(period[:4]), (issue for issue in issues if issue.date and issue.edition.startswith(period[:7]))
    if len(period) == 4:
        return _calendar("calendar.html", wanted, issues, period, around, months=calendars.year(held, year))
    return _calendar(
        "issues.html", wanted, issues, period, around,
        month=calendars.month(of_month, year, int(period[5:7])), listed=_listed(reversed(held)),
    )


@browse.get("/calendar/undated")
def undated() -> str:
    """The issues without a date."""
    wanted, issues = _wanted()
    held = [issue for issue in issues if not issue.date]
    shown = screen(wanted.result_page, len(held), LISTED_ISSUES)
    return _calendar("issues.html", wanted, issues, "", (None, None), screen=shown, listed=_listed(shown.of(held)))


def _wanted() -> tuple[SearchRequest, tuple[Issue, ...]]:
    """What the request asks for, and the issues of the newspapers it names; all, if it names none."""
    wanted = search_request(language.parameters(), known=CALENDAR)
    return wanted, selected(_catalogue().issues, wanted)


def _calendar(
    template: str, wanted: SearchRequest, issues: Iterable[Issue], period: str, around: tuple[str | None, str | None],
    **context: object,
) -> str:
    newspapers = calendars.newspapers(_catalogue().issues)
    return render_template(
        template, period=period, around=around, chosen=dict(wanted.filters).get("newspaper", ()),
        newspapers=newspapers, marks=calendars.marks(list(newspapers)), years=calendars.years(issues),
        undated=sum(not issue.date for issue in issues), **context,
    )


def _listed(issues: Iterable[Issue]) -> list[tuple[Issue, list[Article]]]:
    """Issues with the first of their headlines."""
    return [
        (issue, [article for found in headlines(_catalogue(), issue, LISTED_HEADLINES, LISTED_HEADLINES)
                 for article in found.articles])
        for issue in issues
    ]


# ------------------------------------------------------------------------------- issues


@browse.get("/issues/<name:newspaper>/<name:edition>")
def issue(newspaper: str, edition: str) -> str:
    """The pages of an issue with the titles of their articles."""
    found = _issue(newspaper, edition)
    before, after = _catalogue().around(found)
    return render_template(
        "issue.html", issue=found, before=before, after=after,
        pages=headlines(_catalogue(), found, HEADLINES, MOST_HEADLINES), searchable=bool(found.date),
        links=filters.search_links(_within(found)),
    )


@browse.get("/issues/<name:newspaper>/<name:edition>/<name:page_no>")
def page(newspaper: str, edition: str, page_no: str) -> str:
    """The articles of a page in printed order."""
    found, number = _issue(newspaper, edition), page_number(page_no)
    place = next((i for i, page in enumerate(found.pages) if (page.page_no or "") == number), None)
    if place is None:
        raise NotHeldError(Sentence("这一期没有收录第 %(n)s 版。", n=number[:20]))
    here, wanted = found.pages[place], search_request(language.parameters(), known=LISTING)
    shown = screen(wanted.result_page, _catalogue().texts(found, here), LISTED_ARTICLES)
    articles = _catalogue().articles(found, here, shown.first, shown.first + shown.size)
    before, after = _catalogue().around(found)
    return render_template(
        "page.html", issue=found, page=here, before=before, after=after, screen=shown,
        previous=found.pages[place - 1] if place else None, next=next(iter(found.pages[place + 1 : place + 2]), None),
        articles=[article for article in articles if article.kind != "page"],
        furniture=[article for article in articles if article.kind == "page"],
        searchable=bool(found.date), links=filters.search_links(_within(found, here)),
        sheet=sheet(_searcher(), articles),
    )


def _issue(newspaper: str, edition: str) -> Issue:
    found = _catalogue().issue(newspaper or None, edition)
    if not found:
        raise NotHeldError(Sentence("没有收录 %(issue)s 这一期。", issue=f"{newspaper[:50]} {edition[:20]}".strip()))
    return found


def _within(issue: Issue, page: IssuePage | None = None) -> SearchRequest:
    """The search that finds an issue's articles, or those of one of its pages."""
    given = (("newspaper", issue.newspaper), ("page_no", page and page.page_no))
    return SearchRequest(
        date_from=issue.date, date_to=issue.date, filters=tuple((name, (value,)) for name, value in given if value)
    )


def headlines(catalogue: AnyCatalogue, issue: Issue, each: int, most: int) -> list[Headlines]:
    """The pages of an issue, with at most ``each`` of their articles and ``most`` in all."""
    found: list[Headlines] = []
    for page in issue.pages:
        articles = catalogue.articles(issue, page, 0, min(each, most))
        most -= len(articles)
        found.append(Headlines(page, tuple(article for article in articles if article.kind != "page")))
    return found


def _catalogue() -> AnyCatalogue:
    return _searcher().catalogue()


def _searcher() -> AnySearcher:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher
