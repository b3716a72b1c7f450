"""The log: a line for every request, findable by the id in the answer, and nothing about who asked what."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from serving import serving

from web.middleware.logs import REQUEST_ID

SEARCH = "/api/v1/search?q=职工"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log of requests."""
    with caplog.at_level(logging.INFO, "web.middleware.logs"):
        yield caplog


def test_every_request_has_a_line(client: FlaskClient, log: pytest.LogCaptureFixture) -> None:
    """Method, address, status and time; for errors and unknown addresses too."""
    asked = [("GET", "/", 200), ("HEAD", "/help", 200), ("GET", "/api/v1/nothing", 404), ("POST", "/search", 405)]
    for method, path, _ in asked:
        client.open(path, method=method)
    assert [line.rsplit(" ", 2)[0] for line in log.messages] == [" ".join(map(str, one)) for one in asked]


def test_a_line_says_neither_who_asked_nor_what_for(client: FlaskClient, log: pytest.LogCaptureFixture) -> None:
    """No query, no address of a visitor, no browser."""
    client.get(SEARCH, environ_overrides={"REMOTE_ADDR": "192.0.2.7"}, headers={"User-Agent": "Somebody/1.0"})
    assert log.messages[0].startswith("GET /api/v1/search 200")
    assert not any(word in log.messages[0] for word in ("职工", "q=", "192.0.2.7", "Somebody"))


def test_a_path_cannot_forge_a_line(client: FlaskClient, log: pytest.LogCaptureFixture) -> None:
    """Line ends in an address stay escaped."""
    client.get("/a%0AGET /b 200%1B[31m")
    assert len(log.messages) == 1
    assert log.messages[0].isprintable()


def test_every_answer_has_an_id_of_its_own(client: FlaskClient) -> None:
    """Whoever asks can quote it."""
    ids = [client.get(path).headers[REQUEST_ID] for path in (SEARCH, SEARCH, "/", "/nothing", "/healthz")]
    assert len(set(ids)) == 5


def test_an_id_that_came_with_the_request_is_kept(client: FlaskClient) -> None:
    """A proxy's id goes through; what could harm the log does not."""
    assert client.get(SEARCH, headers={REQUEST_ID: "proxy-17:a.b"}).headers[REQUEST_ID] == "proxy-17:a.b"
    for odd in ("a b", "x" * 65, "日志", '"}'):
        assert client.get(SEARCH, headers={REQUEST_ID: odd}).headers[REQUEST_ID] != odd


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_the_server_writes_the_log_as_it_was_told(index_dir: Path, log_format: str) -> None:
    """As text or as an object a line, on standard error, with the id of the answer."""
    with serving(index_dir, log_format=log_format) as server:
        given = server.get(SEARCH).headers[REQUEST_ID.lower()]
        written = server.stop()
    (line,) = [line for line in written.splitlines() if given in line]
    if log_format == "json":
        told = json.loads(line)
        assert told | {"time": "", "ms": 0} == {
            "time": "", "level": "INFO", "logger": "web.middleware.logs",
            "message": told["message"], "request_id": given,
            "method": "GET", "path": "/api/v1/search", "status": 200, "ms": 0,
        }
        assert told["ms"] > 0
    else:
        assert f"INFO [{given}] GET /api/v1/search 200" in line
