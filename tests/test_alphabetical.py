"""Indexes of names: in the order of pinyin, each name under its letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import valid_text

from search.alphabetical import OTHERS, alphabetical, surname_reading, usual_reading


def test_names_stand_in_the_order_of_their_pinyin() -> None:
    """Chinese and Latin names together; what has no letter comes last."""
    counts = [("王明", 2), ("10版", 1), ("Anna Lee", 3), ("阿依", 1), ("“要闻”", 5), ("ＢＲ专栏", 1)]
    found = [(name.text, name.articles, name.letter) for name in alphabetical(counts, usual_reading)]
    assert found == [
        ("Anna Lee", 3, "A"), ("阿依", 1, "A"), ("ＢＲ专栏", 1, "B"), ("王明", 2, "W"), ("“要闻”", 5, "Y"),
        ("10版", 1, OTHERS),
    ]


@pytest.mark.parametrize(
    ("name", "letter"), [("曾小满", "Z"), ("单玉", "S"), ("解冬", "X"), ("仇立", "Q"), ("尉迟松", "Y"), ("万俟川", "M")]
)
def test_surnames_have_readings_of_their_own(name: str, letter: str) -> None:
    """曾 is zēng in a name, though céng elsewhere."""
    (found,) = alphabetical([(name, 1)], surname_reading)
    assert found.letter == letter


@given(st.dictionaries(valid_text, st.integers(1, 9)))
def test_an_index_has_every_name_once(counts: dict[str, int]) -> None:
    """Whatever OCR has made of it, and letters follow one another."""
    for reading in (usual_reading, surname_reading):
        found = alphabetical(counts.items(), reading)
        assert {name.text: name.articles for name in found} == counts
        letters = [name.letter.replace(OTHERS, "~") for name in found]
        assert letters == sorted(letters)
