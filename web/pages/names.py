"""Sections and people: their indexes, and a page of each."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from flask import Blueprint, current_app, render_template

from index.sentence import Sentence
from search.alphabetical import LETTERS
from search.catalogue import Index
from search.model import FacetValue, SearchRequest, SearchResult
from search.protocol import AnySearcher
from web.addresses import API
from web.links import SearchLinks
from web.middleware import language
from web.pages import filters
from web.pages.chart import HEIGHT, WIDTH, bars
from web.pages.paging import screen
from web.params import LISTING, index_request, search_request
from web.problems import NotHeldError

names = Blueprint("names", __name__)

NAMES_LISTED = 300
"""Names of an index on one screen."""
ARTICLES_LISTED = 20
"""Articles of a section or a person on one screen."""
RELATED = 12
"""Most values named of whatever else their articles have."""

_FACETS = {"section": ("person", "newspaper"), "person": ("section", "person", "newspaper")}
"""What is told of a section and of a person, beside the time."""


@names.get("/sections")
def sections() -> str:
    return _index("section")


@names.get("/people")
def people() -> str:
    return _index("person")


@names.get("/sections/<name:name>")
def section(name: str) -> str:
    return _page("section", name)


@names.get("/people/<name:name>")
def person(name: str) -> str:
    return _page("person", name)


def _index(index: Index) -> str:
    """All names of an index, those of most articles first or in the order of pinyin; or those of one letter."""
    sort, letter, number = index_request(language.parameters())
    found = _searcher().catalogue().names(index)
    listed = [name for name in found if letter in ("", name.letter)]
    if sort == "count":
        listed.sort(key=lambda name: -name.articles)
    shown = screen(number, len(listed), NAMES_LISTED)
    groups = groupby(shown.of(listed), key=lambda name: name.letter if sort == "name" else "")
    return render_template(
        "names.html", index=index, total=len(found), groups=[(letter, list(names)) for letter, names in groups],
        screen=shown, sort=sort, letter=letter, letters=LETTERS, having=Counter(name.letter for name in found),
    )


def _page(index: Index, name: str) -> str:
    """The articles of a section or a person, the newest first, and what else they have in common."""
    wanted = SearchRequest(
        sort="newest", per_page=ARTICLES_LISTED, filters=((index, (name,)),), facets=("year", "month", *_FACETS[index]),
        result_page=search_request(language.parameters(), known=LISTING).result_page,
    )
    result = _searcher().search(wanted)
    if not result.total:
        of = {"section": Sentence("没有版名是“%(name)s”的文章。", name=name[:50]),
              "person": Sentence("没有署名“%(name)s”的文章。", name=name[:50])}
        raise NotHeldError(of[index])
    links = filters.search_links(SearchRequest(filters=wanted.filters))
    return render_template(
        "name.html", index=index, name=name, result=result, links=links, related=_related(result, name),
        roles=_searcher().catalogue().roles(name) if index == "person" else {},
        screen=screen(wanted.result_page, result.total, ARTICLES_LISTED),
        bars=bars(result.facets, links), bar_width=WIDTH, bar_height=HEIGHT,
        data=SearchLinks(links.request, f"{API}/search").page(1),
    )


def _related(result: SearchResult, name: str) -> dict[str, tuple[FacetValue, ...]]:
    """The commonest other values of each field."""
    return {
        facet.name: tuple(value for value in facet.values if value.value != name)[:RELATED]
        for facet in result.facets if facet.name not in {"year", "month"}
    }


def _searcher() -> AnySearcher:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher
