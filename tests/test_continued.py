"""Articles that go on on another page of their issue."""

from __future__ import annotations

import time
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import Byline, Page
from index.pages.continued import issue_of, joined
from index.pages.jump import is_jump, is_resumed, jumps, without_jumps
from index.pages.page import parse_page

FRONT = """\
# 一座水电站的三代守坝人

本报记者 岑溪

清晨五点，守坝人老葛沿着廊道走了第一趟。他说，三十年来，这条路他走了两万

（下转第3版）

## 河阳市总工会部署防汛

本报讯（记者 李明）昨日，河阳市总工会部署防汛。
"""
INNER = """\
## 一座水电站的三代守坝人

（上接第1版）多趟，每一级台阶的高低他都知道。

### 儿子接过手电筒

2019年，他的儿子也成了守坝人。

本报记者 贝舟 摄

# 北岸区工会办起托管班

本报讯（通讯员 贺兰）北岸区工会办起托管班。
"""


def page(text: str, number: str, day: str = "2024-05-10") -> Page:
    return parse_page(text, f"{day}_{number}.md")


def letters(pages: list[Page]) -> Counter[str]:
    printed = [text for p in pages for text in (*(a.printed for a in p.articles), *p.furniture)]
    return Counter("".join("".join(printed).split()))


def test_two_parts_are_one_article() -> None:
    """The later part stands behind the first, the cut sentence is whole, and the jump lines are gone."""
    front, inner = joined([page(FRONT, "01"), page(INNER, "03")])
    whole = front.articles[0]
    assert whole.body.split("\n") == [
        "清晨五点，守坝人老葛沿着廊道走了第一趟。他说，三十年来，这条路他走了两万多趟，每一级台阶的高低他都知道。",
        "儿子接过手电筒",
        "2019年，他的儿子也成了守坝人。",
    ]
    assert whole.bylines == (Byline("记者", "岑溪"), Byline("摄影", "贝舟"))
    assert whole.subheads == ("儿子接过手电筒",)
    assert whole.id == page(FRONT, "01").articles[0].id
    assert [a.title for a in inner.articles] == ["北岸区工会办起托管班"]
    assert not any("转接" in note for p in (front, inner) for note in p.notes)


def test_order_of_the_pages_does_not_matter() -> None:
    """Pages come back in the order they were given in, with the same articles in any order."""
    pages = [page(FRONT, "01"), page(INNER, "03"), page("# 别的\n\n本报讯 晴。\n", "02")]
    expected = {p.source: p for p in joined(pages)}
    for order in permutations(pages):
        found = joined(order)
        assert [p.source for p in found] == [p.source for p in order]
        assert {p.source: p for p in found} == expected


def test_no_text_is_lost() -> None:
    """Articles and furniture of the joined pages hold every character of the single ones."""
    pages = [page(FRONT, "01"), page(INNER, "03")]
    assert letters(joined(pages)) == letters(pages)


def test_parts_of_other_issues_stay_apart() -> None:
    """Nothing is joined across days, across newspapers, or where the page numbers do not agree."""
    apart = [
        [page(FRONT, "01"), page(INNER, "03", "2024-05-11")],
        [page(FRONT, "01"), page(INNER, "04")],
        [page(f"河阳工人报\n\n{FRONT}", "01"), page(f"澄溪工人报\n\n{INNER}", "03")],
        [parse_page(FRONT, "a.md"), parse_page(INNER, "b.md")],
    ]
    for pages in apart:
        found = joined(pages)
        assert found == pages
        assert [note for p in found for note in p.notes if "未合并" in note] == [
            "《一座水电站的三代守坝人》有转接，未合并：（下转第3版）",
            "《一座水电站的三代守坝人》有转接，未合并：（上接第1版）",
        ]


@pytest.mark.parametrize(
    ("onward", "over"),
    [
        ("（下转第三版）", "（上接第一版）"), ("(下转 第 3 版)", "(上接1版)"), ("▶下转3版", "◀上接第1版"),
        ("下转第3版", "上接头版"), ("（下转A3版）", "（上接A01版）"), ("（紧接第三版）", "（紧接第一版）"),
        ("【下转03版】", "【上接01版】"), ("（转第3版）", "（接第1版）"), ("（下转第三版·专题）", "（上接第一版要闻）"),
    ],
)  # fmt: skip
def test_forms_of_jump_lines(onward: str, over: str) -> None:
    """Page numbers in any form, with or without brackets."""
    front = f"# 守坝人\n\n本报记者 岑溪\n\n老葛沿着廊道走了第一趟。\n\n{onward}\n"
    inner = f"{over}\n\n# 守坝人\n\n他的儿子也成了守坝人。\n"
    first, _ = joined([page(front, "01"), page(inner, "03")])
    assert first.articles[0].body == "老葛沿着廊道走了第一趟。\n他的儿子也成了守坝人。"


@pytest.mark.parametrize(
    "opening",
    [
        "（上接第1版）他的儿子", "（上接第1版）\n\n他的儿子", "# 接过手电筒（上接第1版）\n\n他的儿子",
        "### 接过手电筒\n\n（上接第1版）\n\n他的儿子", "《守坝人》（上接第1版）\n\n他的儿子",
        "（上接第1版）\n\n## 接过手电筒\n\n他的儿子", "（上接第1版《守坝人》）\n\n他的儿子",
    ],
)  # fmt: skip
def test_openings_of_later_parts(opening: str) -> None:
    """A later part begins a new draft, with its title, another one, or none, after whatever stands before it."""
    inner = f"# 别的\n\n本报讯（记者 李明）昨日，北岸区下雨。\n\n{opening}也成了守坝人。\n"
    front = "# 守坝人\n\n本报记者 岑溪\n\n老葛走了第一趟。（下转第3版）\n"
    first, second = joined([page(front, "01"), page(inner, "03")])
    assert first.articles[0].body == "老葛走了第一趟。\n他的儿子也成了守坝人。"
    assert [a.title for a in second.articles] == ["别的"]


def test_one_jump_line_lost() -> None:
    """Where OCR lost one of the two jump lines, the titles tell."""
    first, second = joined([page(FRONT, "01"), page(INNER.replace("（上接第1版）", ""), "03")])
    assert "他的儿子也成了守坝人" in first.articles[0].body
    assert len(second.articles) == 1
    other = INNER.replace("（上接第1版）", "").replace("一座水电站的三代守坝人", "暴雨夜里的抢险队")
    assert [len(p.articles) for p in joined([page(FRONT, "01"), page(other, "03")])] == [2, 2]


def test_two_articles_go_on_on_one_page() -> None:
    """Of several candidates the titles, and sentences that read on, find the right ones; else they stay apart."""
    front = (
        "# 守坝人\n\n本报记者 岑溪\n\n老葛说，这条路他走了两万多趟，每一级台阶的高低他都知（下转第3版）\n\n"
        "# 抢险队\n\n本报记者 贝舟\n\n雨下了三天三夜，抢险队员们把编织袋一层一层地垒上大（下转第3版）\n"
    )
    inner = (
        "（上接第1版）堤，没有一个人离开。\n\n# 别的\n\n本报讯（记者 李明）昨日下雨。\n\n"
        "（上接第1版）道，闭着眼睛也能走个来回。\n"
    )
    first, second = joined([page(front, "01"), page(inner, "03")])
    assert [a.body for a in first.articles] == [
        "老葛说，这条路他走了两万多趟，每一级台阶的高低他都知道，闭着眼睛也能走个来回。",
        "雨下了三天三夜，抢险队员们把编织袋一层一层地垒上大堤，没有一个人离开。",
    ]
    assert len(second.articles) == 1
    vague = [page(front.replace("知（", "知道。（").replace("大（", "大堤。（"), "01"), page(inner, "03")]
    assert joined(vague) == vague


def test_three_parts() -> None:
    """An article may go on twice."""
    pages = [
        page("# 守坝人\n\n本报记者 岑溪\n\n第一段。（下转第2版）\n", "01"),
        page("（上接第1版）第二段。（下转第4版）\n", "02"),
        page("（上接第2版）第三段。（下转第5版）\n", "04"),
    ]
    first, *rest = joined(pages)
    assert first.articles[0].body == "第一段。\n第二段。\n第三段。"
    assert not any(p.articles for p in rest)
    assert first.notes == ("《守坝人》有转接，未合并：（下转第5版）",)


def test_issues() -> None:
    """The day tells the issue of a page, or else its number."""
    assert issue_of(parse_page("", "2024-05-10_02.md")) == "2024-05-10"
    assert issue_of(parse_page("", "第58期_4版.md")) == "58"
    assert issue_of(parse_page("", "x.md")) is None


def test_jumps_in_text() -> None:
    """Jumps are taken out of text; words that only look like them stay."""
    assert without_jumps("他说。（下转第3版）") == "他说。"
    assert without_jumps("（上接第一版） 他说") == " 他说"
    for text in ("记者转遍了第3版的店铺", "他接第3版的稿子", "见报第二版", "（相关报道见第3版）", "转版的办法"):
        assert without_jumps(text) == text
        assert not jumps(text)
    assert is_jump("下转第3版")
    assert is_resumed("(上接第3版)他说")
    assert not is_resumed("接第3版的人来了")


def test_a_jump_is_no_page_number() -> None:
    """The page that a jump names is not taken for the page's own number."""
    text = "# 守坝人\n\n本报记者 岑溪\n\n老葛走了第一趟。\n\n（下转第3版）\n"
    assert parse_page(text, "x.md").metadata.page_no is None


PIECES = st.sampled_from(
    ["# 守坝人", "（下转第2版）", "（上接第1版）", "他说，", "老葛走了第一趟。", "本报记者 岑溪", "紧接第2版", "▶转1版"]
)  # fmt: skip


@given(st.lists(st.lists(PIECES, max_size=8).map("\n\n".join), max_size=3))
def test_any_pages_are_joined_without_loss(texts: list[str]) -> None:
    """Whatever the jump lines say, nothing is lost, no article stands twice, and joining again changes nothing."""
    pages = [page(text, f"{number:02}") for number, text in enumerate(texts, 1)]
    found = joined(pages)
    assert letters(found) == letters(pages)
    assert len({a.id for p in found for a in p.articles}) == sum(len(p.articles) for p in found)
    assert [p.source for p in found] == [p.source for p in pages]


def test_hostile_issues_take_linear_time() -> None:
    """Thousands of jump lines on a page are no problem."""
    front = page("# 守坝人\n\n本报记者 岑溪\n\n老葛走了。（下转第2版）\n\n" * 3000, "01")
    inner = page("# 守坝人\n\n（上接第1版）老葛走了。\n\n" * 3000, "02")
    start = time.process_time()
    joined([front, inner])
    jumps("接1版" * 100_000)
    assert time.process_time() - start < 10
