"""Pages of other sites: they read the endpoint where that is allowed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web import create_app
from web.settings import Settings

SEARCH = "/api/v1/search?q=职工"
ELSEWHERE = "https://news.example"
ALLOWED = "Access-Control-Allow-Origin"


def asked(index_dir: Path, cors: str, origin: str = ELSEWHERE, path: str = SEARCH, method: str = "GET") -> TestResponse:
    client = create_app(Settings(index=index_dir, cors=cors)).test_client()
    return client.open(path, method=method, headers={"Origin": origin})


def test_nobody_is_let_in_by_default(client: FlaskClient) -> None:
    """Without the setting there is not a word of it."""
    answer = client.get(SEARCH, headers={"Origin": ELSEWHERE})
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
    assert "origin" not in answer.vary.as_set()


def test_everybody_is_let_in_by_a_star(index_dir: Path) -> None:
    """For everybody the answer is the same, and so may be kept for everybody."""
    answer = asked(index_dir, "*")
    assert answer.headers[ALLOWED] == "*"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "origin" not in answer.vary.as_set()
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_only_those_named_are_let_in(index_dir: Path) -> None:
    """The answer depends on who asks, and says so to caches."""
    allowed = f"https://a.example, {ELSEWHERE}/"
    assert asked(index_dir, allowed).headers[ALLOWED] == ELSEWHERE
    for other in ("https://evil.example", "null", "", "https://news.example.evil.example"):
        answer = asked(index_dir, allowed, other)
        assert ALLOWED not in answer.headers
        assert "origin" in answer.vary.as_set()


def test_errors_can_be_read_too(index_dir: Path) -> None:
    """A page of another site learns what was wrong, and what has not changed."""
    assert asked(index_dir, "*", path="/api/v1/search?page=0").headers[ALLOWED] == "*"
    assert asked(index_dir, "*", path="/api/v1/nothing").headers[ALLOWED] == "*"


def test_a_browser_that_asks_first_is_told_what_it_may_send(index_dir: Path) -> None:
    """Reading only, with the header that makes asking again cheap."""
    answer = asked(index_dir, ELSEWHERE, method="OPTIONS")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/", "/search?q=职工", "/search.csv", "/healthz"])
def test_only_the_endpoint_is_open(index_dir: Path, path: str) -> None:
    """Pages and exports are for those who visit the site."""
    assert ALLOWED not in asked(index_dir, "*", path=path).headers
