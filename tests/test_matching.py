"""Which articles truly match the words of a query, and which are only related."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from archive import archive, ask, ids, related

from search.matching import parts


@pytest.mark.parametrize(("query", "found"), [
    ("竹", {"1", "2"}), ("竹笛", {"1"}), ("竹笛厂", {"1"}), ("竹笛厂长", set()), ("竹椅", {"2"}),
    ("笛竹", set()), ("竹厂", set()),
    ("竹笛 竹椅", set()), ("竹笛 灯", {"1"}), ("竹 灯", {"1", "2"}), ("笛厂门口", {"1"}), ("口的灯", {"1"}),
])
def test_a_short_word_is_never_cut(tmp_path: Path, query: str, found: set[str]) -> None:
    """Up to four characters match where they stand together, whatever words they cut through."""
    searcher = archive(tmp_path, "竹笛厂门口的灯亮着", "厂里的竹椅旁有一盏灯。笛声很远")
    assert set(ids(searcher, query)) == found


def test_a_long_run_matches_by_its_words(tmp_path: Path) -> None:
    """Words typed without spaces must all occur, wherever they stand."""
    searcher = archive(tmp_path, "巡堤的船工领到了新雨衣。", "船工今年没有雨衣。", "雨衣挂在墙上。")
    assert set(ids(searcher, "船工领到雨衣")) == {"1"}
    assert set(ids(searcher, "船工雨衣今年")) == {"2"}


def test_a_quoted_run_is_never_cut(tmp_path: Path) -> None:
    """In quotes all characters stand together, however many they are."""
    searcher = archive(tmp_path, "巡堤的船工昨天领到了新雨衣", "雨衣新到了，船工昨天领")
    assert ids(searcher, '"船工昨天领到了新雨衣"') == ["1"]


@pytest.mark.parametrize("query", ["茶厂", '"茶厂"', "标题:茶厂", "“茶　厂”"])
def test_gaps_quotes_and_brackets_in_the_text_are_looked_through(tmp_path: Path, query: str) -> None:
    """What printers put between characters does not part a word: spaces, quotes, brackets, interpuncts."""
    texts = ("茶 厂", "茶　厂", "茶“厂”", "“茶”厂", "《茶》厂", "（茶）厂", "茶·厂", "茶\u200b厂", "「茶」厂")
    searcher = archive(tmp_path, *({"title": text, "body": "开工"} for text in (*texts, "茶，厂")))
    assert len(ids(searcher, query)) == len(texts)


@pytest.mark.parametrize("sign", ["，", "、", "；", "：", "-", "/", "…", "%"])
def test_punctuation_parts_words_but_can_be_typed(tmp_path: Path, sign: str) -> None:
    """A sign between two characters is a character of its own; in quotes it matches where it is typed."""
    searcher = archive(tmp_path, f"采茶{sign}制茶", "采茶制茶")
    assert ids(searcher, "采茶制茶") == ids(searcher, '"采茶制茶"') == ["2"]
    assert ids(searcher, f'"采茶{sign}制茶"') == ["1"]


@pytest.mark.parametrize(("typed", "printed"), [
    (",", "，"), ("，", ","), (":", "："), ("(", "（"), ("!", "！"), ("；", ";"),
])
def test_width_of_punctuation_does_not_matter(tmp_path: Path, typed: str, printed: str) -> None:
    """A phrase with half-width signs finds full-width ones and the other way round."""
    searcher = archive(tmp_path, {"title": f"采茶{printed}制茶", "body": "开工"})
    assert ids(searcher, f'"采茶{typed}制茶"') == ["1"]


def test_true_matches_come_before_related_ones(tmp_path: Path) -> None:
    """When too few articles have all words, those with some of them follow, the best covered first, and say so."""
    searcher = archive(tmp_path, "船工的雨衣", "渡口的船工", "茶厂的食堂", "船工雨衣渡口姜茶")
    result = ask(searcher, "船工 雨衣 渡口")
    assert result.hits[0].article.id == "4"
    assert [hit.partial for hit in result.hits] == [False, *[True] * (len(result.hits) - 1)]
    assert {hit.article.id for hit in result.hits} == {"1", "2", "4"}
    assert result.partial
    assert (result.total, result.reachable) == (1, 3)


def test_no_relation_without_a_shared_word(tmp_path: Path) -> None:
    """Articles that share single characters only, or nothing, are not related."""
    searcher = archive(tmp_path, "船工的雨衣", "工人的船票和衣服淋了雨")
    assert related(searcher, "船工雨衣渡口") == ["1"]


DATED = (
    {"title": "渡口", "body": "船工领到雨衣", "date": "2023-11-08"},
    {"title": "茶厂", "body": "雨伞不够用，船工在食堂", "date": "2023-11-09", "kind": "notice"},
    {"title": "茶厂", "body": "雨伞够用，食堂也开了", "date": "2023-11-09", "kind": "notice"},
)


@pytest.mark.parametrize("query", [
    "标题:渡口 船工 雨伞", "船工 雨伞 -食堂", "日期:2023-11-08 船工 雨伞", "类型:新闻 船工 雨伞",
    '"雨衣" 船工 雨伞',
])
def test_what_is_not_a_bare_word_binds_related_articles(tmp_path: Path, query: str) -> None:
    """Phrases, fields, dates and exclusions hold for articles that have only some of the words, too."""
    searcher = archive(tmp_path, *DATED)
    assert ids(searcher, query) == []
    assert related(searcher, query) == ["1"]


def test_filters_bind_related_articles(tmp_path: Path) -> None:
    """So do filters and the range of days of the request."""
    searcher = archive(tmp_path, *DATED)
    assert related(searcher, "船工 雨伞 渡口", filters=(("kind", ("news",)),)) == ["1"]
    assert related(searcher, "船工 雨伞 渡口", date_to=datetime.date(2023, 11, 8)) == ["1"]
    assert related(searcher, "船工 雨伞 渡口", date_from=datetime.date(2023, 11, 9)) == ["2", "3"]


def test_phrases_are_never_relaxed(tmp_path: Path) -> None:
    """A phrase that occurs nowhere finds nothing."""
    searcher = archive(tmp_path, *DATED)
    result = ask(searcher, '"船工雨伞"')
    assert (result.total, result.reachable, result.partial, result.hits) == (0, 0, False, ())


def test_enough_true_matches_need_no_relations(tmp_path: Path) -> None:
    """A full screen of true matches is not followed by related ones."""
    searcher = archive(tmp_path, *["船工的雨衣"] * 12, "船工的饭盒")
    result = ask(searcher, "船工 雨衣", per_page=10)
    assert (result.total, result.reachable, result.partial) == (12, 12, False)


def test_alternatives_are_not_relaxed_into_everything(tmp_path: Path) -> None:
    """OR and brackets keep their meaning."""
    searcher = archive(tmp_path, "船工", "雨衣", "渡口", "茶厂")
    assert set(ids(searcher, "船工 OR 雨衣")) == {"1", "2"}
    assert related(searcher, "船工 OR 雨衣") == []
    assert ids(searcher, "(船工 OR 雨衣) 渡口") == []
    assert set(related(searcher, "(船工 OR 雨衣) 渡口")) <= {"1", "2", "3"}


@pytest.mark.parametrize("query", ["船工什么时候能领到新雨衣？", "请问船工的雨衣是哪一家工会送的呢", "船工怎样领雨衣"])
def test_a_question_finds_something(tmp_path: Path, query: str) -> None:
    """A question typed as a sentence finds the article that answers it first."""
    others = ("茶厂食堂开饭", "什么时候开航，哪一家都说不清", "请问怎样走")
    searcher = archive(tmp_path, *others, "渡口的船工上周领到了新雨衣，由镇工会送来。")
    assert ask(searcher, query).hits[0].article.id == "4"


@pytest.mark.parametrize("title", [
    "师父说“慢”，徒弟说“快”", "医院：给情绪开一间“门诊”", "“砚台”APP上线“一键找工会”",
    "普通洗碗工，也要签竞业限制？", "焊花（外一首）",
    "2023年“五一”光荣榜（摘登）", "会议室搬到卸货台　仓管员问倒总经理", "谈了四轮——工资涨了", "《江边》开印",
    "一加一>二",
])
def test_a_whole_title_finds_its_article(tmp_path: Path, title: str) -> None:
    """A title pasted as it was printed, with all its signs, finds its article first."""
    others = ("徒弟说慢", "门诊", "找工会", "洗碗工", "外一首", "光荣榜", "总经理", "工资", "江边", "一加一")
    searcher = archive(tmp_path, *others, {"id": "wanted", "title": title, "body": "开工"})
    assert ask(searcher, title).hits[0].article.id == "wanted"


@pytest.mark.parametrize("query", ["船工的雨衣是谁送的", "送雨衣", "2023年11月8日 雨衣"])
def test_pages_of_related_articles_go_on(tmp_path: Path, query: str) -> None:
    """Related articles are paged like true matches, none twice, none lost."""
    searcher = archive(tmp_path, *(f"第{n}件雨衣" for n in range(25)))
    first = ask(searcher, query, per_page=10)
    pages = [ask(searcher, query, per_page=10, result_page=page).hits for page in (1, 2, 3, 4)]
    shown = [hit.article.id for hits in pages for hit in hits]
    assert len(shown) == len(set(shown)) == first.reachable == 25
    assert pages[3] == ()


def test_parts_are_words_inside_a_word() -> None:
    """The words inside a long one, two characters at least, without itself."""
    assert set(parts("职工代表大会")) >= {"职工", "代表", "大会"}
    assert all(len(part) > 1 for part in parts("职工代表大会"))
    assert "职工代表大会" not in parts("职工代表大会")
    assert parts("会") == ()
