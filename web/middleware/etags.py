"""Entity tags: who asks again for what has not changed is told so, without a search.

A tag names the generation of the index, the code that renders the answer, and the request; it is weak, for an answer
also says how long it took.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

import web
from index.errors import StoreError
from search.protocol import AnySearcher
from web.middleware import language

_UNTAGGED = {"static", "pages.scan", "api.healthz", "metrics"}
"""Files have tags of their own; health is never remembered."""


def register(app: Flask, site_name: str) -> None:
    """Tag every good answer of the application."""
    code = _code_digest(site_name)
    app.before_request(lambda: _unchanged(code))
    app.after_request(_tagged)


def _unchanged(code: str) -> Response | None:
    """The answer to a request whose answer the client has already."""
    if request.endpoint is None or request.endpoint in _UNTAGGED:
        return None
    # taken before the search: if the index changes meanwhile, the next request finds another tag
    g.etag = _tag(code)
    known = request.if_none_match
    return Response(status=304) if not known.star_tag and known.contains_weak(g.etag) else None


def _tag(code: str) -> str:
    searcher: AnySearcher = current_app.extensions["searcher"]
    generation = ""
    with contextlib.suppress(StoreError):  # the answer will say so
        generation = searcher.manifest().generation
    asked = (request.url_root, request.path, request.query_string.decode("latin-1"), request.headers.get("Accept", ""),
             language.selected())
    identity = "\0".join((code, generation, *asked))
    return hashlib.blake2b(identity.encode(errors="surrogateescape"), digest_size=12).hexdigest()


def _tagged(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code < 400:
        return response
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.add("Accept")
    if response.status_code in {200, 304} and "etag" in g:
        response.set_etag(g.etag, weak=True)
    return response


def _code_digest(site_name: str) -> str:
    """A digest of all that decides what an answer looks like, but for the index."""
    digest = hashlib.blake2b(site_name.encode(errors="surrogateescape"))
    for package in ("index", "search", "web"):
        for path in sorted(Path(web.__file__).parents[1].joinpath(package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()
