"""Extracts: where they begin and end, and that marks cover exactly what was asked for."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from archive import archive, ask
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from index.normalize import significant
from search.model import Hit, Part, Snippet
from search.searcher import Searcher
from search.snippet import LONGEST, SHORTEST, Span, marked, occurrences, snippet, spans


def text_of(parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts)


def marks(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if part.hit]


@st.composite
def texts_with_terms(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Paragraphs of any signs, and folded strings, most of which occur in them."""
    text = draw(texts(max_lines=8))
    skeleton = significant(text)
    terms = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, max(0, len(skeleton) - 1)))
        terms.append(skeleton[start : start + draw(st.integers(1, 4))] or "茶")
    return text, terms


@given(texts_with_terms())
def test_occurrences_are_all_places_and_only_those(case: tuple[str, list[str]]) -> None:
    """Each place spans, in the text as printed, the characters of the term; overlapping places count."""
    text, terms = case
    found = occurrences(text, terms)
    skeleton = significant(text)
    for term in terms:
        places = found.get(term, [])
        assert len(places) == sum(skeleton.startswith(term, at) for at in range(len(skeleton)))
        assert all(significant(text[start:end]) == term for start, end in places)
        assert all(significant(text[start]) and significant(text[end - 1]) for start, end in places)


@given(texts_with_terms())
def test_marked_parts_are_the_text(case: tuple[str, list[str]]) -> None:
    """Parts concatenate to the text, alternate between marked and plain, and mark just the places."""
    text, terms = case
    places = spans(occurrences(text, terms))
    parts = marked(text, places)
    assert text_of(parts) == text
    assert all(part.text for part in parts)
    assert all(one.hit != other.hit for one, other in itertools.pairwise(parts))
    flags = [part.hit for part in parts for _ in part.text]
    assert flags == [any(start <= at < end for start, end in places) for at in range(len(text))]


@given(texts_with_terms())
def test_snippets_of_any_text(case: tuple[str, list[str]]) -> None:
    """A snippet is a piece of the text, 60 to 160 characters long, that shows a match if there is one."""
    text, terms = case
    found = occurrences(text, terms)
    shown = snippet("body", text, found)
    assert shown.field == "body"
    assert text_of(shown.parts) in text
    assert min(SHORTEST, len(text)) <= len(text_of(shown.parts)) <= LONGEST
    assert bool(marks(shown.parts)) == bool(found)
    for part in shown.parts:
        if part.hit:
            assert set(significant(part.text)) <= set("".join(terms))


def one(text: str, *terms: str) -> Snippet:
    return snippet("body", text, occurrences(text, terms))


SENTENCE = "茶农们天不亮就背着竹篓上山采茶"


def test_length_limits() -> None:
    """The limits are those the reader was promised."""
    assert (SHORTEST, LONGEST) == (60, 160)


def test_a_short_text_is_shown_whole() -> None:
    """What fits a snippet is not cut."""
    assert one("渡口开航。", "开航").parts == (Part("渡口"), Part("开航", hit=True), Part("。"))


def test_nothing_found_shows_the_beginning() -> None:
    """Without a match the snippet is the lead of the text."""
    text = f"{SENTENCE}。" * 30
    shown = text_of(one(text, "泡桐").parts)
    assert text.startswith(shown)
    assert shown.endswith("。")


ENDINGS = ("。", "！", "？", "……", "。”", "！」", "？）", "\n")


def starts_with_a_sentence(text: str, ending: str, term: str) -> bool:
    shown = text_of(one(text, term).parts)
    assert term in shown
    return text[: text.index(shown)].endswith(ending)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_snippet_starts_with_a_sentence(ending: str) -> None:
    """It begins behind a sentence end, closing quotes included, not in the middle of a sentence."""
    text = f"{SENTENCE}{ending}" * 12 + f"门口的泡桐开花了{ending}" + f"{SENTENCE}{ending}" * 12
    assert starts_with_a_sentence(text, ending, "泡桐")


@pytest.mark.parametrize("ending", ENDINGS)
def test_at_the_end_of_a_text_whole_sentences_are_added(ending: str) -> None:
    """A match in a short last sentence is shown after the sentences before it, from the start of one."""
    text = f"{SENTENCE}{ending}" * 12 + f"门口的泡桐开花了{ending}"
    assert starts_with_a_sentence(text, ending, "泡桐")


def test_a_long_sentence_is_entered_at_a_clause() -> None:
    """Where no sentence starts nearby, the snippet begins behind a comma rather than inside a clause."""
    text = f"{SENTENCE}，" * 20 + "门口的泡桐开花了，" + f"{SENTENCE}，" * 20
    shown = text_of(one(text, "泡桐").parts)
    assert text[: text.index(shown)].endswith("，")


def test_the_earliest_clause_nearby_is_the_start() -> None:
    """Of several clauses before a match within reach, the snippet begins with the first: more context is better."""
    text = f"{SENTENCE * 4}，一早，天还没亮，门口的泡桐开花了，" + f"{SENTENCE}，" * 20
    assert text_of(one(text, "泡桐").parts).startswith("一早，天还没亮，门口的泡桐")


def test_without_punctuation_a_match_has_some_text_before_it() -> None:
    """Where neither a sentence nor a clause starts nearby, a match is not the first that is read, nor far behind."""
    text = f"{SENTENCE * 20}门口的泡桐开花了{SENTENCE * 20}"
    assert 15 <= text_of(one(text, "泡桐").parts).index("泡桐") <= 35


@given(st.lists(st.sampled_from(("渡口", "船工", "雨衣", SENTENCE, SENTENCE * 8)), max_size=20))
def test_no_other_window_shows_more(pieces: list[str]) -> None:
    """Wherever one looks, no stretch as long as a window has more of the words than the snippet shows."""
    text, terms = "".join(pieces), ("渡口", "船工", "雨衣")
    shown = text_of(one(text, *terms).parts)
    windows = (text[start : start + 100] for start in range(max(1, len(text) - 99)))
    assert sum(term in shown for term in terms) >= max(sum(term in window for term in terms) for window in windows)


def test_the_best_place_is_shown() -> None:
    """The window with most of the different words wins over one that repeats a single word."""
    text = "渡口渡口渡口。" + f"{SENTENCE}。" * 20 + "渡口的船工领到雨衣。" + f"{SENTENCE}。" * 20
    shown = one(text, "渡口", "船工", "雨衣")
    assert set(marks(shown.parts)) == {"渡口", "船工", "雨衣"}


def test_of_equal_places_the_first_is_shown() -> None:
    """Two places that show as much: the earlier one."""
    text = f"{SENTENCE}。" * 20 + "渡口甲。" + f"{SENTENCE}。" * 20 + "渡口乙。" + f"{SENTENCE}。" * 20
    assert "渡口甲" in text_of(one(text, "渡口").parts)


def test_marks_span_what_matching_looks_through() -> None:
    """A mark covers quotes, gaps and interpuncts inside the match, not those around it."""
    assert marks(one("来自“麦提·艾力”的信", "麦提艾力").parts) == ["麦提·艾力"]
    assert marks(one("（茶 厂）", "茶厂").parts) == ["茶 厂"]
    assert marks(one("劳动“模”范", "劳动模范").parts) == ["劳动“模”范"]


@pytest.mark.parametrize("name", ["𠮷", "𠮷𠮷", "褚䶮", "a𠮷b"])
def test_characters_beyond_the_common_plane(name: str) -> None:
    """Rare characters before, in and behind a match do not shift its mark."""
    text = f"𠮷䶮𪚥。{name}😀𪚥"
    assert set(marks(one(text, significant(name)).parts)) == {name}
    assert text_of(one(text, significant(name)).parts) == text


def test_a_script_in_the_text_keeps_its_length() -> None:
    """Traditional and full-width text is marked where it stands."""
    assert marks(one("縣裏舉行ＡＢＣ競賽", "举行abc").parts) == ["舉行ＡＢＣ"]


@pytest.mark.parametrize("places", [[(0, 2), (1, 3)], [(0, 2), (2, 4)], [(0, 4), (1, 2)], [(0, 2), (0, 2)]])
def test_overlapping_places_make_one_mark(places: list[Span]) -> None:
    """Marks neither overlap nor nest."""
    parts = marked("甲乙丙丁戊", places)
    assert text_of(parts) == "甲乙丙丁戊"
    assert len(marks(parts)) == 1


@pytest.fixture(scope="module")
def searcher(index_dir: Path) -> Searcher:
    return Searcher(index_dir)


def body_snippet(hit: Hit) -> Snippet:
    return next(shown for shown in hit.snippets if shown.field == "body")


WORDS = (
    "工会", "集体合同", "孟䶮", "罗𠮷平", "阿迪力", "的", "路灯", "app", "12351", "劳动竞赛", "勞模", "职工",
    "说", "5月",
)


@pytest.mark.parametrize("word", WORDS)
def test_snippets_of_the_sample(searcher: Searcher, word: str) -> None:
    """Over a whole newspaper: right text, right length, every match inside it marked, nothing else."""
    wanted = significant(word)
    for hit in ask(searcher, f'"{word}"').hits:
        shown = body_snippet(hit).parts
        body = hit.article.body
        assert text_of(shown) in body
        assert min(SHORTEST, len(body)) <= len(text_of(shown)) <= LONGEST
        assert text_of(hit.title_parts) == (hit.article.title or "")
        assert all(significant(mark) == wanted * (len(significant(mark)) // len(wanted)) for mark in marks(shown))
        for plain in (part.text for part in (*shown, *hit.title_parts) if not part.hit):
            assert wanted not in significant(plain)
        assert bool(marks(shown)) == (wanted in significant(body))


def test_several_words_are_all_marked(searcher: Searcher) -> None:
    """Each word of the query that occurs in the extract is marked there."""
    for hit in ask(searcher, "骑手 算法 电梯").hits:
        shown = body_snippet(hit).parts
        for plain in (part.text for part in shown if not part.hit):
            assert not any(word in significant(plain) for word in ("骑手", "算法", "电梯"))


def test_bylines_and_kickers_that_match_are_shown(tmp_path: Path) -> None:
    """A match outside of title and body has an extract of its own."""
    byline = {"role": "记者", "name": "柳闻笛"}
    searcher = archive(tmp_path, {"title": "开航", "kicker": "雨季已过", "bylines": [byline], "body": "渡口热闹。"})
    (hit,) = ask(searcher, "柳闻笛").hits
    assert ["柳闻笛"] in [marks(shown.parts) for shown in hit.snippets]
    (hit,) = ask(searcher, "雨季").hits
    assert ("kicker", ["雨季"]) in [(shown.field, marks(shown.parts)) for shown in hit.snippets]


def test_excluded_words_are_not_marked(tmp_path: Path) -> None:
    """Only what was asked for is marked."""
    (hit,) = ask(archive(tmp_path, "渡口的船工修渡船"), "渡口 -雨衣 -渡轮").hits
    assert marks(body_snippet(hit).parts) == ["渡口"]


def test_long_articles_cost_little() -> None:
    """Ten extracts of 20,000 characters each, marks and all, take less than a tenth of a second."""
    text = f"{SENTENCE}，渡口的灯亮了。" * 900
    assert len(text) > 20_000
    costs = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(10):
            one(text, "渡口", "茶农", "竹篓", "泡桐")
        costs.append(time.process_time() - start)
    assert min(costs) < 0.1
