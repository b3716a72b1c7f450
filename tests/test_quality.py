"""How well the sample newspaper is found, held by floors; ``bench_quality.py`` says what is asked and how."""

from __future__ import annotations

import random

import pytest
from bench_quality import RUNS, Bench, Score, damage, misses
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

FLOORS = {
    ("title", "sample"): (0.98, 0.98),
    ("title", "untitled"): (0.875, 0.94),
    ("fragment", "sample"): (0.98, 0.98),
    ("fragment", "untitled"): (0.80, 0.90),
    ("keywords", "sample"): (0.98, 0.98),
    ("glued", "sample"): (0.97, 0.98),
    ("names", "sample"): (0.98, 0.98),
    ("dates", "sample"): (0.98, 0.91),
    ("questions", "sample"): (0.97, 0.98),
    ("title", "damaged"): (0.98, 0.98),
    ("title", "damaged untitled"): (0.865, 0.93),
    ("keywords", "damaged"): (0.97, 0.98),
    ("glued", "damaged"): (0.97, 0.98),
    ("names", "damaged"): (0.96, 0.98),
}
"""MRR@10 and R@10 that a task keeps: about .02 less than was measured. A task that gets better raises its floor."""

WORST = 12
"""Queries that are listed when a task falls below its floor."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("quality"))


def test_every_task_has_a_floor() -> None:
    """No task is measured without being held."""
    assert set(FLOORS) == set(RUNS)


@pytest.mark.parametrize(("task", "archive"), RUNS, ids=map(" on ".join, RUNS))
def test_floor(bench: Bench, task: str, archive: str) -> None:
    """A task is answered as well as it was, or its worst queries are named."""
    outcomes = bench.outcomes(task, archive)
    score, (mrr, recall) = Score.of(outcomes), FLOORS[task, archive]
    below = score.mrr < mrr or score.recall < recall
    assert not below, "\n".join([str(score), *misses(outcomes, bench.titles)[:WORST]])


def test_questions_are_many(bench: Bench) -> None:
    """A reader asked at least thirty questions, none twice."""
    questions = [outcome.query.text for outcome in bench.outcomes("questions", "sample")]
    assert len(questions) == len(set(questions)) >= 30


def test_damage_is_measured() -> None:
    """Of a hundred characters five are lost, four of them to look-alikes, and a space stands after every sixteen."""
    text = "工会" * 50
    found = damage(text, random.Random(3), "的")
    assert found == damage(text, random.Random(3), "的")
    assert {line.find(" ") for line in found.split("\n")} == {16}
    letters = found.replace(" ", "")
    assert len(text) - 1 <= len(letters) <= len(text)
    assert sum(letters.count(character) for character in set(letters) - set("工会的")) == 4


@given(texts(), st.integers())
def test_damage_keeps_lines_and_other_characters(text: str, seed: int) -> None:
    """Only Chinese characters are damaged, and no line is lost or won."""
    found = damage(text, random.Random(seed), "的一")
    assert found.count("\n") == text.count("\n")
    assert _others(found) == _others(text)


def _others(text: str) -> str:
    return "".join(c for c in text if not "\u4e00" <= c <= "\u9fff" and c != " ")
