"""Following ``links.next`` while the archive is indexed again: the pages fit together, or the answer says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from answers import assert_problem, same_problem
from archive import archive
from flask.testing import FlaskClient

from web import create_app
from web.settings import Settings

API = "/api/v1"
SEARCH = f"{API}/search?q=职工&per_page=2&sort=newest"
DAYS = [
    {"date": f"2024-05-0{number}", "newspaper": "砚江工人周报", "body": f"职工大会第{number}次"}
    for number in range(1, 7)
]


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    archive(tmp_path, *DAYS)
    return create_app(Settings(index=tmp_path / "index")).test_client()


@pytest.mark.parametrize("url", [SEARCH, f"{API}/issues?per_page=2"])
def test_a_page_of_another_generation_is_never_taken_for_the_next(
    client: FlaskClient, tmp_path: Path, url: str
) -> None:
    """After a reindex, going on is a 410 that says to begin anew; the first page is there again at once."""
    first = client.get(url).json["links"]
    second = client.get(first["next"]).json["links"]
    archive(tmp_path, *DAYS[1:], "职工运动会")
    for stale in (first["next"], first["last"], second["self"], second["next"]):
        problem = assert_problem(client.get(stale), 410, type="/problems/index-changed", param="generation")
        assert "第一页" in problem["hint"]
    again = client.get(client.get(second["first"]).json["links"]["next"])
    assert again.status_code == 200


def test_links_that_begin_anew_ask_for_no_generation(client: FlaskClient) -> None:
    """First pages, other orders and facets are searches of their own."""
    answer = client.get(client.get(f"{SEARCH}&facets=year").json["links"]["next"]).json
    assert "generation" in answer["links"]["self"]
    fresh = [answer["links"]["first"], *(value["url"] for value in answer["facets"]["year"])]
    assert not any("generation" in url for url in fresh)


def test_exports_and_pages_hold_to_a_generation_if_they_are_asked_to(client: FlaskClient) -> None:
    """A program may collect a search and its export from the same index."""
    generation = client.get("/healthz").json["generation"]
    assert client.get(f"/search.csv?generation={generation}").status_code == 200
    problem = assert_problem(client.get(f"{API}/search?generation=gone"), 410)
    same_problem(client.get("/search.csv?generation=gone"), problem)
