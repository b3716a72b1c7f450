"""Lines that OCR read across columns are put back into reading order."""

from __future__ import annotations

import random
import time
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.pages.unzip import unzip, unzip_page

ARTICLE = (
    "本报讯（记者温良）为进一步关心关爱户外劳动者，切实解决他们吃饭难、喝水难、休息难的问题，"
    "近日，清源市总工会在全市主要街道和公园广场新建了三十个劳动者驿站，免费向环卫工人、快递员、外卖送餐员等户外劳动者开放。",
    "记者在人民路上的一处站点看到，这里配备了空调、冰箱、微波炉、饮水机、应急药箱等设施，墙上还张贴着工会服务热线和法律援助电话。"
    "正在休息的环卫工人告诉记者，以前中午只能坐在路边吃饭，现在有了驿站，可以喝上热水、吃上热饭，心里感到非常温暖。",
    "据介绍，清源市总工会把驿站建设作为为职工群众办实事的重要内容，坚持因地制宜、资源共享，充分利用银行网点、社区服务中心等现有场所，"
    "统一标识、统一制度、统一管理。下一步，全市各级工会将继续加大投入力度，完善服务功能，让更多的劳动者感受到工会组织的关怀和温暖。",
)
OTHER = (
    "入冬以来，北岭县气温持续下降。县供暖公司组织党员突击队，对全县供热管网进行全面检查，"
    "及时排除安全隐患，确保居民温暖过冬。"
)
WIDTH = 14


def wrapped(paragraph: str, width: int = WIDTH) -> list[str]:
    """The printed lines of a paragraph: the first indented, no line beginning with a stop."""
    lines, room = [""], width - 2
    for character in paragraph:
        if len(lines[-1]) >= room and character not in "，。、；：！？）”":
            lines.append("")
            room = width
        lines[-1] += character
    return lines


def column() -> list[str]:
    return [line for paragraph in ARTICLE for line in wrapped(paragraph)]


def flat(paragraphs: list[str]) -> str:
    return "".join("".join(paragraphs).split())


TEXT = flat(list(ARTICLE))


def test_an_article_that_reads_well_comes_back_unchanged() -> None:
    """Printed lines in reading order are left exactly as they are."""
    paragraphs = ["\n".join(wrapped(paragraph)) for paragraph in ARTICLE]
    result = unzip(paragraphs)
    assert result.paragraphs == paragraphs
    assert result.moved == 0


@pytest.mark.parametrize("columns", [2, 3])
def test_columns_read_row_by_row_are_dealt_out(columns: int) -> None:
    """A comb of two or three columns reads in order again."""
    lines = column()
    rows = len(lines) // columns
    parts = [lines[i * rows : (i + 1) * rows] for i in range(columns)]
    rest = lines[columns * rows :]
    printed = [line for row in zip(*parts, strict=True) for line in row] + rest
    result = unzip(["\n".join(printed)])
    assert flat(result.paragraphs) == TEXT
    assert result.moved > rows


def test_a_longer_column_goes_on_behind_the_comb() -> None:
    """Where one column is longer, its last lines follow its others."""
    lines = column()
    left, right = lines[:14], lines[14:22]
    pairs = zip_longest(left, right, fillvalue="")
    printed = [line for pair in pairs for line in pair if line] + lines[22:]
    assert flat(unzip(["\n".join(printed)]).paragraphs) == TEXT


def test_a_stray_line_goes_home() -> None:
    """A line that landed among those of another column is put back."""
    lines = column()
    printed = lines[:16] + lines[17:]
    printed.insert(4, lines[16])
    assert flat(unzip(["\n".join(printed)]).paragraphs) == TEXT


def test_swapped_ends_of_columns_are_put_right() -> None:
    """Two runs of lines that stand in the wrong order change places."""
    lines = column()
    printed = lines[:7] + lines[11:17] + lines[7:11] + lines[17:]
    assert flat(unzip(["\n".join(printed)]).paragraphs) == TEXT


def test_two_lines_that_ran_together_are_parted() -> None:
    """Where a space between two columns was lost, the joint is found by the lines' width."""
    lines = column()
    rows = [a + b if i == 4 else f"{a} {b}" for i, (a, b) in enumerate(zip(lines[:8], lines[8:16], strict=True))]
    assert flat(unzip([" ".join([*rows, *lines[16:]])]).paragraphs) == TEXT


def test_lines_find_their_way_across_paragraphs() -> None:
    """A line that landed in another paragraph is fetched."""
    lines = column()
    first, second = [*lines[:10], lines[18], *lines[10:14]], lines[14:18] + lines[19:]
    result = unzip(["\n".join(first), "\n".join(second)])
    assert flat(result.paragraphs) == TEXT


def test_headings_stay_and_lines_move_past_them() -> None:
    """A sub-heading keeps its place in the text, and the result says which paragraph it is."""
    lines = column()
    printed = ["\n".join([*lines[:10], lines[18], *lines[10:14]]), "驿站更温暖", "\n".join(lines[14:18] + lines[19:])]
    result = unzip(printed, headings=[1])
    assert [result.paragraphs[i] for i in result.headings] == ["驿站更温暖"]
    assert flat([p for i, p in enumerate(result.paragraphs) if i not in result.headings]) == TEXT


def test_a_page_is_unzipped_article_by_article() -> None:
    """Every article of a page has its result, in order."""
    lines = column()
    mixed = [line for row in zip(lines[:7], lines[7:14], strict=True) for line in row] + lines[14:]
    clean = ["\n".join(wrapped(paragraph)) for paragraph in ARTICLE]
    done = unzip_page([["\n".join(mixed)], clean, []])
    assert flat(done[0].paragraphs) == TEXT
    assert done[1].paragraphs == clean
    assert done[2].paragraphs == []


def test_a_line_in_another_article_is_brought_home() -> None:
    """On a page where OCR read across, a line that stands in a wrong article moves to its own."""
    lines, other = column(), wrapped(OTHER)
    mixed = [line for row in zip(lines[:7], lines[7:14], strict=True) for line in row] + lines[14:]
    mixed.remove(lines[25])
    done = unzip_page([["\n".join(mixed)], ["\n".join([*other[:4], lines[25], *other[4:]])]])
    assert flat(done[0].paragraphs) == TEXT
    assert flat(done[1].paragraphs) == OTHER


def test_a_line_goes_home_into_the_middle_of_a_short_line() -> None:
    """What was taken from between a stop and the last character of a line is put back there."""
    at = ARTICLE[1].index("墙上")
    before, stray, behind = ARTICLE[1][:at], ARTICLE[1][at : at + 11], ARTICLE[1][at + 11 :]
    torn = wrapped(before)
    torn[-1] += behind[0]
    first, other = wrapped(ARTICLE[0]), wrapped(OTHER)
    mixed = [line for row in zip(first[:4], first[4:8], strict=True) for line in row] + first[8:]
    article = ["\n".join(mixed), "\n".join([*torn, *wrapped(behind[1:])]), *ARTICLE[2:]]
    done = unzip_page([article, ["\n".join([*other[:4], stray, *other[4:]])]])
    assert flat(done[0].paragraphs) == TEXT
    assert flat(done[1].paragraphs) == OTHER


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_no_character_is_lost(rng: random.Random, paragraphs: int) -> None:
    """Whatever the order of the lines, the result has the same characters and reads the same twice."""
    lines = column()
    rng.shuffle(lines)
    printed = ["\n".join(lines[i::paragraphs]) for i in range(paragraphs)]
    result = unzip(printed)
    assert sorted(flat(result.paragraphs)) == sorted(flat(printed))
    assert result == unzip(printed)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_is_accepted(paragraphs: list[str]) -> None:
    """No input raises, and nothing but white space changes."""
    result = unzip(paragraphs)
    assert sorted(flat(result.paragraphs)) == sorted(flat(paragraphs))
    if not result.moved:
        assert result.paragraphs == paragraphs


def test_a_huge_article_takes_linear_time() -> None:
    """Neither many lines nor one line without end makes the work grow with the square."""
    lines = column()
    started = time.process_time()
    unzip(["\n".join(lines * 40)])
    unzip(["\n".join(lines)] * 40)
    unzip(["汉" * 100_000])
    assert time.process_time() - started < 20
