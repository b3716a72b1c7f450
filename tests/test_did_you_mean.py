"""What may have been meant by a query that finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from archive import archive, ids
from hypothesis import given
from hypothesis import strategies as st

from search.did_you_mean import LIMIT, did_you_mean
from search.errors import QueryError
from search.model import Suggestion
from search.query_parser import parse
from search.searcher import Searcher
from search.suggest import Suggester

ARTICLES: tuple[dict[str, object], ...] = (
    {"body": "劳模宣讲团走进车间。", "title": "劳模宣讲团进车间", "bylines": [{"role": "记者", "name": "顾南乔"}]},
    {"body": "工会换届，劳模当选。"},
    {"body": "劳动模范表彰大会举行。"},
    {"body": "这座桥已经完成，不算晚。", "title": "四十年老渡口停航 新大桥迎来首班车"},
    {"body": "这里的景点开放。", "section": "服务"},
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return archive(tmp_path_factory.mktemp("meant"), *ARTICLES)


@pytest.fixture(scope="module")
def suggester(searcher: Searcher) -> Suggester:
    return Suggester.read(searcher.snapshot())


def meant(searcher: Searcher, suggester: Suggester, q: str) -> tuple[Suggestion, ...]:
    return did_you_mean(searcher.snapshot(), suggester, parse(q))


@pytest.mark.parametrize(
    ("q", "first", "reason"),
    [
        ("劳摸", "劳模", "homophone"),
        ("工慧", "工会", "homophone"),
        ("公汇", "工会", "homophone"),
        ("劳动摸范", "劳动模范", "homophone"),
        ("劳摸宣讲团", "劳模宣讲团", "homophone"),
        ("古南桥", "顾南乔", "homophone"),
        ("己经完成", "已经完成", "lookalike"),
        ("老渡囗停航", "老渡口停航", "lookalike"),
        ("劳摸 工慧", "劳模 工会", "homophone"),
        ("四十年老渡口停了 大桥迎来首班车", "四十年老渡口停航 新大桥迎来首班车", "title"),
    ],
)
def test_a_likely_query_is_suggested(
    searcher: Searcher, suggester: Suggester, q: str, first: str, reason: str
) -> None:
    """What sounds or looks the same, or the nearest title, is suggested where it occurs and the query does not."""
    assert meant(searcher, suggester, q)[:1] == (Suggestion(first, reason),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ('"劳摸宣讲"', '"劳模宣讲"'),
        ("标题:劳摸", "标题:劳模"),
        ("记者:古南桥", "记者:顾南乔"),
        ("(劳摸 OR 工慧) -桥", "(劳模 OR 工会) -桥"),
        ("劳摸 -劳摸", "劳模 -劳摸"),
    ],
)
def test_the_rest_of_the_query_stays(searcher: Searcher, suggester: Suggester, q: str, first: str) -> None:
    """Quotes, fields, brackets and exclusions are as they were."""
    assert meant(searcher, suggester, q)[0].q == first


@pytest.mark.parametrize("q", ["劳模", "工会", "表彰大会", "渡口", "景点", "劳模 工会 桥", "顾南乔", '"首班车"'])
def test_what_occurs_is_not_put_in_question(searcher: Searcher, suggester: Suggester, q: str) -> None:
    """Words of the archive have no other spelling, even if all of them together find nothing."""
    assert meant(searcher, suggester, q) == ()


def test_two_characters_side_by_side_by_accident_are_no_word(tmp_path: Path) -> None:
    """经典 is not answered with 经点, which only stands in 已经点灯."""
    searcher = archive(tmp_path, "他已经点灯。")
    assert meant(searcher, Suggester.read(searcher.snapshot()), "经典") == ()


@pytest.mark.parametrize("q", ["", "-劳模", "龘靐", "xyzzy", "一一一一一一一一", "一 二 三 四 五 六", "2024年5月1日"])
def test_where_nothing_is_near_nothing_is_suggested(searcher: Searcher, suggester: Suggester, q: str) -> None:
    """No suggestion is better than a wild one."""
    assert meant(searcher, suggester, q) == ()


@given(q=st.text(st.sampled_from("劳摸模公工慧会己已经渡囗口停行  \"-()~:标题记者"), max_size=16))
def test_suggestions_find_articles(searcher: Searcher, suggester: Suggester, q: str) -> None:
    """Whatever is asked, there are at most three other queries, and each finds something."""
    try:
        tree = parse(q)
    except QueryError:
        return
    found = did_you_mean(searcher.snapshot(), suggester, tree)
    assert len(found) <= LIMIT
    assert str(tree) not in {suggestion.q for suggestion in found}
    assert all(ids(searcher, suggestion.q) for suggestion in found)
