"""The pictures of printed pages: each article knows its own, and nothing outside the archive is ever shown."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from archive import ask, indexed

from index import schema
from index.formats import read_pages
from index.model import Article, Scan
from index.reindex import reindex
from index.scans import locate

PAGE = "# 职工书屋开放\n\n本报讯（记者苏禾）青屿市总工会职工书屋昨日开放，职工可以免费借阅图书。\n"


def written(path: Path, content: str | bytes = b"\xff\xd8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def scan_of(path: Path, name: str) -> Scan | None:
    [page] = read_pages(path, name)
    assert {article.scan for article in page.articles} == {page.scan}
    return page.scan


@pytest.mark.parametrize(("picture", "page"), [
    ("01.jpg", None), ("01.JPG", None), ("01.jpeg", None), ("01.png", None), ("01.webp", None), ("01.pdf", 1),
])
def test_the_picture_beside_a_page(picture: str, page: int | None, tmp_path: Path) -> None:
    """A picture or PDF called like the page file is its scan."""
    written(tmp_path / "2024/05/01.md", PAGE)
    written(tmp_path / "2024/05" / picture)
    written(tmp_path / "2024/05/02.jpg")
    assert scan_of(tmp_path / "2024/05/01.md", "2024/05/01.md") == Scan(f"2024/05/{picture}", page)


def test_no_picture(tmp_path: Path) -> None:
    """A page without a picture has no scan."""
    assert scan_of(written(tmp_path / "01.md", PAGE), "01.md") is None


@pytest.mark.parametrize(("value", "file"), [
    ("01版.jpg", "text/01版.jpg"), ("../scans/01.png", "scans/01.png"), ('"./a b.jpg"', "text/a b.jpg"),
    ("..\\scans\\01.PDF", "scans/01.PDF"),
])
def test_the_picture_that_a_page_names(value: str, file: str, tmp_path: Path) -> None:
    """Front matter names the scan by a path from the page's own folder."""
    written(tmp_path / "text/01.md", f"---\ndate: 2024-05-01\nscan: {value}\n---\n{PAGE}")
    written(tmp_path / "text/01.jpg")
    found = scan_of(tmp_path / "text/01.md", "text/01.md")
    assert found is not None
    assert found.file == file


@pytest.mark.parametrize("value", ["../../secret.jpg", "/etc/passwd.jpg", "C:\\x.jpg", "http://host/x.jpg", "x.html"])
def test_a_page_names_nothing_outside(value: str, tmp_path: Path) -> None:
    """A path that leaves the archive, or leads to something else than a picture, is no scan."""
    assert scan_of(written(tmp_path / "text/01.md", f"---\nscan: {value}\n---\n{PAGE}"), "text/01.md") is None


def test_the_searcher_knows_the_file(tmp_path: Path) -> None:
    """The searcher gives the file of an article's scan, also after the whole archive has moved and is read again."""
    pages = tmp_path / "pages"
    written(pages / "2024-05-01_01.md", PAGE)
    picture = written(pages / "2024-05-01_01.jpg")
    searcher = indexed(tmp_path, pages)
    [hit] = ask(searcher, "职工书屋").hits
    assert searcher.scan(hit.article.id) == picture.resolve()
    shutil.move(pages, tmp_path / "moved")
    assert searcher.scan(hit.article.id) is None
    report = reindex([tmp_path / "moved"], tmp_path / "index")
    assert (report.read, report.published) == (0, True)
    assert searcher.scan(hit.article.id) == (tmp_path / "moved/2024-05-01_01.jpg").resolve()


def test_nothing_outside_the_archive_is_located(tmp_path: Path) -> None:
    """Paths and links that lead out of the archive, other files, folders and odd names locate nothing."""
    root = tmp_path / "archive"
    inside, outside = written(root / "a/1.jpg"), written(tmp_path / "outside.jpg")
    written(root / "page.md")
    (root / "folder.jpg").mkdir()
    files = ["../outside.jpg", str(outside), "page.md", "folder.jpg", "none.jpg", "a/../../outside.jpg", "x\0.jpg"]
    if os.name != "nt":
        (root / "link.jpg").symlink_to(outside)
        (root / "loop.jpg").symlink_to(root / "loop.jpg")
        files += ["link.jpg", "loop.jpg"]
    assert [locate(f"{root}/", Scan(file)) for file in files] == [None] * len(files)
    assert locate(f"{root}/", Scan("a/1.jpg")) == inside.resolve()
    assert locate("", Scan("a/1.jpg")) is None


def test_a_scan_survives_the_index() -> None:
    """What is stored of an article's scan is what it was; an article stored without one has none."""
    article = Article("1", "a.md", "工会", "工会", scan=Scan("a.jpg", None, (0.0, 0.25, 0.5, 1.0)), ocr_confidence=0.93)
    assert schema.load(schema.dump(article)) == article
    plain = replace(article, scan=None, ocr_confidence=None)
    fields = json.loads(schema.dump(plain))
    del fields["scan"], fields["ocr_confidence"]
    assert schema.load(json.dumps(fields)) == plain
