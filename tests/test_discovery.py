"""How other programs find the site: the description of its search, its sitemap, and what crawlers are told."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
from archive import archive
from flask.testing import FlaskClient

from web import create_app
from web.pages import discovery
from web.settings import Settings

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
ROOT = "http://localhost/"


def locations(client: FlaskClient, path: str) -> list[str]:
    """The addresses of a sitemap, without the host, which is always this one."""
    response = client.get(path)
    assert response.content_type == "application/xml; charset=utf-8"
    found = [str(element.text) for element in ElementTree.fromstring(response.text).iter(f"{SITEMAP}loc")]
    assert all(address.startswith(ROOT) for address in found)
    return [address.removeprefix(ROOT.rstrip("/")) for address in found]


def test_browsers_learn_how_to_search_here(client: FlaskClient) -> None:
    """Every page names the description; its addresses answer a search as page, feed and JSON."""
    assert 'href="/opensearch.xml"' in client.get("/").text
    response = client.get("/opensearch.xml")
    assert response.content_type == "application/opensearchdescription+xml; charset=utf-8"
    described = ElementTree.fromstring(response.text)
    assert len(described.findtext(f"{OPENSEARCH}ShortName") or "") in range(1, 17)
    forms = {url.attrib["type"]: url.attrib["template"] for url in described.iter(f"{OPENSEARCH}Url")}
    assert forms.keys() >= {"text/html", "application/atom+xml", "application/json"}
    for form, template in forms.items():
        url = template.replace("{searchTerms}", quote("职工")).replace("{startPage?}", "1")
        answer = client.get(url.removeprefix(ROOT.rstrip("/")))
        assert (answer.status_code, answer.mimetype) == (200, form)


def test_browsers_suggest_while_a_query_is_typed(client: FlaskClient) -> None:
    """The answer is the query and the queries that the JSON endpoint suggests."""
    answer = client.get("/suggestions?q=劳")
    suggested = client.get("/api/v1/suggest?q=劳").json["suggestions"]
    assert suggested
    assert json.loads(answer.text) == ["劳", [found["q"] for found in suggested]]


def test_the_sitemap_has_every_page_worth_finding_once(client: FlaskClient) -> None:
    """Articles, issues, their pages, sections, people; all of them answer."""
    (part,) = locations(client, "/sitemap.xml")
    found = locations(client, part)
    assert len(found) == len(set(found))
    articles = [path for path in found if path.startswith("/articles/")]
    everything = client.get("/api/v1/search?facets=kind").json
    furniture = sum(value["count"] for value in everything["facets"]["kind"] if value["value"] == "page")
    assert len(articles) == everything["total"] - furniture
    assert {urlsplit(path).path.split("/")[1] for path in found} >= {"", "issues", "sections", "people", "calendar"}
    for path in [path for path in found if path not in articles] + articles[:5]:
        assert client.get(path).status_code in {200, 202}, path


def test_a_large_sitemap_comes_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is longer than allowed, and together they are the whole."""
    archive(tmp_path, *({"id": f"{n}&<", "body": "会"} for n in range(25)))
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    (whole,) = (locations(client, part) for part in locations(client, "/sitemap.xml"))
    monkeypatch.setattr(discovery, "MOST_ADDRESSES", 10)
    parts = [locations(client, part) for part in locations(client, "/sitemap.xml")]
    assert [len(part) for part in parts[:-1]] == [10] * (len(parts) - 1)
    assert 0 < len(parts[-1]) <= 10
    assert [path for part in parts for path in part] == whole
    assert sum(path.startswith("/articles/") for path in whole) == 25


def test_crawlers_are_shown_the_sitemap_and_kept_from_downloads(client: FlaskClient) -> None:
    """Result pages may be read, for they say themselves that they are not to be indexed."""
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {ROOT}sitemap.xml" in lines
    kept = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert {"/api/v1/", "/search.csv", "/search.ris", "/search.atom"} <= set(kept)
    assert not any("/search?q=x".startswith(path) or "/articles/1".startswith(path) for path in kept)


def test_a_name_with_markup_does_not_break_the_description(tmp_path: Path) -> None:
    """It is escaped, and cut to what browsers take."""
    archive(tmp_path, "会")
    app = create_app(Settings(index=tmp_path / "index", site_name="<b>&一二三四五六七八九十一二三四五六"))
    described = ElementTree.fromstring(app.test_client().get("/opensearch.xml").text)
    assert described.findtext(f"{OPENSEARCH}ShortName") == "<b>&一二三四五六七八九十一二"
