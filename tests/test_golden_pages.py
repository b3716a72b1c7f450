"""Messy newspaper pages of many makes, and what a careful reader finds on each of them.

``pages/NAME.md`` (or ``.txt``) is a page as an OCR tool gave it, ``pages/NAME.gold.json`` what is on it, and
``pages/NAME.known_misses.txt`` what the parser still gets wrong there (no file: nothing), one miss a line.
NAME is plain ASCII, for git quotes others; the name that the page had, and which is read too, is the gold's ``page``.
The gold is never bent to the parser: when behaviour changes, for better or worse, the lines change. Write
them again with

    python tests/test_golden_pages.py

and read the difference before keeping it.
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.model import Article, Page
from index.pages.page import parse_page

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.name.removesuffix(".gold.json") for path in PAGES.glob("*.gold.json"))
HARD_FLOOR = 220
"""Least number, over all pages, of strings found that need un-zipped columns or corrected look-alikes."""
ALIKE = 0.6
"""Least likeness of two titles, and 0.5 the least share of strings found, that make a pair."""

Gold = dict[str, Any]
HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
QUOTES = str.maketrans("“”„‟「」『』‘’—–―─－•・‧", "\"\"\"\"\"\"\"\"''-----···")
DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def bare(text: str | None) -> str:
    """Letters and digits alone: what two readings of a line must have in common."""
    folded = unicodedata.normalize("NFKC", text or "").lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def strict(text: str) -> str:
    """Width and quotation marks folded; white space stays where it parts two Chinese characters."""
    folded = unicodedata.normalize("NFKC", text.translate(QUOTES)).translate(QUOTES)
    return re.sub(rf"(?<![{HAN}])\s+|\s+(?![{HAN}])", "", folded)


def page_number(text: str | None) -> str:
    """``02``, ``2``, ``二`` and ``第二版`` are one number; ``A03`` and ``A3`` another."""
    value = re.sub(r"[第版\s]", "", text or "").upper().translate(DIGITS)
    return re.sub(r"(?<!\d)0+(?=\d)", "", value)


def likeness(gold: Gold, article: Article) -> float:
    """How surely the two are one article, 0 where they are not: titles first, else the text."""
    body = bare(article.body)
    strings = [bare(s) in body for s in gold["contains"]]
    share = sum(strings) / len(strings) if strings else 0.0
    if gold["title"] and article.title:
        same = difflib.SequenceMatcher(None, bare(gold["title"]), bare(article.title), autojunk=False).ratio()
        if same >= ALIKE:
            return 1 + same + share
    return share if share >= 0.5 else 0.0


def pairs(golds: list[Gold], articles: tuple[Article, ...]) -> dict[int, int]:
    """Index of a gold article -> index of the parsed one, surest first, one to one."""
    ranked = sorted(
        (-likeness(gold, article), i, j) for i, gold in enumerate(golds) for j, article in enumerate(articles)
    )
    found: dict[int, int] = {}
    for rank, i, j in ranked:
        if rank < 0 and i not in found and j not in found.values():
            found[i] = j
    return found


def label(title: str | None, text: str) -> str:
    return title or f"（无题）{text[:12]}"


def differences(gold: Gold, article: Article) -> Iterator[str]:
    """Headlines and kind; the printed punctuation of a title is not asked for."""
    for key in ("title", "kicker", "subtitle", "kind"):
        wanted, got = gold[key], getattr(article, key)
        if bare(wanted) != bare(got):
            yield f"{key}: {wanted} <> {got}"
    if [bare(s) for s in gold["subheads"]] != [bare(s) for s in article.subheads]:
        yield f"subheads: {gold['subheads']} <> {list(article.subheads)}"


def byline_differences(gold: Gold, article: Article) -> Iterator[str]:
    """Names lost, names invented, and wrong roles; one name may have several roles (文/图)."""
    wanted = {bare(b["name"]): b for b in gold["bylines"]}
    got: dict[str, set[str]] = {}
    for byline in article.bylines:
        got.setdefault(bare(byline.name), set()).add(byline.role)
    for name, byline in wanted.items():
        if name not in got:
            yield f"byline missing: {byline['role']} {byline['name']}"
        elif byline["role"] not in got[name]:
            yield f"role of {byline['name']}: {byline['role']} <> {'、'.join(sorted(got[name]))}"
    yield from (f"byline too many: {name}" for name in got if name not in wanted)


def text_differences(gold: Gold, article: Article) -> Iterator[str]:
    """Strings not printed as they must be, and strings of a neighbour."""
    body, letters = strict(article.body), bare(article.body)
    yield from (f"contains: {s}" for s in gold["contains"] if strict(s) not in body)
    yield from (f"excludes: {s}" for s in gold["excludes"] if bare(s) in letters)


def metadata_differences(page: Gold, article: Article) -> Iterator[str]:
    """What the page or its file name says; nothing where neither says it."""
    date = datetime.date.fromisoformat(page["date"]) if page["date"] else None
    if article.date != date:
        yield f"date: {date} <> {article.date}"
    if page_number(article.page_no) != page_number(page["page_no"]):
        yield f"page_no: {page['page_no']} <> {article.page_no}"
    for key, field in (("page_name", "section"), ("newspaper", "newspaper"), ("issue_no", "issue_no")):
        if bare(page[key]) != bare(getattr(article, field)):
            yield f"{field}: {page[key]} <> {getattr(article, field)}"


def misses(gold: Gold, page: Page) -> list[str]:
    """Everything the parse gets wrong, in the order of the page; what all articles share is said once."""
    found = pairs(gold["articles"], page.articles)
    lines: list[str] = []
    for article in page.articles:
        lines += [line for line in metadata_differences(gold, article) if line not in lines]
    for i, wanted in enumerate(gold["articles"]):
        name = label(wanted["title"], wanted["contains"][0])
        if i not in found:
            lines.append(f"not found: {name}")
            continue
        article = page.articles[found[i]]
        for check in (differences, byline_differences, text_differences):
            lines += [f"{name} | {line}" for line in check(wanted, article)]
    extra = [article for j, article in enumerate(page.articles) if j not in found.values()]
    return lines + [f"too many: {label(article.title, article.body)}" for article in extra]


def hard_strings(gold: Gold, page: Page) -> tuple[int, int]:
    """Hard strings found, and asked for."""
    found = pairs(gold["articles"], page.articles)
    bodies = {i: strict(page.articles[j].body) for i, j in found.items()}
    asked = [(i, s) for i, article in enumerate(gold["articles"]) for s in article["hard_contains"]]
    return sum(strict(s) in bodies.get(i, "") for i, s in asked), len(asked)


def read(name: str) -> tuple[Gold, Page]:
    """The gold of a page, and its parse."""
    gold: Gold = json.loads((PAGES / f"{name}.gold.json").read_text("utf-8"))
    file = PAGES / f"{name}{Path(gold['page']).suffix}"
    return gold, parse_page(file.read_bytes().decode(), gold["page"])


def known_misses(name: str) -> list[str]:
    path = PAGES / f"{name}.known_misses.txt"
    return path.read_text("utf-8").splitlines() if path.exists() else []


def difference(known: Iterable[str], now: Iterable[str]) -> str:
    lines = difflib.unified_diff(list(known), list(now), "known misses", "misses now", lineterm="", n=0)
    return "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
def test_page_is_read_as_recorded(name: str) -> None:
    """A page gives exactly the articles of its gold, but for the misses on record."""
    gold, page = read(name)
    changed = difference(known_misses(name), misses(gold, page))
    assert not changed, f"{name}\n{changed}"


def test_names_are_plain() -> None:
    """Every golden file has a name that git prints as it is."""
    assert not [path.name for path in PAGES.iterdir() if not path.name.isascii()]


def test_zipped_columns_and_look_alikes_are_repaired() -> None:
    """At least the recorded number of hard strings is found, over all pages."""
    found, asked = map(sum, zip(*(hard_strings(*read(name)) for name in NAMES), strict=True))
    assert found >= HARD_FLOOR, f"{found} of {asked} hard strings, floor {HARD_FLOOR}"


def record() -> None:
    """Write the misses of today on record and print what HARD_FLOOR may be."""
    hard = [0, 0]
    for name in NAMES:
        gold, page = read(name)
        path, now = PAGES / f"{name}.known_misses.txt", misses(gold, page)
        path.unlink(missing_ok=True)
        if now:
            path.write_text("".join(f"{line}\n" for line in now), "utf-8")
        hard = [a + b for a, b in zip(hard, hard_strings(gold, page), strict=True)]
        print(f"{len(now):4} {name}")
    print(f"hard strings: {hard[0]} of {hard[1]}")


if __name__ == "__main__":
    record()
