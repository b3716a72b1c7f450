"""From a messy page file to the same answer everywhere, also while the index is being made anew."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from answers import Page, address
from click.testing import CliRunner
from flask.testing import FlaskClient

from index.cluster.address import Address
from index.reindex import Store, update
from index.stores import store_at
from web import create_app
from web.cli import cli

PAGE = """\
琅川工人报

2023年9月14日　星期四　第2071期　　责编:温岭松　美编：陆一帆

2版　车间班组

# 夜班食堂添了
一口热锅

本报讯(记者 邵青禾　通讯员 钱小满)9月11 日
凌晨两点,琅川齿轮厂三号车间的灯还亮着。铣
工老霍端起一碗热汤面,哈了哈手:"以前夜班只
有冷馒头,现在食堂的灶火整夜不熄。"

今年夏天，齿轮厂工会把职工最关心的吃饭问题列入集体协
商，厂里添了两口大锅、请来三名夜班厨师。八月
以来,夜宵已经供应四千一百六
十份。

### 一张桌子两代钳工

本报讯（通讯员 温岭松）琅川水泵厂的装配台前，
师傅和徒弟共用一张桌子。徒弟练锉削，师傅练耐
心。工会给这张桌子取了个名字，叫“连心台”。

广告热线 0000-7002071
"""

SECOND = """\
琅川工人报

2023年9月21日　星期四　第2072期

3版　权益维护

# 摆渡人的救生衣换新了

本报讯(记者 邵青禾)9月18日,琅川轮渡工会
为四十二名摆渡人换发了新救生衣。
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with one messy page."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "langchuan_0914.md").write_text(PAGE, "utf-8")
    return folder


@pytest.fixture
def archive(pages: Path, place: Path | Address) -> Store:
    """The index that the command line makes of it, wherever the environment says."""
    run = CliRunner().invoke(cli, ["reindex", str(pages)])
    assert run.exit_code == 0, run.output
    return store_at(place)


@pytest.fixture
def langchuan(archive: Store) -> FlaskClient:
    assert archive.is_current()
    return create_app().test_client()


def asked(q: str) -> dict[str, Any]:
    """What the command line answers."""
    run = CliRunner().invoke(cli, ["search", q, "--json"])
    assert run.exit_code == 0, run.output
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@pytest.mark.parametrize(
    ("q", "title", "mark"),
    [
        ("集体协商", "夜班食堂", "集体协商"),  # broken by a line end
        ('"四千一百六十份"', "夜班食堂", "四千一百六十份"),
        ("热汤面", "夜班食堂", "热汤面"),
        ('"9月11日凌晨两点"', "夜班食堂", "9月11日凌晨两点"),
        ("連心臺", "一张桌子", "连心台"),  # asked in traditional characters
        ("标题:钳工", "一张桌子", "钳工"),
    ],
)
def test_endpoint_page_and_command_line_give_the_same_answer(
    langchuan: FlaskClient, q: str, title: str, mark: str
) -> None:
    """The article is found, with its words marked, by whichever door one comes in."""
    answer = langchuan.get(address("/api/v1/search", q=q)).json
    first = answer["results"][0]
    assert first["title"].startswith(title)
    parts = [*first["title_parts"], *(part for snippet in first["snippets"] for part in snippet["parts"])]
    assert {part["text"] for part in parts if part["hit"]} == {mark}

    printed = asked(q)
    assert [hit["id"] for hit in printed["results"]] == [hit["id"] for hit in answer["results"]]
    assert printed["total"] == answer["total"]
    terminal = CliRunner().invoke(cli, ["search", q], color=True).stdout
    assert f"{mark}\x1b[0m" in terminal

    page = Page(langchuan.get(address("/search", q=q)).text)
    assert f"找到 {answer['total']} 篇" in page.one("p", role="status").text
    links = [link.partition("?")[0] for link in page.links() if link.startswith("/articles/")]
    assert links == [hit["url"] for hit in answer["results"]]
    assert mark in {element.text for element in page.all("mark")}

    article = Page(langchuan.get(address(first["url"], q=q)).text)
    assert {element.text for element in article.all("mark")} == {mark}


def test_what_the_page_says_of_itself_is_known(langchuan: FlaskClient) -> None:
    """Newspaper, date, issue, page, section and people come from the messy masthead and the bylines."""
    article = langchuan.get(langchuan.get("/api/v1/search?q=热汤面").json["results"][0]["api_url"]).json
    known = {name: article[name] for name in ("newspaper", "date", "issue_no", "page_no", "section", "source")}
    assert known == {
        "newspaper": "琅川工人报", "date": "2023-09-14", "issue_no": "2071", "page_no": "2", "section": "车间班组",
        "source": "langchuan_0914.md",
    }
    assert {(byline["role"], byline["name"]) for byline in article["bylines"]} == {
        ("记者", "邵青禾"), ("通讯员", "钱小满"),
    }


def test_no_text_of_the_page_is_out_of_reach(langchuan: FlaskClient) -> None:
    """What belongs to no article is found, too."""
    assert langchuan.get('/api/v1/search?q="广告热线"').json["total"] == 1


def test_a_new_generation_is_answered_from_at_the_next_request(
    archive: Store, pages: Path, langchuan: FlaskClient
) -> None:
    """The running application needs no restart, neither for what is new nor for what is gone."""
    assert langchuan.get("/api/v1/search?q=摆渡人").json["total"] == 0
    old = langchuan.get("/api/v1/search?q=热汤面").json["results"][0]
    (pages / "langchuan_0921.md").write_text(SECOND, "utf-8")
    update([pages], archive)
    assert langchuan.get("/api/v1/search?q=摆渡人").json["total"] == 1
    assert "摆渡人" in langchuan.get("/search?q=摆渡人").text
    assert langchuan.get("/healthz").json["generation"] == archive.manifest().generation
    assert langchuan.get(old["url"]).status_code == 200
    (pages / "langchuan_0914.md").unlink()
    update([pages], archive)
    assert langchuan.get('/api/v1/search?q="热汤面"').json["total"] == 0
    assert langchuan.get(old["url"]).status_code == 404


def test_eight_threads_search_while_the_index_is_made_anew(
    archive: Store, pages: Path, langchuan: FlaskClient
) -> None:
    """Every answer is right during four reindex runs: from one generation or the other, never an error."""
    app, done = langchuan.application, threading.Event()
    wrong: list[str] = []
    asked = [0] * 8

    def search(thread: int) -> None:
        client = app.test_client()
        while not done.wait(0.01):
            for path in ("/api/v1/search?q=热汤面&facets=year,reporter", "/search?q=工会", "/"):
                answer = client.get(path)
                if answer.status_code != 200 or (answer.is_json and answer.json["total"] != 1):
                    wrong.append(answer.text)
            asked[thread] += 1

    threads = [threading.Thread(target=search, args=[thread]) for thread in range(8)]
    for thread in threads:
        thread.start()
    try:
        for number in range(4):
            (pages / f"langchuan_{number}.md").write_text(SECOND.replace("2072", f"207{number}"), "utf-8")
            update([pages], archive)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not wrong
    assert all(asked)
    assert langchuan.get("/api/v1/search?q=摆渡人").json["total"] == 4
