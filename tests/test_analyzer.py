"""Terms: every string of an article can be found as it stands, and at its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_text, lines, texts

from index import analyzer, segment
from index.normalize import fold, is_transparent, is_word_character, significant


@given(any_text | texts())
def test_offsets_of_the_skeleton_are_true(text: str) -> None:
    """Each character of the skeleton is the folded one at its offset; between offsets nothing is missed."""
    skeleton = analyzer.skeleton(text)
    folded, offsets = fold(text), skeleton.offsets.tolist()
    assert [folded[offset] for offset in offsets] == list(skeleton.text)
    assert offsets == sorted(set(offsets))
    assert all(is_transparent(folded[i]) for i in set(range(len(text))) - set(offsets))
    assert skeleton.text == significant(text) == "".join(analyzer.characters(text))


@given(texts(), st.integers(0, 200), st.integers(1, 6))
def test_every_substring_is_found(text: str, start: int, length: int) -> None:
    """A string of 1 to 6 significant characters is a character or consecutive bigrams of its text."""
    skeleton = analyzer.skeleton(text)
    start = start % max(1, len(skeleton.text))
    end = min(start + length, len(skeleton.text))
    if start == end:
        return
    offsets = skeleton.offsets
    asked = text[offsets[start] : offsets[end - 1] + 1]
    if end - start == 1:
        assert analyzer.characters(asked) == [skeleton.text[start]]
        assert skeleton.text[start] in analyzer.characters(text)
    else:
        assert analyzer.bigrams(text)[start : end - 1] == analyzer.bigrams(asked)


@given(lines(), lines())
def test_phrases_do_not_cross_paragraphs(before: str, after: str) -> None:
    """Between two paragraphs stands a line end, which no bigram of either has."""
    joined = [bigram for bigram in analyzer.bigrams(f"{before}\n{after}") if "\n" not in bigram]
    assert joined == analyzer.bigrams(before) + analyzer.bigrams(after)


def test_phrases_do_not_cross_sentences() -> None:
    """大会 and 工会 of two sentences are no neighbours."""
    assert "会工" not in analyzer.bigrams("召开大会。工会会员")
    assert "会工" in analyzer.bigrams("召开大会 “工会会员”")


@given(any_text | texts())
def test_words_cover_every_word_character(text: str) -> None:
    """Words are pieces of the folded text, none mere punctuation, and no letter or digit is left out."""
    words, folded = analyzer.words(text), fold(text)
    assert all(word in folded and any(map(is_word_character, word)) for word in words)
    assert set(filter(is_word_character, folded)) <= set("".join(words))


@pytest.mark.parametrize(("text", "word"), [
    ("ERP系统上线", "erp"),
    ("ERP系统上线", "系统"),
    ("IT行业", "it"),
    ("第３版", "3"),
    ("市總工會勞動模範", "劳动模范"),
    ("五一劳动奖章", "劳动"),
])
def test_words_are_those_of_the_folded_text(text: str, word: str) -> None:
    """Latin, digits and traditional characters give the words their plain forms would give."""
    assert word in analyzer.words(text)
    assert analyzer.words(text) == analyzer.words(fold(text))


@given(any_text | texts())
def test_words_of_both_segmenters_are_the_same(text: str) -> None:
    """The words are those of jieba itself, whichever segmenter is installed."""
    segment._fast_tokenizer()  # otherwise loaded by the first long text
    folded = fold(text)
    assert segment.search_words(folded) == list(segment._tokenizer().cut_for_search(folded))
    assert "".join(segment.words(text)) == text
