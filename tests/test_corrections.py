"""A corrections.tsv: what the operator puts right, and what was printed stays findable."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from archive import articles_of
from click.testing import CliRunner

from index.corrections import read
from index.errors import CorrectionError
from index.model import Article, Correction
from index.reindex import ReindexReport, reindex
from search.model import SearchRequest
from search.searcher import Searcher
from web import create_app
from web.cli import cli
from web.endpoint.serialize import article_page, article_url
from web.settings import Settings

LONG_AGO = 1_000_000_000


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two pages that were written long ago, one of them with what OCR got wrong."""
    folder = tmp_path / "pages"
    (folder / "2024").mkdir(parents=True)
    for name, text in {
        "2024-05-17_01.md": "# 夜斑的灯\n\n本报讯（记者 荀坤）砚江热电厂夜斑职工昨日换上了新灯。\n",
        "2024/2024-05-24_01.md": "# 茶油车间\n\n本报讯（记者 邝子衿）白榆茶油公司压榨车间上周开工。\n",
    }.items():
        (folder / name).write_text(text, "utf-8")
        os.utime(folder / name, (LONG_AGO, LONG_AGO))
    return folder


def update(pages: Path) -> tuple[ReindexReport, list[str]]:
    read_now: list[str] = []
    report = reindex([pages], pages.parent / "index", progress=lambda _d, _a, name: read_now.append(name))
    return report, read_now[:-1]


def lamp(pages: Path) -> Article:
    (found,) = [a for a in articles_of(pages.parent / "index") if a.page_no == "01" and a.date and a.date.day == 17]
    return found


def correct(pages: Path, *lines: str) -> None:
    (pages / "corrections.tsv").write_text("\n".join(("# 编号\t误\t正", *lines)), "utf-8")


def total(pages: Path, q: str) -> int:
    return Searcher(pages.parent / "index").search(SearchRequest(q=q)).total


def test_a_correction_is_shown_and_the_printed_text_is_found(pages: Path) -> None:
    """Title, text and people are put right; the id stays, both forms are found, and the history is told."""
    update(pages)
    before = lamp(pages)
    correct(pages, f"{before.id}\t夜斑\t夜班", f"{before.id}\t荀坤\t荀堃")
    report, read_now = update(pages)
    after = lamp(pages)
    assert read_now == ["2024-05-17_01.md"]
    assert (after.id, after.title, after.printed) == (before.id, "夜班的灯", before.printed)
    assert after.bylines[0].name == "荀堃"
    assert after.corrections == (Correction("夜斑", "夜班"), Correction("荀坤", "荀堃"))
    assert article_page(after, has_scan=False)["corrections"][0] == {"wrong": "夜斑", "right": "夜班"}
    assert (total(pages, '"夜班职工"'), total(pages, '"夜斑职工"'), total(pages, "记者:荀堃")) == (1, 1, 1)
    assert report.notes == {}
    assert update(pages)[1] == []


def test_a_folder_may_be_named_in_any_way(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction in a folder that is named relatively, or twice, is made once and has no doubts."""
    update(pages)
    correct(pages, f"{lamp(pages).id}\t夜斑\t夜班")
    monkeypatch.chdir(pages.parent)
    for named in ([Path("pages")], [pages, Path("pages/../pages")]):
        report = reindex(named, pages.parent / "index", full=True)
        assert lamp(pages).corrections == (Correction("夜斑", "夜班"),)
        assert not report.notes


def test_a_correction_that_is_taken_back_is_undone(pages: Path) -> None:
    """The text is as it was, also when the whole file is gone, and only that article's file is read."""
    update(pages)
    before = lamp(pages)
    correct(pages, f"{before.id}\t夜斑\t夜班")
    update(pages)
    (pages / "corrections.tsv").unlink()
    assert update(pages)[1] == ["2024-05-17_01.md"]
    assert lamp(pages) == before


def test_stale_corrections_are_reported(pages: Path) -> None:
    """An article that is not there, and words that it does not have, are named in this and later reports."""
    update(pages)
    article_id = lamp(pages).id
    correct(pages, f"{article_id}\t不在\t在", "nosuch\t误\t正")
    for _ in range(2):
        notes = update(pages)[0].notes
        assert notes["corrections.tsv"] == ("更正没有用上：没有编号是 nosuch 的文章",)
        assert notes["2024-05-17_01.md"] == (f"更正没有用上：{article_id} 里没有“不在”",)


@pytest.mark.parametrize("line", ["a\t误", "a", "a\t\t正", "a\t误\t误", "a\t误\t正\t又"])
def test_a_line_that_is_none_is_named(line: str, pages: Path) -> None:
    """The sentence names the file, the line and what a line looks like."""
    correct(pages, "b\t误\t正", line)
    with pytest.raises(CorrectionError, match=r"corrections\.tsv 第 3 行.*Tab"):
        update(pages)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """A file that is no text is refused; none at all says nothing; nothing may be put in the place of words."""
    assert read([tmp_path]) == {}
    (tmp_path / "corrections.tsv").write_bytes(bytes(range(256)))
    with pytest.raises(CorrectionError, match=r"corrections\.tsv 无法读取"):
        read([tmp_path])
    (tmp_path / "corrections.tsv").write_text("a\t误\t\n", "utf-8")
    assert read([tmp_path, tmp_path]) == {"a": (Correction("误", ""),)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_corrections_may_be_saved_by_a_spreadsheet(encoding: str, tmp_path: Path) -> None:
    """Excel's Unicode text is UTF-16, with Windows' line ends; an old editor's is GB18030."""
    (tmp_path / "corrections.tsv").write_bytes("# 更正\r\na\t总丁会\t总工会\r\n".encode(encoding))
    assert read([tmp_path]) == {"a": (Correction("总丁会", "总工会"),)}


def test_corrections_are_shown(pages: Path) -> None:
    """On the article's page beside what was printed, in the report and the status those that fit nothing."""
    update(pages)
    correct(pages, f"{lamp(pages).id}\t夜斑\t夜班", "nosuch\t误\t正")
    update(pages)
    index = pages.parent / "index"
    client = create_app(Settings(index=index)).test_client()
    shown = client.get(article_url(lamp(pages).id)).text
    assert re.search(r"人工更正：.*<del>夜斑</del> → <ins>夜班</ins>", shown)
    assert client.get("/api/v1/coverage").json["stale"] == ["更正没有用上：没有编号是 nosuch 的文章"]
    assert "nosuch" in client.get("/coverage").text
    assert "nosuch" in CliRunner().invoke(cli, ["status", "--index", str(index)]).stdout
