"""The query language: what each text means, and what is refused, where and with which advice."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.errors import QueryError
from search.query import (
    And,
    Date,
    DateRange,
    Every,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Word,
    conjunction,
    disjunction,
    wanted,
)
from search.query_parser import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, parse

TEA, BRIDGE, CRANE = Word("茶厂"), Word("大桥"), Word("塔吊")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def days(first: str, last: str) -> DateRange:
    return DateRange(day(first), day(last))


def outcome(text: str) -> Node | QueryError:
    try:
        return parse(text)
    except QueryError as refused:
        return refused


def error(text: str) -> QueryError:
    refused = outcome(text)
    assert isinstance(refused, QueryError)
    return refused


# ------------------------------------------------------------------------------- words and phrases


@pytest.mark.parametrize("text", ["", " ", "　", "\t\n"])
def test_empty_query_asks_for_everything(text: str) -> None:
    """A query without any sign in it is all articles, to be narrowed by filters."""
    assert parse(text) == Every()


@pytest.mark.parametrize("text", [
    "茶厂 大桥", "茶厂　大桥", " 茶厂\t大桥\n", "茶厂 AND 大桥", "茶厂，大桥", "茶厂、大桥", "茶厂。大桥！",
    "茶厂；大桥？",
    "《茶厂》大桥", "茶厂…大桥", "茶厂——大桥", "茶厂 — 大桥", "茶厂 - 大桥", "茶厂：大桥",
    "(茶厂) (大桥)",
    "茶厂 ＡＮＤ 大桥", "茶厂“大桥”",
])
def test_words_stand_side_by_side(text: str) -> None:
    """Words apart, by white space or by punctuation, must all occur."""
    assert parse(text) == And((TEA, BRIDGE))


@pytest.mark.parametrize("word", [
    "茶厂", "茶", "C++", "GB/T", "10.5%", "3,200", "3，200", "3.2亿元", "YJ-2019-0639", "8:30", "5G",
    "买买提·艾力", "买买提•艾力",
    "䶮", "𠮷田", "勞動", "ＡＢＣ", "and", "or", "not", "AT&T", "#1",
])
def test_one_word_stays_one(word: str) -> None:
    """Signs inside a word, and operators in lower case, belong to the word."""
    assert parse(word) == Word(word)


@pytest.mark.parametrize(("text", "expected"), [
    ("【茶厂】大桥", (Word("茶厂", label=True), Word("大桥"))),
    ("【茶厂：塔吊】 大桥", (Word("茶厂", label=True), Word("塔吊", label=True), Word("大桥"))),
    ("大桥【茶厂", (Word("大桥"), Word("茶厂", label=True))),
    ("-【茶厂】大桥", (Word("茶厂", label=True), Word("大桥"))),
    ("【-茶厂】大桥", (Not(Word("茶厂")), Word("大桥"))),
    ("标题:【茶厂】大桥", (Field("标题", Word("茶厂")), Word("大桥"))),
])
def test_what_is_in_lenticular_brackets_is_a_label(text: str, expected: tuple[Node, ...]) -> None:
    """A column's name before a title is told from the title."""
    assert parse(text) == And(expected)


@pytest.mark.parametrize("text", [
    '"大桥 竣工"', "“大桥 竣工”", "「大桥 竣工」", "『大桥 竣工』", "＂大桥 竣工＂", "“大桥 竣工“",
    '" 大桥　竣工 "',
])
def test_quotes_of_every_make_mean_a_phrase(text: str) -> None:
    """ASCII, Chinese, corner and full-width quotes mean the same."""
    assert parse(text) == Phrase("大桥 竣工")


@pytest.mark.parametrize("text", ["5月10日-大桥", "2024年5月-大桥", "２０２４年－大桥"])
def test_a_minus_behind_a_date_excludes_nothing(text: str) -> None:
    """A dash between a date and a word, with no space before it, is punctuation."""
    date, word = wanted(parse(text))
    assert isinstance(date, Date)
    assert word == BRIDGE


@pytest.mark.parametrize("text", ["茶厂()大桥", "茶厂（）大桥", "茶厂(）大桥（）"])
def test_brackets_that_lost_their_text_are_passed_over(text: str) -> None:
    """Empty brackets behind a word, as in a title that OCR has read, part words like a space."""
    assert parse(text) == And((Word("茶厂"), BRIDGE))


@pytest.mark.parametrize("text", ["()", "茶厂 () 大桥", "（）大桥"])
def test_empty_brackets_alone_are_an_error(text: str) -> None:
    """Brackets with nothing in them that follow no word are a mistake that is named."""
    with pytest.raises(QueryError, match="括号里没有内容"):
        parse(text)


def test_punctuation_inside_a_phrase_stays() -> None:
    """A phrase keeps the comma that was typed in it."""
    assert parse('"纸薄，心厚。"') == Phrase("纸薄，心厚。")


def test_operators_inside_a_phrase_are_text() -> None:
    """Nothing in quotes is an operator."""
    assert parse('"茶厂 OR -大桥 (标题:塔吊)"') == Phrase("茶厂 OR -大桥 (标题:塔吊)")


@pytest.mark.parametrize(("text", "expected"), [
    ("给茶厂开一间“门诊”", (Word("给茶厂开一间"), Word("门诊"))),
    ("“砚台”APP上线", (Word("砚台"), Word("APP上线"))),
    ("师父说“慢”，徒弟说“快”", (Word("师父说"), Word("慢"), Word("徒弟说"), Word("快"))),
    ("收到‘退费’短信", (Word("收到"), Word("退费"), Word("短信"))),
    ("医院：给情绪开门诊", (Word("医院"), Word("给情绪开门诊"))),
])
def test_punctuation_of_running_text_is_no_operator(text: str, expected: tuple[Node, ...]) -> None:
    """A title or a sentence pasted whole is words: its quotes touch words, its colons follow no field."""
    assert parse(text) == And(expected)


# ------------------------------------------------------------------------------- operators


@pytest.mark.parametrize("text", [
    "茶厂 -大桥", "茶厂 NOT 大桥", "茶厂 AND NOT 大桥", "茶厂 －大桥", "茶厂　－大桥", "茶厂 -(大桥)",
    "茶厂 NOT (大桥)",
    "茶厂 ＮＯＴ 大桥", "茶厂 NOT NOT NOT 大桥",
])
def test_exclusion(text: str) -> None:
    """A minus right before a word, or NOT, excludes it."""
    assert parse(text) == And((TEA, Not(BRIDGE)))


@pytest.mark.parametrize(("text", "expected"), [
    ("茶厂 OR 大桥", Or((TEA, BRIDGE))),
    ("茶厂 ＯＲ 大桥", Or((TEA, BRIDGE))),
    ("茶厂 OR 大桥 塔吊", Or((TEA, And((BRIDGE, CRANE))))),
    ("茶厂 大桥 OR 塔吊", Or((And((TEA, BRIDGE)), CRANE))),
    ("茶厂 OR 大桥 AND 塔吊", Or((TEA, And((BRIDGE, CRANE))))),
    ("茶厂 OR 大桥 OR 塔吊", Or((TEA, BRIDGE, CRANE))),
    ("(茶厂 OR 大桥) OR 塔吊", Or((TEA, BRIDGE, CRANE))),
    ("(茶厂 OR 大桥) 塔吊", And((Or((TEA, BRIDGE)), CRANE))),
    ("（茶厂　OR　大桥）　塔吊", And((Or((TEA, BRIDGE)), CRANE))),
    ("(茶厂 大桥) 塔吊", And((TEA, BRIDGE, CRANE))),
    ("茶厂(大桥)", And((TEA, BRIDGE))),
    ("-(茶厂 OR 大桥)", Not(Or((TEA, BRIDGE)))),
    ("茶厂 OR -大桥", Or((TEA, Not(BRIDGE)))),
    ("-茶厂 大桥", And((Not(TEA), BRIDGE))),
    ("-茶厂 -大桥", And((Not(TEA), Not(BRIDGE)))),
    ('-"大桥"', Not(Phrase("大桥"))),
    ("-“大桥”", Not(Phrase("大桥"))),
    ("NOT NOT 茶厂", TEA),
    ("((茶厂))", TEA),
])
def test_binding(text: str, expected: Node) -> None:
    """OR binds weaker than standing side by side; brackets, of either width, bind strongest."""
    assert parse(text) == expected


def test_exclusion_right_behind_a_bracket() -> None:
    """A minus needs no space where a bracket closes."""
    assert parse("(茶厂 OR 塔吊)-大桥") == parse("(茶厂 OR 塔吊) -大桥")


# ------------------------------------------------------------------------------- fields


@pytest.mark.parametrize(("names", "name"), [
    ("标题 title TITLE 標題 ｔｉｔｌｅ", "标题"),
    ("正文 body", "正文"),
    ("作者 author", "作者"),
    ("记者 reporter 記者", "记者"),
    ("通讯员 correspondent 通訊員", "通讯员"),
    ("摄影 photographer 攝影", "摄影"),
    ("版名 section", "版名"),
    ("版次 page_no", "版次"),
    ("报纸 newspaper 報紙", "报纸"),
    ("类型 kind 類型", "类型"),
])
def test_field_names(names: str, name: str) -> None:
    """Each field has a Chinese and an English name, in any script, width and case, before either colon."""
    for written in names.split():
        for colon in (":", "：", ": "):
            assert parse(f"{written}{colon}甲乙") == Field(name, Word("甲乙"))


@pytest.mark.parametrize(("text", "expected"), [
    ("标题:“甲 乙”", Field("标题", Phrase("甲 乙"))),
    ("标题:甲 乙", And((Field("标题", Word("甲")), Word("乙")))),
    ("-标题:甲", Not(Field("标题", Word("甲")))),
    ("NOT 标题:甲", Not(Field("标题", Word("甲")))),
    ("(标题:甲 OR 记者:乙)", Or((Field("标题", Word("甲")), Field("记者", Word("乙"))))),
    ("作者:买买提·艾力", Field("作者", Word("买买提·艾力"))),
    ("版次:03", Field("版次", Word("03"))),
])
def test_field_values(text: str, expected: Node) -> None:
    """A field takes the one word or phrase after it, and combines like a word."""
    assert parse(text) == expected


@pytest.mark.parametrize(("value", "expected"), [
    ("2022", days("2022-01-01", "2022-12-31")),
    ("2022年", days("2022-01-01", "2022-12-31")),
    ("2022-09", days("2022-09-01", "2022-09-30")),
    ("2022-9", days("2022-09-01", "2022-09-30")),
    ("2022年9月", days("2022-09-01", "2022-09-30")),
    ("2022-09-08", days("2022-09-08", "2022-09-08")),
    ("2022/9/8", days("2022-09-08", "2022-09-08")),
    ("2022.9.8", days("2022-09-08", "2022-09-08")),
    ("2022年9月8日", days("2022-09-08", "2022-09-08")),
    ("２０２２－０９－０８", days("2022-09-08", "2022-09-08")),
    ("2024-02", days("2024-02-01", "2024-02-29")),
    ("2022-12", days("2022-12-01", "2022-12-31")),
    ("2022-09..2022-12", days("2022-09-01", "2022-12-31")),
    ("2021..2022-02", days("2021-01-01", "2022-02-28")),
    ("2022-09-08..2022-09-08", days("2022-09-08", "2022-09-08")),
    ("2022-09..", DateRange(day("2022-09-01"), None)),
    ("..2022-09", DateRange(None, day("2022-09-30"))),
    ('"2022-09"', days("2022-09-01", "2022-09-30")),
])
def test_dates(value: str, expected: DateRange) -> None:
    """A date field takes a year, a month or a day, or two of them with dots between, either left open."""
    assert parse(f"日期:{value}") == parse(f"date：{value}") == expected


@pytest.mark.parametrize("value", ["2022~2023", "2022～2023", "2022—2023", "2022-01——2022-03", "2022 - 2023"])
def test_ranges_in_other_writing_are_no_first_date_and_a_word(value: str) -> None:
    """A range written in another way is a range, or refused; never something else without a word about it."""
    assert isinstance(outcome(f"日期:{value}"), DateRange | QueryError)


@pytest.mark.parametrize(("text", "expected"), [
    ("茶厂~", Word("茶厂", tolerant=True)),
    ("茶厂～", Word("茶厂", tolerant=True)),
    ("茶厂~ 大桥", And((Word("茶厂", tolerant=True), BRIDGE))),
    ("标题:茶厂~", Field("标题", Word("茶厂", tolerant=True))),
    ("-茶厂~", Not(Word("茶厂", tolerant=True))),
    ("茶厂 ~ 大桥", And((TEA, BRIDGE))),
    ("茶厂~大桥", And((TEA, BRIDGE))),
])
def test_a_tilde_behind_a_word_asks_for_tolerance(text: str, expected: Node) -> None:
    """With a tilde right behind it a word may also be misread; elsewhere the sign separates."""
    assert parse(text) == expected


def test_a_tilde_behind_a_phrase_is_not_dropped() -> None:
    """A phrase is tolerant or the sign refused, never ignored."""
    assert outcome('"茶厂"~') != Phrase("茶厂")


@pytest.mark.parametrize(("text", "expected"), [
    ("2023年11月8日", ["2023-11-08"]), ("二〇二三年十一月八日", ["2023-11-08"]),
    ("2023-11-08", ["2023-11-08"]),
    ("2023/11/8", ["2023-11-08"]), ("2023.11.8", ["2023-11-08"]), ("２０２３年１１月８号", ["2023-11-08"]),
    ("11月8日", ["--11-08"]), ("十一月八日", ["--11-08"]), ("2023年11月", ["2023-11"]),
    ("2023-11", ["2023-11"]),
    ("2023年", ["2023"]), ("2023", ["2023"]), ("二〇二三", ["2023"]),
    ("渡口2023年11月8日开航", ["2023-11-08"]), ("11月8日 或者 11月9日", ["--11-08", "--11-09"]),
    ("渡口 2023", []), ("2023人", []), ("11月", []), ("13月1日", []), ("2月30日", []), ("2023-13-01", []),
    ("8日", []),
    ("YJ-2019-0639", []), ("7714-2015", []), ("12351", []), ("118月8日", []), ("3.2亿", []), ("10.5%", []),
    ("五一", []),
])
def test_dates_in_the_text(text: str, expected: list[str]) -> None:
    """A day, a month or a year in any written form is a date, alone or in running text; other numbers are text."""
    assert [str(node.date) for node in wanted(parse(text)) if isinstance(node, Date)] == expected


def test_quantities_are_no_dates() -> None:
    """A number with a unit behind it is a number."""
    assert parse("2024.5万元") == Word("2024.5万元")


def test_dates_in_quotes_are_text() -> None:
    """Quotes switch off dates; a field takes a date as text."""
    assert parse('"11月8日"') == Phrase("11月8日")
    assert parse("标题:11月8日") == Field("标题", Word("11月8日"))


# ------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(("text", "position"), [
    ('"茶厂', 0), ('茶厂 "大桥', 3), ('茶厂"', 2), ("「茶厂", 0), ("“茶厂", 0), ('""', 0), ('茶厂 " "', 3),
    ("“”", 0),
    ("(茶厂", 0), ("（茶厂", 0), ("茶厂)", 2), ("((茶厂)", 0), ("茶厂 (大桥))", 7),
    ("茶厂 OR", 5), ("OR 茶厂", 0), ("AND", 0), ("AND 茶厂", 0), ("茶厂 AND", 6), ("茶厂 AND AND 大桥", 7),
    ("茶厂 OR OR 大桥", 6), ("(OR)", 1), ("NOT", 3), ("茶厂 NOT", 6),
    ("*", 0), ("*厂", 0), ("茶*厂", 1), ("茶厂 大＊", 4),
    ("标题:", 0), ("茶厂 标题:", 3), ("标题:(茶厂)", 0), ("标题:标题:茶厂", 0),
    ("标题: OR 茶厂", 0),
    ("天气:晴", 0), ("茶厂 天气:晴", 3), ("titel:茶厂", 0),
    ("日期:昨天", 3), ("日期:2024-13", 3), ("日期:2023-02-29", 3), ("日期:0000", 3), ("日期:..", 3),
    ("日期:2024-06..2024-01", 3),
    ("茶厂 日期:20240", 6), ("日期:2024...2025", 3),
    ("，。！", 0), ("-", 0), ("”", 0), ("·", 0),
])
def test_what_cannot_be_understood_is_refused(text: str, position: int) -> None:
    """A malformed query gives the place of the fault, a sentence about it, and advice."""
    refused = error(text)
    assert refused.position == position
    assert any("\u4e00" <= character <= "\u9fff" for character in refused.message)
    assert any("\u4e00" <= character <= "\u9fff" for character in refused.hint)


def test_a_field_does_not_take_an_exclusion() -> None:
    """A minus between field and value is refused, not ignored: the reader meant the opposite."""
    assert outcome("标题:-茶厂") != outcome("标题:茶厂")


@pytest.mark.parametrize(("text", "word"), [("标提:茶厂", "标题"), ("titel:茶", "title"), ("天气:晴", "天气")])
def test_an_unknown_field_is_named(text: str, word: str) -> None:
    """An unknown field is not searched as text; the error says which, or which one may have been meant."""
    refused = error(text)
    assert word in refused.message + refused.hint


def test_length_limit() -> None:
    """200 characters are a query, one more is refused at the first that is too many."""
    assert parse("会" * MAX_CHARACTERS) == Word("会" * MAX_CHARACTERS)
    assert MAX_CHARACTERS == 200
    refused = error("会" * 201)
    assert refused.position == 200
    assert "201" in refused.message
    assert "200" in refused.message


def test_term_limit() -> None:
    """32 words are a query, the 33rd is refused where it stands; field values and phrases count as words."""
    assert len(parse("会 " * MAX_TERMS).children) == MAX_TERMS == 32  # type: ignore[union-attr]
    assert error("会 " * 33).position == 64
    assert error("会 " * 31 + '标题:会 "会"').position == 67


@pytest.mark.parametrize("opening", ["(", "（", "NOT ", "-(", "NOT ("])
def test_depth_limit(opening: str) -> None:
    """Eight levels of brackets and exclusions are a query, nine are refused."""
    levels = 8 // (2 if opening in {"-(", "NOT ("} else 1)
    closing = ")" * (opening[-1] in "(（")
    assert parse(opening * levels + "会" + closing * levels) in (Word("会"), Not(Word("会")))
    deeper = opening * (levels + 1) + "会" + closing * (levels + 1)
    assert str(MAX_DEPTH) in error(deeper).message
    assert MAX_DEPTH == 8


def test_depth_limit_points_at_the_bracket_that_is_too_many() -> None:
    """The ninth bracket is the fault."""
    assert error("(" * 9 + "会" + ")" * 9).position == 8


@pytest.mark.parametrize("text", [
    "会" * 3000, "(" * 10_000, '"' * 9999, "-" * 10_000, "NOT " * 2500, "标题:" * 3000, "“" * 200,
    "“甲”甲" * 50, "甲“" * 100,
    "((((((((甲 OR " * 14,
])
def test_hostile_queries_are_answered_at_once(text: str) -> None:
    """Endless brackets, quotes and operators cost no time."""
    start = time.process_time()
    outcome(text)
    assert time.process_time() - start < 0.1


# ------------------------------------------------------------------------------- properties

PIECES = st.sampled_from((
    "茶厂 大桥", *"9aＡ𠮷䶮·勞ßİﬁ㏑", " ", "　", "\n", "\t", "\x00", "\u200b", "\u0301", "\U0001f600",
    *'"“”「」『』＂‘’„', *"-－—~～*＊+#/%!！,，。、…《》【】[]{}<>|\\@&^", *"()（）", ":", "：", "..", ".",
    "2024", "2024-05", "２０２４年",
    "11月8日", "二〇二三年", "2月30日", "十一月", " OR ", "OR", " AND ", "NOT ", "-(", " ＮＯＴ ", "标题:",
    "title：", "記者:", "日期:", "date:", "天气:",
    "版次:",
))
TEXTS = st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=60)


@given(TEXTS)
@example("9:2024-05")
@example("3,2024年")
@example("11月8日~")
@settings(max_examples=1500, deadline=None)
def test_any_text_is_understood_or_refused_and_canonical_text_says_the_same(text: str) -> None:
    """Nothing but a tree or a QueryError comes of a text; the text of the tree parses to the tree."""
    tree = outcome(text)
    if isinstance(tree, QueryError):
        assert 0 <= tree.position <= len(text)
        assert tree.message
        assert tree.hint
    else:
        assert outcome(str(tree)) == tree


@pytest.mark.parametrize("text", ["\ud83d", "茶厂\udcff大桥", "标题:\udfff"])
def test_halves_of_characters_do_not_crash(text: str) -> None:
    """What a terminal hands over for bytes that are no UTF-8 (lone surrogates) is text like any other."""
    assert outcome(text)


@pytest.mark.parametrize("text", ['"甲乙丙丁"' * 32, "date:2024 " * 20, "date:2022..2023 " * 12])
def test_canonical_text_of_a_long_query_parses(text: str) -> None:
    """However long the canonical text of a query that was accepted, it is accepted, too."""
    tree = parse(text)
    assert outcome(str(tree)) == tree


TERMS = st.sampled_from(["茶厂", "大桥", "塔", "𠮷田", "C++", "买买提·艾力", "10.5%"])
LEAVES = st.one_of(
    TERMS.map(Word),
    st.sampled_from(["大桥 竣工", "纸薄，心厚", "甲OR乙", "(甲)"]).map(Phrase),
    st.builds(Field, st.sampled_from(["标题", "记者", "版次"]), TERMS.map(Word) | TERMS.map(Phrase)),
    st.builds(DateRange, st.sampled_from([None, day("2024-02-01")]), st.just(day("2024-02-29"))),
)
TREES = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=2, max_size=3).map(conjunction),
        st.lists(nodes, min_size=2, max_size=3).map(disjunction),
        nodes.map(lambda node: node.child if isinstance(node, Not) else Not(node)),
    ),
    max_leaves=7,
)


@given(TREES)
@settings(max_examples=500, deadline=None)
def test_every_tree_can_be_written_down(tree: Node) -> None:
    """The text of any tree parses to that tree, brackets where they are needed."""
    text = str(tree)
    again = outcome(text)
    if isinstance(again, QueryError):
        assert len(text) > MAX_CHARACTERS or f"{MAX_DEPTH} 层" in again.message
    else:
        assert again == tree
