"""Figures for Prometheus: only where they are wanted, and right."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from web import create_app
from web.settings import Settings

API = "/api/v1"


@pytest.fixture
def watched(index_dir: Path) -> FlaskClient:
    """A client of an application that counts."""
    return create_app(Settings(index=index_dir, metrics=1)).test_client()


def figures(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """The samples, by name and values of the labels."""
    samples = (s for family in text_string_to_metric_families(client.get("/metrics").text) for s in family.samples)
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_there_are_none_unless_they_are_wanted(client: FlaskClient) -> None:
    """Who does not want them has no such address."""
    assert client.get("/metrics").status_code == 404


def test_requests_are_counted_by_route_and_status(watched: FlaskClient) -> None:
    """However many addresses are asked for, the figures are few."""
    for path in (f"{API}/search?q=职工", f"{API}/search?page=0", "/search?q=职工", "/nothing/1", "/nothing/2"):
        watched.get(path)
    found = figures(watched)
    for route, status, count in (("api.search", "200", 1), ("api.search", "400", 1), ("none", "404", 2)):
        assert found["unionnews_requests_total", route, status] == count
    assert found["unionnews_request_seconds_count", "api.search"] == 2
    assert found["unionnews_request_seconds_sum", "api.search"] > 0


def test_the_share_of_searches_without_result_can_be_told(watched: FlaskClient) -> None:
    """Searches of people and of programs count; suggestions and the home page do not."""
    for path in ("/search?q=职工", "/search?q=鲸鱼座", f"{API}/search?q=鲸鱼座", f"{API}/suggest?q=鲸", "/"):
        watched.get(path)
    found = figures(watched)
    assert found["unionnews_searches_total",] == 3
    assert found["unionnews_searches_without_result_total",] == 2


def test_the_index_is_named_and_counted(watched: FlaskClient, tmp_path: Path) -> None:
    """Generation and articles are those of the moment; without an index there are none, and no error."""
    health = watched.get("/healthz").json
    found = figures(watched)
    assert found["unionnews_articles",] == health["articles"]
    assert found["unionnews_generation", health["generation"]] == 1
    empty = create_app(Settings(index=tmp_path / "nothing", metrics=1)).test_client()
    assert figures(empty)["unionnews_articles",] == 0
