"""Broken text made whole, and clean text left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import any_text, lines, texts

from index.pages import repair
from index.pages.lookalike import corrected

REPAIRED = {
    "劳动\n模范": "劳动模范",
    "劳 动 模 范": "劳动模范",
    "**劳动**模范": "劳动模范",
    "市总工会召开会议,部署\n今年的工作,要求各级\n工会抓好落实。\n各县区汇报了情况。": (
        "市总工会召开会议，部署今年的工作，要求各级工会抓好落实。\n各县区汇报了情况。"
    ),
    '他说:"有了组织,心里就踏实了。"': "他说：“有了组织，心里就踏实了。”",
    "市总工会(机关)举行仪式!": "市总工会（机关）举行仪式！",
    "登记时间: 9:30 至 11:30": "登记时间：9:30 至 11:30",
    "使用 Windows 10\n系统": "使用 Windows 10系统",
    "共筹集2,370元,用于帮扶": "共筹集2,370元，用于帮扶",
    "详见 http://a.example/b,谢谢": "详见 http://a.example/b，谢谢",
    "![](images/1.jpg)图片&nbsp;说明。<br>第二行": "图片 说明。\n第二行",
    "下降了$ 37\\% $。": "下降了37%。",
    "本线全程$4.9，两程$4.7": "本线全程$4.9，两程$4.7",
}


@pytest.mark.parametrize(("printed", "repaired"), REPAIRED.items(), ids=[text[:12] for text in REPAIRED])
def test_tidy(printed: str, repaired: str) -> None:
    """Lines are joined, stray spaces and markup go, punctuation and quotation marks become Chinese."""
    assert repair.tidy(printed) == repaired


CLEAN = (
    "市总工会昨日召开劳动模范表彰大会。",
    "第一章　总则\n第一条　为了保障职工的合法权益，制定本条例。\n第二条　本市行政区域内的用人单位适用本条例。",
    "从“要我讲”到“我要讲”\n" + "制度推行之初，职工们顾虑不少，会不会挨罚，会不会丢人，谁的心里都没有底。" * 3,
    "本台播发快评《以团结凝聚力量 以奋斗铸就伟业》，号召全市职工把手里的活儿干得更精，把脚下的路走得更稳。",
    "获奖者名单：王明 李大山 周小燕 陈述",
    "The price is 3,000 yuan, as he said: \"no\".",
    "你把夜色\n焊在钢梁与钢梁之间\n一朵花\n开了又谢\n没有人给它浇水",
)


@pytest.mark.parametrize("text", CLEAN, ids=[text[:12] for text in CLEAN])
def test_clean_text_stays(text: str) -> None:
    """Clean paragraphs, headings, titles of works, lists of names and verse come back as they are."""
    assert repair.tidy(text) == text


@given(any_text | texts())
def test_tidy_twice_is_tidy_once(text: str) -> None:
    """Repairing repaired text changes nothing."""
    once = repair.tidy(text)
    assert repair.tidy(once) == once


@given(texts())
def test_join_lines_keeps_letters(text: str) -> None:
    """Joining lines adds and drops white space only."""
    assert "".join(repair.join_lines(text).split()) == "".join(text.split())


@given(lines())
def test_tidy_paragraph_keeps_letters(line: str) -> None:
    """Repairing a paragraph changes spaces and punctuation, never a letter or digit."""
    letters = [c for c in line if c.isalnum()]
    assert [c for c in repair.tidy_paragraph(line, ocr=True) if c.isalnum()] == letters


QUOTED = {
    '他说："天亮了，"又补一句，"该换班了。"': "他说：“天亮了，”又补一句，“该换班了。”",
    '挂牌"工匠之家，"劳模讲堂"也开了课。': "挂牌“工匠之家，“劳模讲堂”也开了课。",
    '"工人先锋号、"巾帼标兵岗"各十个。': "“工人先锋号、“巾帼标兵岗”各十个。",
    '评出"最美车间"、"最美班组各十个。': "评出“最美车间”、“最美班组各十个。",
    '墙上写着"平安二字，老周说："不敢忘。"': "墙上写着“平安二字，老周说：“不敢忘。”",
}


@pytest.mark.parametrize(("printed", "right"), QUOTED.items(), ids=QUOTED)
def test_a_quotation_mark_lost_does_not_turn_the_others(printed: str, right: str) -> None:
    """Straight marks become pairs; where one closing mark was lost, those behind it still pair."""
    assert repair.tidy_paragraph(printed) == right


CORRECTED = {
    "工人们在施工现扬忙碌": "工人们在施工现场忙碌",
    "高级技帅走进了车间": "高级技师走进了车间",
    "在烈土陵园门前脱帽肃立": "在烈士陵园门前脱帽肃立",
    "曰前，区总工会举行活动": "日前，区总工会举行活动",
    "5月8曰清晨，雨停了": "5月8日清晨，雨停了",
    "因地制官推进工作": "因地制宜推进工作",
    "开展建会人会工作": "开展建会入会工作",
    "加人工会的快递员": "加入工会的快递员",
    "农氏工的工资": "农民工的工资",
    "己有三十人报名": "已有三十人报名",
    "享受兔费体检": "享受免费体检",
}


@pytest.mark.parametrize(("printed", "right"), CORRECTED.items(), ids=CORRECTED)
def test_look_alikes(printed: str, right: str) -> None:
    """A look-alike is put right where the dictionary is sure."""
    assert corrected(printed)[0] == right


@pytest.mark.parametrize(
    "text",
    ["资深人士表示", "引进人才的办法", "申请人会议改期", "这个人会开车", "成千上万的工人", "舍己救人", "烈日下的土地",
     "他对自己经营的小店很满意", "诗曰：“春眠不觉晓”", "弘扬劳模精神", "太阳出来了", "周末来参加活动"],
)  # fmt: skip
def test_right_characters_stay(text: str) -> None:
    """A character that belongs where it stands is left alone, however like another it looks."""
    assert corrected(text) == (text, [])


def test_thin_evidence_needs_the_news() -> None:
    """Where the dictionary only leans to the alternative, a rare turn of phrase stays unless news is written so."""
    assert corrected("工程己完工，选拨优秀人才。")[0] == "工程已完工，选拔优秀人才。"
    for text in ("学生要爱己爱人", "拨出土地建房", "松平氏家臣", "己 2己３己", "皇后全氏",
                 "大村氏祖先的神社", "名帅徐青山来了", "在桦太厅做工", "大鲁阁草衙道店"):
        assert corrected(text) == (text, [])


def test_names_are_kept() -> None:
    """A name given is not corrected, whatever the dictionary says of its characters."""
    assert corrected("记者兔费生", ("兔费生",))[0] == "记者兔费生"


@given(any_text | lines())
def test_corrected_keeps_length(text: str) -> None:
    """Correction exchanges one character for one, and names each exchange."""
    fixed, changes = corrected(text)
    assert len(fixed) == len(text)
    assert [(c.at, c.wrong, c.right) for c in changes] == [
        (i, a, b) for i, (a, b) in enumerate(zip(text, fixed, strict=True)) if a != b
    ]
