"""Joints between printed lines are scored by what was learned from clean text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.pages import train_joints
from index.pages.joint import HIGHEST, LOWEST, Context, Lines, model, read_model
from index.pages.ngrams import ABSENT, codes, counted, keys_of, levels_of, span_hashes

TEXT = "青石桥街道工会为快递员送去雨衣。快递员小周说，工会想得周到。"


def scores(lines: list[str], page: list[str] | None = None) -> np.ndarray:
    every = np.arange(len(lines))
    widths = np.array([float(len(line)) for line in lines])
    return Lines(lines, widths, widths, Context(page or [])).score(every[:, None], every[None, :])


@pytest.mark.parametrize(
    ("left", "right", "wrong"),
    [
        ("全市各级工会组织要切实维护职", "工的合法权益，不断提高服务水", "，随后又来到车间看望一线工人"),
        ("广大职工群众积极参与，活动取", "得了良好的社会效果，受到一致", "动模范和先进工作者代表参加了"),
        ("会议指出，要深入学习贯彻党的", "二十大精神，团结动员广大职工", "元，用于购买米面油等生活用品"),
    ],
)
def test_the_line_that_follows_scores_best(left: str, right: str, wrong: str) -> None:
    """A line that goes on the sentence scores above one that does not."""
    every = scores([left, right, wrong])
    assert every[0, 1] > every[0, 2] + 1


def test_scores_are_bounded() -> None:
    """No joint decides alone, whatever stands in the lines."""
    every = scores(["", "。", "（", "汉" * 40, "1", "𠮷", "\ufffe", "abc"])
    assert np.isfinite(every).all()
    assert every.min() >= LOWEST
    assert every.max() <= HIGHEST


def test_a_name_is_found_again_on_the_page() -> None:
    """A joint gains when its characters stand together inside another line of the page."""
    lines = ["昨日清晨，养蜂人厍", "归鹤骑车上山采蜜。"]
    assert scores(lines, ["厍归鹤今年五十岁。"])[0, 1] > scores(lines)[0, 1] + 1


def test_codes_fold_what_does_not_matter() -> None:
    """Width, digits, Latin letters, quotation marks and spaces do not tell texts apart."""
    assert codes("“２０２１年 ＡＢＣ”，").tolist() == codes('"15年xy",').tolist() == [*map(ord, '"0年a",')]


def test_counts_come_back_within_their_rounding() -> None:
    """What was counted often enough is found again, the rest is not."""
    row = codes(TEXT)
    keys, levels, characters = counted([row, row], [1.0, 2.0], (1, 1, 3, 7))
    assert characters == 3 * len(row)
    spans = span_hashes(row[None, :])
    known = dict(zip(keys.tolist(), levels.tolist(), strict=True))
    assert known[int(keys_of(spans[5, 7])[0])] == levels_of(np.array([6.0]))[0]  # 工会, twice in each of three
    assert int(keys_of(spans[0, 3])[0]) in known
    assert int(keys_of(spans[0, 4])[0]) not in known


def test_training_learns_and_its_file_is_read_back(tmp_path: Path) -> None:
    """A few steps on a small text make right sides more alike to their left sides, also out of the file."""
    words = ["山前", "山后", "桃花", "李树", "开了", "谢了", "红的", "白的"]
    rng = np.random.default_rng(1)
    text = codes("".join(a + b for a, b in zip(rng.choice(words, 2000), rng.choice(words, 2000), strict=True)))
    weights, known = train_joints.train([text], steps=30)
    keys, levels, characters = counted([text], [1.0], (1, 1, 1, 1))
    train_joints.write(tmp_path / "joints.npz", keys, levels, (characters, 1.0), weights, known)
    read = read_model(tmp_path / "joints.npz")
    assert read.ngrams.count(span_hashes(codes("桃花")[None, :])[0, 2])[0] > 100
    sides = [np.full((2, 8), ABSENT, np.uint16) for _ in range(2)]
    sides[0][:, -1] = codes("桃李")
    sides[1][:, 0] = codes("花树")
    likeness = read.left(read.numbers[sides[0]]) @ read.right(read.numbers[sides[1]]).T
    assert np.isfinite(likeness).all()
    assert np.trace(likeness) > likeness.sum() - np.trace(likeness)


def test_the_model_is_small() -> None:
    """The table that ships is at most five megabytes and knows common words."""
    path = Path(train_joints.__file__).with_name("joints.npz")
    assert path.stat().st_size <= 5_000_000
    assert model().ngrams.count(span_hashes(codes("工会")[None, :])[0, 2])[0] > 100
