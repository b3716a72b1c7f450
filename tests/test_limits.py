"""What one visitor may ask of the server: for how long, how often, how much."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from answers import address, assert_problem, same_problem
from archive import archive
from flask import Flask
from flask.testing import FlaskClient

from search.deadline import time_limit
from search.errors import SearchTimeoutError
from search.model import SearchRequest
from search.searcher import Searcher
from web import create_app
from web.middleware.limits import TimedFlask
from web.middleware.negotiation import MAX_BODY
from web.settings import SettingError, Settings

API = "/api/v1"
LONG_QUERY = " OR ".join(["职工", '"劳动竞赛"', "工会~", "标题:培训"] * 8)[:200].rsplit(" OR ", 1)[0]


def limited(index_dir: Path, **settings: object) -> Flask:
    return create_app(Settings(index=index_dir, **settings))  # type: ignore[arg-type]


# ------------------------------------------------------------------------------ time


@pytest.fixture
def hurried(index_dir: Path) -> FlaskClient:
    """A client whose requests have no time at all."""
    app = limited(index_dir)
    assert isinstance(app, TimedFlask)
    app.extensions["searcher"].warm()
    app.time_limit = 1e-9
    return app.test_client()


@pytest.mark.parametrize("path", ["/search?q=职工", "/search", "/trends?q=职工", "/articles/nothing", "/status"])
def test_what_takes_too_long_is_given_up_with_a_503(hurried: FlaskClient, path: str) -> None:
    """A search that has used up its time ends between two steps, with a sentence, and the next request is answered."""
    problem = assert_problem(hurried.get(API + path), 503, type="/problems/timeout")
    assert problem["hint"]
    assert hurried.get("/healthz").status_code == 200


def test_pages_and_exports_are_given_up_too(hurried: FlaskClient) -> None:
    """People read the same sentence."""
    problem = assert_problem(hurried.get(f"{API}/search?q=职工"), 503)
    for path in ("/", address("/search", q="职工"), "/search.csv?q=职工"):
        same_problem(hurried.get(path), problem)


def test_a_slow_answer_does_not_keep_the_server_from_telling_that_it_lives(index_dir: Path) -> None:
    """Answers are made in turn, but the check of health and the files of the pages need not wait for theirs."""
    app, begun, go_on = limited(index_dir), threading.Event(), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        go_on.wait(60)
        return ""

    asking = threading.Thread(target=app.test_client().get, args=["/slow"])
    asking.start()
    assert begun.wait(60)
    assert app.test_client().get("/healthz").status_code == 200
    with app.test_client().get("/static/style.css") as style:
        assert style.status_code == 200
    go_on.set()
    asking.join()
    assert app.test_client().get("/").status_code == 200


def test_the_limit_is_of_one_request(index_dir: Path) -> None:
    """When a request is over, so is its limit; without a limit a search takes as long as it takes."""
    searcher = Searcher(index_dir)
    with time_limit(1e-9), pytest.raises(SearchTimeoutError):
        searcher.search(SearchRequest(q="职工"))
    assert searcher.search(SearchRequest(q="职工")).total
    with time_limit(0):
        assert searcher.search(SearchRequest(q="职工")).total


def test_what_serves_all_visitors_is_not_given_up(index_dir: Path) -> None:
    """What is computed once for a generation is finished, however little time its first visitor has left."""
    searcher = Searcher(index_dir)
    with time_limit(1e-9):
        assert searcher.issues(SearchRequest())


def test_an_export_may_be_read_slowly(index_dir: Path) -> None:
    """The limit is on finding; sending what was found takes as long as the reader takes."""
    with time_limit(60):
        articles = Searcher(index_dir).articles(SearchRequest())
    with time_limit(0):
        assert len(list(articles)) > 50


def test_the_longest_query_is_answered_in_time(client: FlaskClient) -> None:
    """The most that the language allows is far from the limit."""
    assert client.get(address(f"{API}/search", q=LONG_QUERY, per_page=100, fuzzy=1)).status_code == 200


# ----------------------------------------------------------------------------- rate


def test_who_asks_too_often_is_told_to_wait(index_dir: Path) -> None:
    """Over the limit every address answers 429 with the seconds to wait; other visitors are not concerned."""
    client = limited(index_dir, rate_limit="3/hour").test_client()
    answers = [client.get(path) for path in (f"{API}/search?q=职工", "/help", f"{API}/issues")]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all("Retry-After" not in answer.headers for answer in answers)
    refused = client.get(f"{API}/search?q=职工")
    problem = assert_problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    same_problem(client.get("/search?q=职工"), problem)
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(f"{API}/search?q=职工", environ_overrides=other).status_code == 200


def test_health_and_style_are_never_refused(index_dir: Path) -> None:
    """Who watches the server, and the files of a page, do not count."""
    client = limited(index_dir, rate_limit="1/hour").test_client()
    for _ in range(3):
        assert client.get("/healthz").status_code == 200
        assert client.get("/static/style.css", buffered=True).status_code == 200
    assert client.get("/help").status_code == 200


def test_without_a_limit_nobody_is_refused(client: FlaskClient) -> None:
    """Nothing is counted unless it is asked for."""
    assert {client.get("/healthz").status_code for _ in range(200)} == {200}


@pytest.mark.parametrize("rate", ["many", "60", "60/fortnight", "-1/minute"])
def test_a_limit_that_cannot_be_understood_is_refused(index_dir: Path, rate: str) -> None:
    """The sentence names the variable and shows how it is written."""
    with pytest.raises(SettingError, match=r"UNIONNEWS_RATE_LIMIT.*60/minute"):
        limited(index_dir, rate_limit=rate)


# ----------------------------------------------------------------------------- size


def test_a_body_is_passed_over_if_it_is_short_and_refused_if_it_is_long(client: FlaskClient) -> None:
    """Nothing here reads one."""
    assert client.get(f"{API}/search?q=职工", data=b"a" * MAX_BODY).status_code == 200
    assert_problem(client.get(f"{API}/search?q=职工", data=b"a" * (MAX_BODY + 1)), 413)


def test_an_answer_is_bounded(tmp_path: Path) -> None:
    """A hundred long articles that match everywhere are a short answer: extracts, not texts."""
    archive(tmp_path, *(f"{'职工大会，' * 3000}第{number}次。" for number in range(100)))
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    answer = client.get(f"{API}/search?q=职工&per_page=100")
    assert len(answer.json["results"]) == 100
    assert len(answer.data) < 1_000_000
