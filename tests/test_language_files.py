"""The language files keep the formats and rules that their heads state."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import jieba
import pytest
from opencc import OpenCC

ROOT = Path(__file__).parent.parent
SYNONYMS = ROOT / "index" / "synonyms.txt"
WORDS = ROOT / "index" / "words.txt"
CONFUSABLES = ROOT / "search" / "confusables.tsv"
QUESTION_WORDS = ROOT / "search" / "question_words.txt"
STOP_WORDS = ROOT / "search" / "stop_words.txt"
ALL = (SYNONYMS, WORDS, CONFUSABLES, QUESTION_WORDS, STOP_WORDS)
WORD_LISTS = (WORDS, QUESTION_WORDS, STOP_WORDS)

HAN = re.compile(r"[\u4e00-\u9fff]+")
MEMBER = re.compile(r"[\u4e00-\u9fffA-Z0-9]+")
LOOK_ALIKE = re.compile(r"[\u4e00-\u9fff〇A-Za-z0-9]\t[\u4e00-\u9fff〇A-Za-z0-9]")


def entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def groups() -> list[list[str]]:
    return [line.split(" = ") for line in entries(SYNONYMS)]


def pairs() -> list[tuple[str, str]]:
    return [(line[0], line[2]) for line in entries(CONFUSABLES)]


@pytest.fixture(scope="module")
def tokenizer() -> jieba.Tokenizer:
    """A tokenizer of its own that knows the words of the list."""
    tokenizer = jieba.Tokenizer()
    for word in entries(WORDS):
        tokenizer.add_word(word)
    return tokenizer


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", ALL, ids=name)
def test_file_says_what_it_is(path: Path) -> None:
    """Every language file opens with a comment that states its format."""
    head = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("# ")
    assert "# Format: " in head


@pytest.mark.parametrize("path", ALL, ids=name)
def test_file_is_tidy(path: Path) -> None:
    """No line has white space at its ends, no entry stands twice, and the file ends with one line end."""
    text = path.read_text(encoding="utf-8")
    assert all(line == line.strip() for line in text.split("\n"))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert len(entries(path)) == len(set(entries(path)))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_entries_are_simplified(path: Path) -> None:
    """Folding traditional characters to simplified ones changes no entry."""
    fold = OpenCC("t2s").convert
    assert [entry for entry in entries(path) if fold(entry) != entry] == []


@pytest.mark.parametrize(
    ("path", "least", "most"),
    [
        (SYNONYMS, 150, 2000),
        (WORDS, 300, 5000),
        (CONFUSABLES, 600, 5000),
        (QUESTION_WORDS, 60, 500),
        (STOP_WORDS, 30, 80),
    ],
    ids=["synonyms", "words", "confusables", "question_words", "stop_words"],
)
def test_size(path: Path, least: int, most: int) -> None:
    """Every file is large enough to be of use and small enough to be read by a person."""
    assert least <= len(entries(path)) <= most


@pytest.mark.parametrize("path", WORD_LISTS, ids=name)
def test_word_lists_hold_bare_words(path: Path) -> None:
    """A word list holds one word of Chinese characters a line and nothing else."""
    assert [entry for entry in entries(path) if not HAN.fullmatch(entry)] == []


def test_synonym_groups_parse() -> None:
    """A synonym group has two or more members without spaces or punctuation."""
    assert [group for group in groups() if len(group) < 2] == []
    assert [member for group in groups() for member in group if not MEMBER.fullmatch(member)] == []


def test_synonyms_belong_to_one_group() -> None:
    """No name stands in two synonym groups, or twice in one."""
    members = [member for group in groups() for member in group]
    assert len(members) == len(set(members))


def test_synonyms_are_long_enough() -> None:
    """No member of a synonym group is a single character."""
    assert [member for group in groups() for member in group if len(member) < 2] == []


def test_short_synonyms_do_not_stand_inside_common_words() -> None:
    """No two-character member stands inside a frequent word of jieba's dictionary that means something else.

    全总 is left out: the head of the file says why it is there all the same.
    """
    jieba.initialize()
    common = [word for word, count in jieba.dt.FREQ.items() if count >= 100 and len(word) > 2]
    full = {member: "".join(group) for group in groups() for member in group}
    short = [member for member in full if len(member) == 2 and member != "全总"]
    clashes = [(s, word) for s in short for word in common if s in word and word not in full[s]]
    assert clashes == []


def test_confusables_parse() -> None:
    """A line of confusables is one character, a tab and another character."""
    assert [line for line in entries(CONFUSABLES) if not LOOK_ALIKE.fullmatch(line)] == []


def test_confusables_are_in_order() -> None:
    """Pairs and their characters are in the order of code points, so no pair stands twice, turned or not."""
    assert pairs() == sorted(set(pairs()))
    assert all(left < right for left, right in pairs())


def test_confusables_are_never_the_same_character() -> None:
    """Made symmetric, the confusables hold no pair of a character with itself."""
    symmetric = {pair for left, right in pairs() for pair in ((left, right), (right, left))}
    assert len(symmetric) == 2 * len(pairs())
    assert [left for left, right in symmetric if left == right] == []


def test_confusables_stay_selective() -> None:
    """No character has more than twelve look-alikes, so that a tolerant search stays narrow."""
    count: dict[str, int] = {}
    for character in (character for pair in pairs() for character in pair):
        count[character] = count.get(character, 0) + 1
    assert max(count.values()) <= 12


@pytest.mark.parametrize(
    "alike",
    [
        "人入", "日曰", "未末", "己已巳", "土士", "干千于", "大太犬", "宜官", "场扬", "师帅",
        "没设", "组祖阻", "工丁", "模横", "范苑", "兔免", "折拆析", "0O", "1l",
    ],
)
def test_classic_confusables(alike: str) -> None:
    """The look-alikes every reader of OCR'ed Chinese has met are listed."""
    known = set(pairs())
    assert [pair for pair in combinations(sorted(alike), 2) if pair not in known] == []


def test_words_are_not_in_the_stock_dictionary() -> None:
    """Every word is one that jieba's own dictionary does not give as one word."""
    assert [word for word in entries(WORDS) if jieba.lcut(word, HMM=False) == [word]] == []


def test_words_are_cut_whole(tokenizer: jieba.Tokenizer) -> None:
    """With the words added, jieba gives every one of them as one word."""
    assert [word for word in entries(WORDS) if tokenizer.lcut(word) != [word]] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("安全总监负责生产改造", ["安全总监", "负责", "生产", "改造"]),
        ("工会法律援助", ["工会", "法律援助"]),
        ("工信部门和人社部", ["工信部门", "和", "人社部"]),
        ("全省总产值", ["全省", "总产值"]),
        ("修建会议室", ["修建", "会议室"]),
    ],
)
def test_words_do_not_break_their_neighbours(
    tokenizer: jieba.Tokenizer, text: str, words: list[str]
) -> None:
    """A short word of the list does not tear a longer or a neighbouring word apart."""
    assert tokenizer.lcut(text) == words


def test_question_words_are_no_search_terms() -> None:
    """No question word is a synonym, and none is part of one: removing it never cuts a name."""
    names = [member for group in groups() for member in group]
    assert [(q, n) for q in entries(QUESTION_WORDS) for n in names if q in n] == []


def test_question_words_and_stop_words_are_no_dictionary_terms() -> None:
    """No question word or stop word is also listed as a word of union language."""
    words = set(entries(WORDS))
    assert words.isdisjoint(entries(QUESTION_WORDS))
    assert words.isdisjoint(entries(STOP_WORDS))
