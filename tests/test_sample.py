"""The newspaper that ships with the program, parsed, beside what a careful reader finds in it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import index
from index.formats import read_pages
from index.model import KINDS, Article, Page
from index.schema import page_number

SAMPLE = Path(index.__file__).with_name("sample")
Gold = dict[str, Any]
GOLD: list[Gold] = [
    json.loads(line) for line in Path(__file__).with_name("sample.gold.jsonl").read_text("utf-8").splitlines()
]


def bare(text: str | None) -> str:
    """Letters and digits alone: what two readings have in common."""
    folded = unicodedata.normalize("NFKC", text or "").lower()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LN")


@cache
def pages() -> tuple[Page, ...]:
    return tuple(page for path in sorted(SAMPLE.iterdir()) for page in read_pages(path, path.name))


@cache
def articles(source: str) -> tuple[Article, ...]:
    return tuple(article for page in pages() for article in page.articles if article.source == source)


def parsed(gold: Gold) -> Article | None:
    """The article of the same page with the same title, else the one whose body has the first string."""
    for article in articles(gold["source"]):
        if gold["title"] and bare(article.title) == bare(gold["title"]):
            return article
    for article in articles(gold["source"]):
        if bare(gold["contains"][0]) in bare(article.body):
            return article
    return None


def names(bylines: list[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(role, bare(name)) for role, name in bylines}


def line(field: str) -> Callable[[Gold, Article], bool]:
    return lambda gold, article: bare(gold[field]) == bare(getattr(article, field))


CHECKS: dict[str, tuple[Callable[[Gold, Article], bool], float]] = {
    "title": (line("title"), 0.88),
    "kicker": (line("kicker"), 0.85),
    "subtitle": (line("subtitle"), 0.96),
    "kind": (lambda gold, article: gold["kind"] == article.kind, 0.88),
    "bylines": (
        lambda gold, article: names([(b["role"], b["name"]) for b in gold["bylines"]])
        == names([(b.role, b.name) for b in article.bylines]), 0.94,
    ),
    "contains": (lambda gold, article: all(bare(s) in bare(article.body) for s in gold["contains"]), 0.96),
    "date": (lambda gold, article: gold["date"] == str(article.date), 1),
    "page_no": (lambda gold, article: page_number(gold["page_no"]) == page_number(article.page_no or ""), 1),
    "section": (line("section"), 1),
    "newspaper": (line("newspaper"), 1),
    "issue_no": (line("issue_no"), 1),
}
"""For each field how it is compared, and the least share of articles in which it is right."""


def test_the_gold_is_of_the_sample() -> None:
    """Every page of the sample has its gold, and no other."""
    assert {gold["source"] for gold in GOLD} == {path.name for path in SAMPLE.iterdir()}
    assert {gold["kind"] for gold in GOLD} <= set(KINDS)


def test_articles_are_found() -> None:
    """Nearly every article is found, no two of them as one, and hardly any is invented."""
    found = [article for gold in GOLD if (article := parsed(gold))]
    assert len({id(article) for article in found}) >= 0.97 * len(GOLD)
    assert sum(len(page.articles) for page in pages()) <= 1.03 * len(GOLD)


@pytest.mark.parametrize("field", CHECKS)
def test_fields_are_right(field: str) -> None:
    """In at least the recorded share of all articles the field is what the reader finds."""
    check, floor = CHECKS[field]
    wrong = [gold for gold in GOLD if not ((article := parsed(gold)) and check(gold, article))]
    share = 1 - len(wrong) / len(GOLD)
    assert share >= floor, f"{share:.3f}; wrong: {[gold['title'] or gold['contains'][0] for gold in wrong]}"


def test_no_character_is_lost() -> None:
    """Every character of a page that is not white space stands in one article or in the furniture."""
    for page in pages():
        text = (SAMPLE / page.source).read_text("utf-8")
        kept = [article.printed for article in page.articles] + list(page.furniture)
        assert sorted("".join(text.split())) == sorted("".join("".join(kept).split())), page.source


def test_bodies_are_clean() -> None:
    """No markup, picture link or stray line end of the OCR tool stays in what is shown."""
    for page in pages():
        for article in page.articles:
            assert not re.search(r"!\[|</?\w+>|&nbsp;|\.jpe?g|^#|\*\*|\n\n", article.body, re.MULTILINE), article.title
