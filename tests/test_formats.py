"""Every format gives the same articles, and no file, however broken, does harm."""

from __future__ import annotations

import datetime
import random
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from format_files import BOOKS, CONTEST, FOUNDER, METS, PAPER, WORKERS, files, pdf, written, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import files as page_files
from index.errors import UnreadableFileError
from index.formats import archive, read_pages, text
from index.formats.html import tree
from index.formats.html.pictures import size
from index.model import Page, Scan
from index.reindex import reindex

FILES = files()
DAY = datetime.date(2024, 5, 10)
CITY = BOOKS[1].replace(" ", "")
TWO_PAGES = ("marker/issue.md", "paddle/issue.md", "docling/issue.md", "hand/issue.txt", "pdf/issue.pdf",
             "mineru/issue_content_list.json")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of every format."""
    return written(tmp_path_factory.mktemp("formats"), FILES)


def pages(folder: Path, name: str) -> list[Page]:
    return list(read_pages(folder / name, name))


def refusal(folder: Path, name: str, content: bytes | str) -> str:
    """Why a file of this content is refused."""
    written(folder, {name: content if isinstance(content, bytes) else content.encode()})
    with pytest.raises(UnreadableFileError, match=r"[\u4e00-\u9fff]{2}") as caught:
        pages(folder, name)
    return str(caught.value)


@pytest.mark.parametrize("name", TWO_PAGES)
def test_several_pages_in_one_file(name: str, folder: Path) -> None:
    """Each tool's way to part pages is understood; newspaper and day of the first page hold for the second."""
    first, second = pages(folder, name)
    assert [(a.title, a.body) for a in first.articles] == [(BOOKS[0], f"{CITY}\n{BOOKS[2]}")]
    assert [(a.title, a.body) for a in second.articles] == [(CONTEST[0], "\n".join(CONTEST[1:]))]
    for page, number in ((first, "1"), (second, "2")):
        said = page.metadata
        assert (said.newspaper, said.date, said.page_no) == (PAPER, DAY, number)
        assert {(a.newspaper, a.date, a.page_no) for a in page.articles} == {(PAPER, DAY, number)}
        assert not any(mark in "".join(page.furniture) for mark in ("{0}", "{1}", "page break", "jpeg", "div"))


def test_every_format_gives_the_same_id(folder: Path) -> None:
    """An article of a newspaper, day and page has one id, whatever the file it was read from."""
    assert len({pages(folder, name)[0].articles[0].id for name in TWO_PAGES}) == 1


def test_page_numbers_count_up() -> None:
    """Pages that do not say their number are counted; the file's own number is that of no single one."""
    found = list(text.parsed(["# 一\n\n本报讯 甲。", "# 二\n\n本报讯 乙。"], "2024-05-10_07.md"))
    assert [(page.metadata.page_no, page.metadata.date) for page in found] == [("1", DAY), ("2", DAY)]


@given(st.lists(st.text(st.sampled_from("工会职代表大会。\n#第12版 "), max_size=30), max_size=5))
def test_splitting_loses_no_text(pieces: list[str]) -> None:
    """The pages of a file hold all of its text but for the marks between them."""
    whole = "\f".join(pieces)
    assert "".join("".join(text.split(whole)).split()) == "".join(whole.split())


def test_founder_site(folder: Path) -> None:
    """A saved page of Founder's e-paper: titles, people from the first lines, and the box on the page's picture."""
    [page] = pages(folder, "html/2024-05/10/content_1_1001.htm")
    [article] = page.articles
    assert (article.kicker, article.title, article.subtitle) == ("从宿舍到书桌", BOOKS[0], "三千册图书等着装卸工")
    assert article.body == f"{BOOKS[1].split('）')[1]}\n{BOOKS[2]}"
    assert [(b.role, b.name) for b in article.bylines] == [("记者", "苏禾"), ("通讯员", "叶知秋")]
    assert (article.newspaper, article.date, article.page_no, article.section) == (PAPER, DAY, "2", "综合")
    assert article.scan == Scan("images/2024-05/10/02/page.jpg", None, (0.0, 0.0, 0.5, 0.5))
    assert page.scan == Scan("images/2024-05/10/02/page.jpg")
    assert pages(folder, "html/2024-05/10/node_2.htm") == []


def test_founder_cms(folder: Path) -> None:
    """The other variant: fields in a comment, text between two comments, the author in a field."""
    [page] = pages(folder, "html/2024-05/10/content_1_1002.htm")
    [article] = page.articles
    assert (article.title, article.kicker, article.subtitle, article.kind) == (CONTEST[0], None, None, "news")
    assert article.body == f"{CONTEST[1].split('）')[1]}\n{CONTEST[2]}"
    assert [(b.role, b.name) for b in article.bylines] == [("作者", "林见山")]
    assert (article.newspaper, article.date, article.page_no, article.section) == (PAPER, DAY, "2", "综合")


def test_founder_as_papers_use_it(tmp_path: Path) -> None:
    """Entities in a comment, a site's name around the newspaper's, a reporter's town, and a credit at the end."""
    name = "html/2026-07/18/content_2.htm"
    written(tmp_path, {name: (
        f"<title>{PAPER}多媒体数字报</title><!--enpproperty <author>■ 海港记者 林见山</author>"
        "<title>港口装上&ldquo;新眼睛&rdquo;</title><nodename>A03：综合新闻</nodename>/enpproperty-->"
        "<founder-content><p>　　本报讯（记者林见山）岚桥港启用新设备。<p>　　图为调试设备。 苏禾 摄</founder-content>"
    ).encode()})
    [page] = pages(tmp_path, name)
    [article] = page.articles
    assert (article.title, article.newspaper, article.section) == ("港口装上“新眼睛”", PAPER, "综合新闻")
    assert [(b.role, b.name) for b in article.bylines] == [("记者", "林见山"), ("摄影", "苏禾")]


def test_an_article_without_text_keeps_its_title(tmp_path: Path) -> None:
    """A picture with a title is an article; where there is neither title nor text there is none."""
    head = "<!--enpproperty <title>满载而归</title><author>记者 林见山</author>/enpproperty-->"
    empty = "<founder-content></founder-content>"
    written(tmp_path, {"content_1.htm": f"{head}{empty}".encode(), "content_2.htm": empty.encode()})
    [page] = pages(tmp_path, "content_1.htm")
    assert [(a.title, a.body, [b.name for b in a.bylines]) for a in page.articles] == [("满载而归", "", ["林见山"])]
    assert pages(tmp_path, "content_2.htm") == []


def test_imprint_behind_the_byline(tmp_path: Path) -> None:
    """Newspaper, day and page as daily papers print them above the text; else the day is in the folders' names."""
    head = "<h1>职工之家</h1><p class=sec>本报记者 乔木<span>《青屿日报》（2026年04月28日 第 03 版）</span></p>"
    body = "<div id=ozoom><p>　　社区里的职工之家开门了。</p></div>"
    names = ["pc/content/202604/28/content_1.html", "pc/content/202604/29/content_2.html"]
    written(tmp_path, {names[0]: f"{head}{body}".encode(), names[1]: body.encode()})
    [[first], [second]] = ([page.articles[0] for page in pages(tmp_path, name)] for name in names)
    day = datetime.date(2026, 4, 28)
    assert (first.newspaper, first.date, first.page_no, first.bylines[0].name) == ("青屿日报", day, "03", "乔木")
    assert (second.newspaper, second.date) == (None, day.replace(day=29))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_workers_site(encoding: str, tmp_path: Path) -> None:
    """中工网's pages, in either encoding, whatever they say of it; day and page are in the path, the PDF beside."""
    name = "papers/2024/05/10/2/news-1.html"
    html = WORKERS.replace("<head>", '<head><meta charset="iso-8859-1">')
    written(tmp_path, {name: html.encode(encoding), "papers/2024/05/10/2/qyb20240510.pdf": b"%PDF-1.4"})
    [page] = pages(tmp_path, name)
    [article] = page.articles
    assert (article.kicker, article.title) == ("比武", CONTEST[0])
    assert article.body == f"{CONTEST[1].split('）')[1]}\n{CONTEST[2]}"
    assert [(b.role, b.name) for b in article.bylines] == [("记者", "林见山")]
    assert (article.newspaper, article.date, article.page_no) == (PAPER, DAY, "2")
    assert article.scan == Scan("papers/2024/05/10/2/qyb20240510.pdf", 1)


def test_any_other_html(tmp_path: Path) -> None:
    """HTML of no known make is read as text, without its scripts and menus; a page that sends on holds nothing."""
    html = f"<body><nav>首页</nav><script>x</script><h2>{CONTEST[0]}</h2><p>{CONTEST[1]}<p>{CONTEST[2]}</body>"
    written(tmp_path, {"2024-05-10_02.html": html.encode()})
    [page] = pages(tmp_path, "2024-05-10_02.html")
    assert [(a.title, a.body) for a in page.articles] == [(CONTEST[0], "\n".join(CONTEST[1:]))]
    sends_on = '<meta http-equiv="REFRESH" content="0;url=html/2024-05/10/node_1.htm">到最新一期'
    written(tmp_path, {"paper.html": sends_on.encode()})
    assert pages(tmp_path, "paper.html") == []


def test_mets_and_alto(folder: Path) -> None:
    """The articles of an issue's map, with the confidence of their words and the rest of the page as furniture."""
    [page] = pages(folder, "mets/mets.xml")
    [article] = page.articles
    assert (article.title, article.body) == (BOOKS[0], CITY)
    assert [(b.role, b.name) for b in article.bylines] == [("记者", "苏禾"), ("通讯员", "叶知秋")]
    assert (article.newspaper, article.date, article.page_no) == (PAPER, DAY, "3")
    assert article.ocr_confidence == 0.8
    assert page.furniture == (PAPER,)


def test_an_article_of_alto_has_its_box(tmp_path: Path) -> None:
    """Where the picture of the page is there, the article knows its place on it."""
    written(tmp_path, {n: c for n, c in FILES.items() if n.startswith("mets/")} | {"mets/alto/0001.jpg": b"\xff\xd8"})
    [page] = pages(tmp_path, "mets/mets.xml")
    assert page.scan == Scan("mets/alto/0001.jpg")
    assert page.articles[0].scan == Scan("mets/alto/0001.jpg", None, (0.1, 0.05, 0.5, 0.25))


def test_alto_alone(folder: Path) -> None:
    """An ALTO file without a map is a page of text."""
    [page] = pages(folder, "alto/2024-05-10_03.xml")
    assert [(a.title, a.body) for a in page.articles] == [(BOOKS[0], CITY)]


def test_word_document(folder: Path) -> None:
    """A Word document's headings, paragraphs and tables are read."""
    [page] = pages(folder, "word/2024-05-10_01.docx")
    assert [(a.title, a.body) for a in page.articles] == [(BOOKS[0], f"{CITY}\n{BOOKS[2]}\n书屋地址 | 港口路七号")]
    assert (page.metadata.newspaper, page.metadata.date, page.metadata.section) == (PAPER, DAY, "要闻")


def test_each_page_of_a_pdf_is_its_own_scan(folder: Path) -> None:
    """What is read of a PDF can be seen in it."""
    assert [page.scan for page in pages(folder, "pdf/issue.pdf")] == [Scan("pdf/issue.pdf", n) for n in (1, 2)]


def test_archives_hold_all_formats(folder: Path, tmp_path: Path) -> None:
    """A zip archive gives what its files give, one inside another too, and names in GBK are read."""
    inner = zipped({name: content for name, content in FILES.items() if not name.endswith(".zip")})
    written(tmp_path, {"all.zip": zipped({"inner/all.zip": inner, "2024-05-10_09.md": FILES["marker/issue.md"]})})
    expected = Counter(
        article.id for file in page_files.find([folder]) if not file.name.endswith(".zip")
        for page in read_pages(file.path, file.name) for article in page.articles
    )
    found = Counter(article.id for page in pages(tmp_path, "all.zip") for article in page.articles)
    assert found == expected + Counter(a.id for p in pages(folder, "marker/issue.md") for a in p.articles)


def test_names_in_archives_may_be_gbk(tmp_path: Path) -> None:
    """An archive packed on a Chinese Windows has names in GBK that say the day and page."""
    name = "青屿工人报2024年5月10日第3版.txt"
    raw = name.encode("gbk")
    packed = zipped({"x" * len(raw): CONTEST[1]}).replace(b"x" * len(raw), raw)
    written(tmp_path, {"old.zip": packed})
    [page] = pages(tmp_path, "old.zip")
    assert (page.metadata.newspaper, page.metadata.date, page.metadata.page_no) == (PAPER, DAY, "3")


def test_what_belongs_to_a_page_file_is_not_read_twice(tmp_path: Path) -> None:
    """ALTO beside METS, Markdown beside MinerU's list, and PDFs that are scans are read with what they belong to."""
    led = ["mets/alto/0001.xml", "mineru/issue.md", "mineru/issue_origin.pdf", "mineru/issue_layout.pdf", "text/01.pdf",
           "papers/2024/05/10/2/all.pdf"]  # fmt: skip
    leading = ["alto/2024-05-10_03.xml", "mets/mets.xml", "mineru/issue_content_list.json", "pdf/issue.pdf",
               "papers/2024/05/10/2/news-1.html", "text/01.md", "text/02.html", "text/03.pdf"]  # fmt: skip
    written(tmp_path, dict.fromkeys((*led, *leading, "mineru/issue_middle.json"), b"x"))
    assert [file.name for file in page_files.find([tmp_path])] == sorted(leading)


@pytest.mark.parametrize(("module", "name", "wanted"), [
    ("pypdfium2", "pdf/issue.pdf", "unionnews[pdf]"), ("docx", "word/2024-05-10_01.docx", "unionnews[docx]"),
])
def test_a_missing_library_is_named(
    module: str, name: str, wanted: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an optional library is not installed, the file fails with a sentence that says what to install."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnreadableFileError, match="需要另外安装") as caught:
        pages(folder, name)
    assert wanted in str(caught.value)


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("a.pdf", b"%PDF-1.4 broken", "不是完整的 PDF"), ("a.pdf", pdf(" "), "没有文字层"), ("a.docx", b"PK", "Word"),
    ("a.docx", zipped({"word/document.xml": "x"}), "Word"), ("a.xml", "<alto>", "XML"),
    ("a.xml", "<alto xmlns='x'/>", "没有文字"), ("a.xml", "<mets/>", "没有列出"), ("a.zip", b"PK\x05", "压缩包"),
    ("a.zip", zipped({}), "没有报纸文件"), ("a_content_list.json", "{}", "content_list"),
    ("a_content_list.json", "[1", "JSON"),
    ("a_content_list.json", "[]", "没有文字"), ("a.txt", f"{{0}}{'-' * 48}\n\n<!-- page 2 -->", "没有文字"),
    ("a.html", "<!-- -->", "HTML"),
])
def test_broken_files_are_refused(name: str, content: bytes | str, reason: str, tmp_path: Path) -> None:
    """A file that is not what it is called says so."""
    assert reason in refusal(tmp_path, name, content)


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    """Entities, which could read other files or grow without end, are not even begun with."""
    (tmp_path / "secret.txt").write_text("机密", "utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]><alto><String CONTENT="a"/>&x;</alto>'
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 9}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "哈">{laughs}]><alto>&a11;</alto>'
    for content in (outside.encode(), bomb.encode(), bomb.encode("utf-16")):
        assert "实体" in refusal(tmp_path, "a.xml", content)


def test_mets_reads_nothing_outside(tmp_path: Path) -> None:
    """A path in a METS file that leaves its folder, by dots or by a link, is refused and named."""
    alto = FILES["mets/alto/0001.xml"]
    written(tmp_path, {"secret/0001.xml": alto, "in/mets.xml": b""})
    (tmp_path / "in/link").symlink_to(tmp_path / "secret")
    dots = ("../secret/0001.xml", f"{tmp_path}/secret/0001.xml", "link/0001.xml", "%2e%2e/secret/0001.xml", "%00.xml")
    for href in dots:
        content = METS.replace("file://./alto/0001.xml", href)
        assert "不予读取" in refusal(tmp_path, "in/mets.xml", content)


def test_archives_unpack_nothing_outside(tmp_path: Path) -> None:
    """Members that lead out of an archive, links, and those with odd names are left out and named; the rest is read."""
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    members: dict[str | zipfile.ZipInfo, str] = {
        "../out.md": "坏", "/abs.md": "坏", "a/../../out.md": "坏", "C:/x.md": "坏", "..\\out.md": "坏",
        link: "/etc/passwd", "ok/2024-05-10_02.md": "\n\n".join(CONTEST), "ok": "坏", f"{'长' * 300}.md": "坏",
        "ok/x.exe": "坏",
    }  # fmt: skip
    path = tmp_path / "in" / "a.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as packed:
        for member, content in members.items():
            packed.writestr(member, content)
    good, named = pages(path.parent, "a.zip")
    assert [article.title for article in good.articles] == [CONTEST[0]]
    assert len(named.notes) == 7
    assert sorted(found.name for found in tmp_path.rglob("*")) == ["a.zip", "in"]


@pytest.mark.parametrize(("limit", "value", "reason"), [
    ("MOST_FILES", 3, "太多"), ("MAX_UNPACKED", 2000, "太大"), ("UNSUSPICIOUS", 1000, "异常地大"),
])
def test_archives_have_limits(
    limit: str, value: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive with too many files, too many bytes, or a file that grows beyond reason is refused as a whole."""
    monkeypatch.setattr(archive, limit, value)
    inner = zipped({f"{n}.md": "会" * 500 for n in range(3)})
    assert reason in refusal(tmp_path, "a.zip", zipped({"b/c.zip": inner, "d.md": "工" * 100_000}))


def test_archives_in_archives_end(tmp_path: Path) -> None:
    """An archive too deep inside others is left out and named."""
    content = zipped({"2024-05-10_02.md": "\n\n".join(CONTEST)})
    for n in range(4):
        content = zipped({f"{n}.zip": content, f"{n}.md": "\n\n".join(BOOKS)})
    written(tmp_path, {"a.zip": content})
    *found, named = pages(tmp_path, "a.zip")
    assert len(found) == archive.MAX_DEPTH
    assert "太多层" in named.notes[0]


@pytest.mark.parametrize("content", [
    "<!--" * 300_000, "<div>" * 200_000 + "深", "<p>" * 200_000, "<a " + "x=1 " * 200_000, "&#x" * 300_000,
    "<map>" + "<area coords='1,2,3,4' href='content_1.htm'>" * 20_000, "<founder-content>" * 50_000 + "工会",
    "<!--enpproperty" + "<founder-title>" * 50_000 + "-->", "<h1>" * 50_000 + "工会",
], ids=range(9))
def test_hostile_html_ends(content: str, tmp_path: Path) -> None:
    """Unfinished comments, tags without end and nesting without end are read or refused soon."""
    written(tmp_path, {"content_1.htm": content.encode(), "node_1.htm": content.encode()})
    for name in ("content_1.htm", "node_1.htm"):
        try:
            pages(tmp_path, name)
        except UnreadableFileError:
            continue


def test_html_has_a_limit(tmp_path: Path) -> None:
    """An HTML file larger than any article is refused by its size."""
    assert "太大" in refusal(tmp_path, "a.html", b"x" * (tree.MAX_BYTES + 1))


def test_sizes_of_pictures(tmp_path: Path) -> None:
    """Width and height of JPEG, PNG and GIF are read from their heads, and of nothing else."""
    heads = {
        "a.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x90\0\0\x02\x58", "a.gif": b"GIF89a\x90\x01\x58\x02",
        "a.jpg": b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x02\x58\x01\x90\x03",
    }
    written(tmp_path, {**heads, "b.png": b"\x89PNG", "b.jpg": b"\xff\xd8", "b.gif": b""})
    assert [size(tmp_path / name) for name in heads] == [(400.0, 600.0)] * 3
    assert [size(tmp_path / name) for name in ("b.png", "b.jpg", "b.gif", "none.jpg", "\0.jpg")] == [None] * 5


def mutated(content: bytes, dice: random.Random) -> bytes:
    """A file with pieces lost, doubled, moved or overwritten."""
    for _ in range(dice.randint(1, 4)):
        a, b = sorted(dice.randint(0, len(content)) for _ in range(2))
        piece = content[a:b]
        content = dice.choice([
            content[:a] + content[b:], content[:b] + piece + content[b:], content[:a], content[b:] + piece,
            content[:a] + dice.randbytes(min(b - a, 8)) + content[a + 8 :], content[:a] + b"<" + content[a:],
        ])  # fmt: skip
    return content


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(FILES)), seed=st.integers(0, 2**32))
def test_mutated_files_do_no_harm(name: str, seed: int, tmp_path: Path) -> None:
    """A damaged file of any format gives pages, or is refused with a sentence; it never raises anything else."""
    written(tmp_path, {**FILES, name: mutated(FILES[name], random.Random(seed))})
    for file in page_files.find([tmp_path]):
        if file.name.startswith(name.split("/")[0]):
            try:
                for page in read_pages(file.path, file.name):
                    assert all(article.body is not None for article in page.articles)
            except UnreadableFileError as error:
                said = str(error)
                assert re.search("[\u4e00-\u9fff]{2}", said), said


def test_a_thousand_mixed_files(tmp_path: Path) -> None:
    """A thousand files of all formats, some of them broken, make an index; every failure is named with its reason."""
    dice = random.Random(1)
    names = [name for name in sorted(FILES) if not name.startswith("mets/")]
    contents: dict[str, bytes] = {}
    for n in range(1000):
        name = names[n % len(names)]
        content = FILES[name] if n % 3 else mutated(FILES[name], dice)
        contents[f"{n:04}/{name}"] = content
    written(tmp_path / "pages", contents)
    report = reindex([tmp_path / "pages"], tmp_path / "index")
    assert report.files == 1000
    assert report.published
    assert report.read + len(report.failed) == 1000
    assert 50 < len(report.failed) < 334
    assert all(int(name[:4]) % 3 == 0 and reason for name, reason in report.failed.items())
    assert report.articles > 900


def test_fields_of_a_site_are_data(tmp_path: Path) -> None:
    """Markup in the fields of a site's page stays text without tags."""
    html = FOUNDER.replace(BOOKS[0], "书屋<script>alert(1)</script>&nbsp;<b>开放</b>")
    written(tmp_path, {"content_1.htm": html.encode()})
    [page] = pages(tmp_path, "content_1.htm")
    assert page.articles[0].title == "书屋 alert(1) 开放"
