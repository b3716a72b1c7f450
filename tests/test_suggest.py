"""Suggestions while typing: words, names, sections, titles, and what was typed in pinyin."""

from __future__ import annotations

from pathlib import Path

import pytest
from archive import archive
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QueryError
from search.pinyin import Alphabet, plain, readings
from search.query import Every
from search.query_parser import MAX_CHARACTERS, parse
from search.searcher import Searcher
from search.suggest import Suggester


@pytest.fixture(scope="module")
def suggester(index_dir: Path) -> Suggester:
    return Suggester.read(Searcher(index_dir).snapshot())


def small(directory: Path, *articles: str | dict[str, object]) -> Suggester:
    return Suggester.read(archive(directory, *articles).snapshot())


def queries(suggester: Suggester, text: str, limit: int = 8) -> list[str]:
    return [suggestion.q for suggestion in suggester.suggest(text, limit)]


# ------------------------------------------------------------------------------- Chinese


def test_the_most_frequent_words_that_begin_so_come_first(suggester: Suggester) -> None:
    """One character is enough for the words of the archive that begin with it."""
    assert queries(suggester, "劳")[:2] == ["劳动", "劳模"]
    assert suggester.suggest("劳")[0].reason == "word"


def test_every_sort_gets_a_place(suggester: Suggester) -> None:
    """Words leave places to sections and titles, even where there are more of them than places."""
    assert {"word", "section", "title"} <= {suggestion.reason for suggestion in suggester.suggest("劳")}


def test_names_of_writers_and_photographers_are_completed(suggester: Suggester) -> None:
    """A name is found as it is printed, the interpunct typed or not."""
    for typed in ("阿迪力", "阿迪力·", "阿迪力吐"):
        assert ("阿迪力·吐尔逊", "name") in [(s.q, s.reason) for s in suggester.suggest(typed)]


def test_a_section_is_suggested_as_its_field(suggester: Suggester) -> None:
    """A section finds the articles of the section, not those that mention the word."""
    assert "版名:要闻" in queries(suggester, "要")
    assert parse("版名:要闻") != parse("要闻")


def test_titles_are_found_where_a_word_begins(tmp_path: Path) -> None:
    """The newest titles that begin so come first, then those with a word that does; never from within a word."""
    suggester = small(
        tmp_path,
        {"title": "渡口夜航", "body": "灯亮了", "date": "2023-01-01"},
        {"title": "渡口停航三天", "body": "水太大", "date": "2023-05-01"},
        {"title": "老船工守望渡口四十年", "body": "他不走", "date": "2023-09-01"},
        {"title": "欢渡口岸节", "body": "人多", "date": "2023-10-01"},
    )
    titles = [s.q for s in suggester.suggest("渡口") if s.reason == "title"]
    assert titles == ["渡口停航三天", "渡口夜航", "老船工守望渡口四十年"]


def test_a_title_typed_with_its_spaces_and_signs_is_found(tmp_path: Path) -> None:
    """What matching looks through does not matter for titles either."""
    suggester = small(tmp_path, {"title": "“小灯”照夜路 大桥连两村", "body": "通车了"})
    assert queries(suggester, "小灯照夜路 大桥") == ["“小灯”照夜路 大桥连两村"]


def test_only_the_last_word_is_completed(suggester: Suggester) -> None:
    """What stands before the last word stays, fields included."""
    assert "市总工会 劳模" in queries(suggester, "市总工会 劳")
    assert queries(suggester, "记者:顾") == ["记者:顾南乔"]
    assert queries(suggester, "版名：要") == ["版名：要闻"]


def test_what_was_typed_is_no_suggestion(suggester: Suggester) -> None:
    """A query is not suggested to the one who has just typed it."""
    assert "工会" not in queries(suggester, "工会")


def test_a_fragment_of_a_longer_word_is_no_suggestion(tmp_path: Path) -> None:
    """What occurs only as part of a longer word gives way to that word."""
    found = queries(small(tmp_path, "农产品进城", "农产品上网"), "农")
    assert "农产品" in found
    assert "农产" not in found


def test_words_too_common_to_tell_articles_apart_are_no_suggestions(tmp_path: Path) -> None:
    """Stop words are not worth a search."""
    assert "我们" not in queries(small(tmp_path, "我们修桥，我们铺路"), "我")


# ------------------------------------------------------------------------------- pinyin


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gonghui", "工会"),
        ("gongh", "工会"),
        ("gh", "工会"),
        ("gong hui", "工会"),
        ("gong'hui", "工会"),
        ("GongHui", "工会"),
        ("ｇｏｎｇｈｕｉ", "工会"),
        ("gōnghuì", "工会"),
        ("laomo", "劳模"),
        ("lm", "劳模"),
        ("劳mo", "劳模"),
        ("gunanqiao", "顾南乔"),
        ("gu nan q", "顾南乔"),
        ("gnq", "顾南乔"),
        ("zhaiqinghe", "翟青禾"),
        ("adili", "阿迪力·吐尔逊"),
        ("yaowen", "版名:要闻"),
        ("记者:gnq", "记者:顾南乔"),
        ("劳模 gonghui", "劳模 工会"),
        ("市gong'hui", "市工会"),
    ],
)
def test_pinyin_is_understood(suggester: Suggester, typed: str, meant: str) -> None:
    """Full syllables, a last one cut short, initials, capitals, spaces, apostrophes and tones all lead there."""
    assert meant in queries(suggester, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("曾可", "zengke"), ("单小舟", "shanxiaozhou"), ("解冰", "xiebing"), ("仇远", "qiuyuan"), ("翟一", "zhaiyi"),
     ("吕绿", "lvlv"), ("吕绿", "lülü"), ("银行", "yinhang"), ("长江", "changjiang"), ("战略", "zhanlue")],
)
def test_all_readings_of_a_character_are_known(tmp_path: Path, name: str, typed: str) -> None:
    """Surnames are read in their own way, and ü is typed as v, ü or, after l and n, as u."""
    suggester = small(tmp_path, {"body": f"{name}也来了", "bylines": [{"role": "记者", "name": name}]})
    assert queries(suggester, typed) == [name]


def test_syllables_may_be_divided_in_several_ways(tmp_path: Path) -> None:
    """xian is one syllable or two; with an apostrophe only two."""
    suggester = small(tmp_path, "西安的秋天", "县城的秋天")
    assert set(queries(suggester, "xian")) == {"西安", "县城"}
    assert queries(suggester, "xi'an") == ["西安"]


def test_latin_text_of_the_archive_comes_before_pinyin(tmp_path: Path) -> None:
    """Who types Latin letters may mean just these."""
    suggester = small(tmp_path, "工会的 GH 系统上线", "工会的人", "工会来了", "GHOST 程序")
    assert queries(suggester, "gh") == ["ghost", "工会"]


def test_chinese_is_never_taken_for_its_sound(tmp_path: Path) -> None:
    """经典 does not lead to 景点, which is read alike; both are what jingdian may mean."""
    suggester = small(tmp_path, "这是经典作品", "那是著名景点", "景点开放")
    assert queries(suggester, "经典") == ["经典作品"]
    assert all("景点" not in q for q in queries(suggester, "经"))
    assert set(queries(suggester, "jingdian")) >= {"景点", "经典"}


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("gonghui", [("gong", "hui")]),
        ("gongh", [("gong", "h")]),
        ("ljg", [("l", "j", "g")]),
        ("xi'an", [("xi", "an")]),
        ("工hui", [("工", "hui")]),
        ("", []),
        ("gh9", [("g", "h", "9")]),
        ("uuu", []),
    ],
)
def test_pinyin_is_cut_into_one_piece_for_each_character(text: str, cuts: list[tuple[str, ...]]) -> None:
    """Whole syllables before initials, the beginning of a syllable only at the end."""
    assert Alphabet("工会公惠李建国先西安岸").cuts(text) == cuts


def test_readings_are_plain_letters() -> None:
    """Tones are gone, ü is v, and only Chinese characters are read."""
    assert readings("吕") == ("lv",)
    assert readings("曾") == ("ceng", "zeng")
    assert readings("a") == readings("9") == readings("。") == ()
    assert plain(" Lǚ  Shān’") == "lv'shan"


# ------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    "text", ["", " ", "'", '"', "::", "-", "标题:", "龘", "a" * 200, "gong" * 50, "会" * 200, "\ud800", "\0"]
)
def test_nothing_to_complete_is_no_error(suggester: Suggester, text: str) -> None:
    """Where nothing begins so, nothing is suggested."""
    assert queries(suggester, text) == []


def test_what_is_too_long_for_a_query_gets_no_suggestion(suggester: Suggester) -> None:
    """Beyond the length of a query there is nothing to suggest, and nothing to work on."""
    assert queries(suggester, "劳" + " " * MAX_CHARACTERS + "劳") == []


@pytest.mark.parametrize("limit", [0, 1, 2, 5, 8, 50])
def test_there_are_no_more_than_asked_for(suggester: Suggester, limit: int) -> None:
    """The limit holds over all sorts together."""
    assert len(queries(suggester, "劳", limit)) <= limit
    assert len(queries(suggester, "gong", limit)) <= limit


def test_an_archive_without_anything_suggests_nothing(tmp_path: Path) -> None:
    """An archive of one sign has no words, names, sections or titles."""
    assert queries(small(tmp_path, "。"), "gong") == []


@given(
    text=st.text(st.sampled_from("劳动工会要顾南乔阿·gonghulvxia' \"“”():：-~标题记者版名0９.。\n\ud800é"), max_size=24)
    | st.text(max_size=40)
)
def test_suggestions_are_queries(suggester: Suggester, text: str) -> None:
    """Whatever is typed, nothing fails, and what is suggested is understood, different, and each once."""
    found = suggester.suggest(text)
    assert len({suggestion.q for suggestion in found}) == len(found) <= 8
    for suggestion in found:
        assert suggestion.q != text
        try:
            assert parse(suggestion.q) != Every()
        except QueryError as error:
            pytest.fail(f"{suggestion.q}: {error}")
