"""A line in the log for every request, under an id that its answer carries too.

No line says who asked, or what for: addresses of people and queries stay out.
"""

from __future__ import annotations

import datetime
import json
import logging
import re
import time
import uuid
from typing import Any
from urllib.parse import quote

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

REQUEST_ID = "X-Request-ID"

_LOG = logging.getLogger(__name__)
_GIVEN = re.compile(r"[\w.:-]{1,64}", re.ASCII)


def register(app: Flask) -> None:
    """Number, time and log every request of the application."""
    app.before_request(_begin)
    app.after_request(_end)


def configure(log_format: str) -> None:
    """Write the log of this process to standard error, as text or as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of every request that waits for a thread


def seconds() -> float:
    """How long the request has been under way."""
    return time.perf_counter() - float(g.began)


def _begin() -> None:
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[REQUEST_ID] = g.request_id
    answered = {
        "method": request.method, "path": quote(request.path), "status": response.status_code,
        "ms": round(seconds() * 1000, 1),
    }
    _LOG.info("%(method)s %(path)s %(status)d %(ms)s ms", answered, extra={"answered": answered})
    return response


def _request_id() -> str | None:
    return g.get("request_id") if has_request_context() else None


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = _request_id() or "-"
        return super().format(record)


class _Json(logging.Formatter):
    """One object a line: time, level, logger, message and, where there are, request_id, the answer, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": _request_id(),
            **getattr(record, "answered", {}),
            "exception": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False)
