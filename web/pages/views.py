"""The web pages: home, results, one article."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, current_app, g, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from search import query_lexer
from search.issues import Issue
from search.model import SearchRequest
from search.protocol import AnyCatalogue, AnySearcher
from web.addresses import API, absolute, article_url
from web.citation import json_ld, meta_tags
from web.endpoint import openapi
from web.links import SearchLinks
from web.middleware import language
from web.pages import article_page, filters, readings
from web.pages.browse import Headlines, headlines
from web.pages.chart import HEIGHT, WIDTH, bars
from web.pages.sheets import sheet
from web.params import PAGE_FACETS, search_request

pages = Blueprint("pages", __name__)

SCAN_POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
"""What a browser's viewer of PDFs needs: to some of them the page is an object."""

EXAMPLES = ("劳动模范", '"工资集体协商"', "标题:工会", "职工 -文艺", "劳动竞赛 OR 技能比武")
"""Searches the home page offers, beside the latest month; each shows something of the query language."""

LATEST_HEADLINES = 5
"""Most titles of each page of the newest issue …"""
LATEST_IN_ALL = 24
"""… and of all its pages."""

HELP = (
    ("职工 培训", _("两个词都有的文章；不够一页时，再列出只含部分词语的，并注明")),
    ('"工资集体协商"', _("一字不差的词句；“ ”和「 」也可以")),
    ("职工 -文艺", _("有“职工”而没有“文艺”；也可以写 NOT")),
    ("劳动竞赛 OR 技能比武", _("有其中一个就行；OR 要大写")),
    ("(快递员 OR 网约车司机) 入会", _("括号把词合在一起")),
    ("标题:送清凉", _("只在标题里找")),
    ("记者:李明", _("这位记者写的；作者: 不分记者、通讯员、摄影")),
    ("日期:2024-05", _("某年、某月、某日；也可以写 日期:2024-01..2024-06")),
    ("总工会~", _("也找识别时可能认错的形近字（总丁会），排在后面，标为“近似”")),
    ("2024年5月10日", _("写在查询里的日期：当天的文章在前，然后是文中提到这一天的，不论怎么写")),
    ("类型:图片", _("新闻、通讯、图片、简讯、公告、副刊")),
)
"""Rows of the help page: a query and what it finds."""


@pages.get("/")
def home() -> str:
    """What the archive holds, its newest issue, and searches that find something in it."""
    searcher, catalogue = _searcher(), _searcher().catalogue()
    held = searcher.search(SearchRequest(sort="newest", per_page=1, facets=("year", "newspaper", "kind")))
    years, newspapers, kinds = (facet.values for facet in held.facets)
    articles = sum(kind.count for kind in kinds if kind.value != "page")
    latest = next((issue for issue in catalogue.issues if issue.date), None)
    return render_template(
        "home.html", articles=articles, years=years, newspapers=newspapers, issues=len(catalogue.issues),
        latest=latest, headlines=_latest_headlines(catalogue, latest) if latest else (),
        examples=[q for q in (*EXAMPLES, *_own_examples(catalogue, latest)) if searcher.finds(q)],
        links=filters.search_links(SearchRequest()),
    )


def _latest_headlines(catalogue: AnyCatalogue, latest: Issue) -> list[Headlines]:
    """As many of each page, so that the last pages have some, too; pages without any are left out."""
    each = min(LATEST_HEADLINES, max(1, LATEST_IN_ALL // len(latest.pages)))
    return [found for found in headlines(catalogue, latest, each, LATEST_IN_ALL) if found.articles]


def _own_examples(catalogue: AnyCatalogue, latest: Issue | None) -> Iterator[str]:
    """Searches for what this archive has most of: a section, a person, the newest month."""
    for field, index in (("版名", "section"), ("作者", "person")):
        if names := catalogue.names(index):  # type: ignore[arg-type]
            yield f'{field}:"{max(names, key=lambda name: name.articles).text}"'
    if latest and latest.date:
        yield f"日期:{latest.date:%Y-%m}"


@pages.get("/search")
def search() -> str | Response:
    parameters = language.parameters()
    if set(parameters) <= {"q"} and not parameters.get("q", "").strip():
        return redirect(url_for("pages.home"))
    wanted_page = search_request(parameters, PAGE_FACETS)
    g.result = result = _searcher().search(wanted_page)
    links = _links(wanted_page)
    return render_template(
        "search.html", result=result, links=links, q=wanted_page.q,
        bars=bars(result.facets, links), bar_width=WIDTH, bar_height=HEIGHT,
        dates=readings.dates(result), is_rewritten=readings.is_rewritten(result),
        wider=[] if result.reachable else readings.wider(_searcher(), links.request),
    )


@pages.get("/articles/<id:article_id>")
def article(article_id: str) -> str:
    searcher, query = _searcher(), request.args.get("q", "")
    found = searcher.article(article_id)
    url = absolute(request.url_root, article_url(found.id))
    return render_template(
        "article.html",
        article=found,
        text=article_page.marked_text(found, searcher.marks(query)),
        q=query,
        compared=article_page.printed_and_repaired(found),
        beside=searcher.catalogue().beside(found),
        similar=[other for other, _score in searcher.similar(found.id)],
        citations=article_page.citations(found, url),
        url=url,
        sheet=sheet(searcher, [found]),
        meta_tags=meta_tags(found, url),
        json_ld=json_ld(found, url),
    )


@pages.get("/scans/<id:article_id>")
def scan(article_id: str) -> Response:
    """The picture or PDF of the page that an article is printed on."""
    path = _searcher().scan(article_id)
    if path is None:
        raise NotFound
    response = send_file(path, mimetypes.guess_type(path.name)[0])
    response.headers["Content-Security-Policy"] = SCAN_POLICY
    return response


@pages.get("/help")
def help_page() -> str:
    names = [aliases[1] for aliases in query_lexer.FIELDS.values()]
    return render_template("help.html", rows=HELP, fields=list(query_lexer.FIELDS), aliases=names)


@pages.get(f"{API}/")
def api_page() -> str:
    described = openapi.document(str(current_app.jinja_env.globals["site_name"]))
    rows = [(path, operations["get"]) for path, operations in described["paths"].items()]
    return render_template("api.html", about=described["info"]["description"], rows=rows)


def _links(wanted_page: SearchRequest) -> SearchLinks:
    """Links on the page leave out the facets it always counts."""
    facets = () if wanted_page.facets == PAGE_FACETS else wanted_page.facets
    return filters.search_links(replace(wanted_page, facets=facets))


def _searcher() -> AnySearcher:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher
