"""Filters of the templates: values as readers see them, and where they lead."""

from __future__ import annotations

from markupsafe import Markup

from index.model import Article, Byline
from index.schema import ROLES, page_number
from search.model import KIND_LABELS, Hit, SearchRequest
from web.links import SearchLinks
from web.serialize import article_url, marked_html

FACET_LABELS = {
    "year": "年份", "month": "月份", "newspaper": "报纸", "section": "版名", "page_no": "版次",
    "kind": "类型", "reporter": "记者", "correspondent": "通讯员", "photographer": "摄影",
}

_OPENING = 24
"""Characters of the text that stand for the title of an article without one."""


def untitled(article: Article) -> str:
    """What an article without a title is called: the beginning of its text."""
    opening = article.body.replace("\n", " ").lstrip("▲△◆◇●○■□★☆ ")
    return opening[:_OPENING] + ("…" if len(opening) > _OPENING else "") or f"（{KIND_LABELS[article.kind]}）"


def shown(hit: Hit) -> dict[str, Markup | str]:
    """The kicker, subtitle and extract of a hit as HTML, marked where the query occurs in them."""
    extracts = {snippet.field: marked_html(snippet.parts) for snippet in hit.snippets}
    return {"kicker": hit.article.kicker or "", "subtitle": hit.article.subtitle or "", **extracts}


def page_label(page_no: str) -> str:
    """A page number in words: 第2版."""
    return f"第{page_number(page_no)}版"


def filter_url(value: str, name: str) -> str:
    """The search for all articles with a value."""
    return SearchLinks(SearchRequest(), "/search").narrowed(name, value)


def byline_url(byline: Byline) -> str:
    """The search for all articles by or with a person in the same role."""
    field = ROLES.get(byline.role)
    if field:
        return filter_url(byline.name, field)
    return SearchLinks(SearchRequest(q=f'作者:"{byline.name}"'), "/search").page(1)


FILTERS = {
    "marked": marked_html, "shown": shown, "article_url": article_url, "untitled": untitled,
    "page_label": page_label, "filter_url": filter_url, "byline_url": byline_url,
}
