"""A cheap first look keeps clean pages away from the costly search for another reading order."""

from __future__ import annotations

import itertools

import pytest

from index.pages import first_look, joint
from index.pages.first_look import worst_joints
from index.pages.joint import Context
from index.pages.unzip import FIRST_LOOKS, unzip_page

LINES = [
    "立秋那天，柳溪机床厂的职工食",
    "堂换上了新菜单。工会委员老冯",
    "说，菜单是大家一票一票投出来",
    "的，清淡的、辣的、管饱的都有，",
    "每个星期还要再评一次。厨师长",
    "把意见本挂在取餐口旁边，谁吃",
    "得不满意，随手就能写上一句。",
    "上个月，有人写夜班的面条总是",
    "坨的，第二天面条便改成了现煮",
    "现捞。如今食堂的剩饭少了三成，",
    "排队的人却多了起来。年轻的钳",
    "工小邵打趣道，以前最盼望的是",
    "发工资，现在最盼望的是听见开",
    "饭的铃声。",
]
ZIPPED = list(itertools.chain(*zip(LINES[:7], LINES[7:], strict=True)))


def look(*articles: list[str]) -> list[bool]:
    return [score <= FIRST_LOOKS[0] for score in worst_joints(articles, [()] * len(articles), Context(LINES))]


def test_a_page_without_visible_joints_does_not_need_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole paragraphs, bylines and a few stray spaces come back at once, the table unread."""

    def unread() -> joint.Model:
        raise AssertionError("the table was read")

    monkeypatch.setattr(joint, "model", unread)
    whole = ["本报讯（记者 冯小满 通讯员 邵青）", "".join(LINES[:7]), "".join(LINES[7:]), f"{LINES[0]} {LINES[1]}"]
    done = unzip_page([whole, [], ["  "]])
    assert [result.paragraphs for result in done] == [whole, [], ["  "]]
    assert [result.moved for result in done] == [0, 0, 0]


@pytest.mark.parametrize("space", ["\n", " "])
def test_only_the_mixed_up_article_is_doubtful(space: str) -> None:
    """An article whose lines follow each other is passed over, one read across columns is not."""
    assert look([space.join(LINES)], [space.join(ZIPPED)]) == [False, True]


def test_headings_and_ends_of_sentences_show_no_joint() -> None:
    """What stands between paragraphs is a joint only where a sentence goes on."""
    paragraphs = ["食堂新事。", "一张菜单", "大家投票。"] * first_look.FEWEST
    headings = [i for i, paragraph in enumerate(paragraphs) if paragraph == "一张菜单"]
    assert worst_joints([paragraphs], [headings], Context(paragraphs)) == [0]
    assert look(ZIPPED) == [True]
