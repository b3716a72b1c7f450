"""The query log: only where it is asked for, without anything about people, and what it tells."""

from __future__ import annotations

import datetime
import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from web import create_app
from web.cli import cli
from web.middleware import query_log
from web.middleware.query_log import report
from web.settings import SettingError, Settings

API = "/api/v1"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "queries.jsonl"


@pytest.fixture
def logged(index_dir: Path, log: Path) -> FlaskClient:
    """A client of an application that keeps a query log."""
    return create_app(Settings(index=index_dir, query_log=log)).test_client()


def write(log: Path, *lines: tuple[str, int, float]) -> None:
    """A log with these queries, totals and milliseconds."""
    told = ({"day": "2026-05-01", "q": q, "total": total, "ms": ms} for q, total, ms in lines)
    log.write_text("".join(json.dumps(line) + "\n" for line in told), "utf-8")


def test_a_line_has_the_day_the_query_what_it_found_and_how_long_it_took(logged: FlaskClient, log: Path) -> None:
    """And nothing about who asked: no address, no browser, no time of the day."""
    logged.get(f"{API}/search?q=职工 培训", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    line = json.loads(log.read_text("utf-8"))
    assert line.keys() == {"day", "q", "total", "ms"}
    assert (line["day"], line["q"]) == (datetime.date.today().isoformat(), "职工 培训")
    assert line["total"] > 0
    assert 0 < line["ms"] < 60_000


def test_what_people_and_programs_search_for_is_kept_once(logged: FlaskClient, log: Path) -> None:
    """Further pages of a result, empty searches and everything else are no queries."""
    for path in ("/search?q=职工", f"{API}/search?q=劳动", f"{API}/search?q=职工&page=2", "/", f"{API}/search",
                 f"{API}/suggest?q=职", f"{API}/search?q=标题:", "/search.csv?q=职工"):
        logged.get(path)
    assert [json.loads(line)["q"] for line in log.read_text("utf-8").splitlines()] == ["职工", "劳动"]


def test_nothing_is_kept_unless_it_is_asked_for(client: FlaskClient, tmp_path: Path) -> None:
    """Without the setting there is no file."""
    client.get(f"{API}/search?q=职工")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_only_its_owner_can_read_it(logged: FlaskClient, log: Path) -> None:
    """Queries may be names."""
    logged.get(f"{API}/search?q=职工")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_it_never_grows_beyond_its_bound(
    index_dir: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest lines go; what is left can still be read."""
    monkeypatch.setattr(query_log, "MAX_BYTES", 500)
    client = create_app(Settings(index=index_dir, query_log=log)).test_client()
    for number in range(60):
        client.get(f"{API}/search?q=职工{number}")
    assert sum(path.stat().st_size for path in log.parent.iterdir()) <= 1000
    told = report(log)
    assert 2 < told.searches < 20
    assert "职工59" in [one.q for one in told.fruitless] or told.searches > told.without_result


def test_a_file_that_cannot_be_written_is_told_at_the_start(index_dir: Path, tmp_path: Path) -> None:
    """Not at the first search."""
    with pytest.raises(SettingError, match="UNIONNEWS_QUERY_LOG"):
        create_app(Settings(index=index_dir, query_log=tmp_path / "nowhere" / "log"))


def test_the_report_tells_what_found_nothing_and_what_was_slow(log: Path) -> None:
    """Most often asked first, slowest first; a query counts by what it found at last and by its median time."""
    often_quick = [("劳动", 8, 2000), ("劳动", 8, 1), ("劳动", 8, 1)]
    corrected = [("更正", 0, 1), ("更正", 4, 1)]
    write(log, ("鲸鱼", 0, 3), ("海豚", 0, 2), ("海豚", 0, 2), ("职工", 9, 900), *often_quick, *corrected)
    told = report(log)
    assert (told.searches, told.without_result) == (9, 4)
    assert told.days == ("2026-05-01", "2026-05-01")
    assert [(one.q, one.times) for one in told.fruitless] == [("海豚", 2), ("鲸鱼", 1)]
    assert [(one.q, one.ms) for one in told.slow] == [("职工", 900)]


def test_what_is_no_line_of_a_log_is_left_out(log: Path) -> None:
    """A line that was cut off, or something else, spoils nothing; no file is an empty log."""
    assert report(log).searches == 0
    write(log, ("鲸鱼", 0, 3))
    with log.open("ab") as file:
        file.write(b'{"day": "2026\n[1]\n\xff\xfe\n{"q": "x"}\n')
    assert report(log).searches == 1


def test_status_tells_the_report(logged: FlaskClient, log: Path, runner: CliRunner) -> None:
    """``unionnews status --queries`` reads the log that the server writes; with ``--json`` as one object."""
    for q in ("职工", "鲸鱼座流星雨", "鲸鱼座流星雨"):
        logged.get(f"{API}/search?q={q}")
    environment = {"UNIONNEWS_QUERY_LOG": str(log)}
    told = runner.invoke(cli, ["status", "--queries"], env=environment)
    assert told.exit_code == 0
    assert "3 次查询，2 次没有结果" in told.output
    assert "2 次  鲸鱼座流星雨" in told.output
    answer = json.loads(runner.invoke(cli, ["status", "--queries", "--json"], env=environment).output)
    assert answer["fruitless"][0]["q"] == "鲸鱼座流星雨"


def test_without_a_log_status_says_how_to_get_one(runner: CliRunner, log: Path) -> None:
    """A sentence and the code for wrong usage; a log without queries says so."""
    told = runner.invoke(cli, ["status", "--queries"], env={"UNIONNEWS_QUERY_LOG": ""})
    assert told.exit_code == 2
    assert "UNIONNEWS_QUERY_LOG" in told.output
    assert "还没有查询" in runner.invoke(cli, ["status", "--queries"], env={"UNIONNEWS_QUERY_LOG": str(log)}).output
