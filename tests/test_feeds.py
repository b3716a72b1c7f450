"""Searches to take along: tables for spreadsheets, references for a library, feeds for subscribers."""

from __future__ import annotations

import csv
import datetime
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from answers import Page, address, assert_problem, same_problem
from archive import archive
from flask.testing import FlaskClient
from hypothesis import given
from strategies import articles

from index.model import Article, Byline
from web import create_app
from web.addresses import absolute, article_url
from web.citation import ris
from web.endpoint.feeds import COLUMNS, table
from web.settings import Settings

ATOM = "{http://www.w3.org/2005/Atom}"
ROOT = "http://localhost/"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
QUERIES = ["职工", '"工资集体协商"', "职工 -文艺", "标题:劳模", ""]


def rows(text: str) -> list[list[str]]:
    """The rows of a table below its heading."""
    assert text.startswith("\ufeff")
    heading, *found = csv.reader(io.StringIO(text[1:], newline=""), strict=True)
    assert heading == list(COLUMNS)
    return found


def walk(client: FlaskClient, q: str) -> list[str]:
    """The ids of all articles that truly match, by following ``next``."""
    found: list[str] = []
    url = address("/api/v1/search", q=q, per_page=100)
    while url:
        answer = client.get(url).json
        found += [result["id"] for result in answer["results"] if not result["partial"]]
        url = answer["links"]["next"]
    return found


def a_client(directory: Path) -> FlaskClient:
    return create_app(Settings(index=directory / "index")).test_client()


# -------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("q", QUERIES)
def test_a_table_has_all_results_in_order(client: FlaskClient, q: str) -> None:
    """One row for each result on all pages; the address in it leads to the article."""
    response = client.get(address("/search.csv", q=q))
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="search.csv"'
    found = rows(response.text)
    assert [row[0] for row in found] == walk(client, q)
    assert client.get(found[0][-1].removeprefix(ROOT.rstrip("/"))).status_code == 200


def test_a_table_is_not_cut_off(tmp_path: Path) -> None:
    """Hundreds of results are all there, with the filters of the search and in its order."""
    archive(tmp_path, *({"body": "职工大会", "date": f"{1990 + i % 30}-01-01", "kind": "brief"} for i in range(333)),
            {"body": "职工大会", "kind": "notice"})
    found = rows(a_client(tmp_path).get("/search.csv?q=职工&kind=brief&sort=oldest&page=2&per_page=5").text)
    assert len(found) == len({row[0] for row in found}) == 333
    assert [row[5] for row in found] == sorted(row[5] for row in found)


def test_where_nothing_truly_matches_the_table_has_what_the_page_shows(tmp_path: Path) -> None:
    """A question finds articles in part; so does its table. Once something matches, only that counts."""
    archive(tmp_path, "茶厂今天开秤收茶", "路灯亮了", "茶厂的路灯亮了")
    client = a_client(tmp_path)
    assert client.get("/api/v1/search?q=茶厂 鲸鱼").json["total"] == 0
    assert len(rows(client.get("/search.csv?q=茶厂 鲸鱼").text)) == 2
    assert len(rows(client.get("/search.csv?q=茶厂 路灯").text)) == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "=HYPERLINK(\"http://x\")"])
def test_no_cell_is_a_formula(text: str) -> None:
    """What a spreadsheet would calculate gets an apostrophe and stays text."""
    article = Article(id=text, source="a.md", body="", printed="", title=text, newspaper=text, section=text)
    (row,) = rows("".join(table([article], ROOT)))
    assert row[0] == row[1] == row[4] == row[8] == f"'{text}"


@given(articles())
def test_any_article_is_one_row(article: Article) -> None:
    """Quotes, commas and line breaks stay inside their cells, and nothing begins a formula."""
    (row,) = rows("".join(table([article], ROOT)))
    assert len(row) == len(COLUMNS)
    assert row[1].removeprefix("'") == (article.title or "").removeprefix("'")
    assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in row if cell)


# ---------------------------------------------------------------------------- references


@pytest.mark.parametrize("q", QUERIES)
def test_references_are_all_results(client: FlaskClient, q: str) -> None:
    """Each begins with its type and ends with its end, in the order of the search."""
    response = client.get(address("/search.ris", q=q))
    assert response.content_type == "application/x-research-info-systems; charset=utf-8"
    found = re.findall("^ID  - (.*)\r$", response.text, re.MULTILINE)
    assert found == walk(client, q)
    assert response.text.count("TY  - NEWS\r\n") == response.text.count("ER  - \r\n") == len(found)


def test_a_reference_says_who_what_where_and_when() -> None:
    """Title, people, newspaper, day, issue, page and address, each by its tag."""
    article = Article(
        id="甲", source="a.md", body="", printed="", title="春茶\n开秤", newspaper="琅川工人报", issue_no="88",
        date=datetime.date(2024, 5, 1), page_no="02", section="要闻",
        bylines=(Byline("记者", "顾南乔"), Byline("摄影", "邝子衿")),
    )
    assert ris(article, absolute(ROOT, article_url(article.id))).split("\r\n") == [
        "TY  - NEWS", "TI  - 春茶 开秤", "AU  - 顾南乔", "T2  - 琅川工人报", "PY  - 2024",
        "DA  - 2024/05/01", "IS  - 88", "SP  - 2", "SE  - 要闻", "LA  - zh",
        "UR  - http://localhost/articles/%E7%94%B2", "ID  - 甲", "ER  - ", "", "",
    ]


@given(articles())
def test_any_article_is_one_reference(article: Article) -> None:
    """No text of an article makes another line."""
    lines = ris(article, absolute(ROOT, article_url(article.id))).splitlines()
    assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert lines[-1] == ""


# --------------------------------------------------------------------------------- feeds


def feed(client: FlaskClient, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.data)


def texts(element: ElementTree.Element, tag: str) -> list[str]:
    return [found.text or "" for found in element.findall(ATOM + tag)]


@pytest.mark.parametrize("q", QUERIES)
def test_a_feed_is_valid(client: FlaskClient, q: str) -> None:
    """Feed and entries each have one title, id and time, an author, and links; ids are not repeated."""
    root = feed(client, address("/search.atom", q=q))
    assert root.tag == f"{ATOM}feed"
    assert root.findall(f"{ATOM}author/{ATOM}name")
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for element in (root, *entries):
        for tag in ("title", "id", "updated"):
            assert len(texts(element, tag)) == 1
            assert texts(element, tag)[0]
        assert RFC_3339.fullmatch(texts(element, "updated")[0])
        assert texts(element, "id")[0].startswith("http://")
        links = {link.get("rel"): str(link.get("href")) for link in element.findall(f"{ATOM}link")}
        assert client.get(links["alternate"], follow_redirects=True).status_code == 200
    ids = [texts(entry, "id")[0] for entry in entries]
    assert len(set(ids)) == len(ids)
    assert len(ids) == min(50, len(walk(client, q)))


def test_a_feed_has_the_fifty_newest_whatever_was_asked_for(tmp_path: Path) -> None:
    """Newest first; page, length and order of the search do not matter, its words and filters do."""
    archive(tmp_path, *({"body": "职工大会", "date": f"{1940 + i}-01-01"} for i in range(70)), "路灯")
    root = feed(a_client(tmp_path), "/search.atom?q=职工&sort=oldest&page=3&per_page=7&to=2008")
    updated = [texts(entry, "updated")[0] for entry in root.findall(f"{ATOM}entry")]
    assert updated == [f"{year}-01-01T00:00:00Z" for year in range(2008, 1958, -1)]


def test_a_feed_has_no_partial_matches(tmp_path: Path) -> None:
    """Who subscribes to a search is told of what truly matches."""
    archive(tmp_path, "茶厂今天开秤收茶", "茶厂的路灯亮了")
    root = feed(a_client(tmp_path), "/search.atom?q=茶厂 路灯")
    assert len(root.findall(f"{ATOM}entry")) == 1


def test_a_feed_takes_any_text(tmp_path: Path) -> None:
    """Characters that XML does not know are left out, markup stays text."""
    archive(tmp_path, {"title": "工会\x00\x0b<b>&\ufffe", "body": "工会\x1f]]>", "section": "\x08要闻", "id": "\x01"})
    root = feed(a_client(tmp_path), "/search.atom?q=工会%01%0b<b>%26")
    assert texts(root, "title")[0].startswith("工会<b>&")
    (entry,) = root.findall(f"{ATOM}entry")
    assert texts(entry, "title")[0].split()[:2] == ["工会", "<b>&"]


# --------------------------------------------------------------------------------- pages


def test_the_results_page_leads_to_its_exports(client: FlaskClient) -> None:
    """The feed is announced, and all three are linked, for the very search."""
    page = Page(client.get(address("/search", q="职工", kind="news", page=2, sort="newest")).text)
    feed_link = page.one("link", rel="alternate").attributes
    assert feed_link["type"] == "application/atom+xml"
    exports = [link for link in page.links() if link.startswith("/search.")]
    assert feed_link["href"] in exports
    assert len(exports) == 3
    total = int(re.findall(r"\d+", page.one("p", role="status").text)[0])
    assert len(rows(client.get(exports[0]).text)) == total


@pytest.mark.parametrize("path", ["/search.csv", "/search.ris", "/search.atom"])
def test_an_export_that_cannot_be_made_is_a_problem(client: FlaskClient, path: str, tmp_path: Path) -> None:
    """A wrong query or parameter is told before anything is sent, and so is a missing index."""
    for parameters in ("q=标题:", "colour=red", "page=0"):
        problem = assert_problem(client.get(f"{path}?{parameters}", headers={"Accept": "application/json"}), 400)
        same_problem(client.get(f"{path}?{parameters}"), problem)
    assert create_app(Settings(index=tmp_path)).test_client().get(path).status_code == 503
    assert client.head(f"{path}?q=职工").data == b""
    tag = client.get(f"{path}?q=职工", buffered=True).headers["ETag"]
    assert client.get(f"{path}?q=职工", headers={"If-None-Match": tag}).status_code == 304
