"""The server as it is run: what it answers over the wire, how it starts and stops, and where else it can run."""

from __future__ import annotations

import configparser
import contextlib
import gzip
import http.client
import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import ROOT, Answer, Serving, serving

from search.model import SearchRequest
from search.searcher import Searcher
from search.snapshot import Snapshot
from search.suggest import Suggester
from web import settings
from web.cli import cli
from web.server import MAX_HEADER, threads
from web.settings import Settings

SEARCH = "/api/v1/search?q=职工"
UNIT = ROOT / ".github" / "unionnews.service"
CONTAINER = ROOT / ".github" / "Containerfile"


@pytest.fixture(scope="module")
def server(index_dir: Path) -> Iterator[Serving]:
    with serving(index_dir) as running:
        yield running


def problem(answer: Answer) -> dict[str, Any]:
    """The problem document of an answer."""
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    document: dict[str, Any] = json.loads(answer.body)
    assert document["status"] == answer.status
    assert re.search("[\u4e00-\u9fff]", document["detail"])
    return document


# ---------------------------------------------------------------------------- over the wire


def test_an_address_may_be_written_as_people_write_it(server: Serving) -> None:
    """Chinese in an address need not be escaped."""
    for path in (SEARCH, "/search?q=职工", "/api/v1/articles/没有这篇"):
        assert server.get(path).status in {200, 404}
    assert json.loads(server.get(SEARCH).body)["query"]["q"] == "职工"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /api/v1/search?q=" + b"a" * 20_000 + b" HTTP/1.1\r\nConnection: close\r\n\r\n", 414),
        (b"GET /search?q=".ljust(MAX_HEADER, b"a"), 414),
        (b"GET /search HTTP/1.1\r\nX-Long: ".ljust(MAX_HEADER, b"a"), 431),
        (b"POST /search HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n", 413),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: nonsense\r\n\r\n", 501),
    ],
)
def test_what_the_server_refuses_by_itself_is_a_problem_too(server: Serving, request_: bytes, status: int) -> None:
    """Too long an address, a head, a body, or no HTTP at all: the same shape of answer."""
    answer = server.ask(request_)
    assert answer.status == status
    assert problem(answer)["title"]


def test_answers_are_compressed_for_who_can_read_that(server: Serving) -> None:
    """The text and the tag are the same, whether compressed or not; caches are told."""
    plain, packed = server.get(SEARCH), server.get(SEARCH, "Accept-Encoding: gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert _timeless(gzip.decompress(packed.body)) == _timeless(plain.body)
    assert packed.headers["etag"] == plain.headers["etag"]
    for answer in (plain, packed):
        assert "accept-encoding" in answer.headers["vary"].lower()
    again = server.get(SEARCH, "Accept-Encoding: gzip", f"If-None-Match: {packed.headers['etag']}")
    assert (again.status, again.body) == (304, b"")
    assert "content-encoding" not in server.get("/healthz", "Accept-Encoding: gzip").headers


@pytest.mark.parametrize("ending", ["csv", "ris", "atom"])
def test_exports_are_compressed_on_the_way(server: Serving, ending: str) -> None:
    """All results as a table or as references take a fraction of their bytes."""
    url = f"{server.url}search.{ending}?q=%E8%81%8C%E5%B7%A5"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "deflate"})) as packed:
        body = packed.read()
        assert packed.headers["Content-Encoding"] == "deflate"
    with urllib.request.urlopen(url) as plain:
        text = plain.read()
    assert zlib.decompress(body) == text
    assert len(body) < len(text) / 2


def _timeless(body: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(body)
    return {**answer, "took_ms": 0}


# ------------------------------------------------------------------------------- the proxy


@pytest.mark.parametrize(("trusted", "host"), [("1", "https://news.example/"), ("0", "http://direct.example/")])
def test_a_proxy_is_believed_only_if_it_is_trusted(index_dir: Path, trusted: str, host: str) -> None:
    """Links of a feed lead to the address that the proxy was asked at; from anybody else its headers are ignored."""
    with serving(index_dir, trusted_proxies=trusted) as server:
        feed = server.get(
            "/search.atom", "Host: direct.example", "X-Forwarded-Host: news.example", "X-Forwarded-Proto: https"
        ).body.decode()
    assert f'href="{host}search.atom' in feed


def test_an_address_from_a_proxy_counts_for_the_limit(index_dir: Path) -> None:
    """Visitors behind a trusted proxy are told apart; without trust the header does not help to get around a limit."""
    for trusted, expected in (("1", [200, 200]), ("0", [200, 429])):
        with serving(index_dir, trusted_proxies=trusted, rate_limit="1/hour") as server:
            visitors = ("192.0.2.1", "192.0.2.2")
            assert [server.get(SEARCH, f"X-Forwarded-For: {one}").status for one in visitors] == expected


# ---------------------------------------------------------------------------- start and stop


def test_the_first_visitor_does_not_wait(index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a server does before it listens loads all that searches and suggestions need."""
    searcher = Searcher(index_dir)
    searcher.warm()
    monkeypatch.delattr(Snapshot, "open")
    monkeypatch.delattr(Suggester, "__init__")
    assert searcher.search(SearchRequest(q="劳动竞赛")).total
    assert searcher.suggest("劳")


def test_answers_under_way_are_finished_before_the_end(index_dir: Path) -> None:
    """Told to stop, the server takes nothing new, finishes what it has begun, and ends with 0."""
    with serving(index_dir, threads="2") as server:
        answers: list[Answer] = []
        asking = [threading.Thread(target=_export, args=(server, answers)) for _ in range(12)]
        for thread in asking:
            thread.start()
        while not answers:
            time.sleep(0.001)
        log = server.stop()
        for thread in asking:
            thread.join()
    assert "Traceback" not in log
    assert all(answer.status == 200 and answer.body.endswith(b"\r\n0\r\n\r\n") for answer in answers)


def _export(server: Serving, answers: list[Answer]) -> None:
    with contextlib.suppress(OSError, IndexError):  # the server had not taken the connection yet when it was stopped
        answers.append(server.get("/search.csv"))


def test_a_connection_that_only_waits_is_no_reason_to_stay(index_dir: Path) -> None:
    """Visitors' browsers keep theirs open."""
    with serving(index_dir) as server:
        waiting = http.client.HTTPConnection(server.url.removeprefix("http://").rstrip("/"))
        waiting.request("GET", "/healthz")
        waiting.getresponse().read()
        server.stop()
        waiting.close()


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [("INDEX", "nowhere", 3), ("RATE_LIMIT", "often", 2), ("LOG_FORMAT", "xml", 2), ("QUERY_LOG", "nowhere/log", 2)],
)
def test_what_is_wrong_is_said_at_the_start(
    index_dir: Path, tmp_path: Path, variable: str, value: str, code: int
) -> None:
    """One sentence on standard error and an exit code; ``web.wsgi`` gives the same sentence."""
    environment = {"PYTHONPATH": str(ROOT), "UNIONNEWS_INDEX": str(index_dir), f"UNIONNEWS_{variable}": value}
    commands = ("from web.cli import main; main()", "serve", "--port", "0"), ("import web.wsgi",)
    said = []
    for script, *arguments in commands:
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert done.returncode == (code if arguments else 3)
        said.append(done.stderr.decode().strip())
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 1


def test_threads_suit_the_machine() -> None:
    """At least four; as many as the setting says."""
    assert 4 <= threads(Settings()) <= 32
    assert threads(Settings(threads=7)) == 7


# ------------------------------------------------------------------------- other servers


@pytest.mark.skipif(not shutil.which("gunicorn", path=Path(sys.executable).parent), reason="no gunicorn here")
def test_it_runs_under_gunicorn(index_dir: Path) -> None:
    """With the README's command, and the same settings."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (command,) = re.findall(r"^gunicorn .*$", readme, re.MULTILINE)
    environment = {"PATH": str(Path(sys.executable).parent), "UNIONNEWS_INDEX": str(index_dir), "HOME": str(index_dir)}
    with subprocess.Popen(
        [*shlex.split(command), "--bind", "127.0.0.1:0", "--no-control-socket"], cwd=ROOT, env=environment,
        stderr=subprocess.PIPE, text=True,
    ) as process:
        try:
            assert process.stderr
            found = next(filter(None, (re.search(r"(http://\S+)", line) for line in process.stderr)))
            with urllib.request.urlopen(f"{found[1]}/healthz", timeout=60) as answer:
                assert json.load(answer)["status"] == "ok"
            process.terminate()
            assert "Traceback" not in process.communicate(timeout=60)[1]
        finally:
            process.kill()


def _variables(text: str) -> set[str]:
    return set(re.findall(rf"\b{settings.PREFIX}([A-Z_]+)=", text))


def _parse(name: str, arguments: list[str]) -> None:
    """Read a command line of ours without running it."""
    cli.commands[name].make_context(name, arguments, parent=cli.make_context("unionnews", [name, *arguments]))


@pytest.mark.parametrize("path", [UNIT, CONTAINER])
def test_examples_use_settings_that_there_are(path: Path) -> None:
    """The variables of the systemd unit and of the container are settings, with values they can have."""
    text = path.read_text("utf-8")
    found = dict(re.findall(rf"({settings.PREFIX}[A-Z_]+)=(\S+)", text))
    assert found
    assert _variables(text) <= {name.upper() for name in Settings.__dataclass_fields__}
    settings.from_environment(found)


def test_the_systemd_unit_starts_the_server() -> None:
    """Its command is one of ours, and systemd, where there is one, has nothing against the unit."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, "utf-8")
    program, name, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert Path(program).name == "unionnews"
    _parse(name, arguments)
    if verify := shutil.which("systemd-analyze"):
        done = subprocess.run([verify, "verify", UNIT], capture_output=True, text=True, check=False)
        assert [line for line in done.stderr.splitlines() if "is not executable" not in line] == []


def test_the_container_copies_what_there_is_and_starts_the_server() -> None:
    """Every file it copies exists, all packages are among them, and its command is one of ours."""
    lines = [line.split(maxsplit=1) for line in CONTAINER.read_text("utf-8").splitlines() if line[:1].isalpha()]
    copied = [name for word, rest in lines if word == "COPY" for name in rest.split()[:-1]]
    assert {"index", "search", "web", "pyproject.toml", "README.md"} <= set(copied)
    assert all((ROOT / name).exists() for name in copied)
    commands = {word: json.loads(rest) for word, rest in lines if word in {"ENTRYPOINT", "CMD"}}
    assert commands["ENTRYPOINT"] == ["unionnews"]
    name, *arguments = commands["CMD"]
    _parse(name, arguments)
    assert ("USER", "unionnews") in map(tuple, lines)
