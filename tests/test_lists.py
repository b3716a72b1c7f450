"""The operator's word lists: listed, added to, checked, and new words found in the archive."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive import archive
from click.testing import CliRunner, Result

from index.dictionaries import SYNONYMS, WORDS, numbered
from index.new_words import new_words
from index.word_check import doubtful_synonyms, doubtful_words
from web.cli import cli


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with lists of the operator's own, which are not there yet."""
    monkeypatch.setenv("UNIONNEWS_WORDS", str(tmp_path / "own_words.txt"))
    monkeypatch.setenv("UNIONNEWS_SYNONYMS", str(tmp_path / "own_synonyms.txt"))
    return tmp_path


def unionnews(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], prog_name="unionnews")


def test_shipped_lists_are_in_order() -> None:
    """Nothing is wrong in the lists that ship."""
    assert list(doubtful_words(numbered(WORDS))) == []
    assert list(doubtful_synonyms(numbered(SYNONYMS))) == []
    assert unionnews("words", "check").exit_code == unionnews("synonyms", "check").exit_code == 0


@pytest.mark.parametrize(("kind", "entry", "due"), [
    ("words", "守坝人家", "重建"), ("synonyms", "砚总 = 砚江市总工会", "不用重建"),
])
def test_entries_are_added_to_an_own_list(kind: str, entry: str, due: str, own: Path) -> None:
    """The own list begins as a copy of the shipped one; what is due is said; an entry is not added twice."""
    added = unionnews(kind, "add", entry)
    assert added.exit_code == 0
    assert due in added.stdout
    assert (own / f"own_{kind}.txt").read_text("utf-8").endswith(f"\n{entry}\n")
    listed = unionnews(kind, "list").stdout.splitlines()
    assert listed[-1] == entry
    assert len(listed) > 300
    twice = unionnews(kind, "add", entry)
    assert (twice.exit_code, twice.stdout) == (2, "")
    assert "没有添加" in twice.stderr
    assert unionnews(kind, "list").stdout.splitlines() == listed


def test_without_an_own_list_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped list is left alone; the sentence says which variable to set."""
    monkeypatch.delenv("UNIONNEWS_WORDS", raising=False)
    result = unionnews("words", "add", "守坝人家")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "UNIONNEWS_WORDS" in result.stderr


@pytest.mark.parametrize(("lines", "words"), [
    (["好"], "太短"), (["守坝 人"], "空格"), (["字" * 40], "太长"), (["守坝人家", "守坝人家"], "第 2 行"),
])
def test_doubtful_words_are_named(lines: list[str], words: str) -> None:
    """One sentence for each line, with its number."""
    (said,) = doubtful_words(list(enumerate(lines, 1)))
    assert words in said


@pytest.mark.parametrize(("lines", "words"), [
    (["全总"], "不是一组"), (["全总 = 中华，总工会"], "标点"), (["甲乙 = 丙丁", "丁戊 = 甲乙"], "第 1 行已经有了"),
])
def test_doubtful_synonyms_are_named(lines: list[str], words: str) -> None:
    """So it is for groups of names."""
    (said,) = doubtful_synonyms(list(enumerate(lines, 1)))
    assert words in said


def test_a_list_with_faults_is_1(own: Path) -> None:
    """``check`` names the file and each faulty line."""
    (own / "own_words.txt").write_text("守坝人\n好\n", "utf-8")
    result = unionnews("words", "check")
    assert result.exit_code == 1
    assert "第 2 行“好”太短" in result.stdout


def test_words_are_found_where_characters_hold_together() -> None:
    """A string that stands in many surroundings is a word; what is part of one, or known, is none."""
    draw = random.Random(1)
    filler = "春夏秋冬东西南北山水花草风云雨雪日月星光红黄蓝绿高低远近新旧多少"
    texts = ["".join(draw.choices(filler, k=200)) + "珐琅厂" + "".join(draw.choices(filler, k=200)) for _ in range(200)]
    assert [(new.word, new.count) for new in new_words(texts, lambda _: False, list)] == [("珐琅厂", 200)]
    assert new_words(texts, lambda word: word == "珐琅厂", list) == []
    assert new_words([], lambda _: False, list) == []


def test_a_word_neither_begins_nor_ends_with_a_particle() -> None:
    """What only often stands together, with 从, 的 or the measure word of a number at an end, is no word."""
    draw = random.Random(1)
    filler = "春夏秋冬东西南北山水花草风云雨雪日月星光红黄蓝绿高低远近新旧多少"
    strings = ("珐琅厂从", "的珐琅", "届珐琅厂")
    texts = ["".join((*draw.choices(filler, k=200), string, *draw.choices(filler, k=200)))
             for string in strings for _ in range(100)]
    found = {new.word for new in new_words(texts, lambda _: False, list)}
    assert not found & set(strings)


def test_a_part_of_known_words_is_no_new_word() -> None:
    """What the segmenter cuts elsewhere than at its ends is none, however often it stands there."""
    draw = random.Random(1)
    filler = "春夏秋冬东西南北山水花草风云雨雪日月星光红黄蓝绿高低远近新旧多少"
    texts = ["".join((*draw.choices(filler, k=200), draw.choice("农工商渔牧"), "业增加值")) for _ in range(100)]

    def cut(run: str) -> list[str]:
        return [piece for piece in re.split("(.业|增加值|.)", run) if piece]

    assert "业增加值" in {new.word for new in new_words(texts, lambda _: False, list)}
    assert "业增加值" not in {new.word for new in new_words(texts, lambda _: False, cut)}


def test_a_new_word_is_named_once() -> None:
    """Not again with a known word before or behind it, nor as a number, nor with 的 or 了 within."""
    draw = random.Random(1)
    filler = "春夏秋冬东西南北山水花草风云雨雪日月星光红黄蓝绿高低远近新旧多少"
    strings = ("珐琅厂", "记者珐琅厂", "三十九届", "珐的琅厂")
    texts = ["".join((*draw.choices(filler, k=200), string, *draw.choices(filler, k=200)))
             for string in strings for _ in range(100)]
    assert [new.word for new in new_words(texts, lambda word: word == "记者", list)] == ["珐琅厂"]


def test_nothing_to_suggest_is_said(tmp_path: Path) -> None:
    """An archive of known words gives no list, and a sentence."""
    archive(tmp_path, {"body": "职工代表大会审议集体合同。" * 30})
    result = unionnews("words", "suggest", "--index", tmp_path / "index")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "没有要推荐的词" in result.stderr


def test_suggested_words_come_from_the_archive(tmp_path: Path) -> None:
    """Words that the dictionary lacks and names out of bylines are printed, with what to do next."""
    draw = random.Random(1)
    words = re.findall("..", "工会职工车间工厂班组师傅学徒机器图纸劳动竞赛合同协商工资食堂宿舍书屋医院")
    archive(tmp_path, *(
        {"body": "".join((*draw.choices(words, k=100), "犇鱻坝", *draw.choices(words, k=100), "。")),
         "bylines": [{"role": "记者", "name": "荀堃邝"}]}
        for _ in range(40)
    ))
    result = unionnews("words", "suggest", "--index", tmp_path / "index")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "犇鱻坝\t40 次"
    assert "荀堃邝\t署名" in result.stdout
    assert "重建" in result.stderr
