"""The JSON endpoint, and the health of the server."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, request

from search.searcher import Searcher
from web import serialize
from web.links import SearchLinks
from web.params import search_request

PREFIX = "/api/v1"

api = Blueprint("api", __name__)


@api.get(f"{PREFIX}/search")
def search() -> Response:
    wanted = search_request(request.args)
    result = _searcher().search(wanted)
    return _json(serialize.search_result(result, SearchLinks(wanted, f"{PREFIX}/search")))


@api.get(f"{PREFIX}/articles/<id:article_id>")
def article(article_id: str) -> Response:
    return _json(serialize.article_page(_searcher().article(article_id)))


@api.get("/healthz")
def healthz() -> Response:
    manifest = _searcher().snapshot().manifest
    return _json({"status": "ok", "generation": manifest.generation, "articles": manifest.articles})


def _searcher() -> Searcher:
    searcher: Searcher = current_app.extensions["searcher"]
    return searcher


def _json(value: object) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False), content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
