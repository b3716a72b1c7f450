"""JSON lines: whatever stands in a line, the other lines are read."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import json_values, texts

from index import files
from index.errors import UnreadableFileError
from index.formats import read_pages
from index.formats.jsonl import read_article
from index.model import KINDS, Article, Byline, Scan
from web.endpoint.serialize import parsed_article

GOOD = '{"id": "a", "title": "劳动竞赛", "body": "砚江市总工会昨日启动劳动竞赛。"}'
FIELDS = ("id", "source", "title", "kicker", "subtitle", "newspaper", "issue_no", "page_no", "section", "kind",
          "date", "bylines", "subheads", "body", "scan")


def line(**fields: Any) -> str:
    return json.dumps({"id": "x", "body": "正文。"} | fields, ensure_ascii=False)


def read(path: Path, *lines: str | bytes) -> tuple[list[Article], list[str]]:
    """The articles of a file of these lines, and the notes."""
    path.write_bytes(b"\n".join(text if isinstance(text, bytes) else text.encode() for text in lines))
    pages = list(read_pages(path, path.name))
    return [a for page in pages for a in page.articles], [note for page in pages for note in page.notes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "articles.jsonl"


def test_all_fields_are_read() -> None:
    """An article has what its line says, and the id is kept unchanged."""
    fields = {
        "id": "人民/2024 #1", "source": "2024-05-01_02.md", "newspaper": "砚江工人周报", "issue_no": 1846,
        "date": "2024-05-01", "page_no": "02", "section": "要闻", "title": "劳动竞赛\u3000云栈大桥", "kicker": "引题",
        "subtitle": "副题", "kind": "feature", "bylines": [{"role": "记者", "name": "顾南乔"}],
        "subheads": ["一", "二"], "body": "第一段。\n第二段。",
    }
    assert read_article(json.dumps(fields), "folder/a.jsonl") == Article(
        id="人民/2024 #1", source="2024-05-01_02.md", newspaper="砚江工人周报", issue_no="1846",
        date=datetime.date(2024, 5, 1), page_no="02", section="要闻", title="劳动竞赛\u3000云栈大桥", kicker="引题",
        subtitle="副题", kind="feature", bylines=(Byline("记者", "顾南乔"),), subheads=("一", "二"),
        body="第一段。\n第二段。", printed="第一段。\n第二段。",
    )


def test_a_body_or_a_title_is_enough() -> None:
    """All other fields may be missing or null; the source is then the file's own name."""
    nothing = dict.fromkeys(FIELDS)
    article = read_article(json.dumps(nothing | {"body": "正文。"}), "folder/a.jsonl")
    assert (article.body, article.title, article.kind, article.source) == ("正文。", None, "news", "a.jsonl")
    assert read_article('{"title": "标题"}', "a.jsonl").body == ""


@pytest.mark.parametrize("wrong", [
    "", "null", "1", '"text"', "[]", f"[{GOOD}]", "{", GOOD[:-1], GOOD + GOOD, "NaN", "工会", "[" * 100_000,
    '{"a":' * 100_000, "{}", '{"body": ""}', '{"body": " \\n\\u3000"}', '{"title": null}', '{"title": "\\u0001"}',
    line(body=1.5), line(body=["正文"]), line(body=float("nan")), line(body=True), line(title={"a": 1}),
    line(date="2024-02-30"), line(date="昨天"), line(date=20240230), line(date=[2024, 5, 1]), line(date=1e400),
    line(kind="editorial"), line(kind=1), line(kind=["news"]), line(id=["a"]), line(id=2.5), line(id=False),
    line(page_no=float("nan")), line(page_no=[1]), '{"body": "x", "page_no": ' + "9" * 5000 + "}",
    line(bylines="记者 李明"), line(bylines=5), line(bylines={"role": "记者", "name": "李明"}),
    line(bylines=["李明"]), line(bylines=[{"role": "记者"}]), line(bylines=[{"role": "记者", "name": ["李明"]}]),
    line(bylines=[{"role": " ", "name": "李明"}]), line(bylines=[None]), line(subheads="一"), line(subheads=3),
    line(subheads=[["一"]]), line(subheads={"一": 1}),
    '{"body": "\\ud800"}', '{"body": "正文", "title": "\\udfff标题"}', '{"id": "\\ud800", "body": "正文"}',
    '{"body": "正文", "bylines": [{"role": "记者", "name": "\\ud83d"}]}',
])
def test_a_wrong_line_becomes_a_note(wrong: str, path: Path) -> None:
    """A line that is no article is named in a note with its number and reason; its neighbours are read."""
    articles, notes = read(path, GOOD, wrong, GOOD.replace('"a"', '"b"'))
    assert [article.id for article in articles] == ["a", "b"]
    if wrong:
        [note] = notes
        assert note.startswith("第 2 行不是文章：")
        assert len(note) < 100


def test_a_line_of_another_encoding_becomes_a_note(path: Path) -> None:
    """Bytes that are no text cost their own line only."""
    articles, notes = read(path, GOOD, b'{"body": "\xff\xfe\x00"}', b'{"id": "b", "body": "\x80\x81"}', line(id="c"))
    assert [article.id for article in articles] == ["a", "c"]
    assert [note[:5] for note in notes] == ["第 2 行", "第 3 行"]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_any_object_is_an_article_or_refused(fields: dict[str, Any]) -> None:
    """Whatever the fields hold, reading gives an article that can be stored, or a ValueError."""
    try:
        article = read_article(json.dumps(fields), "a.jsonl")
    except ValueError:
        return
    assert article.id
    assert article.body or article.title
    assert article.kind in KINDS
    repr(article).encode()


@given(st.text())
def test_any_line_is_an_article_or_refused(text: str) -> None:
    """Whatever a line holds, nothing but a ValueError comes of it."""
    with pytest.raises(ValueError, match="不是 JSON"):
        read_article(text + "]", "a.jsonl")


@given(texts())
def test_no_character_of_a_body_is_lost(body: str) -> None:
    """The text as given is kept beside the repaired one."""
    if body.strip():
        assert read_article(json.dumps({"body": body}), "a.jsonl").printed == body


def test_sub_headings_stay_on_lines_of_their_own() -> None:
    """Broken lines of a body are joined, but not to a line that is given as a sub-heading."""
    body = "砚江市总工会昨日启动劳动\n竞赛。\n三道回执\n白板上的意见不过夜，班组当天\n答一次。"
    article = read_article(line(body=body, subheads=["三道回执"]), "a.jsonl")
    assert article.body == "砚江市总工会昨日启动劳动竞赛。\n三道回执\n白板上的意见不过夜，班组当天答一次。"


def test_parsed_articles_can_be_read_again(sample: Path) -> None:
    """What the command parse prints of a page gives the same articles, their text unchanged but for line ends."""
    for path in sorted(sample.iterdir()):
        for page in read_pages(path, path.name):
            for article in page.articles:
                again = read_article(json.dumps(parsed_article(article)), "parsed.jsonl")
                assert "".join(again.body.split()) == "".join(article.body.split())
                assert dataclasses.replace(again, body=article.body, printed=article.printed) == article


def test_a_line_may_name_its_scan() -> None:
    """The picture of the printed page is named by a path from the file's folder, and lies in the archive."""
    assert read_article(line(scan="../scans/a.jpg"), "json/a.jsonl").scan == Scan("scans/a.jpg")
    with pytest.raises(ValueError, match="scan"):
        read_article(line(scan="../../a.jpg"), "json/a.jsonl")


def test_control_characters_become_spaces() -> None:
    """What no page can show does not reach the index; a title stands on one line."""
    article = read_article(r'{"title": " 一\u0000二\n三\u2028四 ", "body": "正\u0007文。\f下一页。"}', "a.jsonl")
    assert article.title == "一 二 三 四"
    assert article.printed == "正 文。\f下一页。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_in_any_encoding(encoding: str, path: Path) -> None:
    """Lines may be in any encoding that pages may be in, and end as on any system."""
    text = "\r\n".join([GOOD, "", line(id="b"), ""])
    articles, notes = read(path, text.encode(encoding))
    assert [(article.id, article.title) for article in articles] == [("a", "劳动竞赛"), ("b", None)]
    assert notes == []


def test_long_lines_and_many_lines(path: Path) -> None:
    """A line of a megabyte is an article like any other, and so is the last of some thousands."""
    body = "工会" * 170_000
    articles, notes = read(path, line(id="long", body=body), *(line(id=str(n)) for n in range(1200)))
    assert [article.id for article in articles] == ["long", *map(str, range(1200))]
    assert articles[0].printed == body
    assert notes == []


def test_many_wrong_lines_give_few_notes(path: Path) -> None:
    """When much is wrong the first lines are listed and the rest is counted."""
    articles, notes = read(path, *["{}"] * 700, GOOD, *["[]"] * 700)
    assert len(articles) == 1
    assert len(notes) == 21
    assert notes[-1].startswith("共有 1400 行不是文章")


@pytest.mark.parametrize(("content", "reason"), [
    ("", "文件是空的"), (" \n\n", "文件是空的"), ("{}\n[]", "第 1 行不是文章：缺少 body 或 title"),
])
def test_a_file_without_articles_is_refused(content: str, reason: str, path: Path) -> None:
    """A file of which no line is an article could not be read; the first reason is given."""
    with pytest.raises(UnreadableFileError, match=reason):
        read(path, content)


def test_ids_of_their_own(path: Path) -> None:
    """An article without id gets one from what it says: the same wherever it stands, another when it differs."""
    lines = ['{"body": "一。"}', '{"body": "二。"}', '{"body": "一。", "date": "2024-05-01"}', '{"title": "一。"}']
    first = [article.id for article in read(path, *lines)[0]]
    assert len(set(first)) == 4
    assert [article.id for article in read(path, "{}", *reversed(lines), GOOD)[0]] == [*reversed(first), "a"]


def test_other_endings_are_refused(tmp_path: Path) -> None:
    """A file of a type that is not read says which are."""
    for name in ("page.doc", "page", "page.json"):
        (tmp_path / name).write_text("工会", "utf-8")
        with pytest.raises(UnreadableFileError, match="不支持的文件类型") as caught:
            list(read_pages(tmp_path / name, name))
        assert all(suffix in str(caught.value) for suffix in files.SUFFIXES)
