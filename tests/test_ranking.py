"""In which order matches come."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest
from archive import archive, ask, ids

from search.ranking import EITHER, KEYWORDS, RUNNING_TEXT, Profile, ranking

FILLER = "茶农们天不亮就背着竹篓上山，雾气里只听见剪刀的声音。"


def test_titles_count_more(tmp_path: Path) -> None:
    """A word in the title outranks the same word in the body."""
    texts = ({"title": "茶山清晨", "body": f"泡桐开了。{FILLER}"}, {"title": "泡桐开花", "body": FILLER})
    searcher = archive(tmp_path, *texts)
    assert ids(searcher, "泡桐") == ["2", "1"]


def test_more_is_better_and_shorter_is_better(tmp_path: Path) -> None:
    """Repetition raises, length lowers a text."""
    searcher = archive(tmp_path, f"泡桐。{FILLER * 8}", f"泡桐。{FILLER}", f"泡桐，还是泡桐，三棵泡桐。{FILLER}")
    assert ids(searcher, "泡桐") == ["3", "2", "1"]


def test_rare_words_count_more(tmp_path: Path) -> None:
    """Of two alternatives the one that few articles have weighs more."""
    searcher = archive(tmp_path, *["渡口冷清"] * 9, "泡桐冷清")
    assert ids(searcher, "渡口 OR 泡桐")[0] == "10"


def test_all_words_before_some_words(tmp_path: Path) -> None:
    """However often an article repeats one word, those with all words come first."""
    searcher = archive(tmp_path, "泡桐" * 30, f"泡桐。{FILLER * 5}渡口。", "渡口" * 30)
    hits = ask(searcher, "泡桐 渡口").hits
    assert hits[0].article.id == "2"
    assert [hit.partial for hit in hits] == [False, True, True]


def test_of_related_articles_the_better_covered_comes_first(tmp_path: Path) -> None:
    """Two of three words outrank one of three, repeated or not."""
    searcher = archive(tmp_path, f"雨衣雨衣雨衣。{FILLER}", f"船工在渡口。{FILLER}", f"茶厂。{FILLER}")
    hits = ask(searcher, "船工 渡口 雨衣").hits
    assert hits[0].article.id == "2"


def test_words_outrank_accidental_substrings(tmp_path: Path) -> None:
    """An article that has the characters as a word comes before one where they belong to two words."""
    searcher = archive(tmp_path, "新主板和服务器一起送到", "师傅缝的和服挂在柜里", "全市民兵集合")
    assert ids(searcher, "和服") == ["2", "1"]


@pytest.mark.parametrize("kind", ["notice", "page"])
def test_notices_and_furniture_come_later(tmp_path: Path, kind: str) -> None:
    """Of equal texts the notice, or what belongs to no article, comes behind the article."""
    searcher = archive(tmp_path, {"body": "渡口开航", "kind": kind}, {"body": "渡口开航", "kind": "news"})
    assert ids(searcher, "渡口") == ["2", "1"]


def test_a_notice_that_is_meant_comes_first(tmp_path: Path) -> None:
    """A notice whose title is the query outranks articles that mention it."""
    notice = {"title": "遗失声明", "body": "茶厂职工卞小满遗失会员证，声明作废。", "kind": "notice"}
    searcher = archive(tmp_path, f"有人在渡口贴了一张遗失声明。{FILLER}", notice)
    assert ids(searcher, "遗失声明") == ["2", "1"]


def test_ties_are_broken_by_day_then_by_id(tmp_path: Path) -> None:
    """Equal scores: newer first, undated last, then by id."""
    texts = [
        {"id": "d", "body": "渡口", "date": "2023-01-01"}, {"id": "c", "body": "渡口", "date": "2023-01-02"},
        {"id": "b", "body": "渡口"}, {"id": "a", "body": "渡口", "date": "2023-01-01"}, {"id": "e", "body": "渡口"},
    ]
    searcher = archive(tmp_path, *texts)
    assert ids(searcher, "渡口") == ids(searcher, "") == ["c", "a", "d", "b", "e"]


@pytest.mark.parametrize("query", ["渡口", "", "-茶厂", "类型:新闻"])
def test_ties_in_a_great_archive(tmp_path: Path, query: str) -> None:
    """However many articles match alike, or are only browsed, the newest come first."""
    day, chance = datetime.date(2020, 1, 1), random.Random(7)
    texts = [{"body": "渡口开航", "date": str(day + datetime.timedelta(n)), "id": f"{n:03}"} for n in range(400)]
    chance.shuffle(texts)
    assert ids(archive(tmp_path, *texts), query)[:3] == ["399", "398", "397"]


def test_scores_descend(tmp_path: Path) -> None:
    """True matches come in the order of their scores, which are positive."""
    searcher = archive(tmp_path, *(f"{'渡口' * n}{FILLER * (7 - n)}" for n in range(1, 6)))
    scores = [hit.score for hit in ask(searcher, "渡口").hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_order_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    """The same articles indexed the other way round answer alike."""
    texts = [{"id": f"n{n}", "body": "渡口" * n + FILLER * (n % 3), "date": "2023-01-01"} for n in range(1, 8)]
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = archive(tmp_path / "one", *texts), archive(tmp_path / "other", *texts[::-1])
    for query in ("渡口", "茶农 渡口", "", "-竹篓", "剪刀 OR 渡口"):
        assert ids(one, query) == ids(other, query), query


def test_a_whole_title_beats_its_words_elsewhere(tmp_path: Path) -> None:
    """The article whose title was typed comes before those that have the words in their text."""
    wanted = {"title": "把算盘请到茶桌上", "body": FILLER}
    searcher = archive(tmp_path, f"老师傅把算盘请出来，放到茶桌上。算盘，茶桌，还是算盘。{FILLER}", wanted)
    assert ids(searcher, "把算盘请到茶桌上")[0] == "2"


def test_the_name_of_a_column_is_no_part_of_the_title(tmp_path: Path) -> None:
    """Of a title typed with its column's name, the title is what an article should begin with."""
    column, story = "茶山清晨新闻特写", "老师傅的算盘上桌"
    searcher = archive(tmp_path, f"{column}。{FILLER * 20}{story}。", f"{story}。{FILLER * 20}{column}。")
    assert ids(searcher, f"【{column}】{story}") == ["2", "1"]


def test_words_of_the_question_do_not_count(tmp_path: Path) -> None:
    """An article full of question words does not answer a question."""
    noise = "什么时候？为什么？怎么样？哪一年？多少？" * 6
    searcher = archive(tmp_path, noise, f"渡口于一九五八年开航。{FILLER * 3}")
    assert ask(searcher, "渡口是什么时候开航的？").hits[0].article.id == "2"
    assert ask(searcher, "哪一年渡口开航？为什么？").hits[0].article.id == "2"


def test_neighbouring_words_outrank_distant_ones(tmp_path: Path) -> None:
    """Of two texts that have all words, the one that has them in one place comes first."""
    near = f"{FILLER * 3}渡口的船工领到新雨衣。{FILLER * 3}"
    far = f"渡口。{FILLER * 2}船工。{FILLER * 2}领到。{FILLER * 2}新雨衣。"
    assert ids(archive(tmp_path, far, near), "渡口船工雨衣")[0] == "2"


def test_the_opening_counts(tmp_path: Path) -> None:
    """A text that says it at once comes before one that says it at its end."""
    searcher = archive(tmp_path, FILLER * 20 + "泡桐街装上路灯。", "泡桐街装上路灯。" + FILLER * 20)
    assert ids(searcher, "泡桐街装上路灯")[0] == "2"


def test_keywords_ask_for_what_an_article_is_about(tmp_path: Path) -> None:
    """Of two articles with the keywords, the one that repeats nothing else comes first, though it is longer."""
    about = f"渡口换了新雨衣，雨衣是渡口的船工自己挑的。{FILLER * 2}"
    aside = f"泡桐{'、泡桐' * 9}。渡口，雨衣。"
    searcher = archive(tmp_path, aside, about, *(f"{FILLER}{n}" for n in range(9)))
    assert ids(searcher, "渡口 雨衣") == ["2", "1"]


def test_neighbours_in_some_article_may_be_a_phrase(tmp_path: Path) -> None:
    """Words typed without spaces are taken for a phrase where they stand together, else for keywords."""
    phrase, apart = f"{FILLER}新雨衣仓库开门。", f"仓库里的雨衣，雨衣仓管员，仓库。{FILLER}"
    assert ids(archive(tmp_path, apart, phrase), "雨衣仓库")[0] == "2"


SENTENCE = "渡口船工昨天领到新雨衣在仓库清点旧算盘"
SCATTERED = f"。{FILLER * 8}".join(("渡口", "船工", "昨天", "领到", "新", "雨衣", "在", "仓库", "清点", "旧", "算盘。"))


def test_scattered_words_of_a_sentence_are_no_answer(tmp_path: Path) -> None:
    """An article about a sentence comes before one in which all of its words stand, each somewhere else."""
    about = f"渡口的船工们昨天领到新雨衣，还到仓库里清点了旧竹椅。{FILLER}"
    searcher = archive(tmp_path, SCATTERED, about, *(f"泡桐{n}。{FILLER}" for n in range(5)))
    hits = ask(searcher, SENTENCE, per_page=10).hits
    assert [(hit.article.id, hit.partial) for hit in hits] == [("2", True), ("1", False)]


def test_partial_matches_hide_no_true_one(tmp_path: Path) -> None:
    """However much more of a sentence stands close together elsewhere, what has all words is on the first screen."""
    near = f"{SENTENCE[:-2]}竹椅。{FILLER}"
    hits = ask(archive(tmp_path, *[near] * 6, SCATTERED), SENTENCE, per_page=3).hits
    assert [(hit.article.id, hit.partial) for hit in hits] == [("1", True), ("2", True), ("7", False)]


def test_a_name_with_a_damaged_character_is_found(tmp_path: Path) -> None:
    """Where a name fills no screen, articles in which OCR lost or misread a character of it follow, marked as such."""
    texts = (f"今天夫妻上山。{FILLER}", f"船工卞夫到了。{FILLER}", f"船工卞天夫到了。{FILLER}", "卞无夫上山。")
    result = ask(archive(tmp_path, *texts), "卞天夫")
    assert [hit.article.id for hit in result.hits if not hit.partial] == ["3"]
    assert {hit.article.id for hit in result.hits if hit.partial and hit.approximate} == {"2", "4"}
    assert result.total == 1


def test_a_word_of_the_dictionary_is_no_damaged_name(tmp_path: Path) -> None:
    """Two characters of a known word tell nothing."""
    hits = ask(archive(tmp_path, f"劳动者上山。{FILLER}", f"劳者多得。{FILLER}"), "劳动者").hits
    assert [hit.article.id for hit in hits if not hit.partial] == ["1"]
    assert not any(hit.approximate for hit in hits)


@pytest.mark.parametrize(("words", "together", "apart"), [
    (["渡口", "船工", "雨衣"], KEYWORDS, KEYWORDS),
    (["渡口船工雨衣"], EITHER, KEYWORDS),
    (["邝子衿"], RUNNING_TEXT, RUNNING_TEXT),
    (["工会"], RUNNING_TEXT, RUNNING_TEXT),
    (["渡口开航呢"], RUNNING_TEXT, RUNNING_TEXT),
    (["什么时候", "渡口", "开航"], RUNNING_TEXT, RUNNING_TEXT),
    (["职工", "技能", "培训", "安全", "生产", "竞赛", "工会"], KEYWORDS, KEYWORDS),
    (["职工", "技能", "培训", "安全", "生产", "竞赛", "委员会"], RUNNING_TEXT, RUNNING_TEXT),
])
def test_what_a_query_is_taken_for(words: list[str], together: Profile, apart: Profile) -> None:
    """A few whole words are keywords; a name, a question or a long text is running text; glued words may be either."""
    assert ranking(words, [], [], [], lambda _: True).profile == together
    assert ranking(words, [], [], [], lambda _: False).profile == apart


def test_question_words_of_one_character_are_taken_off_the_end_only() -> None:
    """The particle of a question goes, the same character inside a name stays."""
    assert ranking(["渡口开航呢"], [], [], [], lambda _: True).texts == (("渡口开航", 1.0),)
    assert ranking(["呢绒厂开工"], [], [], [], lambda _: True).texts == (("呢绒厂开工", 1.0),)
    assert ranking(["什么时候"], [], [], [], lambda _: True).texts == (("什么时候", 1.0),)
