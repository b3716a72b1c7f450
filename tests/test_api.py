"""The JSON endpoint: what programs are promised, asked of the sample newspaper."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from answers import Page, address, assert_problem
from archive import archive
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from strategies import valid_text
from werkzeug.datastructures import MultiDict

from index.normalize import fold
from search.model import FACETS, FILTERS
from web import create_app
from web.settings import Settings

SEARCH = "/api/v1/search"
QUERIES = ["职工", '"工资集体协商"', "标题:职工", "职工 -文艺", "劳动竞赛 OR 技能比武", "日期:2024-05", "类型:图片", ""]
ODD_IDS = [
    "http://archive.example/2024/05?page=2#top", "/lead", "trail/", "a//b", "甲 乙", "%2F", "a+b", "..", "a\\b", "?",
    "<b>", '"', "'", "&amp;", "a" * 300,
]


def ask(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    """The answer of the endpoint, which must be one."""
    response = client.get(SEARCH, query_string=parameters)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json
    return answer


def ids(answer: dict[str, Any]) -> list[str]:
    return [result["id"] for result in answer["results"]]


def walk(client: FlaskClient, url: str) -> list[str]:
    """The results of a search and of all that follow by ``links.next``."""
    found: list[str] = []
    following: str | None = url
    while following:
        answer = client.get(following).json
        found += ids(answer)
        following = answer["links"]["next"]
    return found


# ---------------------------------------------------------------------------- answers


def test_an_answer_is_utf_8_json_without_escapes(client: FlaskClient) -> None:
    """Chinese reads as Chinese in a terminal."""
    response = client.get(f"{SEARCH}?q=职工&facets=section")
    assert response.content_type == "application/json; charset=utf-8"
    text = response.data.decode("utf-8")
    assert "职工" in text
    assert "\\u" not in text


def test_an_answer_repeats_what_was_asked(client: FlaskClient) -> None:
    """Query, page and length are those of the request."""
    answer = ask(client, q=" 职工　工会 ", page=2, per_page=3)
    assert answer["query"]["q"] == " 职工　工会 "
    assert (answer["page"], answer["per_page"]) == (2, 3)
    assert len(answer["results"]) == 3


@pytest.mark.parametrize("q", QUERIES)
def test_counts_agree(client: FlaskClient, q: str) -> None:
    """``pages`` hold all that can be reached, and no page is longer than asked."""
    answer = ask(client, q=q, per_page=7)
    assert answer["total"] > 0
    assert answer["total"] <= answer["reachable"]
    assert answer["pages"] == -(-answer["reachable"] // 7)
    assert len(answer["results"]) == min(7, answer["reachable"])
    assert answer["query"]["partial"] == (answer["reachable"] > answer["total"])


@pytest.mark.parametrize("q", QUERIES)
@pytest.mark.parametrize("per_page", [1, 7, 100])
def test_following_next_reaches_every_result_exactly_once(client: FlaskClient, q: str, per_page: int) -> None:
    """There is no silent cap, no gap and no repetition."""
    whole = ask(client, q=q, per_page=per_page)
    found = walk(client, address(SEARCH, q=q, per_page=per_page))
    assert len(found) == len(set(found)) == whole["reachable"]


def test_following_next_reaches_every_article_of_a_larger_archive(tmp_path: Path) -> None:
    """Two hundred and fifty results are all reached, thirty at a time."""
    archive(tmp_path, *(f"第{number}次职工大会" for number in range(250)))
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    assert sorted(walk(client, f"{SEARCH}?q=职工大会&per_page=30&sort=newest"), key=int) == [
        str(number) for number in range(1, 251)
    ]


def test_a_page_beyond_the_last_is_empty_and_leads_back(client: FlaskClient) -> None:
    """It is no error, and ``prev`` is the last page that has results."""
    answer = ask(client, q="职工", page=1_000_000, per_page=100)
    assert answer["results"] == []
    assert answer["total"] > 0
    assert answer["links"]["next"] is None
    assert client.get(answer["links"]["prev"]).json["results"]


def test_nothing_found_is_an_empty_answer(client: FlaskClient) -> None:
    """No result is an answer, too."""
    answer = ask(client, q='"南极洲鲸鱼观察站"', facets="year")
    assert (answer["total"], answer["pages"], answer["results"], answer["facets"]) == (0, 0, [], {"year": []})
    assert answer["links"]["last"] == answer["links"]["first"]


@pytest.mark.parametrize("q", QUERIES[:-1])
def test_marks_concatenate_to_the_text_and_stand_on_the_query(client: FlaskClient, q: str) -> None:
    """Parts are the title or a run of the field, and a snippet's HTML is its parts."""
    for result in ask(client, q=q, per_page=100)["results"]:
        assert "".join(part["text"] for part in result["title_parts"]) == (result["title"] or "")
        article = client.get(result["api_url"]).json
        for snippet in result["snippets"]:
            text = "".join(part["text"] for part in snippet["parts"])
            if snippet["field"] == "body":
                assert text.strip("…") in article["body"]
            marked = Page(f"<p>{snippet['html']}</p>").one("p")
            assert marked.text == text
            assert marked.marked == [part["text"] for part in snippet["parts"] if part["hit"]]


def test_every_full_match_shows_the_word(client: FlaskClient) -> None:
    """Where the word occurs, title or snippets mark it; the mark is the word."""
    for result in ask(client, q="工会", per_page=100, expand=0)["results"]:
        parts = [*result["title_parts"], *(part for snippet in result["snippets"] for part in snippet["parts"])]
        marks = {fold(part["text"]) for part in parts if part["hit"]}
        assert marks == {"工会"}, result["id"]


# -------------------------------------------------------------------- what can be asked


def test_results_can_be_sorted_by_date(client: FlaskClient) -> None:
    """Newest and oldest first are each other's opposite in dates."""
    newest = [result["date"] for result in ask(client, q="职工", sort="newest", per_page=100)["results"]]
    oldest = [result["date"] for result in ask(client, q="职工", sort="oldest", per_page=100)["results"]]
    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(newest)
    assert newest[0] != newest[-1]


def test_scores_fall_when_sorted_by_relevance(client: FlaskClient) -> None:
    """The best match comes first."""
    scores = [result["score"] for result in ask(client, q="职工 技能", per_page=20)["results"] if not result["partial"]]
    assert scores == sorted(scores, reverse=True)


def test_dates_bound_the_results_on_both_sides(client: FlaskClient) -> None:
    """``from`` and ``to`` belong to the range themselves."""
    everything = ask(client)["total"]
    first = ask(client, **{"to": "2024-05-10"})["total"]
    assert 0 < first < everything
    assert ask(client, **{"from": "2024-05-10", "to": "2024-05-10"})["total"] == first
    assert ask(client, **{"from": "2024-05-11"})["total"] == everything - first
    assert ask(client, **{"from": "2024", "to": "2024"})["total"] == everything


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_keeps_only_articles_with_its_values(client: FlaskClient, name: str) -> None:
    """One value keeps its articles, two values those of either."""
    values = ask(client, facets=name)["facets"][name][:2]
    found = [set(walk(client, value["url"])) for value in values]
    both = ask(client, **{name: [value["value"] for value in values]}, per_page=100)
    assert all(found)
    assert set(ids(both)) == set.union(*found)


@pytest.mark.parametrize("name", FACETS)
def test_facets_are_counted_when_they_are_asked_for(client: FlaskClient, name: str) -> None:
    """Only the facets that were named are counted."""
    assert ask(client, q="职工")["facets"] == {}
    facets = ask(client, q="职工", facets=name)["facets"]
    assert list(facets) == [name]
    assert all(value["count"] > 0 for value in facets[name])


def test_the_longest_page_has_a_hundred_results(client: FlaskClient) -> None:
    """100 results a page are given, 101 are refused."""
    assert ask(client, per_page=100)["per_page"] == 100
    assert_problem(client.get(f"{SEARCH}?per_page=101"), 400, param="per_page")


# --------------------------------------------------------------------------- articles


def test_every_result_leads_to_its_article(client: FlaskClient) -> None:
    """The article says of itself what the result said of it, and has a page."""
    for result in ask(client, per_page=100)["results"]:
        article = client.get(result["api_url"]).json
        shared = article.keys() & result.keys()
        assert {"id", "title", "date", "page_no", "section", "bylines", "kind", "source"} <= shared
        assert {name: article[name] for name in shared} == {name: result[name] for name in shared}
        assert client.get(result["url"]).status_code == 200


def test_articles_with_odd_ids_are_found_and_reached(tmp_path: Path) -> None:
    """An id that was given is kept, and its addresses work, whatever it is made of."""
    archive(tmp_path, *({"id": name, "body": "某地工会召开会议"} for name in ODD_IDS))
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    results = ask(client, q="工会", per_page=100)["results"]
    assert {result["id"] for result in results} == set(ODD_IDS)
    for result in results:
        assert client.get(result["api_url"]).json["id"] == result["id"]
        assert client.get(result["url"]).status_code == 200


# ------------------------------------------------------------------------------ health


def test_health_tells_which_index_answers(client: FlaskClient) -> None:
    """200, the generation, and how much it holds."""
    health = client.get("/healthz").json
    assert health["status"] == "ok"
    assert health["generation"] >= datetime.date(2024, 1, 1).strftime("%Y%m%d")
    assert health["articles"] == ask(client)["total"]


raw = st.lists(
    st.tuples(
        st.sampled_from(("q", "page", "per_page", "sort", "from", "to", "facets", *FILTERS)),
        valid_text | st.sampled_from(("1", "100", "2024", "2024-05", "newest", "year,kind", "news", '"', "职工")),
    ),
    max_size=5,
)


@given(parameters=raw)
def test_any_parameters_give_an_answer_or_a_problem(app: Flask, parameters: list[tuple[str, str]]) -> None:
    """Whatever is asked, the endpoint never fails: 200, or 400 that says why."""
    response = app.test_client().get(SEARCH, query_string=MultiDict(parameters))
    if response.status_code == 200:
        json.loads(response.data)
    else:
        assert_problem(response, 400)


words = st.sampled_from((
    "职工", "会", "的", "AND", "OR", "NOT", "-", "(", ")", "（", "）", '"', "“", "”", "「", "～", "*", "·", "..",
    "标题:", "日期：", "记者:李", "类型:图片", "版次:二", "2024", "5月1日", "1,000", "ＡＢ", "𠮷", "<b>", "%", "&",
    " ", "　", "\n", "\0", "\ufffd",
))


@given(q=st.lists(words | valid_text, max_size=12).map("".join))
def test_any_query_gives_an_answer_or_a_problem(app: Flask, q: str) -> None:
    """Endpoint and page agree whether a query can be understood, and neither ever fails."""
    client = app.test_client()
    answer, page = (client.get(path, query_string={"q": q}) for path in (SEARCH, "/search"))
    if answer.status_code != 200:
        assert_problem(answer, 400, param="q")
    assert page.status_code == answer.status_code or (page.status_code == 302 and not q.strip())


@given(data=st.binary(max_size=40))
def test_any_bytes_as_a_query_give_an_answer_or_a_problem(app: Flask, data: bytes) -> None:
    """What is no UTF-8 does no harm either."""
    quoted = "".join(f"%{byte:02x}" for byte in data)
    assert app.test_client().get(f"{SEARCH}?q={quoted}").status_code in {200, 400}
    assert app.test_client().get(f"/articles/{quoted}").status_code in {200, 404}
