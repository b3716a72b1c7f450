"""The web pages: what readers see, what a screen reader is told, and that no text ever becomes markup."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from answers import Page, address
from archive import archive, indexed
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from strategies import valid_text

from index.model import Article
from search.model import SearchRequest
from web import citation, create_app
from web.links import SearchLinks
from web.pages import views
from web.pages.comparison import compared
from web.settings import Settings

PLACE = re.compile("/(issues|sections|people|articles)/")
ARTICLE = re.compile(r"/articles/[^/?]+(\?|$)")
EVIL = "<script>alert(1)</script>\"><img src=x onerror='alert(2)'>&amp;<b>&#60;"
LINK = "javascript:alert(3)"
TAGS = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "form", "label", "input", "button", "main", "div",
    "section", "article", "h1", "h2", "p", "strong", "ol", "ul", "li", "span", "time", "mark", "nav", "aside",
    "details", "summary", "pre", "footer", "table", "thead", "tbody", "tr", "th", "td", "script",
    "svg", "rect", "dl", "dt", "dd", "q", "del", "ins", "h3", "code", "img",
    "i", "g", "line", "circle", "text", "figure", "figcaption", "select", "option",
}


def read(client: FlaskClient, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    return Page(response.text)


def an_article(client: FlaskClient) -> str:
    """The address of an article of the sample."""
    return next(link for link in read(client, address("/search", q="劳动竞赛")).links() if ARTICLE.match(link))


def paths(client: FlaskClient) -> dict[str, str]:
    """One address of each page, with what its title must begin with."""
    return {
        "/": "报纸检索",
        "/help": "查询方法",
        "/api/v1/": "程序接口",
        address("/search", q="职工"): "职工 – ",
        address("/search", q="职工", page=2): "职工 – 第 2 页 – ",
        "/search?kind=photo": "全部文章 – ",
        an_article(client): "",
        "/calendar": "2024年 – 日历 – ",
        "/calendar/2024-05": "2024年5月 – 日历 – ",
        next(link for link in read(client, "/calendar/2024-05").links() if link.startswith("/issues/")): "",
        next(link for link in read(client, "/").links() if re.match("/issues/.+/.+/", link)): "",
        "/people": "人物 – ",
        "/sections?sort=name": "版名 – ",
        next(link for link in read(client, "/people").links() if link.startswith("/people/")): "",
        next(link for link in read(client, "/sections").links() if link.startswith("/sections/")): "",
        "/trends": "全部文章 – 趋势 – ",
        "/trends?q=职工&q=工会": "职工、工会 – 趋势 – ",
        address("/search", q="标题:"): "这个查询读不懂 – ",
        "/nothing": "没有找到 – ",
    }


def test_every_page_has_language_title_landmarks_and_one_heading(client: FlaskClient) -> None:
    """What assistive software needs to announce a page and to move about in it."""
    for path, title in paths(client).items():
        page = Page(client.get(path).text)
        assert page.one("html").attributes["lang"] == "zh-CN"
        assert page.all("title")[0].text.startswith(title)
        assert page.all("title")[0].text.endswith("报纸检索")
        assert len(page.all("main")) == len(page.all("form", role="search")) == len(page.all("footer")) == 1
        assert len(page.all("h1")) == 1, path
        assert page.one("a", class_="skip").attributes["href"] == f"#{page.one('main').attributes['id']}"
        names = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
        assert len(names) == len(set(names))


def test_every_page_has_a_labelled_box_that_keeps_the_query(client: FlaskClient) -> None:
    """The box is sent by GET and shows what was searched, on the results, the article and an error."""
    for path in paths(client):
        page = Page(client.get(path).text)
        box = page.one("input", id="q")
        assert box.attributes["name"] == "q"
        assert page.one("label", for_=box.attributes["id"]).text
        form = page.one("form", role="search").attributes
        assert (form["action"], form["method"]) == ("/search", "get")
    for path in ("/search", an_article(client)):
        page = Page(client.get(address(path.partition("?")[0], q='"职工" -文艺')).text)
        assert page.one("input", name="q").attributes["value"] == '"职工" -文艺'


def test_the_number_of_results_is_a_status(client: FlaskClient) -> None:
    """A screen reader hears how many there are, not the whole list."""
    page = read(client, address("/search", q="职工"))
    total = client.get(address("/api/v1/search", q="职工")).json["total"]
    assert f"找到 {total} 篇" in page.one("p", role="status").text
    assert not [element for element in page.elements if "aria-live" in element.attributes]


def test_results_are_a_list_of_articles_with_times_and_marks(client: FlaskClient) -> None:
    """Each result is an article with a heading that links; the page lists what the endpoint answers."""
    answer = client.get(address("/api/v1/search", q="职工", page=2)).json
    page = read(client, address("/search", q="职工", page=2))
    assert page.one("ol", class_="results").attributes["start"] == "11"
    assert len(page.all("li")) >= len(page.all("article")) == 10
    assert [link.partition("?")[0] for link in page.links() if ARTICLE.match(link)] == [
        result["url"] for result in answer["results"]
    ]
    assert [time.attributes["datetime"] for time in page.all("time")] == [
        result["date"] for result in answer["results"]
    ]
    assert {mark.text for mark in page.all("mark")} == {"职工"}


def test_an_article_shows_all_of_it_with_the_query_marked(client: FlaskClient) -> None:
    """Title, bylines, every paragraph; the words one came for are marked."""
    result = client.get(address("/api/v1/search", q="劳动竞赛")).json["results"][0]
    article = client.get(result["api_url"]).json
    page = read(client, address(result["url"], q="劳动竞赛"))
    main = page.one("main")
    assert article["title"] in main.text
    assert all(line in main.text for line in article["body"].split("\n"))
    assert all(byline["name"] in main.text for byline in article["bylines"])
    assert {mark.text for mark in page.all("mark")} == {"劳动竞赛"}
    assert not read(client, result["url"]).all("mark")
    assert not read(client, address(result["url"], q="标题:")).all("mark")


def test_every_address_on_the_pages_leads_somewhere(client: FlaskClient) -> None:
    """Whatever is linked on home, help, results and article answers 200, and stays on this host."""
    links = {link for path in paths(client) for link in Page(client.get(path).text).links()}
    assert len(links) > 60
    for link in (link for link in links if not link.startswith("#")):
        assert link.startswith("/")
        assert not link.startswith("//")
        assert client.get(link, follow_redirects=True).status_code == 200, link


def test_facets_on_the_page_find_as_many_as_they_say(client: FlaskClient) -> None:
    """The number beside a value is the number of results behind it."""
    page = read(client, address("/search", q="职工"))
    facets = [element for element in page.elements if element.tag == "a" and re.search(r" \d+$", element.text)]
    assert len(facets) > 10
    for facet in facets:
        count = facet.text.rsplit(" ", 1)[1]
        assert f"找到 {count} 篇" in read(client, facet.attributes["href"]).one("p", role="status").text


def test_a_condition_can_be_chosen_and_taken_back(client: FlaskClient) -> None:
    """Chosen conditions stand as links that remove them, one by one."""
    plain = read(client, address("/search", q="职工"))
    narrowed = read(client, address("/search", q="职工", kind="photo", section="要闻") + "&from=2024-05")
    chips = narrowed.one("ul", class_="chips")
    assert "类型：图片" in chips.text
    assert "版名：要闻" in chips.text
    assert "日期：2024-05-01" in chips.text
    removing = [link for link in narrowed.links() if "去掉" in link_text(narrowed, link)]
    assert len(removing) == 3
    assert not plain.all("ul", class_="chips")


def link_text(page: Page, link: str) -> str:
    return next(element.text for element in page.all("a") if element.attributes["href"] == link)


def named(page: Page, text: str) -> str:
    """Where the link with a text leads."""
    return next(element.attributes["href"] for element in page.all("a") if element.text == text)


def test_added_synonyms_are_told_and_can_be_left_out(client: FlaskClient) -> None:
    """What was searched beside the words stands above the results, with a link to the exact search."""
    page = read(client, address("/search", q="劳模"))
    assert "劳模（劳动模范）" in page.one("main").text
    exact = read(client, next(link for link in page.links() if "只搜原词" in link_text(page, link)))
    assert "劳动模范）" not in exact.one("main").text
    assert "只搜原词" in exact.one("ul", class_="chips").text
    assert address("/search", q="劳模") in exact.links()


def test_a_date_in_the_query_is_told_and_can_be_taken_for_text(client: FlaskClient) -> None:
    """The note quotes the date as it was written; its link searches for these characters only."""
    page = read(client, address("/search", q="工会 2024年5月10日"))
    assert "“2024年5月10日”当作日期" in page.one("main").text
    text = named(page, "只当文字")
    assert text == address("/search", q='工会 "2024年5月10日"').replace("%20", "+")
    assert "当作日期" not in read(client, text).one("main").text
    assert "当作日期" not in read(client, address("/search", q="日期:2024-05-10 工会")).one("main").text


def test_partial_matches_can_be_left_out(client: FlaskClient) -> None:
    """Where articles with some of the words follow, a link leaves only those with all; a chip takes that back."""
    page = read(client, address("/search", q="职工 培训"))
    assert "只含部分词语" in page.one("p", role="status").text
    strict = read(client, named(page, "只看含全部词语的"))
    assert len(strict.all("article")) == 2
    assert "部分" not in strict.one("ol", class_="results").text
    assert address("/search", q="职工 培训").replace("%20", "+") in strict.links()
    assert client.get(address("/api/v1/search", q="职工 培训", relax=0)).json["reachable"] == 2


def test_what_was_understood_is_shown_where_it_differs(client: FlaskClient) -> None:
    """A query that is read as another than was typed stands there in plain form; others are not repeated."""
    assert read(client, address("/search", q="职工　AND（培训）")).one("q").text == "职工 培训"
    assert not read(client, address("/search", q="职工 培训")).all("q")


def test_an_empty_result_tells_which_condition_is_to_blame(client: FlaskClient) -> None:
    """Each condition without which something is found stands there with the number of articles, as a link."""
    page = read(client, address("/search", q="劳动竞赛", section="没有这个版", kind="news"))
    blamed = named(page, "不限版名")
    assert "section" not in blamed
    assert "kind=news" in blamed
    assert read(client, blamed).all("article")
    assert not [link for link in page.all("a") if link.text == "不限类型"]


def test_pages_and_their_size_are_links(client: FlaskClient) -> None:
    """The first, the last and the neighbouring pages, previous and next; 10 to 100 results on a page."""
    page = read(client, "/search?per_page=10&sort=newest&page=2")
    names = [link.text for link in page.all("a")]
    assert [number.text for number in page.all("a", class_="page")][:3] == ["1", "2", "3"]
    assert {"上一页", "下一页", "20", "50", "100"} <= set(names)
    more = named(page, "50")
    assert more == "/search?sort=newest&per_page=50"
    assert len(read(client, more).all("article")) > 10


def test_of_many_pages_some_are_left_out() -> None:
    """The number of links does not grow with the archive."""
    numbers = SearchLinks(SearchRequest(result_page=50), "/search").numbers(10_000)
    assert numbers == [1, None, 48, 49, 50, 51, 52, None, 1000]
    assert SearchLinks(SearchRequest(), "/search").numbers(25) == [1, 2, 3]


def test_what_may_have_been_meant_is_offered(tmp_path: Path) -> None:
    """Where nothing matches, a link leads to a query that finds something under the same conditions."""
    archive(tmp_path, {"body": "劳模宣讲团走进车间。", "kind": "brief"}, {"body": "工会换届，劳模当选。"})
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    page = read(client, address("/search", q="老模", kind="brief"))
    assert page.one("p", class_="meant").text == "您要找的是不是：劳模"
    assert "找到 1 篇" in read(client, address("/search", q="劳模", kind="brief")).one("p", role="status").text
    assert address("/search", q="劳模", kind="brief") in page.links()
    assert not read(client, address("/search", q="劳模")).all("p", class_="meant")


def test_the_chart_leads_to_each_month(tmp_path: Path) -> None:
    """Each bar says how many results its month has, and finds as many; one month alone has no chart."""
    dates = ["2023-11-02", "2023-11-09", "2024-02-01", "2024-02-02", "2024-02-03"]
    archive(tmp_path, *({"body": "工会", "date": date} for date in dates), {"body": "工会"})
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    page = read(client, "/search?q=工会")
    found = [element.attributes for element in page.all("a") if "aria-label" in element.attributes]
    assert [bar["aria-label"] for bar in found] == ["2023年11月：2 篇", "2024年2月：3 篇"]
    for bar, count in zip(found, (2, 3), strict=True):
        chosen = read(client, bar["href"])
        assert f"找到 {count} 篇" in chosen.one("p", role="status").text
        assert not chosen.all("svg")


def test_an_article_leads_to_others_about_the_same(client: FlaskClient) -> None:
    """Five at most, none of them itself, as the endpoint lists them."""
    result = client.get(address("/api/v1/search", q="劳动竞赛")).json["results"][0]
    page = read(client, result["url"])
    similar = client.get(result["api_url"] + "/similar").json["results"]
    assert 0 < len(similar) <= 5
    links = [link for link in page.links() if ARTICLE.match(link)]
    assert links[-len(similar) :] == [other["url"] for other in similar]


def test_an_article_says_how_to_cite_it(client: FlaskClient) -> None:
    """In words on the page, and for programs in its head."""
    result = client.get(address("/api/v1/search", q="劳动竞赛")).json["results"][0]
    page = read(client, address(result["url"], q="劳动竞赛"))
    national, plain, bibtex, ris, permalink = (element.text for element in page.all("pre", class_="citation"))
    for text in (national, plain, bibtex, ris):
        assert result["title"] in text
    assert f"{result['title']}[N]. {result['newspaper']}, {result['date']}(" in national
    assert f"《{result['title']}》，《{result['newspaper']}》2024年" in plain
    assert bibtex.startswith(f"@article{{{result['id']},\n  title = {{{result['title']}}},\n")
    assert ris == client.get(address("/search.ris", q=f'标题:"{result["title"]}"')).text.strip().replace("\r\n", "\n")
    assert permalink == f"http://localhost{result['url']}"
    described = json.loads(page.one("script", type="application/ld+json").text)
    assert (described["headline"], described["datePublished"]) == (result["title"], result["date"])
    tags = {tag.attributes["name"]: tag.attributes["content"] for tag in page.all("meta") if "name" in tag.attributes}
    assert tags["citation_title"] == result["title"]
    assert tags["citation_publication_date"] == result["date"].replace("-", "/")
    assert page.one("link", rel="canonical").attributes["href"] == result["url"]


def test_marks_are_places_to_go_to(client: FlaskClient) -> None:
    """They are numbered through title and text; from each, links lead to the one before and after, round and round."""
    result = client.get(address("/api/v1/search", q="职工")).json["results"][0]
    page = read(client, address(result["url"], q="职工"))
    marks = [mark.attributes["id"] for mark in page.all("mark")]
    assert marks == [f"hit-{n}" for n in range(1, len(marks) + 1)]
    assert len(marks) > 2
    assert f"标出了 {len(marks)} 处" in page.one("p", class_="hits").text
    before, after = ([a.attributes["href"][1:] for a in page.all("a", class_=name)] for name in ("before", "after"))
    assert before == marks[-1:] + marks[:-1]
    assert after == marks[1:] + marks[:1]
    assert all(a.attributes["aria-label"] for a in page.all("a", class_="hop"))


def test_an_article_has_its_neighbours_on_the_page(client: FlaskClient) -> None:
    """From the first article of a page one reads on to the last, and back, and each stands there once."""
    article = client.get(address("/api/v1/search", q="日期:2024-05-17 版次:1")).json
    there = {result["url"] for result in article["results"] if result["kind"] != "page"}
    url, seen = next(iter(there)), []
    while before := read(client, url).all("a", rel="prev"):
        url = before[0].attributes["href"]
    while True:
        seen.append(url)
        following = read(client, url).all("a", rel="next")
        if not following:
            break
        url = following[0].attributes["href"]
    assert set(seen) == there
    assert len(seen) == len(there) == article["total"] - 1


def test_what_was_printed_stands_beside_what_was_made_of_it(tmp_path: Path) -> None:
    """Both texts are whole, and what one has and the other has not is told from the rest."""
    text = "本报讯（记者 李明）市总工会昨天,把清凉\n送到了工地上的工友手里。大家都说这个\n夏天不再难熬了。"
    (tmp_path / "2024-05-01_02.md").write_text(f"# 工会送清凉\n\n{text}\n", "utf-8")
    indexed(tmp_path, tmp_path / "2024-05-01_02.md")
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    result = client.get("/api/v1/search?q=清凉").json["results"][0]
    article = client.get(result["api_url"]).json
    shown = read(client, result["url"])
    printed, repaired = (element.text for element in shown.all("pre")[:2])
    assert printed == article["printed"]
    assert repaired.endswith(article["body"])
    assert "," in "".join(element.text for element in shown.all("del"))
    assert "，" in "".join(element.text for element in shown.all("ins"))
    assert "工友手里" not in "".join(element.text for element in (*shown.all("del"), *shown.all("ins")))


@given(text=valid_text, other=valid_text)
def test_a_comparison_loses_nothing(text: str, other: str) -> None:
    """Its parts make up the text; a text compared with itself, or with itself in other lines, is the same."""
    assert "".join(part.text for part in compared(text, other)) == text
    assert not any(part.hit for part in compared(text, text))
    assert not any(part.hit for part in compared(text, "\n".join(text)))


def test_a_comparison_finds_changes_and_follows_lines_that_moved() -> None:
    """A changed character is told, lines in another order are not."""
    printed, repaired = "工会把请凉送到工地\n职工代表大会今天召开", "职工代表大会今天召开\n工会把清凉送到工地"
    assert [part.text for part in compared(printed, repaired) if part.hit] == ["请"]
    assert [part.text for part in compared(repaired, printed) if part.hit] == ["清"]


def test_a_comparison_of_long_texts_is_quick() -> None:
    """Twice the text takes about twice the time, whatever stands in it."""
    text, other = "工" * 200_000, "会" * 200_000
    started = time.process_time()
    compared(text, other)
    assert time.process_time() - started < 5


def test_a_citation_has_no_markup_of_its_own() -> None:
    """What means something to TeX is escaped, and nothing leaves its line."""
    article = Article(id="a b/{1}", source="x", body="", printed="", title="50% & #1 {x}\\input_~^\n$", newspaper="报}")
    entry = citation.bibtex(article, "http://localhost/1")
    assert r"title = {50\% \& \#1 \{x\}\textbackslash{}input\_\textasciitilde{}\textasciicircum{} \$}," in entry
    assert entry.startswith("@article{a-b-1-,\n")
    assert citation.plain(article).startswith("《50% & #1")


def test_the_scan_of_a_page_is_shown_from_the_archive_only(sample: Path, tmp_path: Path) -> None:
    """A picture or PDF beside the page file can be opened as what it is; other files cannot, nor can what is gone."""
    archive = tmp_path / "pages"
    archive.mkdir()
    for name in ("2024-05-10_01", "2024-05-10_02", "2024-05-17_01"):
        shutil.copy(sample / f"{name}.md", archive)
    (archive / "2024-05-10_01.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (archive / "2024-05-10_02.pdf").write_bytes(b"%PDF-1.4\n")
    indexed(tmp_path, archive)
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    for where, mimetype in (("2024-05-10 版次:1", "image/png"), ("2024-05-10 版次:2", "application/pdf")):
        url = client.get(address("/api/v1/search", q=f"日期:{where}")).json["results"][0]["url"]
        shown = named(read(client, url), "打开原版文件" + " · 第 1 页" * mimetype.endswith("pdf"))
        answer = client.get(shown, buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, mimetype)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "'self'" in answer.headers["Content-Security-Policy"]
        again = client.get(shown, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
        assert again.status_code == 304
    other = client.get(address("/api/v1/search", q="日期:2024-05-17")).json["results"][0]["url"]
    assert not read(client, other).all("details", class_="scan")
    assert client.get(other.replace("/articles/", "/scans/")).status_code == 404
    (archive / "2024-05-10_02.pdf").write_bytes(b"%PDF-1.7 scanned again\n")
    assert client.get(shown, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True).status_code == 200
    (archive / "2024-05-10_02.pdf").unlink()
    assert client.get(shown).status_code == 404
    assert not read(client, url).all("details", class_="scan")


def test_misread_characters_are_tolerated_on_demand_only(tmp_path: Path) -> None:
    """An empty result offers the tolerant search, whose results are labelled."""
    archive(tmp_path, "市总丁会召开会议")
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    empty = read(client, address("/search", q="总工会"))
    assert "找到 0 篇" in empty.one("p", role="status").text
    tolerant = read(client, next(link for link in empty.links() if "容忍" in link_text(empty, link)))
    assert "近似" in tolerant.one("ol", class_="results").text
    assert "容忍识别错误" in tolerant.one("ul", class_="chips").text


def test_an_article_leads_to_its_page_section_and_people(client: FlaskClient) -> None:
    """All of them lead back to it."""
    article = client.get(address("/api/v1/search", q="劳动竞赛", facets="reporter")).json["results"][0]
    leads = re.compile("/issues/.+/.+/|/sections/|/people/")
    found = [link for link in read(client, article["url"]).links() if leads.match(link)]
    for link in found[: 2 + len(article["bylines"])]:  # those of similar articles follow
        assert article["title"] in read(client, link).one("main").text, link


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    """An empty result is no dead end."""
    page = read(client, address("/search", q='"南极洲鲸鱼观察站"', kind="news"))
    assert "找到 0 篇" in page.one("p", role="status").text
    assert "没有找到" in page.one("main").text
    assert "/help" in page.links()
    assert address("/search", q='"南极洲鲸鱼观察站"') in page.links()


def test_a_page_beyond_the_last_leads_back(client: FlaskClient) -> None:
    """Whoever follows an old link finds the way to the results."""
    page = read(client, address("/search", q="职工", page=999))
    assert "没有第 999 页" in page.one("main").text
    assert address("/search", q="职工") in page.links()


def test_an_empty_search_leads_home_but_conditions_alone_are_a_search(client: FlaskClient) -> None:
    """Sending the empty box changes nothing; a section, a year or an order without words lists its articles."""
    for path in ("/search", "/search?q=", "/search?q=+"):
        assert client.get(path).location == "/"
    for path in ("/search?section=要闻", "/search?sort=newest", "/search?from=2024", "/search?q=&kind=news"):
        assert read(client, path).all("article")


def test_the_examples_of_home_and_help_can_all_be_searched(client: FlaskClient) -> None:
    """What is offered as an example is understood; those of the home page find something in the sample."""
    examples = [link for link in read(client, "/").links() if re.search(r"\?q=[^&]+$", link)]
    assert len(examples) > len(views.EXAMPLES)
    for example in examples:
        assert "找到 0 篇" not in read(client, example).one("p", role="status").text, example
    for example, _ in views.HELP:
        assert client.get("/api/v1/search", query_string={"q": example}).status_code == 200, example


def test_result_pages_are_not_for_search_engines(client: FlaskClient) -> None:
    """Results and errors are ``noindex``; home and articles may be found."""
    for path in paths(client):
        robots = Page(client.get(path).text).all("meta", name="robots")
        assert bool(robots) == (urlsplit(path).path in {"/search", "/nothing"} or path.startswith("/trends?")), path


def test_home_names_something_of_each_page_of_the_newest_issue(client: FlaskClient) -> None:
    """No page of the newest issue stands there without a title under it, the last not more than the first."""
    sections = client.get("/").text.split('<section aria-labelledby="page')[1:]
    assert len(sections) == 6
    assert all("<li><a href=\"/articles/" in section for section in sections)


def test_an_empty_archive_has_a_home_page(tmp_path: Path) -> None:
    """One article without date, title or newspaper is enough for every page."""
    archive(tmp_path, "会")
    client = create_app(Settings(index=tmp_path / "index")).test_client()
    for path in ("/", "/search?q=会", "/search?sort=oldest", "/articles/1?q=会"):
        read(client, path)


# ------------------------------------------------------------------------- safety


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of an archive whose texts are all attempts to break out into markup."""
    directory = tmp_path_factory.mktemp("hostile")
    article = {
        "id": f"1{EVIL}", "title": f"工会{EVIL}", "kicker": f"眉{EVIL}", "subtitle": f"副{EVIL}",
        "section": f"版{EVIL}", "newspaper": f"报{EVIL}", "page_no": f"4{EVIL}", "date": "2024-05-01",
        "subheads": [f"小标题{EVIL}"],
        "body": f"工会会员{EVIL}\n小标题{EVIL}\n请点击{LINK}，工会",
        "bylines": [{"role": f"记者{EVIL}", "name": f"李{EVIL}"}, {"role": "摄影", "name": LINK}],
    }
    plain = {"title": LINK, "section": LINK, "newspaper": LINK, "body": LINK + "工会", "id": LINK}
    archive(directory, article, plain)
    page = f"琅川工人报\n\n2024年5月1日 星期三 第9期\n\n# 工会{EVIL}\n\n本报讯（记者 李明）工会{EVIL}{LINK}\n"
    (directory / "page.md").write_text(page, "utf-8")
    indexed(directory, directory / "articles.jsonl", directory / "page.md")
    return create_app(Settings(index=directory / "index", site_name=f"报{EVIL}")).test_client()


def assert_harmless(html: str) -> Page:
    """Check that a page has only the elements and attributes of the templates."""
    page = Page(html)
    assert {element.tag for element in page.elements} <= TAGS
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action"):
            target = element.attributes.get(name, "/")
            assert target.startswith(("/", "#")), target
            assert not target.startswith("//")
    assert html.lower().count("<script") == len(page.all("script"))
    for script in page.all("script"):
        if script.attributes == {"type": "application/ld+json"}:
            assert json.loads(script.text)["@type"] == "NewsArticle"
        else:
            assert script.attributes == {"type": "module", "src": "/static/search.js"}
            assert not script.text
    assert "<img" not in html.lower()
    return page


def test_hostile_text_is_shown_as_text_on_every_page(hostile: FlaskClient) -> None:
    """Title, body, people, section, newspaper and the site's name are text, wherever they stand."""
    results = hostile.get("/api/v1/search?q=工会&facets=section,newspaper,page_no,reporter,photographer").json
    assert results["total"] >= 3
    article = next(result for result in results["results"] if result["title"] == f"工会{EVIL}")
    paths = ["/", "/search?q=工会", "/search?sort=newest", "/calendar", "/calendar/2024-05", "/calendar/undated"]
    paths += ["/people", "/sections?sort=name", "/trends", address("/trends", q=EVIL, section=EVIL), "/coverage"]
    for lists in ("/people", "/sections", "/calendar/2024-05", "/calendar/undated"):
        leaves = list(filter(PLACE.match, Page(hostile.get(lists).text).links()))
        paths += leaves
        paths += [link for leaf in leaves for link in Page(hostile.get(leaf).text).links() if PLACE.match(link)]
    paths += [result["url"] + "?q=工会" for result in results["results"]]
    paths += [value["url"].replace("/api/v1", "") for values in results["facets"].values() for value in values]
    assert len(paths) > 10
    for path in paths:
        assert_harmless(hostile.get(path).text)
    page = assert_harmless(hostile.get(article["url"] + "?q=工会").text)
    assert page.one("h1").text == f"工会{EVIL}"
    for text in (EVIL, f"工会会员{EVIL}", f"版{EVIL}", f"李{EVIL}", LINK):
        assert text in page.one("main").text
    assert {mark.text for mark in page.all("mark")} == {"工会"}


def test_hostile_text_is_escaped_in_the_html_of_snippets(hostile: FlaskClient) -> None:
    """The only markup in a snippet's HTML is ``<mark>``."""
    for result in hostile.get("/api/v1/search?q=工会").json["results"]:
        for snippet in result["snippets"]:
            assert not set(re.sub("</?mark>", "", snippet["html"])) & set("<>\"'")


@pytest.mark.parametrize(
    "text", [EVIL, LINK, "'\"><svg/onload=alert(1)>", "{{ 7 * 7 }}", "</title><script>", "-->", "]]>"]
)
def test_a_hostile_query_is_shown_as_text(hostile: FlaskClient, text: str) -> None:
    """In box, title, chips, messages and links; in addresses that do not exist as well."""
    for parameters in (
        {"q": text}, {"q": f'"{text}'}, {"q": f"颜色:{text}"}, {"q": "工会", "section": text},
        {"q": text, "sort": text}, {text: "1"}, {"q": "工会", "facets": text},
        {"q": "没有" + text, "reporter": text}, {"page_no": text},
    ):
        page = assert_harmless(hostile.get("/search", query_string=parameters).text)
        assert page.one("input", name="q").attributes.get("value", "") == parameters.get("q", "")
    assert_harmless(hostile.get("/articles/nothing", query_string={"q": text}).text)
    assert_harmless(hostile.get("/" + text).text)
    assert_harmless(hostile.get("/articles/" + text).text)


@given(q=valid_text)
def test_any_query_is_text_on_the_page(app: Flask, q: str) -> None:
    """Whatever is typed comes back in the box, and nowhere as markup."""
    response = app.test_client().get("/search", query_string={"q": q}, follow_redirects=True)
    page = assert_harmless(response.text)
    if q.strip():
        assert page.one("input", name="q").attributes["value"].split() == q.split()


@pytest.mark.parametrize(
    "path",
    [
        "/", "/help", "/search?q=职工", "/search", "/search?q=标题:", "/nothing", "/articles/nothing",
        "/static/style.css", "/static/nothing", "/api/v1/search?q=职工",
        "/api/v1/search?page=0", "/api/v1/nothing", "/healthz",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_has_the_safety_headers_and_no_cookie(client: FlaskClient, method: str, path: str) -> None:
    """Pages, JSON, errors, redirects and files alike."""
    headers = client.open(path, method=method, buffered=True).headers
    policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_a_broken_index_has_the_safety_headers_too(tmp_path: Path) -> None:
    """So do answers of a server that cannot search."""
    client = create_app(Settings(index=tmp_path)).test_client()
    for path in ("/", "/api/v1/search"):
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_pages_use_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    """Styles, pictures and the script are files of this server."""
    for path in paths(client):
        page = assert_harmless(client.get(path).text)
        files = [link.attributes["href"] for link in page.all("link")]
        for file in [*files, page.one("script", type="module").attributes["src"]]:
            assert client.get(file, buffered=True).status_code == 200
    style = client.get("/static/style.css", buffered=True).text
    assert "@import" not in style
    assert "url(" not in style
