"""Who else's web pages may read the JSON endpoint (the CORS protocol of the Fetch standard)."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

_READABLE = "ETag, Retry-After, X-Request-ID"
_SENT = "If-None-Match, X-Request-ID"
_DAY = "86400"


def register(app: Flask, origins: str) -> None:
    """Let pages of ``origins``, separated by commas, read what is below ``/api/``; ``*`` are all, empty is none."""
    allowed = frozenset(origin.strip().rstrip("/") for origin in origins.split(",")) - {""}
    if allowed:
        app.after_request(lambda response: _let_read(response, allowed))


def _let_read(response: Response, allowed: frozenset[str]) -> Response:
    if not request.path.startswith("/api/"):
        return response
    origin = request.headers.get("Origin", "")
    if "*" not in allowed:
        response.vary.add("Origin")
    if "*" in allowed or origin in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
        response.headers["Access-Control-Expose-Headers"] = _READABLE
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = _SENT
            response.headers["Access-Control-Max-Age"] = _DAY
    return response
