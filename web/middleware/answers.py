"""Answers to searches that were given lately: who asks the same of the same index gets the same, without a search."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask, g, request
from werkzeug.wrappers import Response

from search.kept import Kept
from search.model import SearchResult

ROOM = 1 << 24
"""Bytes that answers may take: a thousand screens of ten results."""
_ENTRY = 1000
"""About what an answer takes beside its text."""


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    content_type: str
    result: SearchResult


def register(app: Flask) -> None:
    """Keep the answers of the application under their entity tags, which must be known before and set afterwards."""
    kept = Kept[_Answer](ROOM, lambda answer: len(answer.body) + _ENTRY)

    def again() -> Response | None:
        """The answer as it was given."""
        answer = kept.get(g.etag) if "etag" in g and request.method in {"GET", "HEAD"} else None
        if answer is None:
            return None
        g.result = answer.result
        return app.response_class(answer.body, content_type=answer.content_type)

    def keep(response: Response) -> Response:
        result: SearchResult | None = g.get("result")
        if result is not None and "etag" in g and response.status_code == 200 and not response.is_streamed:
            told = replace(result, hits=(), facets=(), seconds=0.0)  # what logs want of an answer that took no time
            kept.put(g.etag, _Answer(response.get_data(), str(response.content_type), told))
        return response

    app.before_request(again)
    app.after_request(keep)
