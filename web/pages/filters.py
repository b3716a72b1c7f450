"""Filters of the templates: values as readers see them, and where they lead."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

from flask_babel import format_date, format_decimal, gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from index.model import Article
from index.schema import page_number
from search.model import Hit, SearchRequest
from web import addresses
from web.links import SearchLinks
from web.marks import marked_html
from web.middleware import language

FACET_LABELS = {
    "year": _("年份"), "month": _("月份"), "newspaper": _("报纸"),
    "section": _("版名"), "page_no": _("版次"), "kind": _("类型"),
    "reporter": _("记者"), "correspondent": _("通讯员"), "photographer": _("摄影"), "person": _("署名"),
}
KIND_LABELS = {
    "news": _("新闻"), "feature": _("通讯"), "photo": _("图片"),
    "brief": _("简讯"), "notice": _("公告"), "essay": _("副刊"),
    "page": _("版面"),
}
"""Names of the facets and of the kinds of article, in the reader's language."""

_OPENING = 24
"""Characters of the text that stand for the title of an article without one."""

LEAD = 90
"""Characters of the text that are shown of an article in a list."""


def untitled(article: Article) -> str:
    """What an article without a title is called: the beginning of its text."""
    opening = article.body.replace("\n", " ").lstrip("▲△◆◇●○■□★☆ ")
    return opening[:_OPENING] + ("…" if len(opening) > _OPENING else "") or f"（{KIND_LABELS[article.kind]}）"


def lead(article: Article) -> str:
    """The beginning of an article."""
    text = article.body[: 2 * LEAD].replace("\n", " ")
    return text if len(text) <= LEAD else text[:LEAD] + "…"


def shown(hit: Hit) -> dict[str, Markup | str]:
    """The kicker, subtitle and extract of a hit as HTML, marked where the query occurs in them."""
    extracts = {snippet.field: marked_html(snippet.parts) for snippet in hit.snippets}
    return {"kicker": hit.article.kicker or "", "subtitle": hit.article.subtitle or "", **extracts}


def page_label(page_no: str) -> str:
    """A page number in words: 第2版."""
    return str(gettext("第%(page_no)s版", page_no=page_number(page_no)))


def role_label(role: str) -> str:
    """A role as printed; in another language, if it is one of the common."""
    return str(gettext(role))


def day(date: datetime.date) -> str:
    """A day in words: 2024年5月10日."""
    return str(format_date(date, "long"))


def period_label(period: str) -> str:
    """A year, a month or a day in words: 2024年5月."""
    if len(period) > len("2024-05"):
        return day(datetime.date.fromisoformat(period))
    year, _dash, month = period.partition("-")
    # the patterns are Unicode's, as the messages' catalogue has them for each language
    first = datetime.date(int(year), int(month or 1), 1)
    return str(format_date(first, gettext("y年M月") if month else gettext("y年")))


def thousands(number: int) -> str:
    """A number with its digits in groups."""
    return str(format_decimal(number))


def article_url(article_id: str, q: str = "") -> str:
    """The web page of an article, with a query marked in it."""
    url = addresses.article_url(article_id)
    return language.with_language(f"{url}?{urlencode({'q': q})}" if q else url)


def search_links(wanted: SearchRequest) -> SearchLinks:
    """Links of the web pages next to a search."""
    return SearchLinks(wanted, "/search", language.chosen())


FILTERS = {
    "marked": marked_html, "shown": shown, "article_url": article_url, "untitled": untitled, "lead": lead,
    "page_label": page_label, "role_label": role_label, "day": day,
    "period_label": period_label, "thousands": thousands, "canonical_url": addresses.article_url,
}
