"""A search to take along: all results as a table or as references, the newest as a feed.

Tables (RFC 4180, with the byte order mark that Excel looks for), references (RIS) and Atom (RFC 4287) hold what
truly matches; the first two, where nothing does, what matches in part.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, request

from index.model import Article
from search.model import KIND_LABELS, Hit, SearchResult
from search.protocol import AnySearcher
from web.addresses import absolute, article_url
from web.citation import day, ris
from web.links import SearchLinks
from web.params import search_request

FEED_LENGTH = 50

COLUMNS = ("编号", "标题", "引题", "副题", "报纸", "日期", "期号", "版次", "版名", "类型", "作者", "网址")
"""The first line of the table."""

_ROWS = 100
"""So many rows are sent at a time."""
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"

feeds = Blueprint("feeds", __name__)


@feeds.get("/search.csv")
def search_csv() -> Response:
    articles = _searcher().articles(search_request(request.args))
    return _download(table(articles, request.url_root), "text/csv", "search.csv")


@feeds.get("/search.ris")
def search_ris() -> Response:
    articles, root = _searcher().articles(search_request(request.args)), request.url_root
    references = (ris(article, absolute(root, article_url(article.id))) for article in articles)
    return _download(references, "application/x-research-info-systems", "search.ris")


@feeds.get("/search.atom")
def search_atom() -> Response:
    wanted = replace(search_request(request.args), sort="newest", result_page=1, per_page=FEED_LENGTH, facets=())
    searcher = _searcher()
    created = datetime.datetime.fromtimestamp(searcher.manifest().created, datetime.UTC)
    site_name = str(current_app.jinja_env.globals["site_name"])
    feed = atom(searcher.search(wanted), created, request.url_root, site_name)
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


def table(articles: Iterable[Article], root: str) -> Iterator[str]:
    """A table of articles, in pieces; ``root`` is the address of the site, with a slash at its end."""
    yield "\ufeff" + _lines([COLUMNS])
    rows = (tuple(map(_cell, _row(article, root))) for article in articles)
    while piece := tuple(islice(rows, _ROWS)):
        yield _lines(piece)


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _row(article: Article, root: str) -> tuple[str | None, ...]:
    return (
        article.id, article.title, article.kicker, article.subtitle, article.newspaper,
        day(article), article.issue_no, article.page_no, article.section,
        KIND_LABELS[article.kind], "；".join(f"{byline.role} {byline.name}" for byline in article.bylines),
        absolute(root, article_url(article.id)),
    )


def _cell(text: str | None) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text and _FORMULA.match(text) else text or ""


def atom(result: SearchResult, created: datetime.datetime, root: str, site_name: str) -> bytes:
    """The articles of a result that truly match as a feed; ``created`` stands for dates that are not known."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    asked = SearchLinks(replace(result.request, sort="relevance", per_page=10), root + "search")
    own = replace(asked, path=root + "search.atom").page(1)
    _add(feed, "title", f"{result.request.q or '全部文章'} – {site_name}")
    _add(feed, "id", own)
    _add(feed, "updated", created.isoformat(timespec="seconds"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=asked.page(1))
    _add(_add(feed, "author"), "name", site_name)
    for hit in result.hits:
        if not hit.partial:
            _add_entry(feed, hit, created, root)
    document: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(feed: ElementTree.Element, hit: Hit, created: datetime.datetime, root: str) -> None:
    article, entry = hit.article, _add(feed, "entry")
    _add(entry, "title", article.title or _extract(hit)[:30] or "无题")
    _add(entry, "id", absolute(root, article_url(article.id)))
    _add(entry, "updated", f"{day(article)}T00:00:00Z" if article.date else created.isoformat(timespec="seconds"))
    _add(entry, "link", rel="alternate", type="text/html", href=absolute(root, article_url(article.id)))
    for byline in article.bylines:
        _add(_add(entry, "author"), "name", byline.name)
    if article.section:
        _add(entry, "category", term=article.section)
    _add(entry, "summary", _extract(hit))


def _extract(hit: Hit) -> str:
    return "".join(part.text for snippet in hit.snippets[-1:] for part in snippet.parts)


def _add(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    clean = {name: _NO_XML.sub("", value) for name, value in attributes.items()}
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}", clean)
    element.text = text and _NO_XML.sub("", text)
    return element


def _download(pieces: Iterable[str], mimetype: str, filename: str) -> Response:
    encoded = (piece.encode("utf-8", "replace") for piece in pieces)
    response = Response(encoded, content_type=f"{mimetype}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _searcher() -> AnySearcher:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher
