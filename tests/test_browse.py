"""Leafing through the archive on the web: calendar, issues, pages, sections, people, trends, coverage."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from answers import Page, address, assert_problem, same_problem
from archive import archive, indexed
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from strategies import names, valid_text

from web import create_app
from web.settings import Settings

PAPER = "琅川工人报"
OTHER = "三江/职工"
ARTICLES: tuple[dict[str, object], ...] = (
    {"id": "b", "newspaper": PAPER, "date": "2024-05-10", "page_no": "1", "section": "要闻", "title": "茶厂开秤",
     "issue_no": "88", "body": "工会组织劳动竞赛。", "bylines": [{"role": "记者", "name": "曾小满"}]},
    {"id": "a", "newspaper": PAPER, "date": "2024-05-10", "page_no": "1", "section": "要闻", "title": "渡口修船",
     "body": "船工到了。", "bylines": [{"role": "摄影", "name": "曾小满"}, {"role": "通讯员", "name": "安红"}]},
    {"newspaper": PAPER, "date": "2024-05-10", "page_no": "1", "body": "报头文字", "kind": "page"},
    {"newspaper": PAPER, "date": "2024-05-10", "page_no": "3", "section": "副刊", "body": "没有标题的一篇散文。",
     "kind": "essay", "bylines": [{"role": "作者", "name": "安红"}]},
    {"newspaper": PAPER, "date": "2024-05-17", "page_no": "1", "title": "比武开赛", "body": "劳动竞赛。"},
    {"newspaper": OTHER, "date": "2024-05-10", "page_no": "A2", "title": "另一种报", "body": "劳动竞赛。"},
    {"newspaper": OTHER, "date": "2022-12-31", "page_no": "A2", "title": "旧闻", "body": "高温慰问。"},
    {"newspaper": OTHER, "issue_no": "7", "title": "没有日期的一篇", "body": "甲"},
    {"title": "什么都没有的一篇", "body": "乙"},
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Somebody who leafs through an archive of two newspapers."""
    directory = tmp_path_factory.mktemp("browse")
    archive(directory, *ARTICLES)
    return create_app(Settings(index=directory / "index")).test_client()


def read(client: FlaskClient, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200, path
    return Page(response.text)


def follow(client: FlaskClient, page: Page, text: str) -> Page:
    """The page that the first link with a text leads to."""
    return read(client, next(link.attributes["href"] for link in page.all("a") if text in link.text))


def cells(page: Page) -> list[list[str]]:
    """The texts of all table cells, row by row."""
    rows: list[list[str]] = []
    for element in page.elements:
        if element.tag == "tr":
            rows.append([])
        elif element.tag in {"td", "th"}:
            rows[-1].append(element.text.strip())
    return rows


def headings(page: Page) -> list[str]:
    return [element.text.strip() for element in page.elements if element.tag in {"h1", "h2", "h3"}]


# -------------------------------------------------------------------------------- calendar


def test_the_calendar_shows_the_newest_year_with_a_link_for_each_day_of_issue(reader: FlaskClient) -> None:
    """A day with one issue leads to it, a day with several to all of them; each says which newspapers."""
    page = read(reader, "/calendar")
    assert page.one("h1").text == "2024年"
    days = {link.attributes["aria-label"]: link.attributes["href"] for link in page.all("a")
            if link.attributes.get("aria-label", "").startswith("2024年5月")}
    assert sorted(days) == [f"2024年5月10日：{OTHER}、{PAPER}", f"2024年5月17日：{PAPER}"]
    assert len(page.all("table", class_="month")) == 12
    assert read(reader, days[f"2024年5月17日：{PAPER}"]).one("h1").text.split() == [PAPER, "2024年5月17日"]
    several = read(reader, days[f"2024年5月10日：{OTHER}、{PAPER}"])
    assert several.one("h1").text == "2024年5月10日"
    assert len(several.all("article")) == 2


def test_years_and_months_lead_to_those_before_and_after_that_have_issues(reader: FlaskClient) -> None:
    """Over a year in which nothing is held."""
    year = read(reader, "/calendar/2024")
    assert year.one("a", rel="prev").attributes["href"] == "/calendar/2022"
    assert not year.all("a", rel="next")
    month = follow(reader, year, "5月")
    assert month.one("h1").text == "2024年5月"
    assert month.one("a", rel="prev").attributes["href"] == "/calendar/2022-12"
    titles = ("茶厂开秤", "比武开赛", "另一种报")
    assert all(title in month.one("main").text for title in titles)


def test_the_calendar_can_be_that_of_one_newspaper(reader: FlaskClient) -> None:
    """Its links keep to it."""
    page = follow(reader, read(reader, "/calendar"), OTHER)
    assert page.one("h1").text == "2024年"
    assert "收录 1 期" in page.one("main").text
    older = read(reader, page.one("a", rel="prev").attributes["href"])
    assert older.one("h1").text == "2022年"
    month = follow(reader, older, "12月")
    assert PAPER not in month.one("ol").text


def test_issues_without_a_date_are_listed_apart(reader: FlaskClient) -> None:
    """By number where they have one."""
    page = follow(reader, read(reader, "/calendar"), "没有日期的")
    listed = page.one("ol", class_="results").text
    assert f"{OTHER} 第7期" in listed
    assert "报纸不明 日期不明" in listed
    assert "没有日期的一篇" in follow(reader, page, "第7期").one("main").text
    assert "什么都没有的一篇" in follow(reader, page, "报纸不明").one("main").text


@pytest.mark.parametrize(
    "path",
    ["/calendar/2023", "/calendar/2024-06", "/calendar/2024-05-11", "/calendar/2024-13", "/calendar/x", "/calendar/202",
     "/calendar/2024-05-10-01", "/issues/琅川工人报/2024-05-11", "/issues/无此报/2024-05-10", "/issues/-/x",
     "/issues/琅川工人报/2024-05-10/2", "/issues/琅川工人报/2024-05-10/-", "/people/无此人", "/sections/无此版",
     "/people/-", "/sections?page=2", "/people/安红?page=9", "/sitemap-0.xml", "/sitemap-2.xml"],
)
def test_what_is_not_held_is_not_found(reader: FlaskClient, path: str) -> None:
    """404 with a sentence, on the page as in the problem document."""
    problem = assert_problem(reader.get(path, headers={"Accept": "application/json"}), 404, type="/problems/not-held")
    same_problem(reader.get(path), problem)


@pytest.mark.parametrize(
    ("path", "param"),
    [("/calendar?year=2024", "year"), ("/calendar/2024?page=0", "page"), ("/people?sort=age", "sort"),
     ("/people?letter=AB", "letter"), ("/sections?q=x", "q"), ("/people/安红?sort=newest", "sort"),
     ("/trends?by=day", "by"), ("/trends?show=all", "show"), ("/trends?from=x", "from"), ("/coverage?x=1", "x"),
     ("/trends?" + "&".join(f"q={n}" for n in range(11)), "q"), ("/issues/琅川工人报/2024-05-10/1?page=x", "page")],
)
def test_wrong_parameters_are_refused(reader: FlaskClient, path: str, param: str) -> None:
    """400 names the parameter."""
    assert_problem(reader.get(path, headers={"Accept": "application/json"}), 400, param=param)


# -------------------------------------------------------------------------------- issues


def test_an_issue_shows_its_pages_with_the_titles_on_them(reader: FlaskClient) -> None:
    """In order; furniture is no title; each title leads to its article."""
    page = read(reader, f"/issues/{PAPER}/2024-05-10")
    assert headings(page)[1:] == ["第1版 要闻 2 篇", "第3版 副刊 1 篇"]
    assert [item.text.strip() for item in page.all("li")] == ["茶厂开秤", "渡口修船", "没有标题的一篇散文。 副刊"]
    assert "第88期" in page.one("main").text
    assert "茶厂开秤" in follow(reader, page, "茶厂开秤").one("h1").text


def test_the_endpoint_names_the_page_of_each_issue(reader: FlaskClient) -> None:
    """Whatever characters the newspaper's name has, and where it is not known."""
    for issue in reader.get("/api/v1/issues").json["issues"]:
        page = read(reader, issue["url"])
        assert (issue["newspaper"] or "报纸不明") in page.one("h1").text
        assert f"{issue['articles']} 篇" in page.one("main").text


def test_issues_and_pages_lead_to_their_neighbours(reader: FlaskClient) -> None:
    """An issue to those of the same newspaper, a page to those of the same issue."""
    issue = read(reader, f"/issues/{PAPER}/2024-05-10")
    assert not issue.all("a", rel="prev")
    after = read(reader, issue.one("a", rel="next").attributes["href"])
    assert after.one("h1").text.split() == [PAPER, "2024年5月17日"]
    assert after.one("a", rel="prev").attributes["href"] == f"/issues/{quote(PAPER)}/2024-05-10"
    first = follow(reader, issue, "第1版")
    second = follow(reader, first, "下一版")
    assert second.one("h1").text == "第3版 副刊"
    assert follow(reader, second, "上一版").one("h1").text == "第1版 要闻"


def test_a_page_shows_its_articles_in_printed_order(reader: FlaskClient) -> None:
    """With their people; what belongs to no article stands below."""
    page = read(reader, f"/issues/{PAPER}/2024-05-10/01")
    main = page.one("main").text
    places = [main.index(text) for text in ("茶厂开秤", "曾小满", "渡口修船", "版面上的其他文字", "报头文字")]
    assert places == sorted(places)
    assert len(page.all("article")) == 2
    search = read(reader, next(link for link in page.links() if link.startswith("/search?")))
    assert "找到 3 篇" in search.one("p", role="status").text


def test_long_pages_are_shown_in_parts(tmp_path: Path) -> None:
    """Every article of a page can be reached, and its issue shows the first of them only."""
    archive(tmp_path, *({"date": "2024-05-10", "title": f"题{n:03}", "body": "文"} for n in range(120)))
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    issue = read(client, "/issues/-/2024-05-10")
    assert "题011" in issue.one("main").text
    assert "题012" not in issue.one("main").text
    path: str | None = "/issues/-/2024-05-10/-"
    seen: list[str] = []
    while path:
        page = read(client, path)
        seen += re.findall("题[0-9]{3}", page.one("ol", class_="results").text)
        path = next((link.attributes["href"] for link in page.all("a", rel="next")), None)
    assert seen == [f"题{n:03}" for n in range(120)]


# -------------------------------------------------------------------------------- sections and people


def test_sections_and_people_are_indexed(reader: FlaskClient) -> None:
    """Those of most articles first, or in the order of pinyin, or those of a letter."""
    assert [item.text for item in read(reader, "/people").all("li")] == ["安红 2", "曾小满 2"]
    assert [item.text for item in read(reader, "/sections").all("li")] == ["要闻 2", "副刊 1"]
    ordered = read(reader, "/sections?sort=name")
    assert headings(ordered) == ["版名", "F", "Y"]
    assert [item.text for item in read(reader, "/people?letter=Z").all("li")] == ["曾小满 2"]
    assert [link.text for link in read(reader, "/people").all("a") if len(link.text) == 1] == ["A", "Z"]


def test_a_person_has_all_articles_whatever_the_role(reader: FlaskClient) -> None:
    """With the number in each role, which its search finds; and whom else they name."""
    page = follow(reader, read(reader, "/people"), "安红")
    assert page.one("h1").text == "安红"
    assert len(page.all("article")) == 2
    assert "通讯员 1" in page.one("ul", class_="chips").text
    assert "作者等 1" in page.one("ul", class_="chips").text
    assert "曾小满 1" in page.one("aside").text
    found = follow(reader, page, "2 篇")
    assert "找到 2 篇" in found.one("p", role="status").text
    feed = page.one("link", rel="alternate").attributes["href"]
    assert reader.get(feed).text.count("<entry>") == 2


def test_every_number_on_the_page_of_a_name_is_that_of_its_search(client: FlaskClient) -> None:
    """In the sample: people and sections, and what else their articles have."""
    for index in ("/people", "/sections"):
        listed = [link for link in read(client, index).all("a") if link.attributes["href"].startswith(f"{index}/")]
        assert len(listed) > 3
        for entry in listed[:4]:
            page = read(client, entry.attributes["href"])
            assert page.one("h1").text == entry.text.rsplit(" ", 1)[0]
            for link in page.all("a"):
                if link.attributes["href"].startswith("/search?") and (number := re.search(r" (\d+)$", link.text)):
                    found = read(client, link.attributes["href"]).one("p", role="status").text
                    assert f"找到 {number[1]} 篇" in found, link.attributes["href"]


@given(name=names | valid_text)
def test_any_name_is_one_part_of_an_address(app: Flask, name: str) -> None:
    """Slashes, dots, hyphens and percent signs included: the address leads to the page of that very name."""
    with app.test_request_context():
        url = app.url_for("names.person", name=name)
    assert url.count("/") == 2
    assert url not in {"/people/.", "/people/.."}
    assert app.url_map.bind("localhost").match(unquote(url)) == ("names.person", {"name": name})


# -------------------------------------------------------------------------------- trends


def test_the_trends_page_compares_queries(reader: FlaskClient) -> None:
    """A column of the table for each, the newest year first; a number leads to as many articles."""
    page = read(reader, "/trends?q=劳动竞赛&q=&q=高温&by=year")
    assert cells(page) == [
        ["年份", "劳动竞赛", "高温"], ["2024年", "3 50.0%", "0 0.0%"], ["2022年", "0 0.0%", "1 100.0%"],
    ]
    fields = [field.attributes["value"] for field in page.all("input", name="q", type="search")]
    assert fields == ["", "劳动竞赛", "高温", ""], "the search box, and the form"
    points = [link for link in page.all("a") if link.text == "3"]
    assert "找到 3 篇" in read(reader, points[0].attributes["href"]).one("p", role="status").text
    assert page.all("meta", name="robots")
    data = reader.get(next(link for link in page.links() if link.startswith("/api/")))
    assert [trend["q"] for trend in data.json["trends"]] == ["劳动竞赛", "高温"]


def test_each_point_of_the_chart_leads_to_its_articles(reader: FlaskClient) -> None:
    """And says in words how many they are, and what share."""
    page = read(reader, "/trends?q=劳动竞赛&by=year")
    points = [element for element in page.all("a") if "，" in element.text and "篇" in element.text]
    assert [point.text for point in points] == ["劳动竞赛，2022年：0 篇，占 0.0%", "劳动竞赛，2024年：3 篇，占 50.0%"]
    for point, count in zip(points, (0, 3), strict=True):
        assert f"找到 {count} 篇" in read(reader, point.attributes["href"]).one("p", role="status").text


def test_without_a_query_all_articles_are_shown(reader: FlaskClient) -> None:
    """The periods fit the years that are held, unless they are chosen; conditions are kept."""
    assert "2024年5月" in read(reader, "/trends").one("table", class_="numbers").text
    page = read(reader, address("/trends", newspaper=OTHER, by="year"))
    assert cells(page)[1:] == [["2024年", "1"], ["2022年", "1"]]
    assert page.one("input", type="hidden", name="newspaper").attributes["value"] == OTHER
    assert not page.all("meta", name="robots")


def test_too_many_months_are_shown_as_years(tmp_path: Path) -> None:
    """And it is said so."""
    archive(tmp_path, {"date": "1950-01-01", "body": "会"}, {"date": "2024-01-01", "body": "会"})
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    page = read(client, "/trends?q=会&by=month")
    assert "月份太多" in page.one("main").text
    assert [row[0] for row in cells(page)] == ["年份", "2024年", "1950年"]
    assert "月份太多" not in read(client, "/trends?q=会&by=month&from=2020").one("main").text


# -------------------------------------------------------------------------------- coverage


def test_coverage_says_what_is_held_and_what_is_wrong(tmp_path: Path) -> None:
    """Issues by month, gaps against the newspaper's rhythm, files without date, and those that could not be read."""
    pages = tmp_path / "pages"
    pages.mkdir()
    days = [f"2024-{month:02}-01" for month in range(1, 13) if month != 8]
    lines = "\n".join(f'{{"newspaper": "{PAPER}", "date": "{day}", "page_no": "1", "body": "会"}}' for day in days)
    (pages / "a.jsonl").write_text(lines, "utf-8")
    (pages / "b.jsonl").write_text('{"body": "没有日期"}', "utf-8")
    (pages / "empty.md").write_text("", "utf-8")
    indexed(tmp_path, pages)
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    while (response := client.get("/coverage")).status_code == 202:
        assert "正在统计" in response.text
        assert "ETag" not in response.headers
    page = Page(response.text)
    main = page.one("main").text
    assert "11 期，2024年1月1日 至 2024年12月1日" in main
    assert "2024年7月1日 与 2024年9月1日 之间缺 1 期" in main
    assert "empty.md" in main
    assert "b.jsonl" in main
    assert f"/calendar/2024-05?newspaper={quote(PAPER)}" in page.links()


# -------------------------------------------------------------------------------- all of them


def test_one_can_get_everywhere_by_links_alone(reader: FlaskClient) -> None:
    """From the home page to every article, and no link leads nowhere."""
    seen: set[str] = set()
    left = ["/"]
    while left:
        path = left.pop()
        if path in seen or path.startswith(("/search", "/api", "/trends?")) or "lang=" in path:
            continue
        seen.add(path)
        response = reader.get(path)
        assert response.status_code in {200, 202}, path
        left += [link for link in Page(response.text).links() if not link.startswith("#")]
    articles = {unquote(path) for path in seen if path.startswith("/articles/")}
    assert len(articles) == len(ARTICLES)
    assert {urlsplit(path).path.split("/")[1] for path in seen} >= {"calendar", "issues", "people", "sections"}


def test_every_page_is_remembered_by_its_tag(reader: FlaskClient) -> None:
    """Asked again, nothing is sent."""
    for path in ("/", "/calendar", "/calendar/2024-05", f"/issues/{PAPER}/2024-05-10", "/people", "/people/安红",
                 "/sections", "/trends?q=劳动竞赛", "/sitemap.xml", "/opensearch.xml"):
        tag = reader.get(path).headers["ETag"]
        assert reader.get(path, headers={"If-None-Match": tag}).status_code == 304, path
