"""What a page says of itself: front matter, masthead, editors' lines, and the name of its file."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from strategies import any_text

from index.model import PageMetadata
from index.pages import masthead
from index.pages.blocks import FOLD
from index.pages.page import parse_page

DAY = datetime.date(2024, 5, 1)

SOURCES = {
    "2024-05-01_02.md": PageMetadata(date=DAY, page_no="02"),
    "20240501-A03.md": PageMetadata(date=DAY, page_no="A03"),
    "20240501_03版.md": PageMetadata(date=DAY, page_no="03"),
    "第1234期_第2版.md": PageMetadata(issue_no="1234", page_no="2"),
    "总第88期/02.md": PageMetadata(issue_no="88", page_no="02"),
    "2024/05/01/03.md": PageMetadata(date=DAY, page_no="03"),
    "2024/0501/A2.txt": PageMetadata(date=DAY, page_no="A2"),
    "2024年5月1日_三版.md": PageMetadata(date=DAY, page_no="三"),
    "2024-05-01 第3版 要闻.md": PageMetadata(date=DAY, page_no="3", section="要闻"),
    "河阳工人报_20240501_02.md": PageMetadata(newspaper="河阳工人报", date=DAY, page_no="02"),
    "河阳工人报/2024-05-01.md": PageMetadata(newspaper="河阳工人报", date=DAY),
    "archive/page3.md": PageMetadata(page_no="3"),
    "河阳.md": PageMetadata(),
    "工会新闻版.md": PageMetadata(),
    "scan_0047.md": PageMetadata(),
    "2024-13-41_02.md": PageMetadata(),
}


@pytest.mark.parametrize(("source", "said"), SOURCES.items(), ids=SOURCES)
def test_names_of_files(source: str, said: PageMetadata) -> None:
    """The name of a file, with its folders, says date, page, issue, newspaper and section, each as printed."""
    assert masthead.from_source(source) == said


MASTHEADS = {
    "河阳工人报": PageMetadata(newspaper="河阳工人报"),
    "河 阳 工 人 报": PageMetadata(newspaper="河阳工人报"),
    "2 要闻": PageMetadata(page_no="2", section="要闻"),
    "综合 三版 责编：巫山 美编：厉明 2024年5月1日 星期三": PageMetadata(date=DAY, page_no="三", section="综合"),
    "２０２４年５月１日　星期三　责任编辑：窦梅　版式：祁小满　校对：于澄　Ａ０３　工会新闻": PageMetadata(
        date=DAY, page_no="A03", section="工会新闻"
    ),
    "二〇二四年五月一日 星期三 农历甲辰年三月廿三 总第1234期 第02版 综合新闻": PageMetadata(
        issue_no="1234", date=DAY, page_no="02", section="综合新闻"
    ),
    "2024.5.1 星期三 3 县域工会 河阳职工报 总第318期": PageMetadata(
        newspaper="河阳职工报", issue_no="318", date=DAY, page_no="3", section="县域工会"
    ),
    "2024年5月1日 星期三 第3417期 编辑 尚明 电话:0000-5550132": PageMetadata(issue_no="3417", date=DAY),
    "国内统一刊号:CN00-0032 邮发代号:00-12 今日4版": PageMetadata(),
    "02 综合新闻 2024年5月1日 河阳职工报 HEYANG ZHIGONG BAO": PageMetadata(
        newspaper="河阳职工报", date=DAY, page_no="02", section="综合新闻"
    ),
}


@pytest.mark.parametrize(("line", "said"), MASTHEADS.items(), ids=MASTHEADS)
def test_mastheads(line: str, said: PageMetadata) -> None:
    """A line above all articles says what the page is, in full-width, Chinese or plain digits."""
    assert masthead.read_line(line.translate(FOLD), at_edge=True) == said


@pytest.mark.parametrize("line", ["市总工会召开大会", "2024年5月1日，市总工会召开大会。", "喜报", "职工之家", "9月8日"])
def test_lines_that_are_no_masthead(line: str) -> None:
    """A title or a sentence inside the page is no masthead."""
    assert masthead.read_line(line.translate(FOLD), at_edge=False) is None


def test_editors_line_inside_the_page() -> None:
    """Editors' and contact lines are furniture wherever they landed, and tell the date if they have one."""
    editors = ("本版编辑 房晓岚 美编 苗苗", "责编:王明 2024年5月1日 星期三")
    contacts = ("总编室电话 0000-4471902", "投稿邮箱:a@b.example")
    for line in (*editors, *contacts):
        assert masthead.read_line(line, at_edge=False) is not None


def test_front_matter_comes_first() -> None:
    """Front matter is believed before the masthead, the masthead before the name of the file."""
    text = "---\n日期: 2024-05-01\n版次: 4\n---\n\n# 河阳工人报\n\n2024年5月2日 星期四 第3版 要闻\n\n本报讯 昨日晴。\n"
    page = parse_page(text, "2023-01-01_09.md")
    assert page.metadata == PageMetadata("河阳工人报", None, DAY, "4", "要闻")
    assert parse_page(text.partition("---\n\n")[2], "2023-01-01_09.md").metadata.page_no == "3"


def test_nothing_said_is_noted() -> None:
    """A page that says neither date nor number has neither, and a note says so."""
    page = parse_page("# 职工运动会开幕\n\n本报讯 昨日，5月1日的运动会开幕。\n", "河阳.md")
    assert page.metadata == PageMetadata()
    assert {"没有找到日期", "没有找到版次"} <= set(page.notes)


@given(any_text)
def test_any_text_may_be_asked(text: str) -> None:
    """Neither a strange line nor a strange name of a file raises."""
    masthead.read_line(text.translate(FOLD), at_edge=True)
    masthead.read_line(text.translate(FOLD), at_edge=False)
    masthead.from_source(text)
    masthead.front_matter(text)
