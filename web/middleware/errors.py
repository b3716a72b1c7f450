"""Errors as answers: problem documents for programs, pages with the same sentence for people."""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from web.middleware.negotiation import JSON
from web.problems import Problem, problem_of, said

_LOG = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer every exception of the application with its problem."""
    app.register_error_handler(Exception, answer)
    app.jinja_env.filters["said"] = said


def answer(error: Exception) -> Response:
    """The response to an exception: a problem document under ``/api`` or for who wants JSON, else a page."""
    problem = problem_of(error)
    if problem.status == 500:
        _LOG.error("unexpected error at %s", request.path, exc_info=error)
    response = _document(problem) if _wants_json() else _page(problem)
    if isinstance(error, HTTPException) and error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def _wants_json() -> bool:
    if request.path.startswith(("/api/", "/healthz")):
        return True
    return request.accept_mimetypes.best_match(["text/html", *JSON], "text/html") in JSON


def _document(problem: Problem) -> Response:
    text = json.dumps(problem.document(request.path), ensure_ascii=False)
    return Response(text, problem.status, content_type="application/problem+json; charset=utf-8")


def _page(problem: Problem) -> Response:
    page = render_template("error.html", problem=problem, q=request.args.get("q", ""))
    return Response(page, problem.status)
