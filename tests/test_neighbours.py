"""What a page does not say of itself is taken from its neighbours, but only where these are of one mind."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from archive import articles_of

from index.model import Article
from index.neighbours import Neighbours, Said
from index.reindex import ReindexReport, reindex

PAPER, OTHER = "砚江工人报", "泉州湾职工报"
DAY = datetime.date(2024, 5, 17)
TITLES = {"1": "三号机组并网", "2": "书屋开进宿舍", "3": "合唱团招新", "4": "车间换上新灯"}


def page(number: str, paper: str = "", day: str = "", issue: str = "") -> str:
    """A newspaper page that says what it is told to."""
    head = "  ".join(filter(None, (paper, day, issue, f"第{number}版")))
    return f"{head}\n\n# {TITLES[number]}\n\n本报讯（记者 荀堃）{TITLES[number]}，夜班职工说眼睛不酸了。\n"


def update(folder: Path, pages: dict[str, str]) -> ReindexReport:
    """Write pages and bring the index up to date."""
    for name, text in pages.items():
        (folder / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "pages" / name).write_text(text, "utf-8")
    return reindex([folder / "pages"], folder / "index")


def found(folder: Path) -> dict[str, Article]:
    """The articles by their titles."""
    return {article.title: article for article in articles_of(folder / "index") if article.title}


WHOLE = {
    "a.md": page("1", PAPER, "2024年5月17日", "第1847期"), "b.md": page("2", PAPER, "2024年5月17日", "第1847期"),
    "c.md": page("3"),
}


def test_a_page_without_a_masthead_takes_it_from_its_issue(tmp_path: Path) -> None:
    """Newspaper, day and number of the issue, on its articles and on what else stands there; a note says so."""
    report = update(tmp_path, WHOLE)
    taken = found(tmp_path)[TITLES["3"]]
    assert (taken.newspaper, taken.date, taken.issue_no, taken.page_no) == (PAPER, DAY, "1847", "3")
    assert report.notes == {"c.md": (f"版上没有，取自同一文件夹的其他版：报纸《{PAPER}》，日期 2024-05-17，期号 1847",)}
    assert {article.newspaper for article in articles_of(tmp_path / "index")} == {PAPER}


@pytest.mark.parametrize(("pages", "taken"), [
    ({"c.md": page("3", day="2024年5月17日"), "a.md": page("1", PAPER, "2024年5月17日")}, (PAPER, DAY)),
    ({"c.md": page("3", day="2024年5月24日"), "a.md": page("1", PAPER, "2024年5月17日")}, (None, DAY.replace(day=24))),
    ({"c.md": page("3"), "a.md": page("1", PAPER, "2024年5月17日")}, (None, None)),
    (WHOLE | {"d.md": page("4", PAPER, "2024年5月24日")}, (PAPER, None)),
    (WHOLE | {"d.md": page("4", OTHER, "2024年5月17日")}, (None, DAY)),
    (WHOLE | {"b.md": page("3", PAPER, "2024年5月17日")}, (PAPER, None)),
    ({f"other/{name}" if name != "c.md" else name: text for name, text in WHOLE.items()}, (None, None)),
])
def test_only_what_all_neighbours_say_is_taken(
    pages: dict[str, str], taken: tuple[str | None, datetime.date | None], tmp_path: Path
) -> None:
    """Not of two newspapers, of two days, of a page of the same number, of one page alone, of another folder."""
    update(tmp_path, {"z.md": "# 茶\n\n上市。\n"} | pages)
    lacking = [a for a in articles_of(tmp_path / "index") if a.source == "c.md" and a.kind != "page"]
    assert [(article.newspaper, article.date) for article in lacking] == [taken]


def test_a_neighbour_that_comes_or_goes_changes_what_is_taken(tmp_path: Path) -> None:
    """The page is read again, though it has not changed, and keeps its id; nothing is taken from what is gone."""
    update(tmp_path, {name: WHOLE[name] for name in ("a.md", "c.md")})
    before = found(tmp_path)[TITLES["3"]]
    assert before.newspaper is None
    assert update(tmp_path, {}).read == 0
    update(tmp_path, {"b.md": WHOLE["b.md"]})
    taken = found(tmp_path)[TITLES["3"]]
    assert (taken.newspaper, taken.date, taken.id) == (PAPER, DAY, before.id)
    (tmp_path / "pages" / "b.md").unlink()
    update(tmp_path, {})
    assert found(tmp_path)[TITLES["3"]] == before


def test_what_the_operator_says_counts_more(tmp_path: Path) -> None:
    """An ``archive.toml`` leaves nothing to be taken."""
    report = update(tmp_path, WHOLE | {"archive.toml": f'newspaper = "{OTHER}"\n'})
    assert found(tmp_path)[TITLES["3"]].newspaper == OTHER
    assert "报纸" not in report.notes["c.md"][0]


def test_lines_of_json_neither_give_nor_take() -> None:
    """Their articles say for themselves what there is to say."""
    said, silent = Said(PAPER, "2024-05-17", None, "1"), Said(None, None, None, "3")
    neighbours = Neighbours({"a.jsonl": [said, said], "b.md": [silent], "c.jsonl": [silent]})
    assert not any(neighbours.taken("b.md", silent))
    assert not any(Neighbours({"a.md": [said], "b.md": [said], "c.jsonl": [silent]}).taken("c.jsonl", silent))
    assert neighbours.of_file("nothing.md") == ""
