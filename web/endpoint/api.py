"""The JSON endpoint, and the health of the server."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, g, request

from index.model import Article
from search.errors import ArticleNotFoundError
from search.protocol import AnySearcher
from search.trends import trends as search_trends
from web.addresses import API
from web.endpoint import serialize
from web.endpoint.openapi import document
from web.links import SearchLinks
from web.params import ISSUES, check_names, search_request, similar_limit, suggest_request, trends_request
from web.report import PATIENCE, Report

api = Blueprint("api", __name__)


@api.get(f"{API}/search")
def search() -> Response:
    wanted = search_request(request.args)
    g.result = result = _searcher().search(wanted)
    return _json(serialize.search_result(result, SearchLinks(wanted, f"{API}/search")))


@api.get(f"{API}/suggest")
def suggest() -> Response:
    q, limit = suggest_request(request.args)
    return _json(serialize.suggestions(q, _searcher().suggest(q, limit)))


@api.get(f"{API}/articles/<id:article_id>")
def article(article_id: str) -> Response:
    check_names(request.args, ())
    return _article(_searcher().article(article_id))


@api.get(f"{API}/articles/<id:article_id>/similar")
def similar(article_id: str) -> Response:
    """Articles like one; but an article whose own id ends with ``/similar`` is answered itself."""
    try:
        found = _searcher().article(f"{article_id}/similar")
    except ArticleNotFoundError:
        limit = similar_limit(request.args)
        return _json(serialize.similar_articles(article_id, _searcher().similar(article_id, limit)))
    check_names(request.args, ())
    return _article(found)


@api.get(f"{API}/issues")
def issues() -> Response:
    wanted = search_request(request.args, known=ISSUES)
    # named before it is asked: if the index changes meanwhile, the next page is refused
    generation = _searcher().manifest().generation
    return _json(serialize.issues(_searcher().issues(wanted), SearchLinks(wanted, f"{API}/issues"), generation))


@api.get(f"{API}/trends")
def trends() -> Response:
    wanted, queries, by = trends_request(request.args)
    return _json(serialize.trends(by, search_trends(_searcher(), wanted, queries, by)))


@api.get(f"{API}/status")
def status() -> Response:
    check_names(request.args, ())
    return _json(serialize.status(_searcher().status()))


@api.get(f"{API}/coverage")
def coverage() -> Response:
    """The report on the archive; until it is made, an answer that says when to ask again."""
    check_names(request.args, ())
    report: Report = current_app.extensions["report"]
    if found := report.within(PATIENCE):
        return _json(serialize.coverage(found))
    later = _json({"detail": "报告正在生成，请过几秒再问。"})
    later.status_code, later.headers["Retry-After"] = 202, str(round(PATIENCE))
    return later


@api.get(f"{API}/openapi.json")
def openapi() -> Response:
    check_names(request.args, ())
    return _json(document(str(current_app.jinja_env.globals["site_name"])))


@api.get("/healthz")
def healthz() -> Response:
    manifest = _searcher().manifest()
    return _json({"status": "ok", "generation": manifest.generation, "articles": manifest.articles})


def _article(found: Article) -> Response:
    return _json(serialize.article_page(found, has_scan=_searcher().scan(found.id) is not None))


def _searcher() -> AnySearcher:
    searcher: AnySearcher = current_app.extensions["searcher"]
    return searcher


def _json(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), content_type="application/json; charset=utf-8")
