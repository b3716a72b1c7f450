"""A real browser for the tests, and what every visit to the site has to be like."""

from __future__ import annotations

import importlib.util
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import waitress
from flask import Flask

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PATIENCE = 30_000
"""Milliseconds until something that should appear is missing; how quick it is, is measured elsewhere."""


needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not importlib.util.find_spec("playwright"), reason="playwright is not installed"),
    pytest.mark.skipif(not CHROMIUM, reason="no browser here: chromium is not in the PATH"),
]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application, served as ``unionnews serve`` does."""
    server = waitress.create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.pull_trigger()
    server.close()
    thread.join(5)


@contextmanager
def visit(browser: Any, site: str, error: int | None = None, **context: Any) -> Iterator[Any]:
    """A page of a fresh visitor; at the end nothing may have gone wrong, and no other host been asked.

    ``error``: the status of the page, if it is to be one that says what went wrong.
    """
    wrong: list[str] = []
    visitor = browser.new_context(locale="zh-CN", base_url=site, **context)
    page = visitor.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda message: _is_told(message, error) or wrong.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: _given_up(request) or wrong.append(f"failed: {request.url}"))
    page.on("request", lambda request: request.url.startswith(site) or wrong.append(f"elsewhere: {request.url}"))
    page.on("response", lambda response: response.status in {200, 302, 304, error} or wrong.append(response.url))
    yield page
    assert visitor.cookies() == []
    visitor.close()
    assert not wrong


def _is_told(message: Any, error: int | None) -> bool:
    """Whether the browser's console only tells of the error that is meant to be there."""
    return error is not None and f"status of {error}" in message.text


def _given_up(request: Any) -> bool:
    """Whether the browser itself no longer wanted an answer on its way, because the visitor had gone on."""
    return "ERR_ABORTED" in (request.failure or "")


def fits(page: Any) -> bool:
    """Whether nothing has to be scrolled sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width <= 0
