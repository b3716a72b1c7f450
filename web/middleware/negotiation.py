"""What is settled before a request is answered: that it is not too long, and that the client takes what there is."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, RequestURITooLarge

MAX_URL = 8192
"""Bytes of the longest address that is answered."""
MAX_BODY = 8192
"""Bytes of the longest content that is passed over; nothing here reads any."""

JSON = ("application/json", "application/problem+json")


def register(app: Flask) -> None:
    """Check every request of the application before it is answered."""
    app.before_request(_check_length)
    app.before_request(_check_accept)


def _check_length() -> None:
    if len(quote(request.path)) + len(request.query_string) > MAX_URL:
        raise RequestURITooLarge
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge


def _check_accept() -> None:
    accepted = MIMEAccept([(name.partition(";")[0], quality) for name, quality in request.accept_mimetypes])
    if request.blueprint == "api" and accepted and not any(accepted.quality(name) > 0 for name in JSON):
        raise NotAcceptable
