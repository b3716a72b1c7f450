"""One page of a newspaper taken apart into articles, whatever it looks like."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_text, lines

from index.model import KINDS, Article, Byline, Page
from index.pages.page import parse_page

HARD_WRAPPED = """\
河阳工人报
2024年5月1日　星期三　第二版　要闻　责任编辑：邵青
市总工会部署防汛
物资储备工作
　　本报讯（记者 李明 通
讯员 周小燕）4月28日，河阳
市总工会召开会议，要求各级
工会在汛期到来之前备足沙
袋、雨衣和照明设备，把责任
落实到班组。
　　会议指出，去年汛期全市有
三千名职工参加抢险，没有发
生一起伤亡事故。
北岸区工会为司机送清凉
　　本报讯（通讯员 贺兰）昨日，
北岸区工会把三百箱矿泉水
送到公交首末站。
车间里的“活地图”
——记河阳阀门厂检修工单志刚
本报记者 欧阳雪
　　单志刚的口袋里总是装着
一截粉笔，走到哪里画到哪
里。
巡检不走老路
　　二十年来，他把厂里四千个
阀门的位置记得清清楚楚。
4月30日，河阳市职工足球赛
开幕，十六支球队参加角逐。
图为双方球员在争抢头球。
王海 摄
"""

MARKDOWN = """\
**河阳职工报** 2024-05-02 A05 民生

一张清单办结八件事

## 河阳市总工会"送清凉"

#### 首站走进地铁工地

本报讯(记者 贝舟) 河阳市总工 会昨日把防暑用品送到工地, 建设者 们领到了凉茶。

建设者说,

![](images/p1.jpg)

5月1日, 河阳市举办焊接比武。图为 选手在进行管板对接。 本报记者 **王 海** 摄

"这份清凉来得及时。" 老厂区里建起口述馆

本报讯(通讯员 古丽・艾山)口述馆在老厂区开馆。(下转第6版)

### 工会短波

▲ 教育工会举办演讲比赛,六人获奖。(陶冉)

▲ 渔业工会开展救生演练,百人参加。(汤海)

# 关于检修的公告

因管网检修,5月6日停水,请储水。

联系电话:0000-5551234

河阳市自来水公司

2024年4月30日

## 焊花

○ 墨小青

你把夜色
焊在钢梁之间
一朵花开了又谢
没有人给它浇水

微信公众号

扫一扫 关注我们
"""


def titled(page: Page) -> dict[str | None, Article]:
    return {article.title: article for article in page.articles}


def test_hard_wrapped_text() -> None:
    """Without headings or blank lines, bylines, datelines and indents tell the articles apart."""
    page = parse_page(HARD_WRAPPED, "x.txt")
    found = titled(page)
    assert (page.metadata.newspaper, page.metadata.page_no, page.metadata.section) == ("河阳工人报", "二", "要闻")
    assert list(found) == ["市总工会部署防汛物资储备工作", "北岸区工会为司机送清凉", "车间里的“活地图”", None]
    assert found["市总工会部署防汛物资储备工作"].bylines == (Byline("记者", "李明"), Byline("通讯员", "周小燕"))
    assert "备足沙袋、雨衣和照明设备" in found["市总工会部署防汛物资储备工作"].body
    assert found["北岸区工会为司机送清凉"].kind == "brief"
    feature = found["车间里的“活地图”"]
    assert (feature.subtitle, feature.subheads) == ("记河阳阀门厂检修工单志刚", ("巡检不走老路",))
    photo = found[None]
    assert (photo.kind, photo.bylines) == ("photo", (Byline("摄影", "王海"),))
    assert photo.body == "4月30日，河阳市职工足球赛开幕，十六支球队参加角逐。图为双方球员在争抢头球。"


def test_markdown_page() -> None:
    """Titles over two headings, kickers, captions inside sentences, run-on titles, columns, notices and poems."""
    page = parse_page(MARKDOWN, "x.md")
    found = titled(page)
    news = found["河阳市总工会“送清凉”首站走进地铁工地"]
    assert (news.kicker, news.bylines) == ("一张清单办结八件事", (Byline("记者", "贝舟"),))
    assert "建设者说，“这份清凉来得及时。”" in news.body
    hall = found["老厂区里建起口述馆"]
    assert hall.bylines == (Byline("通讯员", "古丽·艾山"),)
    assert "下转" not in hall.body
    assert any("下转第6版" in note for note in page.notes)
    kinds = Counter(article.kind for article in page.articles)
    assert kinds == Counter(news=1, photo=1, brief=3, notice=1, essay=1)
    notice = found["关于检修的公告"]
    assert notice.body.split("\n")[1:] == ["联系电话：0000-5551234", "河阳市自来水公司", "2024年4月30日"]
    assert found["焊花"].body == "你把夜色\n焊在钢梁之间\n一朵花开了又谢\n没有人给它浇水"
    assert {"微信公众号", "扫一扫 关注我们", "### 工会短波"} <= set(page.furniture)


def test_an_account_printed_under_the_last_article_is_no_part_of_it() -> None:
    """The sign of an account on social media, which carries no sentence, belongs to the page."""
    page = parse_page(f"{HARD_WRAPPED}\n\n河阳市总工会 @ hygh12\n", "")
    assert page.furniture[-1] == "河阳市总工会 @ hygh12"
    assert not any("hygh12" in article.body for article in page.articles)


def test_subtitle_dashes() -> None:
    """A subtitle begins with a dash, in any form that OCR gives it, and is kept without."""
    for dash in ("——", "—", "--", "-", "──", "────", "—— ", "－－"):
        page = parse_page(f"# 山路上的邮车\n\n{dash}记乡邮员老王\n\n本报记者 李明\n\n邮车翻过了山。\n", "x.md")
        assert [(a.title, a.subtitle) for a in page.articles] == [("山路上的邮车", "记乡邮员老王")]


def test_letters_and_questions() -> None:
    """A letter and a consultation are articles of their own, the letter with its writer."""
    letter = "读者来信\n\n请加一排凳子\n\n编辑同志：站台上没有座位。\n\n护工　毕云\n\n"
    advice = "法律问答\n\n加班费怎么算？\n\n问：只给补休对吗？\n\n答：不对。\n"
    page = parse_page(letter + advice, "x.md")
    assert [(a.title, a.bylines) for a in page.articles] == [
        ("请加一排凳子", (Byline("作者", "毕云"),)),
        ("加班费怎么算？", ()),
    ]
    assert page.articles[1].body == "问：只给补休对吗？\n答：不对。"


def test_roll_of_honour_stays_readable() -> None:
    """The rows of a table or list of names stay rows."""
    table = "| 序号 | 单位 |\n| --- | --- |\n| 1 | 检修班 |\n\n"
    (roll,) = parse_page(f"# 先进班组名单\n\n名单如下：\n\n{table}王明　河阳港\n李海　阀门厂\n", "x.md").articles
    assert roll.kind == "notice"
    assert roll.body.split("\n") == ["名单如下：", "序号 | 单位", "1 | 检修班", "王明　河阳港", "李海　阀门厂"]


def test_page_cut_off() -> None:
    """The last article of a page may end anywhere."""
    page = parse_page("# 河阳开通热线\n\n本报讯（记者 李明）昨日，热线开通，职工可以拨打\n", "x.md")
    assert [a.body for a in page.articles] == ["本报讯（记者李明）昨日，热线开通，职工可以拨打"]


def test_page_without_structure() -> None:
    """A page that defies segmentation is one article of its own kind, with all of its text."""
    (whole,) = parse_page("工会的职工在车间里劳动，" * 40 + "。", "x.md").articles
    assert (whole.kind, whole.title) == ("page", None)


def test_empty_page() -> None:
    """A page without text has no articles, and says that it has no date."""
    page = parse_page("\n \n", "x.md")
    assert page.articles == ()
    assert page.notes


def test_ids_are_stable_and_unique() -> None:
    """An id depends on newspaper, date, page and title only: not on neighbours, nor on the folder."""
    alone = parse_page("本报讯 晴。\n\n# 河阳开通热线\n\n本报讯 昨日热线开通。\n", "a/2024-05-01_02.md")
    other = parse_page("# 河阳开通热线\n\n本报讯 昨日热线开通了。\n\n# 别的\n\n本报讯 雨。\n", "b/2024-05-01_02.md")
    ids = {a.title: a.id for a in alone.articles}
    assert ids["河阳开通热线"] == {a.title: a.id for a in other.articles}["河阳开通热线"]
    twice = parse_page("# 简讯一则\n\n本报讯 晴。\n\n# 简讯一则\n\n本报讯 晴。\n", "2024-05-01_02.md")
    assert len({a.id for a in twice.articles}) == len(twice.articles) == 2
    assert all(re.fullmatch(r"20240501-02-[0-9a-f]{10}", a.id) for a in (*alone.articles, *twice.articles))


PIECES = st.sampled_from(
    ["# 河阳开通热线", "## 为职工服务", "——记检修工单志刚", "本报讯（记者 李明）昨日，热线开通。", "本报记者 李明",
     "王海 摄", "图为热线", "5月1日，比武开幕。图为选手。王海 摄", "▲教育工会比赛。（陶冉）", "（下转第3版）",
     "关于检修的公告", "河阳市总工会", "2024年5月1日", "图片新闻", "![](a.jpg)", "| 甲 | 乙 |", "**提案不能石沉大海**",
     "===", "---", "<br>", "问：为什么？", "你把夜色", "王明　河阳港"]
)  # fmt: skip
PAGES = st.lists(PIECES | lines() | any_text, max_size=12).flatmap(
    lambda pieces: st.sampled_from(["\n", "\n\n", " ", ""]).map(lambda joint: joint.join(pieces))
)


@given(PAGES)
def test_no_character_is_lost(text: str) -> None:
    """The printed text of the articles and the furniture together are the page, white space aside."""
    page = parse_page(text, "x.md")
    printed = [*(a.printed for a in page.articles), *page.furniture]
    assert Counter("".join("".join(printed).split())) == Counter("".join(text.split()))
    assert len({a.id for a in page.articles}) == len(page.articles)
    assert {a.kind for a in page.articles} <= set(KINDS)


@pytest.mark.parametrize(
    "text",
    ["工会开展活动，" * 150_000, "工会" * 500_000, "# 标题\n" * 100_000, "# 第{}题\n\n" * 50_000, "（" * 300_000,
     "本报讯（" * 100_000, "<" * 300_000, "![" * 200_000, "*" * 300_000, "张三 摄 " * 50_000, '"工' * 200_000,
     "\n" * 500_000, "▲工会\n" * 50_000],
    ids=lambda text: text[:6].strip() or "blank",
)  # fmt: skip
def test_time_is_linear(text: str) -> None:
    """A megabyte in one line, a hundred thousand headings, brackets never closed: seconds, and no error."""
    start = time.process_time()
    parse_page(text, "x.md")
    assert time.process_time() - start < 10
