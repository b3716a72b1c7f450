"""What the README says is true: its commands run, its queries are understood, its tables are the code's."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from serving import Serving, serving

from search.query_parser import parse

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
SERVING = ("serve", "demo")


def lines(start: str) -> list[str]:
    """The commands that begin with a word, without their comments."""
    return [line.split("   #")[0].strip() for line in COMMANDS if line.startswith(start)]


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the sample newspaper in ``pages/`` and its index at the default place."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(sample, folder / "pages")
    run(folder, "unionnews reindex pages/")
    return folder


def arguments(command: str) -> list[str]:
    return [sys.executable, "-c", "from web.cli import main; main()", *shlex.split(command)[1:]]


def run(folder: Path, command: str) -> str:
    done = subprocess.run(arguments(command), cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_two_commands_stand_at_the_top() -> None:
    """One line runs the product, one line tests it, before anything else."""
    first, second = lines("python3 -m venv")
    assert first.endswith("unionnews demo")
    assert second.endswith("pytest")
    assert README.index(second) < README.index("\n## ")


@pytest.mark.parametrize("command", [line for line in lines("unionnews") if line.split()[1] not in SERVING])
def test_commands_run(command: str, folder: Path) -> None:
    """Every command that ends by itself does what it says and says something."""
    assert run(folder, command).strip()


@pytest.mark.parametrize("command", [line for line in lines("unionnews") if line.split()[1] in SERVING])
def test_servers_start(command: str, folder: Path) -> None:
    """Every command that serves prints an address that answers, and ends when it is told to."""
    server = subprocess.Popen(
        arguments(f"{command} --port 0"), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        with urllib.request.urlopen(address[0], timeout=10) as answer:
            assert answer.status == 200
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)


@pytest.mark.parametrize("url", [shlex.split(line)[1] for line in lines("curl")])
def test_requests_are_answered(url: str, client: FlaskClient) -> None:
    """Every address that is asked with curl answers."""
    parts = urlsplit(url)
    found = client.get("/api/v1/search?per_page=1").get_json()["results"][0]["id"]
    path = parts.path.replace("ID", quote(found, safe=""))
    assert client.get(f"{path}?{quote(parts.query, safe='=&')}").status_code == 200


@pytest.fixture(scope="module")
def server(index_dir: Path) -> Iterator[Serving]:
    with serving(index_dir) as running:
        yield running


def test_the_client_in_python_lists_every_result(server: Serving) -> None:
    """The README's program prints a line for each article that its search finds."""
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    program = program.replace("http://127.0.0.1:8000/", server.url).replace('"per_page": 100', '"per_page": 1')
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    found = json.loads(server.get("/api/v1/search?q=劳动竞赛").body)
    assert len(done.stdout.splitlines()) == found["reachable"] > 1


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")
@pytest.mark.parametrize("command", lines("curl"))
def test_curl_is_answered(command: str, server: Serving) -> None:
    """Every line with curl works as it stands in the README, Chinese and all."""
    found = json.loads(server.get("/api/v1/search?per_page=1").body)["results"][0]["id"]
    command = command.replace("http://127.0.0.1:8000/", server.url).replace("/ID", f"/{quote(found, safe='')}")
    done = subprocess.run([*shlex.split(command), "-sS", "--fail"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_pages_answer(client: FlaskClient) -> None:
    """Every page of the table of web pages is there."""
    table = README[README.index("## Web pages") :].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    paths = [path for row in rows for path in re.findall("`([^`]+)`", row)]
    issue = client.get("/api/v1/issues?per_page=1").get_json()["issues"][0]["url"]
    names = {"people": "邝子衿", "sections": "要闻"}
    assert len(paths) > 8
    for path in paths:
        path = path.replace("/issues/NEWSPAPER/2024-05-10", issue).replace("…/", f"{issue}/").replace("…", "职工")
        path = path.replace("NAME", names.get(path.split("/")[1].partition("?")[0], ""))
        assert client.get(quote(path, safe="/?=&%")).status_code in {200, 202}, path


def test_queries_are_understood() -> None:
    """Every query of the table of the query language parses."""
    table = README[README.index("## Query language") :].split("\n\n")[1]
    queries = [query for row in table.splitlines()[2:] for query in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(queries) > 10
    for query in queries:
        parse(query + "劳模" if query.endswith(":") else query)


def test_pictures_are_there() -> None:
    """Every picture and file that the README links to exists."""
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
