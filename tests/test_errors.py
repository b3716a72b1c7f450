"""Errors: the same sentence as a problem document for programs and as a page for people."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from answers import Page, address, assert_problem, same_problem
from flask.testing import FlaskClient

from index.checksums import sealed, unsealed
from search.searcher import Searcher
from web import create_app
from web.settings import Settings

SEARCH = "/api/v1/search"
ARTICLE = "/api/v1/articles/nothing"
JSON = {"Accept": "application/json"}

BAD_QUERIES = [
    ("颜色:红", 0, "没有字段"),
    ("标题:", 0, "标题"),
    ('职工 "培训', 3, "引号"),
    ("职工 (培训 OR 竞赛", 3, "括号"),
    ("职工)", 2, "括号"),
    ("职工 AND", 6, "缺"),
    ("OR 职工", 0, "OR"),
    ("劳*模", 1, "*"),
    ("日期:上个月", 3, "日期"),
    ("，。！", 0, "查找"),
    ("会" * 201, 200, "201"),
    ("职 " * 40, 64, "32"),
    ("(" * 9 + "会" + ")" * 9, 8, "8"),
]
BAD_PARAMETERS = [
    ("page", "0"), ("page", "-1"), ("page", "x"), ("page", "1.5"), ("page", "１"), ("page", "9" * 5000),
    ("per_page", "0"), ("per_page", "101"), ("per_page", "many"), ("sort", "best"), ("from", "yesterday"),
    ("from", "2024-02-30"), ("to", "2024-13"), ("facets", "year,colour"), ("expand", "2"), ("fuzzy", "true"),
    ("colour", "red"), ("Q", "职工"),
]


@pytest.mark.parametrize(("q", "position", "word"), BAD_QUERIES)
def test_a_query_that_cannot_be_understood_is_a_400_with_place_and_hint(
    client: FlaskClient, q: str, position: int, word: str
) -> None:
    """The answer says what is wrong, at which character, and what to write instead; the page says the same."""
    problem = assert_problem(client.get(address(SEARCH, q=q)), 400, param="q", position=position)
    assert word in problem["detail"]
    assert problem["hint"]
    same_problem(client.get(address("/search", q=q)), problem)


def test_the_page_shows_the_place_of_the_error_in_the_query(client: FlaskClient) -> None:
    """The character at which the query cannot be understood is marked."""
    page = Page(client.get(address("/search", q="职工 颜色:红")).text)
    assert page.one("p", class_="where").text == "职工 颜色:红"
    assert page.one("p", class_="where").marked == ["颜"]
    assert page.one("input", id="q").attributes["value"] == "职工 颜色:红"


@pytest.mark.parametrize(("name", "value"), BAD_PARAMETERS)
def test_a_wrong_parameter_is_a_400_that_names_it(client: FlaskClient, name: str, value: str) -> None:
    """A value that a parameter cannot have, or a parameter that there is not, is never passed over."""
    problem = assert_problem(client.get(address(SEARCH, **{name: value})), 400, param=name)
    same_problem(client.get(address("/search", **{name: value})), problem)
    assert len(problem["detail"]) < 200


@pytest.mark.parametrize("name", ["q", "page", "sort", "from", "expand"])
def test_a_parameter_with_two_values_is_a_400(client: FlaskClient, name: str) -> None:
    """Where only one value can hold, none is passed over."""
    assert_problem(client.get(f"{SEARCH}?{name}=2023&{name}=2024"), 400, param=name)
    assert client.get(f"{SEARCH}?q=职工&q=职工").status_code == 200


def test_dates_the_wrong_way_round_are_a_400(client: FlaskClient) -> None:
    """A range that ends before it begins is a mistake, not an empty result."""
    assert_problem(client.get(address(SEARCH, **{"from": "2025", "to": "2024"})), 400, param="from")


def test_a_mistyped_parameter_gets_the_nearest_as_a_hint(client: FlaskClient) -> None:
    """A hint names the parameter that was probably meant."""
    assert "per_page" in assert_problem(client.get(f"{SEARCH}?perpage=20"), 400)["hint"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v1/search/", "/api/v2/search", ARTICLE])
def test_what_is_not_there_is_a_404_problem_under_the_api(client: FlaskClient, path: str) -> None:
    """Every unknown address below /api answers with a problem document."""
    assert_problem(client.get(path), 404, instance=path)


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/static/../cli.py", "/articles/nothing"])
def test_what_is_not_there_is_a_404_page_elsewhere(client: FlaskClient, path: str) -> None:
    """People get a page with a way back, programs that ask for JSON the same sentence as a problem."""
    page = client.get(path)
    same_problem(page, assert_problem(client.get(path, headers=JSON), 404))
    assert "/" in Page(page.text).links()
    assert {"accept", "accept-encoding"} <= page.vary.as_set() <= {"accept", "accept-encoding", "accept-language"}


def test_a_missing_article_is_named(client: FlaskClient) -> None:
    """The sentence says which article there is not; the type tells it from a wrong address."""
    problem = assert_problem(client.get(ARTICLE), 404, type="/problems/article-not-found")
    assert "nothing" in problem["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [SEARCH, ARTICLE, "/healthz"])
def test_other_methods_are_a_405_that_allows_get(client: FlaskClient, method: str, path: str) -> None:
    """The endpoint only reads; the answer says with which methods."""
    response = client.open(path, method=method)
    assert_problem(response, 405)
    assert {"GET", "HEAD"} <= response.allow.as_set(preserve_casing=True)


@pytest.mark.parametrize("path", ["/", "/search", "/help", "/articles/nothing", "/static/style.css"])
def test_other_methods_are_a_405_page_too(client: FlaskClient, path: str) -> None:
    """So do the pages."""
    response = client.post(path)
    same_problem(response, assert_problem(client.post(path, headers=JSON), 405))
    assert "GET" in response.allow.as_set(preserve_casing=True)


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json", "application/json;q=0.9,*/*;q=0.1"])
def test_who_asks_for_json_gets_the_problem_document(client: FlaskClient, accept: str) -> None:
    """Outside the API the Accept header decides."""
    assert_problem(client.get("/nothing", headers={"Accept": accept}), 404)


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "???"])
def test_who_does_not_ask_for_json_gets_the_page(client: FlaskClient, accept: str) -> None:
    """Browsers, and whoever does not say what they want, get HTML."""
    assert client.get("/nothing", headers={"Accept": accept}).mimetype == "text/html"


def test_a_browser_pointed_at_the_endpoint_sees_the_problem_document(client: FlaskClient) -> None:
    """Who also takes anything gets the document."""
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert_problem(client.get(f"{SEARCH}?page=0", headers={"Accept": browser}), 400)


# ------------------------------------------------------------------------- the index


def _missing(directory: Path) -> None:
    shutil.rmtree(directory)


def _outdated(directory: Path) -> None:
    for manifest in directory.glob("generations/*/manifest.json"):
        fields = json.loads(unsealed(manifest.read_bytes())) | {"fingerprint": "0"}
        manifest.write_bytes(sealed(json.dumps(fields)))


def _without_manifest(directory: Path) -> None:
    for manifest in directory.glob("generations/*/manifest.json"):
        manifest.unlink()


def _pointing_nowhere(directory: Path) -> None:
    (directory / "current").write_text("20010101T000000-000\n", "utf-8")


def _pointer_of_noise(directory: Path) -> None:
    (directory / "current").write_bytes(b"\xff\x00\xfe")


@pytest.mark.parametrize(
    ("harm", "kind", "word"),
    [
        (_missing, "index-missing", "没有索引"),
        (_outdated, "index-outdated", "重建"),
        (_without_manifest, "index-damaged", "损坏"),
        (_pointing_nowhere, "index-damaged", "损坏"),
        (_pointer_of_noise, "index-damaged", "损坏"),
    ],
)
def test_an_index_that_cannot_answer_is_a_503_that_says_what_to_run(
    index_copy: Path, harm: Callable[[Path], None], kind: str, word: str
) -> None:
    """Missing, outdated or damaged: every route that needs the index says so, in the same words."""
    harm(index_copy)
    client = create_app(Settings(index=index_copy)).test_client()
    others = [f"/api/v1/{name}" for name in ("suggest", "issues", "trends", "status", "articles/nothing/similar")]
    for path in (f"{SEARCH}?q=职工", ARTICLE, *others, "/healthz"):
        problem = assert_problem(client.get(path), 503, type=f"/problems/{kind}")
        assert word in problem["detail"]
        assert "unionnews reindex" in problem["detail"]
    for path in ("/", "/search?q=职工", "/articles/nothing", "/search.csv", "/search.ris", "/search.atom"):
        same_problem(client.get(path), problem)
    for path in ("/help", "/static/style.css"):
        assert client.get(path, buffered=True).status_code == 200


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # whoosh leaves broken files open
@pytest.mark.parametrize("harm", ["empty", "half", "missing", "noise"])
def test_a_damaged_file_of_the_index_is_never_a_500(index_dir: Path, tmp_path: Path, harm: str) -> None:
    """Whichever file of a generation is broken, requests get a 503 or a right answer."""
    names = [path.name for path in index_dir.glob("generations/*/*")]
    for number, name in enumerate(names):
        directory = shutil.copytree(index_dir, tmp_path / str(number))
        (file,) = directory.glob(f"generations/*/{name}")
        _spoil(file, harm)
        client = create_app(Settings(index=directory)).test_client()
        others = ("/api/v1/suggest?q=劳", "/api/v1/issues", "/api/v1/trends?q=职工", "/search.csv", "/search.atom")
        for path in (address(SEARCH, q='职工 "工会"', facets="year,reporter"), ARTICLE, "/", *others):
            assert client.get(path).status_code in {200, 404, 503}, f"{name} {path}"


def _spoil(file: Path, harm: str) -> None:
    content = file.read_bytes()
    match harm:
        case "empty":
            file.write_bytes(b"")
        case "half":
            file.write_bytes(content[: len(content) // 2])
        case "noise":
            file.write_bytes(bytes(byte ^ 0x55 for byte in content))
        case "missing":
            file.unlink()


def test_an_index_that_appears_is_answered_from_without_a_restart(index_dir: Path, tmp_path: Path) -> None:
    """A server that was started too early answers as soon as there is an index."""
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    assert_problem(client.get("/healthz"), 503)
    shutil.copytree(index_dir, tmp_path / "index")
    assert client.get("/healthz").status_code == 200


# -------------------------------------------------------------- what nobody thought of


@pytest.fixture
def broken(index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of an application that has a bug, and has answered nothing before."""

    def fail(*_: object) -> NoReturn:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(Searcher, "search", fail)
    return create_app(Settings(index=index_dir)).test_client()


def test_a_bug_is_a_500_that_tells_nothing_and_is_logged(
    broken: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The reader gets a sentence, the log the traceback."""
    with caplog.at_level(logging.ERROR):
        problem = assert_problem(broken.get(f"{SEARCH}?q=职工"), 500, type="/problems/internal")
        same_problem(broken.get("/search?q=职工"), problem)
    assert "secret" not in json.dumps(problem)
    assert "secret" in caplog.text
