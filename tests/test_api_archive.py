"""The JSON endpoint beside the search: suggestions, similar articles, issues, trends, status."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from answers import assert_problem
from archive import archive, indexed
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from strategies import valid_text

from web import create_app
from web.params import ISSUES, SEARCH, SIMILAR, SUGGEST, TRENDS
from web.settings import Settings

API = "/api/v1"
LISTED = {"id", "url", "api_url", "title", "date", "newspaper", "page_no", "section", "kind", "bylines", "source"}


def an_id(client: FlaskClient) -> str:
    return str(client.get(f"{API}/search?q=劳动竞赛").json["results"][0]["id"])


def addresses(client: FlaskClient) -> dict[str, tuple[str, ...]]:
    """Every address of the endpoint, and its parameters."""
    article = f"{API}/articles/{an_id(client)}"
    return {
        f"{API}/search": SEARCH, f"{API}/suggest": SUGGEST, f"{API}/issues": ISSUES, f"{API}/trends": TRENDS,
        f"{API}/status": (), article: (), f"{article}/similar": SIMILAR,
    }


# ---------------------------------------------------------------------------- parameters


def test_an_unknown_parameter_is_a_400_everywhere(client: FlaskClient) -> None:
    """No address passes over a parameter that it does not have."""
    for address in addresses(client):
        problem = assert_problem(client.get(f"{address}?colour=red"), 400, param="colour")
        assert problem["hint"]


def test_a_mistyped_parameter_gets_the_nearest_as_a_hint_everywhere(client: FlaskClient) -> None:
    """Each address hints at its own parameters."""
    for address, names in addresses(client).items():
        for name in names:
            if len(name) > 3:
                problem = assert_problem(client.get(f"{address}?{name[:-1]}=1"), 400)
                assert name in problem["hint"], (address, name)


@pytest.mark.parametrize("path", [
    "suggest?limit=0", "suggest?limit=21", "suggest?limit=x", "issues?per_page=101", "issues?from=x",
    "trends?by=day", "trends?kind=news&to=2024-13", "trends?" + "&".join(f"q={i}" for i in range(11)),
    "trends?q=颜色:红", "trends?q=劳模&q=(",
])
def test_a_wrong_value_is_a_400_that_names_its_parameter(client: FlaskClient, path: str) -> None:
    """Limits and choices hold on every address."""
    problem = assert_problem(client.get(f"{API}/{path}"), 400)
    assert problem["param"] in path


@given(q=valid_text)
def test_any_text_can_be_suggested_for_and_compared(app: Flask, q: str) -> None:
    """Suggestions never fail; trends answer or say why not."""
    client = app.test_client()
    assert client.get(f"{API}/suggest", query_string={"q": q}).status_code == 200
    trends = client.get(f"{API}/trends", query_string={"q": q})
    if trends.status_code != 200:
        assert_problem(trends, 400, param="q")


# --------------------------------------------------------------------------- suggestions


def test_suggestions_are_queries_that_find_something(client: FlaskClient) -> None:
    """Each goes on as was typed, says what it is, and can be searched."""
    answer = client.get(f"{API}/suggest?q=劳&limit=5").json
    assert answer["q"] == "劳"
    assert 1 < len(answer["suggestions"]) <= 5
    for suggestion in answer["suggestions"]:
        assert suggestion.keys() == {"q", "reason"}
        assert client.get(f"{API}/search", query_string={"q": suggestion["q"]}).json["total"] > 0


@pytest.mark.parametrize("q", ["", " ", "鲸" * 5, "会" * 300])
def test_where_nothing_comes_to_mind_the_list_is_empty(client: FlaskClient, q: str) -> None:
    """That is no error: somebody is still typing."""
    assert client.get(f"{API}/suggest", query_string={"q": q}).json == {"q": q, "suggestions": []}


def test_a_search_without_matches_says_what_may_have_been_meant(tmp_path: Path) -> None:
    """The answer suggests a query that finds something; one that found something suggests nothing."""
    archive(tmp_path, {"body": "劳模宣讲团走进车间。", "kind": "brief"}, {"body": "工会换届，劳模当选。"})
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    answer = client.get(f"{API}/search?q=老模").json
    assert answer["total"] == 0
    (suggestion,) = answer["suggestions"]
    assert (suggestion["q"], suggestion["reason"]) == ("劳模", "homophone")
    assert client.get(suggestion["url"]).json["total"] == 2
    assert client.get(f"{API}/search?q=劳模").json["suggestions"] == []
    assert client.get(f"{API}/search?q=老模&kind=notice").json["suggestions"] == []
    narrowed = client.get(f"{API}/search?q=老模&kind=brief&page=3").json["suggestions"][0]["url"]
    assert client.get(narrowed).json["total"] == len(client.get(narrowed).json["results"]) == 1


def test_what_was_typed_in_pinyin_is_suggested_in_characters(client: FlaskClient) -> None:
    """Pinyin finds nothing by itself, but the answer leads on."""
    answer = client.get(f"{API}/search?q=laomo").json
    assert answer["total"] == 0
    assert 0 < len(answer["suggestions"]) <= 3
    assert answer["suggestions"][0]["q"] == "劳模"
    assert {suggestion["reason"] for suggestion in answer["suggestions"]} == {"pinyin"}


# ---------------------------------------------------------------------- similar articles


def test_similar_articles_are_listed_like_results(client: FlaskClient) -> None:
    """Others than the article itself, the most similar first, with their addresses."""
    article_id = an_id(client)
    answer = client.get(f"{API}/articles/{article_id}/similar").json
    assert answer["id"] == article_id
    assert 0 < len(answer["results"]) <= 5
    for result in answer["results"]:
        assert result.keys() >= LISTED
        assert client.get(result["api_url"]).json["id"] == result["id"] != article_id
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len(client.get(f"{API}/articles/{article_id}/similar?limit=1").json["results"]) == 1


def test_articles_like_one_that_is_not_there_are_a_404(client: FlaskClient) -> None:
    """The problem names the article that was asked about."""
    problem = assert_problem(client.get(f"{API}/articles/nothing/similar"), 404, type="/problems/article-not-found")
    assert "“nothing”" in problem["detail"]


def test_an_id_that_ends_like_the_address_is_an_article_first(tmp_path: Path) -> None:
    """Every article keeps its address, and those like it stand one further down."""
    names = ["a", "a/similar", "/similar", "similar", "x/similar/similar"]
    archive(tmp_path, *({"id": name, "body": "云溪大桥合龙，焊工在桥面上庆祝"} for name in names))
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    for result in client.get(f"{API}/search?per_page=100").json["results"]:
        assert client.get(result["api_url"]).json["id"] == result["id"]
        below = client.get(result["api_url"] + "/similar").json
        assert below["id"] == "a/similar" if result["id"] == "a" else below["id"] == result["id"] and below["results"]
    assert len(client.get(f"{API}/articles/a/similar/similar").json["results"]) == 4


# ------------------------------------------------------------------------------ archive


def test_issues_are_listed_page_by_page_until_the_last(client: FlaskClient) -> None:
    """Following ``next`` lists every issue once, newest first."""
    whole = client.get(f"{API}/issues").json
    assert whole["total"] == len(whole["issues"]) == 2
    assert [issue["date"] for issue in whole["issues"]] == ["2024-05-17", "2024-05-10"]
    first = client.get(f"{API}/issues?per_page=1").json
    second = client.get(first["links"]["next"]).json
    assert first["issues"] + second["issues"] == whole["issues"]
    assert second["links"]["next"] is None
    assert (first["pages"], first["per_page"], second["page"]) == (2, 1, 2)


def test_an_issue_counts_the_articles_of_its_pages(client: FlaskClient) -> None:
    """Each page holds as many articles as a search for it finds, page furniture left out."""
    for issue in client.get(f"{API}/issues").json["issues"]:
        assert issue["articles"] == sum(page["articles"] for page in issue["pages"])
        assert [page["page_no"] for page in issue["pages"]] == sorted(page["page_no"] for page in issue["pages"])
        for page in issue["pages"]:
            parameters = {"from": issue["date"], "to": issue["date"], "page_no": page["page_no"], "facets": "kind"}
            found = client.get(f"{API}/search", query_string=parameters).json
            furniture = sum(value["count"] for value in found["facets"]["kind"] if value["value"] == "page")
            assert found["total"] - furniture == page["articles"]


def test_trends_count_what_searches_find(client: FlaskClient) -> None:
    """The count of a period is the total of a search in it; the share is of all its articles."""
    answer = client.get(f"{API}/trends?q=职工&q=劳模&by=month&kind=news").json
    assert answer["by"] == "month"
    assert [trend["q"] for trend in answer["trends"]] == ["职工", "劳模"]
    for trend in answer["trends"]:
        for point in trend["points"]:
            parameters = {"q": trend["q"], "from": point["period"], "to": point["period"], "kind": "news"}
            found = client.get(f"{API}/search", query_string=parameters).json["total"]
            whole = client.get(f"{API}/search", query_string=parameters | {"q": ""}).json["total"]
            assert point["count"] == found
            assert point["share"] == pytest.approx(found / whole, abs=1e-6)


def test_status_says_what_the_index_holds(client: FlaskClient) -> None:
    """Generation, time, and counts that agree with the search."""
    status = client.get(f"{API}/status").json
    assert status["generation"] == client.get("/healthz").json["generation"]
    created = datetime.datetime.fromisoformat(status["created"])
    assert datetime.timedelta(0) <= datetime.datetime.now(datetime.UTC) - created < datetime.timedelta(1)
    assert status["articles"] == sum(status["kinds"].values()) == client.get(f"{API}/search").json["total"]
    assert sum(status["newspapers"].values()) == sum(status["years"].values()) == status["articles"]
    assert (status["files"], status["failed"], status["reindex_due"]) == (11, 0, False)


def test_status_counts_failed_files(tmp_path: Path) -> None:
    """A file that could not be read is not forgotten."""
    (tmp_path / "articles.jsonl").write_text("no json", "utf-8")
    (tmp_path / "page.md").write_text("# 工会\n\n本报讯 工会开会。\n", "utf-8")
    indexed(tmp_path, tmp_path / "articles.jsonl", tmp_path / "page.md")
    status = create_app(Settings(index=tmp_path / "index")).test_client().get(f"{API}/status").json
    assert (status["files"], status["failed"]) == (2, 1)
