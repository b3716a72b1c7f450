"""An archive.toml: what the operator says of a folder's pages, without renaming a file."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest
from archive import articles_of

from index.errors import SidecarError
from index.model import Article
from index.reindex import ReindexReport, reindex
from index.sidecar import read

PAGE = "# 夜班的灯\n\n本报讯（记者 荀堃）砚江热电厂检修班昨日换上了新灯，夜班职工说眼睛不酸了。\n"
LONG_AGO = 1_000_000_000


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of scans' texts whose names say what only the operator understands."""
    for name in ("2024/n0517/p03.txt", "2024/n0517/p04.txt", "2024/n0524/p03.txt"):
        path = tmp_path / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.replace("新灯", f"新灯{name[-6:-4]}"), "utf-8")
        os.utime(path, (LONG_AGO, LONG_AGO))
    return tmp_path / "pages"


def say(folder: Path, text: str) -> None:
    (folder / "archive.toml").write_text(text, "utf-8")


def update(pages: Path) -> tuple[ReindexReport, list[str]]:
    """Bring the index up to date; the report and the files that were read."""
    read_now: list[str] = []
    report = reindex([pages], pages.parent / "index", progress=lambda _d, _a, name: read_now.append(name))
    return report, read_now[:-1]


def found(pages: Path) -> list[Article]:
    return sorted(articles_of(pages.parent / "index"), key=lambda article: (str(article.date), str(article.page_no)))


SAID = """
newspaper = "砚江工人报"
paths = ["{year}/n{month}{day}/p{page}"]
[sections]
3 = "班组"
"""


def test_a_sidecar_speaks_for_all_pages_below_it(pages: Path) -> None:
    """Newspaper, date, page and section come from it; notes about what it says are gone; ids are made of it."""
    say(pages, SAID)
    report, _ = update(pages)
    assert [(a.newspaper, a.date, a.page_no, a.section) for a in found(pages)] == [
        ("砚江工人报", datetime.date(2024, 5, 17), "03", "班组"),
        ("砚江工人报", datetime.date(2024, 5, 17), "04", None),
        ("砚江工人报", datetime.date(2024, 5, 24), "03", "班组"),
    ]
    assert [article.id[:12] for article in found(pages)] == ["20240517-03-", "20240517-04-", "20240524-03-"]
    assert report.notes == {}


def test_a_change_of_the_sidecar_reads_what_it_concerns_again(pages: Path) -> None:
    """The index follows what the sidecar says; without it, all is as before."""
    update(pages)
    before = found(pages)
    for text in (SAID, SAID.replace("{month}", "05"), SAID.replace("班组", "车间")):
        say(pages, text)
        assert len(update(pages)[1]) == 3
        assert update(pages)[1] == []
    assert {article.section for article in found(pages)} == {"车间", None}
    (pages / "archive.toml").unlink()
    assert len(update(pages)[1]) == 3
    assert found(pages) == before


def test_the_nearest_sidecar_speaks(pages: Path) -> None:
    """A folder's own sidecar takes the place of the one above."""
    say(pages, SAID)
    say(pages / "2024" / "n0524", 'newspaper = "白榆职工"\npaths = ["p{page}"]')
    update(pages)
    assert sorted(str(a.newspaper) for a in found(pages)) == ["白榆职工", "砚江工人报", "砚江工人报"]
    (pages / "2024" / "n0524" / "archive.toml").unlink()
    _, read_now = update(pages)
    assert read_now == ["2024/n0524/p03.txt"]


def test_articles_that_bring_their_id_keep_it(pages: Path) -> None:
    """Lines of JSON get the newspaper, and keep the ids they were given."""
    (pages / "more.jsonl").write_text(json.dumps({"id": "m1", "body": "更正：上期三版一处有误。"}), "utf-8")
    say(pages, 'newspaper = "砚江工人报"')
    update(pages)
    assert [a.newspaper for a in found(pages) if a.id == "m1"] == ["砚江工人报"]


def test_scans_may_lie_in_a_folder_of_their_own(pages: Path) -> None:
    """The picture of a page is found on the same path below the folder of the scans, or there by its name."""
    for name in ("scans/2024/n0517/p03.jpg", "scans/p04.png"):
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_bytes(b"picture")
    say(pages, SAID.replace("paths", 'scans = "scans"\npaths'))
    update(pages)
    assert [a.scan and a.scan.file for a in found(pages)] == ["scans/2024/n0517/p03.jpg", "scans/p04.png", None]


@pytest.mark.parametrize(("text", "words"), [
    ("newspaper = 砚江", ["第 1 行", "TOML"]),
    ("\n\npaths = [", ["TOML"]),
    ('paper = "砚江"', ["paper", "newspaper"]),
    ("newspaper = 3", ["newspaper", "文字"]),
    ('paths = "x"', ["paths"]),
    ('paths = ["{yaer}"]', ["{yaer}", "{year}"]),
    ('paths = ["{page}{page}"]', ["{page}"]),
    ("sections = 3", ["sections"]),
    ("[sections]\n1 = 2", ["sections.1"]),
])
def test_what_cannot_be_understood_is_named(text: str, words: list[str], tmp_path: Path) -> None:
    """The sentence names the file and the line or the key."""
    say(tmp_path, text)
    with pytest.raises(SidecarError) as error:
        read(tmp_path / "archive.toml")
    for word in [str(tmp_path / "archive.toml"), *words]:
        assert word in str(error.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""])
def test_no_bytes_break_it(content: bytes, tmp_path: Path) -> None:
    """A file that is no text is refused with a sentence; an empty one says nothing."""
    (tmp_path / "archive.toml").write_bytes(content)
    if content:
        with pytest.raises(SidecarError, match="UTF-8"):
            read(tmp_path / "archive.toml")
    else:
        sidecar = read(tmp_path / "archive.toml")
        assert sidecar
        assert sidecar.metadata(tmp_path / "2024-05-01_03.md").date is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_any_editor_may_save_it(encoding: str, tmp_path: Path) -> None:
    """It is read in whatever encoding page files may have."""
    (tmp_path / "archive.toml").write_bytes('newspaper = "砚江工人报"\r\n'.encode(encoding))
    sidecar = read(tmp_path / "archive.toml")
    assert sidecar
    assert sidecar.newspaper == "砚江工人报"
