"""The report on an archive: what is held, what is missing, and which articles to look at."""

from __future__ import annotations

import csv
import datetime
import io
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from archive import archive, indexed
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_text

from index.formats import read_pages
from index.model import Article
from index.pages.ngrams import codes_of
from index.report import garble
from index.report.duplicates import Texts, sketches
from index.report.holdings import Issues
from index.report.model import Gap, Holding
from web.cli import cli
from web.cli.report import COLUMNS, summary, table, text

DAY = datetime.timedelta(days=1)
START = datetime.date(2024, 1, 1)
"""A Monday."""

REPORT = (
    "青屿市总工会昨日在港口宿舍区开放职工书屋，首批上架图书三千余册，码头工人凭会员卡就可以借阅。"
    "书屋由一间旧仓库改建，保留了木梁和货运编号，墙上挂着几代装卸工人留下的工具。"
    "负责人苏禾介绍，下一步还要开设夜校，请老师傅讲授起重安全和外语会话，费用由工会承担。"
)
OTHER = (
    "岚桥机械厂第三车间的技术比武昨天落幕，二十六名选手在车床前较量了整整六个小时。"
    "获得第一名的青年钳工说，图纸上的公差只有头发丝的十分之一，手上的功夫全靠平时一件一件磨出来。"
    "厂工会决定把比武的题目编成教材，发给每一个班组。"
)


def article(number: int, body: str, **fields: object) -> Article:
    return Article(**{"id": str(number), "source": "a.md", "body": body, "printed": body} | fields)  # type: ignore[arg-type]


def holding(days: Iterable[datetime.date], numbers: Sequence[int] | None = None) -> Holding:
    """What is held of a newspaper that came out on these days, with these running numbers."""
    issues = Issues()
    for place, day in enumerate(days):
        number = str(numbers[place]) if numbers else None
        issues.add(article(place, REPORT, newspaper="青屿工人报", date=day, page_no="1", issue_no=number))
    [held] = issues.holdings()
    return held


def test_a_daily_misses_its_days() -> None:
    """A paper of five days a week misses the weekdays on which it is not held, not its weekends."""
    days = [START + n * DAY for n in range(120) if n % 7 < 5]
    gone = [datetime.date(2024, 2, 7), datetime.date(2024, 2, 8), datetime.date(2024, 3, 15)]
    held = holding(day for day in days if day not in gone)
    assert [day for gap in held.gaps for day in gap.days] == gone
    assert (held.issues, held.missing) == (len(days) - 3, 3)
    assert held.gaps[0] == Gap(datetime.date(2024, 2, 6), datetime.date(2024, 2, 9), 2, tuple(gone[:2]))


@pytest.mark.parametrize("interval", [7, 10, 14, 30])
def test_a_weekly_or_rarer_paper_misses_its_issues(interval: int) -> None:
    """A paper that keeps an interval misses as many issues as fit into what is longer."""
    days = [START + n * interval * DAY for n in range(20)]
    held = holding(day for n, day in enumerate(days) if n not in (5, 11, 12))
    assert [(gap.after, gap.missing) for gap in held.gaps] == [(days[4], 1), (days[10], 2)]
    assert held.gaps[1].days == (days[11], days[12])


def test_running_numbers_tell_better_than_days() -> None:
    """A holiday without an issue is no gap if the numbers go on; two issues lost in a week are two."""
    days = [START + n * 7 * DAY for n in range(10)]
    del days[4]
    assert holding(days, [101 + n for n in range(9)]).gaps == ()
    assert holding(days, [*range(101, 105), *range(107, 112)]).missing == 2


def test_a_rhythm_may_change_with_the_year() -> None:
    """What is missing is told from the rhythm of its own year."""
    weekly = [START + n * 7 * DAY for n in range(52)]
    daily = [datetime.date(2025, 1, 1) + n * DAY for n in range(200)]
    assert holding([*weekly, *daily]).gaps == ()


@given(st.lists(st.dates(datetime.date(1949, 1, 1), datetime.date(2030, 1, 1)), min_size=1, max_size=12))
def test_any_days_are_counted(days: list[datetime.date]) -> None:
    """Whatever days are held, each is counted once, and nothing is missing outside of them."""
    held = holding(days)
    assert held.issues == len(set(days)) == sum(month.issues for month in held.months)
    assert all(min(days) <= gap.after < gap.before <= max(days) for gap in held.gaps)
    assert all(gap.after < day < gap.before for gap in held.gaps for day in gap.days)


def test_months_count_issues_pages_and_articles() -> None:
    """A page counts once, under whatever form its number is printed; page furniture is no article."""
    issues = Issues()
    for day, page, kind in [(6, "01", "news"), (6, "1", "news"), (6, "第二版", "page"), (13, "1", "news")]:
        issues.add(article(1, REPORT, date=datetime.date(2024, 5, day), page_no=page, kind=kind))
    [held] = issues.holdings()
    [month] = held.months
    assert (held.newspaper, month.month, month.issues, month.pages, month.articles) == (None, "2024-05", 2, 3, 3)


def mangled(body: str, share: float, characters: str) -> str:
    dice = random.Random(1)
    return "".join(dice.choice(characters) if dice.random() < share else c for c in body)


def test_clean_pages_are_not_garbled(sample: Path) -> None:
    """No article of the sample newspaper is suspicious."""
    bodies = [a.body for p in sorted(sample.iterdir()) for page in read_pages(p, p.name) for a in page.articles]
    assert max(garble.shares(codes_of(bodies))) < garble.GARBLED


def test_garbled_text_is_told() -> None:
    """Characters put in at random, characters of a wrong encoding, and shuffled ones are told from a clean text."""
    rare = "".join(map(chr, range(0x5000, 0x9000, 7)))
    dice = random.Random(1)
    bodies = [
        mangled(REPORT, 0.25, rare),
        REPORT.encode().decode("gb18030", "replace"),
        REPORT.encode("gb18030").decode("latin-1"),
        "".join(dice.sample(REPORT, len(REPORT))),
        mangled(REPORT, 0.5, "\u0f00\u0f20\u1200\u1300\ufffd"),
    ]
    clean, *shares = garble.shares(codes_of([REPORT, *bodies]))
    assert clean < 0.1
    assert min(shares) >= garble.GARBLED


@given(st.lists(any_text, max_size=4))
def test_any_text_has_a_share(bodies: list[str]) -> None:
    """Each text gets a share of its own between 0 and 1, whatever stands in it."""
    shares = garble.shares(codes_of(bodies)).tolist()
    assert len(shares) == len(bodies)
    assert all(0 <= share <= 1 for share in shares)


def groups(*articles: Article) -> list[tuple[list[str], bool]]:
    texts = Texts()
    for each in articles:  # one by one: the batches do not matter
        texts.add([each], codes_of([each.body]))
    return [([found.id for found in group.articles], group.reprint) for group in texts.duplicates()]


def test_the_same_text_is_found_again() -> None:
    """An article read twice is a duplicate, on another day a reprint, also where OCR misread a character or two."""
    day, later = datetime.date(2024, 5, 6), datetime.date(2024, 7, 1)
    found = groups(
        article(1, REPORT, date=day), article(2, OTHER, date=day),
        article(3, mangled(REPORT, 0.04, "口囗日曰"), date=later), article(4, OTHER, date=day),
        article(5, "职工书屋昨日开放。", date=day), article(6, "职工书屋昨日开放。", date=day),
        article(7, f"{REPORT[:60]}{OTHER[60:]}", date=day),
    )
    assert sorted(found) == [(["1", "3"], True), (["2", "4"], False)]


@given(st.lists(any_text, max_size=6))
def test_equal_texts_are_duplicates(bodies: list[str]) -> None:
    """Any text that is long enough is found again, and no article stands in two groups."""
    long = [body * 30 for body in bodies]
    every = [article(n, body) for n, body in enumerate((*long, *long))]
    names = [name for group, _ in groups(*every) for name in group]
    assert len(names) == len(set(names))
    for n, sketch in enumerate(sketches(codes_of(long))):
        assert len(sketch) < 2 or {str(n), str(n + len(long))} <= set(names)


def test_the_whole_report(tmp_path: Path) -> None:
    """The searcher reports on every article and file of its generation, and anew on the next."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(6):
        if n != 3:
            day = datetime.date(2024, 5, 1) + n * 7 * DAY
            body = f"# 职工书屋开放{n}\n\n本报讯（记者苏禾）{OTHER[: n * 9]}{REPORT}\n"
            (pages / f"青屿工人报_{day}_01.md").write_text(body, "utf-8")
    (pages / "page.md").write_text(f"# 技术比武落幕\n\n本报讯（记者苏禾）{OTHER}\n", "utf-8")
    (pages / "broken.md").write_bytes(b"\0\0")
    searcher = indexed(tmp_path, pages)
    found = searcher.coverage()
    assert found is searcher.coverage()
    assert [(h.newspaper, h.issues, h.missing) for h in found.holdings] == [("青屿工人报", 5, 1)]
    assert found.undated == found.unnumbered == ("page.md",)
    assert [failure.file for failure in found.failed] == ["broken.md"]
    assert found.articles == 6
    assert found.garbled == found.short == ()
    assert len(found.duplicates) == 1
    (pages / "broken.md").unlink()
    assert indexed(tmp_path, pages).coverage().failed == ()


def test_articles_without_their_other_part_are_named(tmp_path: Path) -> None:
    """An article that goes on on a page which is not held is named; one that was joined is not."""
    pages = tmp_path / "pages"
    pages.mkdir()
    first = f"# 职工书屋开放\n\n本报讯（记者苏禾）{REPORT}（下转第3版）\n"
    (pages / "青屿工人报_2024-05-10_01.md").write_text(first, "utf-8")
    (pages / "青屿工人报_2024-05-17_01.md").write_text(first, "utf-8")
    rest = f"# 职工书屋开放\n\n（上接第1版）{OTHER}\n"
    (pages / "青屿工人报_2024-05-17_03.md").write_text(rest, "utf-8")
    [left] = indexed(tmp_path, pages).coverage().unjoined
    assert (str(left.article.date), left.jumps) == ("2024-05-10", ("（下转第3版）",))


def test_short_news_is_named(tmp_path: Path) -> None:
    """News of a few characters is suspicious, a brief or a picture is not."""
    searcher = archive(
        tmp_path, {"title": "一", "body": "开放。"}, {"body": "开放。", "kind": "photo"}, {"body": REPORT},
        {"title": "二"},
    )
    assert [(s.article.title, s.characters) for s in searcher.coverage().short] == [("二", 0), ("一", 3)]


def test_the_report_as_lines_and_table(tmp_path: Path) -> None:
    """The table has a row for each finding and no formula; the summary has at most five lines."""
    found = archive(
        tmp_path, {"title": "=1+1", "body": "短。", "date": "2024-05-06", "newspaper": "青屿工人报", "page_no": "1"},
        {"title": "甲", "body": REPORT}, {"title": "乙", "body": REPORT},
    ).coverage()
    rows = list(csv.reader(io.StringIO(table(found).removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == ["month", "undated", "unnumbered", "short", "duplicate", "duplicate"]
    assert rows[4][6] == "'=1+1"
    assert 3 <= len(summary(found)) <= 5
    assert all(name in text(found) for name in ("甲", "乙", "=1+1", "青屿工人报", "articles.jsonl"))


def test_the_command_line_reports(index_dir: Path, runner: CliRunner) -> None:
    """``status`` prints the report as text, JSON or CSV when it is asked to."""
    plain = runner.invoke(cli, ["status", "--index", str(index_dir)]).stdout
    whole = runner.invoke(cli, ["status", "--report", "--index", str(index_dir)]).stdout
    assert whole.startswith(plain)
    assert "砚江工人周报：2 期" in whole
    found = json.loads(runner.invoke(cli, ["status", "--report", "--json", "--index", str(index_dir)]).stdout)
    assert found["report"]["holdings"][0]["months"][0]["issues"] == 2
    rows = list(csv.reader(io.StringIO(runner.invoke(cli, ["status", "--csv", "--index", str(index_dir)]).stdout)))
    assert len(rows) > 1
    assert runner.invoke(cli, ["status", "--csv", "--json", "--index", str(index_dir)]).exit_code == 2


def test_reindex_ends_with_the_report(sample: Path, tmp_path: Path, runner: CliRunner) -> None:
    """After a run stands what is held, and where the rest of the report is."""
    lines = runner.invoke(cli, ["reindex", str(sample), "--index", str(tmp_path / "index")]).stdout.splitlines()
    assert lines[-2].startswith("馆藏：1 种报纸 2 期")
    assert "status --report" in lines[-1]


def test_a_changed_page_of_a_large_archive_waits_for_no_report(
    tmp_path: Path, runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where little was read of much, only what is known without reading the articles is printed."""
    monkeypatch.setattr("web.cli.reindex._SOON", 1)
    pages = tmp_path / "pages"
    pages.mkdir()
    for day in (10, 17):
        (pages / f"青屿工人报_2024-05-{day}_01.md").write_text(f"# 书屋开放\n\n本报讯（记者苏禾）{REPORT}\n", "utf-8")
    command = ["reindex", str(pages), "--index", str(tmp_path / "index")]
    assert "馆藏：" in runner.invoke(cli, command).stdout
    (pages / "甲.md").write_text(f"# 技术比武落幕\n\n本报讯（记者苏禾）{OTHER}\n", "utf-8")
    lines = runner.invoke(cli, command).stdout.splitlines()
    assert lines[-2].startswith("没有日期 1 个文件：甲.md")
    assert not any("馆藏：" in line for line in lines)
