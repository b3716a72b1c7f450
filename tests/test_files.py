"""Page files: all of them are found, once; their text is read right or refused with a reason."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import simplified_pages, traditional_pages

from index.errors import UnreadableFileError
from index.files import MAX_BYTES, SUFFIXES, decode, digest, find, read_text

posix = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX file system")


def names(*paths: Path) -> list[str]:
    return [file.name for file in find(paths)]


def refusal(path: Path) -> str:
    """Why a file is refused; a sentence for people who read Chinese."""
    with pytest.raises(UnreadableFileError, match=r"[\u4e00-\u9fff]{3}") as caught:
        read_text(path)
    assert not re.search("[A-Za-z]{12}", str(caught.value))
    return str(caught.value)


@given(simplified_pages, st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk")))
def test_simplified_pages_are_read_in_any_encoding(text: str, encoding: str) -> None:
    """A page in UTF-8 or UTF-16, with a byte order mark or not, or in GB18030 is read as it was written."""
    assert decode(text.encode(encoding)) == text


@given(traditional_pages, st.sampled_from(("utf-8", "utf-16", "big5", "gb18030")))
def test_traditional_pages_are_read_in_any_encoding(text: str, encoding: str) -> None:
    """A page in traditional characters is read as it was written, in Big5 too."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(("text", "encoding"), [
    ("本报讯 6月1日，䶮溪造纸厂职工孟䶮、吉𠮷在全市技能比武中夺冠。", "gb18030"),
    ("台北訊 永恒紡織廠裏的女工們昨日集會，要求資方恢復加班津貼。", "big5hkscs"),
    ("ERP 系统上线，10.5% 的班组已经用上（见 A03 版）。", "gbk"),
    ("本报讯\u3000砚江市总工会昨日召开会议。", "utf-16-be"),
])
def test_characters_beyond_the_common_ones(text: str, encoding: str) -> None:
    """Rare characters and foreign words do not mislead the choice of the encoding."""
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert decode(mark + text.encode(encoding)) == text


@pytest.mark.parametrize("content", [
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x04\x00",
    b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    "没有字节序标记的文字".encode("utf-16-le"),
    "工会".encode("utf-32"),
    b"\xff\xfe\x00",
    b"caf\xe9 cr\xe8me br\xfbl\xe9e",
    "劳动模范".encode()[:-1],
    b"\x01\x02\x03text",
    bytes(range(256)),
])
def test_what_is_no_text_is_refused(content: bytes, tmp_path: Path) -> None:
    """Pictures, archives, text cut in a character and other binary content are not read as nonsense."""
    path = tmp_path / "page.md"
    path.write_bytes(content)
    assert "不是文本文件" in refusal(path)


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Decoding never fails in another way, and never gives text that cannot be encoded or holds controls."""
    try:
        text = decode(content)
    except UnreadableFileError:
        return
    assert not re.search("[\x00-\x08\x0e-\x1f\r]", text)
    text.encode()


def test_line_ends_are_line_feeds() -> None:
    """Lines may end as on any system."""
    assert decode("一\r\n二\r三\n四\r\n".encode()) == "一\n二\n三\n四\n"


def test_a_stray_control_character_does_not_cost_a_page() -> None:
    """Among plenty of text a control character that some tool left behind counts as a space."""
    text = "砚江市总工会昨日召开会议，部署今年的劳动竞赛。" * 5
    assert decode(f"{text}\x02\x1f{text}\f".encode()) == f"{text}  {text}\f"


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u3000\n".encode()])
def test_empty_files_are_refused(content: bytes, tmp_path: Path) -> None:
    """A file without any character says so."""
    path = tmp_path / "page.md"
    path.write_bytes(content)
    assert refusal(path) == "文件是空的"


def test_oversize_files_are_refused(tmp_path: Path) -> None:
    """A file beyond the limit is refused by its size."""
    path = tmp_path / "page.md"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "文件太大" in refusal(path)


@posix
def test_files_that_cannot_be_opened_are_refused(tmp_path: Path) -> None:
    """What is missing, a folder, a pipe or a link to itself is refused with the reason, without waiting."""
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    assert refusal(tmp_path / "none.md") == "文件不存在"
    assert refusal(tmp_path) == "是文件夹，不是文件"
    assert refusal(tmp_path / "pipe.md") == "不是普通文件"
    assert refusal(tmp_path / "loop.md") == "链接互相指向，没有尽头"
    assert refusal(tmp_path / ("长" * 200 + ".md")) == "名称太长"
    with pytest.raises(UnreadableFileError):
        digest(tmp_path / "pipe.md")


@posix
def test_forbidden_files_and_folders_are_reported(unprivileged: Path) -> None:
    """What the user may not read is found and refused, and the rest is found too."""
    for name in ("a.md", "b/c.md", "d/e.md"):
        (unprivileged / name).parent.mkdir(exist_ok=True)
        (unprivileged / name).write_text("工会", "utf-8")
    (unprivileged / "a.md").chmod(0)
    (unprivileged / "b").chmod(0)
    (unprivileged / "d").chmod(0o600)  # its entries have names, but nothing more is known of them
    found = list(find([unprivileged]))
    assert [file.name for file in found] == ["a.md", "b", "d/e.md"]
    assert {refusal(file.path) for file in found} == {"没有权限"}


def test_digests_are_of_the_bytes(tmp_path: Path) -> None:
    """Two files have one digest if and only if their bytes are the same."""
    for name, text in (("a.md", "工会"), ("b.txt", "工会"), ("c.md", "工会\n")):
        (tmp_path / name).write_text(text, "utf-8")
    a, b, c = (digest(tmp_path / name) for name in ("a.md", "b.txt", "c.md"))
    assert a == b != c


def tree(root: Path, *paths: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("工会", "utf-8")
    return root


def test_page_files_are_found_in_order(tmp_path: Path) -> None:
    """All page files below a folder, by the order of their names; other endings and hidden ones are not."""
    pages = ("2023/12/31.md", "2024/01/01.TXT", "2024/02.jsonl", "b.markdown", "c.Md", "d.docx", "e.PDF", "f.zip",
             "g/a_content_list.json", "h/a.xml", "i/a.htm", "i/b.html")  # fmt: skip
    others = ("a.png", "README", ".git/x.md", ".b.md", "2024/.trash/y.txt", "~$x.docx", "a.json", "a.doc")
    assert names(tree(tmp_path, *pages, *others)) == list(pages)
    assert all(any(name.lower().endswith(suffix) for name in pages) for suffix in SUFFIXES)


def test_an_empty_folder_has_no_page_files(tmp_path: Path) -> None:
    """A folder without page files gives none, and so do no paths."""
    assert names(tmp_path) == []
    assert names() == []


def test_a_named_file_is_always_given(tmp_path: Path) -> None:
    """A file named itself is given whatever its ending, hidden, or not there at all: reading will say."""
    tree(tmp_path, "page.log", ".hidden.md")
    assert names(tmp_path / "page.log") == ["page.log"]
    assert names(tmp_path / ".hidden.md") == [".hidden.md"]
    assert names(tmp_path / "none.md") == ["none.md"]
    assert names(tmp_path / "none" / "none.md") == ["none.md"]


def test_each_file_is_given_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths that overlap, or name one thing in several ways, do not give a file twice."""
    tree(tmp_path, "a/1.md", "a/b/2.md")
    monkeypatch.chdir(tmp_path)
    everything = ["a/1.md", "a/b/2.md"]
    assert names(Path("a"), Path("a/../a"), tmp_path / "a", Path("a/1.md")) == ["1.md", "b/2.md"]
    assert sorted(names(Path("a/b"), Path())) == everything
    assert sorted(names(Path("a/1.md"), Path("a/b"), Path())) == everything


def test_files_of_several_folders_have_different_names(tmp_path: Path) -> None:
    """Two pages called alike in two folders stay two pages."""
    tree(tmp_path, "x/2023/01.md", "x/2024/01.md")
    assert names(tmp_path / "x/2023", tmp_path / "x/2024") == ["2023/01.md", "2024/01.md"]
    assert names(tmp_path / "x/2024/01.md", tmp_path / "x/2023/01.md") == ["2024/01.md", "2023/01.md"]


@posix
def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    """Linked folders and files are read; folders that link to each other end, each entered once."""
    tree(tmp_path, "in/1.md", "out/2.md", "out/3.md")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/again").symlink_to(tmp_path / "out")
    (tmp_path / "in/above").symlink_to(tmp_path / "in")
    (tmp_path / "in/2024-05-01.md").symlink_to(tmp_path / "out/3.md")
    (tmp_path / "in/gone.md").symlink_to(tmp_path / "out/4.md")
    assert names(tmp_path / "in") == ["1.md", "2024-05-01.md", "again/2.md", "again/3.md", "gone.md"]
    assert names(tmp_path / "in/2024-05-01.md") == ["2024-05-01.md"]
    for i in range(12):
        (tmp_path / "mesh" / str(i)).mkdir(parents=True)
        for j in range(12):
            (tmp_path / "mesh" / str(i) / f"to{j}").symlink_to(tmp_path / "mesh" / str(j))
    assert names(tree(tmp_path / "mesh", "7/x.md")) == ["7/x.md"]


@posix
@pytest.mark.parametrize("name", [
    b"a b.md", b"'\"`$(x);&.md", b"line\nend.md", b"tab\t.md", b"-rf.md", b"*.md", "二〇二四年🗞️.md".encode(),
    "第1234期_第2版.md".encode("gb18030"), b"\xff\xfe.md", "长".encode() * 80 + b".md", b"back\\slash.md",
])
def test_odd_names_survive(name: bytes, tmp_path: Path) -> None:
    """Whatever a file is called, it is found, can be read, and has a name that can be printed and stored."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    try:
        path.write_text("工会", "utf-8")
    except OSError:
        pytest.skip("the file system does not take this name")
    [file] = find([tmp_path])
    assert read_text(file.path) == "工会"
    file.name.encode("utf-8")
    assert [file] == list(find([path]))


@posix
def test_undecodable_names_stay_apart(tmp_path: Path) -> None:
    """Two files whose names differ in bytes that are no UTF-8 keep different names."""
    for name in (b"\xb9\xa4.md", b"\xb9\xa5.md", "工.md".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("工会", "utf-8")
    assert len(set(names(tmp_path))) == 3
