"""HTTP itself: entity tags, HEAD, what is accepted, how long an address may be."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote

import pytest
from answers import assert_problem, same_problem
from archive import archive
from flask.testing import FlaskClient

from search.searcher import Searcher
from web import create_app
from web.middleware.negotiation import MAX_URL
from web.settings import Settings

API = "/api/v1"
SEARCH = f"{API}/search?q=职工"
TAGGED = [
    SEARCH, f"{API}/suggest?q=劳", f"{API}/issues", f"{API}/trends?q=职工", f"{API}/status",
    "/", "/search?q=职工", "/help",
]
JSON_ROUTES = [*TAGGED[:5], f"{API}/articles/nothing", f"{API}/articles/nothing/similar"]


# ------------------------------------------------------------------------------ entity tags


@pytest.mark.parametrize("path", TAGGED)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    """An answer has a tag; who shows it gets 304 without a body, with the same headers for caches."""
    answer = client.get(path)
    tag = answer.headers["ETag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            assert again.headers[name] == answer.headers[name]
    assert client.head(path, headers={"If-None-Match": tag}).status_code == 304


def test_an_unchanged_answer_costs_no_search(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tag is known before anything is looked up."""
    tag = client.get(SEARCH).headers["ETag"]
    monkeypatch.delattr(Searcher, "search")
    assert client.get(SEARCH, headers={"If-None-Match": tag}).status_code == 304


def test_every_request_has_a_tag_of_its_own(client: FlaskClient) -> None:
    """Another query, parameter, address or Accept is another answer."""
    asked = [(path, {}) for path in (*TAGGED, SEARCH + "&page=2", SEARCH + "&sort=newest")]
    asked.append((SEARCH, {"Accept": "application/json"}))
    tags = [client.get(path, headers=headers).headers["ETag"] for path, headers in asked]
    assert len(set(tags)) == len(tags)
    assert client.get(SEARCH).headers["ETag"] == tags[0]
    assert client.get(SEARCH, headers={"If-None-Match": tags[1]}).status_code == 200


def test_a_new_index_makes_all_tags_old(tmp_path: Path) -> None:
    """After a reindex the answer is sent again."""
    archive(tmp_path, "职工大会")
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    tag = client.get(SEARCH).headers["ETag"]
    assert client.get(SEARCH, headers={"If-None-Match": tag}).status_code == 304
    archive(tmp_path, "职工大会", "职工运动会")
    answer = client.get(SEARCH, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.json["total"] == 2


def test_errors_have_no_tag(client: FlaskClient) -> None:
    """An error may be gone the next time, whatever tag is shown."""
    for path in (f"{API}/search?page=0", f"{API}/nothing", "/nothing", f"{API}/articles/nothing"):
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert answer.status_code in {400, 404}
        assert "ETag" not in answer.headers
    assert client.get(SEARCH, headers={"If-None-Match": "*"}).status_code == 200


def test_an_index_that_is_gone_is_a_503_whatever_tag_is_shown(index_copy: Path) -> None:
    """A tag of the lost generation is no answer."""
    client = create_app(Settings(index=index_copy)).test_client()
    tag = client.get(SEARCH).headers["ETag"]
    shutil.rmtree(index_copy)
    assert_problem(client.get(SEARCH, headers={"If-None-Match": tag}), 503)


def test_every_answer_is_to_be_checked_before_it_is_used_again(client: FlaskClient) -> None:
    """A new index may answer otherwise; what is sent depends on Accept."""
    for path in (*TAGGED, "/healthz", "/nothing", f"{API}/search?page=0"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "accept" in answer.vary.as_set()
    assert "ETag" not in client.get("/healthz").headers


# ------------------------------------------------------------------------------- methods


@pytest.mark.parametrize("path", [*TAGGED, "/healthz", f"{API}/nothing", f"{API}/search?page=0"])
def test_head_answers_as_get_without_the_body(client: FlaskClient, path: str) -> None:
    """HEAD tells status and headers."""
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content_type == get.content_type
    assert dict(head.headers).keys() == dict(get.headers).keys()
    assert head.data == b""


@pytest.mark.parametrize("path", JSON_ROUTES)
def test_other_methods_are_refused_on_every_route(client: FlaskClient, path: str) -> None:
    """405 says which methods there are."""
    response = client.post(path)
    assert_problem(response, 405)
    assert response.allow.as_set(preserve_casing=True) == {"GET", "HEAD", "OPTIONS"}


# ----------------------------------------------------------------------------- negotiation


@pytest.mark.parametrize("path", JSON_ROUTES)
@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "application/xml, text/csv"])
def test_who_takes_no_json_gets_a_406(client: FlaskClient, path: str, accept: str) -> None:
    """The endpoint has nothing else, and says so."""
    problem = assert_problem(client.get(path, headers={"Accept": accept}), 406)
    assert "application/json" in problem["detail"]


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/*", "application/json", "application/problem+json", "text/html, */*;q=0.1",
     "application/json; charset=utf-8", "text/html;q=0.9, application/json;q=0.1"],
)
def test_who_takes_json_among_others_gets_it(client: FlaskClient, accept: str) -> None:
    """However the header allows it."""
    answer = client.get(SEARCH, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")


def test_an_address_has_a_limit(client: FlaskClient) -> None:
    """Up to the limit an address is read, over it 414 says so, to programs and to people."""
    for path in (f"{API}/search", f"{API}/articles/x", "/search"):
        longest = f"{path}?q=" + "a" * (MAX_URL - len(path) - 2)
        assert client.get(longest).status_code in {400, 404}
        same_problem(
            client.get("/search?q=" + "a" * MAX_URL),
            assert_problem(client.get(longest + "a", headers={"Accept": "application/json"}), 414),
        )
    assert_problem(client.get(f"{API}/articles/" + quote("会" * 1000)), 414)


def test_dates_of_the_tags_need_no_clock(client: FlaskClient) -> None:
    """Answers carry no time that a cache could take for freshness."""
    assert "Last-Modified" not in client.get(SEARCH).headers
    assert "Expires" not in client.get(SEARCH).headers


# ------------------------------------------------------------------------------ answers given before


@pytest.mark.parametrize("path", [SEARCH, "/search?q=职工"])
def test_a_search_asked_again_is_not_made_again(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same address of the same index has the same answer with all its headers, also to HEAD."""
    first = client.get(path)
    monkeypatch.delattr(Searcher, "search")
    again, head = client.get(path), client.head(path)
    assert again.data == first.data
    headers = [{name: value for name, value in answer.headers if name != "X-Request-ID"}
               for answer in (first, again, head)]
    assert headers == [headers[0]] * 3
    assert (head.status_code, head.data) == (200, b"")


def test_a_new_index_has_new_answers(tmp_path: Path) -> None:
    """What was answered from an index is not told of the next one."""
    archive(tmp_path, {"body": "职工大会"})
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    assert [client.get(SEARCH).json["total"] for _ in range(2)] == [1, 1]
    archive(tmp_path, {"body": "职工大会"}, {"body": "职工之家"})
    assert client.get(SEARCH).json["total"] == 2
