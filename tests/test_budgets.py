"""What a page may cost: bytes, jumps while it loads, time on the server, lines of script."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, needs_browser, visit
from flask import Flask
from flask.testing import FlaskClient

import web
from search.model import SearchRequest
from web.params import PAGE_FACETS

MOST_BYTES = 60_000
"""Of a first page of results with all that belongs to it, for a visitor who has nothing of it yet."""
MOST_LINES = 200
"""Of JavaScript in all."""
MOST_SECONDS = 0.030
"""Of processor time for the HTML of ten results, beyond the search: three times what a desktop of 2020 takes."""

SHIFTS = """() => new Promise(resolve => {
  let moved = 0;
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) moved += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(moved))));
})"""


@pytest.mark.parametrize("path", [pytest.param("/search?q=职工", marks=needs_browser)])
def test_a_first_page_of_results_is_small(browser: Any, site: str, path: str) -> None:
    """HTML, styles, script and icon of a full page of results, as they come over the network."""
    with visit(browser, site) as page:
        received: list[int] = []
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        page.goto(path, wait_until="networkidle")
        assert len(received) >= 3
        assert 10_000 < sum(received) < MOST_BYTES


@pytest.mark.parametrize("path", ["/", "/search?q=职工", "/search?q=劳模 培训", "/help"])
@pytest.mark.parametrize("size", [pytest.param(DESKTOP, marks=needs_browser), pytest.param(PHONE, marks=needs_browser)])
def test_nothing_jumps_while_a_page_loads(browser: Any, site: str, size: dict[str, int], path: str) -> None:
    """The cumulative layout shift of a page is nought."""
    with visit(browser, site, viewport=size) as page:
        page.goto(path, wait_until="networkidle")
        assert page.evaluate(SHIFTS) == 0


def test_the_html_of_ten_results_is_quickly_made(app: Flask, client: FlaskClient) -> None:
    """The page takes hardly longer than its search."""
    searcher, wanted = app.extensions["searcher"], SearchRequest(q="职工", facets=PAGE_FACETS)
    assert len(searcher.search(wanted).hits) == 10
    page = quickest(lambda: client.get("/search?q=职工"))
    assert page - quickest(lambda: searcher.search(wanted)) < MOST_SECONDS


def quickest(call: Callable[[], object]) -> float:
    """Processor seconds of the quickest of some calls."""
    seconds = []
    for _ in range(15):
        started = time.process_time()
        call()
        seconds.append(time.process_time() - started)
    return min(seconds)


def test_there_is_little_script() -> None:
    """All of it together, and none of it made by a tool."""
    scripts = list(Path(web.__file__).parent.joinpath("static").rglob("*.js"))
    lines = [line for script in scripts for line in script.read_text("utf-8").splitlines()]
    assert len(lines) < MOST_LINES
    assert max(map(len, lines)) <= 120
