"""How other programs find the site: browsers its search (OpenSearch 1.1), crawlers its pages (sitemaps.org)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import get_args
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, request, stream_with_context, url_for

from index.sentence import Sentence
from search.catalogue import Index
from search.protocol import AnyCatalogue, AnySearcher
from web.addresses import API, article_url
from web.middleware.language import LANGUAGES
from web.pages.places import issue_url, name_url
from web.params import suggest_request
from web.problems import NotHeldError

discovery = Blueprint("discovery", __name__)

MOST_ADDRESSES = 50_000
"""Addresses of one sitemap, as sitemaps.org limits them."""
_SENT = 500
"""So many addresses are sent at a time."""
_ENTRIES = ("pages.home", "browse.calendar", "names.sections", "names.people", "trends.page", "coverage.page")
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SUGGESTIONS = "application/x-suggestions+json"
"""The form of suggestions that browsers know (OpenSearch Suggestions 1.1)."""
_LONGEST_NAME = 16
"""Characters of the name of a search engine, as OpenSearch limits them."""


@discovery.get("/opensearch.xml")
def opensearch() -> Response:
    """What lets a browser search here from its address bar, and feed readers follow a search."""
    name = str(current_app.jinja_env.globals["site_name"])
    root = escape(request.url_root)
    forms = (
        ("text/html", "results", "search?q={searchTerms}&amp;page={startPage?}"),
        ("application/atom+xml", "results", "search.atom?q={searchTerms}"),
        ("application/json", "results", f"{API[1:]}/search?q={{searchTerms}}&amp;page={{startPage?}}"),
        (SUGGESTIONS, "suggestions", "suggestions?q={searchTerms}"),
        ("application/opensearchdescription+xml", "self", "opensearch.xml"),
    )
    return _xml(iter((
        f'{_XML}<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n',
        f"<ShortName>{escape(name[:_LONGEST_NAME])}</ShortName>\n<Description>{escape(name)}</Description>\n",
        *(f'<Url type="{form}" rel="{rel}" template="{root}{template}"/>\n' for form, rel, template in forms),
        f'<Image type="image/svg+xml">{root}static/icon.svg</Image>\n',
        *(f"<Language>{language}</Language>\n" for language in LANGUAGES.values()),
        "<InputEncoding>UTF-8</InputEncoding>\n<OutputEncoding>UTF-8</OutputEncoding>\n</OpenSearchDescription>\n",
    )), "application/opensearchdescription+xml")


@discovery.get("/suggestions")
def suggestions() -> Response:
    """What a browser offers while a query is typed in its address bar: the query, and a list of other queries."""
    q, limit = suggest_request(request.args)
    searcher: AnySearcher = current_app.extensions["searcher"]
    answer = [q, [found.q for found in searcher.suggest(q, limit)]]
    return Response(json.dumps(answer, ensure_ascii=False), content_type=f"{SUGGESTIONS}; charset=utf-8")


@discovery.get("/robots.txt")
def robots() -> Response:
    """Crawlers are shown the sitemap and kept from what is for programs; result pages tell them not to be indexed."""
    kept = (f"{API}/", "/search.csv", "/search.ris", "/search.atom", "/suggestions")
    lines = ("User-agent: *", *(f"Disallow: {path}" for path in kept), f"Sitemap: {request.url_root}sitemap.xml", "")
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@discovery.get("/sitemap.xml")
def sitemap() -> Response:
    """The sitemaps of the site."""
    catalogue = _catalogue()
    pages = sum(1 + len(issue.pages) for issue in catalogue.issues)
    names = sum(len(catalogue.names(index)) for index in get_args(Index))
    count = len(_ENTRIES) + pages + names + len(catalogue.ids())
    parts = (url_for("discovery.part", number=n) for n in range(1, -(-count // MOST_ADDRESSES) + 1))
    return _xml(_elements("sitemapindex", "sitemap", parts), "application/xml")


@discovery.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """One of the sitemaps."""
    first = (number - 1) * MOST_ADDRESSES
    addresses = islice(_addresses(_catalogue()), max(first, 0), max(first, 0) + MOST_ADDRESSES)
    start = next(addresses, None)
    if number < 1 or start is None:
        raise NotHeldError(Sentence("没有第 %(n)s 部分。", n=number))
    return _xml(_elements("urlset", "url", chain((start,), addresses)), "application/xml")


def _addresses(catalogue: AnyCatalogue) -> Iterator[str]:
    """The pages worth finding: what leads to everything, issues and their pages, sections, people, articles."""
    yield from map(url_for, _ENTRIES)
    for issue in catalogue.issues:
        yield issue_url(issue)
        yield from (issue_url(issue, page) for page in issue.pages)
    for index in get_args(Index):
        yield from (name_url(name.text, index) for name in catalogue.names(index))
    yield from map(article_url, catalogue.ids())


def _elements(outer: str, inner: str, addresses: Iterable[str]) -> Iterator[str]:
    root = request.url_root.rstrip("/")
    yield f"{_XML}<{outer} {_SITEMAP}>\n"
    lines = (f"<{inner}><loc>{escape(root + address)}</loc></{inner}>\n" for address in addresses)
    while sent := "".join(islice(lines, _SENT)):
        yield sent
    yield f"</{outer}>\n"


def _xml(pieces: Iterator[str], mimetype: str) -> Response:
    return Response(stream_with_context(pieces), content_type=f"{mimetype}; charset=utf-8")


def _catalogue() -> AnyCatalogue:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher.catalogue()
