"""Companions of page files: what is read or shown with a file makes it read again when it changes."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from index.reindex import ReindexReport, reindex
from search.model import SearchRequest
from search.searcher import Searcher

NODE = '<html><body><h2>第0{}版：要闻</h2><a href="content_1_1.htm">夜班</a></body></html>'
ARTICLE = (
    "<html><body><founder-title>夜班</founder-title>"
    "<founder-content><p>夜班的灯亮着。</p></founder-content></body></html>"
)
METS = (
    '<mets xmlns:xlink="http://www.w3.org/1999/xlink"><fileSec><file ID="A1"><FLocat xlink:href="alto/1.xml"/></file>'
    "</fileSec></mets>"
)
ALTO = (
    '<alto><Layout><Page><TextBlock ID="B"><TextLine><String CONTENT="{}"/></TextLine></TextBlock></Page></Layout>'
    "</alto>"
)


def run(folder: Path, files: dict[str, str]) -> ReindexReport:
    """Write files into the archive and bring its index up to date."""
    for name, content in files.items():
        (folder / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "pages" / name).write_text(content, "utf-8")
    return reindex([folder / "pages"], folder / "index")


def read_again(folder: Path, before: dict[str, str], after: dict[str, str]) -> int:
    """How many files are read when others change or come; none are when nothing does."""
    run(folder, before)
    assert run(folder, {}).read == 0
    return run(folder, after).read


def test_a_layout_of_another_number_renews_its_articles(tmp_path: Path) -> None:
    """An article of a site stands on the page that its layout says now."""
    before = {"node_1.htm": NODE.format(1), "content_1_1.htm": ARTICLE, "other/content_2_1.htm": ARTICLE}
    assert read_again(tmp_path, before, {"node_1.htm": NODE.format(12)}) == 2
    hits = Searcher(tmp_path / "index").search(SearchRequest("夜班")).hits
    assert {hit.article.page_no for hit in hits} == {"12", None}


def test_the_picture_that_a_layout_names_renews_its_articles(tmp_path: Path) -> None:
    """Where it says nothing of the size, the picture tells where on it an article stands, whenever that comes."""
    area = '<img src="../scans/1.png" usemap="#m"><map><area coords="0,0,100,300" href="content_1_1.htm"></map>'
    before = {"html/node_1.htm": NODE.format(1).replace("<body>", f"<body>{area}"), "html/content_1_1.htm": ARTICLE}
    run(tmp_path, before)
    assert run(tmp_path, {}).read == 0
    boxes = []
    for wide, high in ((400, 600), (200, 300)):
        (tmp_path / "pages" / "scans").mkdir(exist_ok=True)
        picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", wide, high) + bytes(wide)
        (tmp_path / "pages" / "scans" / "1.png").write_bytes(picture)
        assert run(tmp_path, {}).read == 1
        [hit] = Searcher(tmp_path / "index").search(SearchRequest("夜班")).hits
        boxes.append(hit.article.scan and hit.article.scan.box)
    assert boxes == [(0, 0, 0.25, 0.5), (0, 0, 0.5, 1)]


def test_an_alto_file_renews_its_issue(tmp_path: Path) -> None:
    """What is corrected in an ALTO file is found after the next run."""
    before = {"mets.xml": METS, "alto/1.xml": ALTO.format("夜班的灯亮着。")}
    assert read_again(tmp_path, before, {"alto/1.xml": ALTO.format("早班的灯也亮着。")}) == 1
    assert Searcher(tmp_path / "index").search(SearchRequest('"早班的灯"')).total == 1


@pytest.mark.parametrize(
    ("page", "scan", "read"),
    [("a.md", "a.jpg", 1), ("a.md", "b.jpg", 0), ("a_content_list.json", "a_origin.pdf", 1)],
)
def test_a_scan_that_comes_later_is_shown(page: str, scan: str, read: int, tmp_path: Path) -> None:
    """A picture that is called like a page file makes it read again, another does not."""
    content = '[{"type": "text", "text": "夜班的灯亮着。"}]' if page.endswith(".json") else "# 灯\n\n夜班的灯亮着。\n"
    assert read_again(tmp_path, {page: content}, {scan: "scan"}) == read


def test_a_scan_in_the_folder_of_scans_is_noticed(tmp_path: Path) -> None:
    """Also where an archive.toml says that scans lie elsewhere."""
    before = {"archive.toml": 'scans = "pictures"\n', "a.md": "# 灯\n\n夜班的灯亮着。\n", "b.md": "# 茶\n\n上市。\n"}
    assert read_again(tmp_path, before, {"pictures/a.jpg": "scan"}) == 1
    [hit] = Searcher(tmp_path / "index").search(SearchRequest('"夜班的灯亮着"')).hits
    assert hit.article.scan is not None
