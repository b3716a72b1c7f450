"""Folding: what differs only in form is searched as one, and no character moves."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from strategies import any_text, texts

from index.normalize import INTERPUNCT, fold, is_transparent, is_word_character, significant, variants

ASSIGNED = "".join(
    character for character in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(character) not in ("Cn", "Co", "Cs")
)


@given(any_text)
def test_fold_is_one_to_one(text: str) -> None:
    """The folded text has a character for each of the original, whatever the text holds."""
    assert len(fold(text)) == len(text)
    assert fold(text) == "".join(map(fold, text))


@given(any_text.filter(bool))
def test_long_texts_are_folded_like_short_ones(text: str) -> None:
    """How long a text is makes no difference."""
    times = 1000 // len(text) + 1
    for function in (fold, significant):
        assert function(text * times) == function(text) * times
    assert variants(text * times) == variants(text)


def test_fold_is_one_to_one_for_all_of_unicode() -> None:
    """No assigned character folds to several or to none, and folding a folded text changes nothing."""
    folded = fold(ASSIGNED)
    assert len(folded) == len(ASSIGNED)
    assert fold(folded) == folded


@given(any_text | texts())
def test_folded_text_can_be_written(text: str) -> None:
    """Half characters do not survive folding, so that terms and queries can always be encoded."""
    fold(text).encode("utf-8")


@pytest.mark.parametrize(("text", "other"), [
    ("ＡＢＣ公司", "abc公司"),
    ("２０２４年", "2024年"),
    ("市總工會勞動模範", "市总工会劳动模范"),
    ("苧麻", "薴麻"),
    ("買買提•艾力", "买买提·艾力"),
    ("买买提・艾力", "买买提‧艾力"),
    ("“ＩＴ行业”，", "“it行业”,"),
    ("\u3000", " "),
])
def test_forms_of_one_text_fold_together(text: str, other: str) -> None:
    """Width, case, script and the form of an interpunct make no difference."""
    assert fold(text) == fold(other)


@pytest.mark.parametrize("text", ["䶮㛃堃镕", "\U00020bb7野家", "ß", "İ", "Ⅳ", "㈱", "ﬁ"])
def test_rare_characters_keep_their_place(text: str) -> None:
    """A character that has no equivalent of one character stays what it is, but for its case."""
    assert [unicodedata.normalize("NFKC", c).lower() for c in fold(text)] == [
        unicodedata.normalize("NFKC", c).lower() for c in text
    ]


@given(any_text)
def test_significant_is_folded_text_without_what_is_looked_through(text: str) -> None:
    """Matching sees the folded characters that are not transparent, in order."""
    assert significant(text) == "".join(c for c in fold(text) if not is_transparent(c))


def test_what_matching_looks_through() -> None:
    """Spaces, quotes, brackets, interpuncts are looked through; letters, punctuation, line ends are not."""
    assert significant(" \t\u3000\u200b“”‘’\"'「」『』（）()[]《》【】" + INTERPUNCT + "•・‧") == ""
    assert significant("工，。、；：？！…—%\n-1aé") == "工,。、;:?!…—%\n-1aé"


def test_word_characters() -> None:
    """Letters and digits of any script make words; signs and spaces do not."""
    assert all(map(is_word_character, "工\U00020bb7aé1２ⅣЖ"))
    assert not any(map(is_word_character, "，。%+ \n·“"))


def test_variants_are_the_characters_of_another_script() -> None:
    """What is printed in traditional form is remembered; width, case and what is simplified anyway are not."""
    assert variants("皇后與後勤，ＡＢＣ abc·１２") == {"與", "後"}
    assert variants("全是简体，Ｗｉｄｅ") == frozenset()


@given(any_text)
def test_variants_are_just_what_the_simplifier_changes(text: str) -> None:
    """Width and case apart, folding makes another character of a variant, and of nothing else."""
    assert all(fold(variant) != variant for variant in variants(text))
