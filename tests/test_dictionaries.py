"""The operator's own word lists take the place of the shipped ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.dictionaries import entries
from index.errors import DictionaryError


def answer(code: str, **environment: str) -> str:
    """What Python prints in a process of its own with these environment variables."""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_own_synonyms_take_the_place_of_the_shipped(tmp_path: Path) -> None:
    """A search finds by them, whether the file has a byte order mark, comments or odd spaces."""
    own = tmp_path / "synonyms.txt"
    own.write_text("\ufeff# 我们的\n\n泡桐街 =  老街 \n", "utf-8")
    code = "from search.language_files import synonyms; print(synonyms()['老街'], '全总' in synonyms())"
    assert answer(code, UNIONNEWS_SYNONYMS=str(own)) == "('泡桐街',) False"


def test_own_words_are_words_and_call_for_a_new_index(tmp_path: Path) -> None:
    """They are cut whole, and an index made with other words is refused."""
    own = tmp_path / "words.txt"
    own.write_text("采茶女工夜校\n", "utf-8")
    cut = "from index.segment import words; print('采茶女工夜校' in words('请上采茶女工夜校'))"
    assert answer(cut, UNIONNEWS_WORDS=str(own)) == "True"
    assert answer(cut) == "False"
    made = "from index.store import fingerprint; print(fingerprint())"
    assert answer(made, UNIONNEWS_WORDS=str(own)) != answer(made)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00\xd8"])
def test_a_list_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the variable and the file."""
    own = tmp_path / "words.txt"
    if content is not None:
        own.write_bytes(content)
    monkeypatch.setenv("UNIONNEWS_WORDS", str(own))
    with pytest.raises(DictionaryError, match=r"UNIONNEWS_WORDS.*words\.txt"):
        entries("words.txt")
