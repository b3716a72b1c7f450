"""The command line: every command, its output on the right stream, and its exit codes."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from index import store
from index.schema import page_number
from web.cli import cli

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-c", "from web.cli import main; main()"]
TRACEBACK = "Traceback"


def unionnews(*arguments: str | Path, **environment: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env=environment, prog_name="unionnews")


def one_sentence(result: Result, code: int, *words: str) -> None:
    """Check that a command failed with a code and one Chinese sentence on standard error, nothing else."""
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    assert TRACEBACK not in result.stderr
    for word in words:
        assert word in result.stderr


@contextlib.contextmanager
def running(*arguments: str | Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, killed at the end if it still runs."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], cwd=ROOT, env={**os.environ, **environment}, text=True,
        encoding="utf-8", errors="replace",  # an interrupted process may end within a character
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """Send a signal; the exit code and what was said on standard error."""
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    return process.returncode, said


# ------------------------------------------------------------------------------ help


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    """``unionnews --help`` takes less than half a second of CPU, without search engine, server or dictionaries."""
    script = "import sys; from web.cli import cli\ntry: cli(['--help'])\nfinally: print(*sys.modules, file=sys.stderr)"
    elapsed = []
    for _ in range(3):
        started = os.times()
        run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
        ended_at = os.times()
        elapsed.append(sum(ended_at[2:4]) - sum(started[2:4]))
    modules = set(run.stderr.decode().split())
    assert not modules & {"whoosh", "jieba", "rjieba", "numpy", "flask", "werkzeug", "waitress", "opencc", "tqdm"}
    assert min(elapsed) < 0.5


@pytest.mark.parametrize("command", [[], ["demo"], ["reindex"], ["parse"], ["search"], ["serve"], ["status"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    """``-h`` and ``--help`` say the same, in Chinese, and end with 0."""
    short, long = unionnews(*command, "-h"), unionnews(*command, "--help")
    assert short.exit_code == long.exit_code == 0
    assert short.output == long.output
    assert re.search(r"[\u4e00-\u9fff]{4}", long.output)
    assert long.output.startswith("用法：")
    assert not re.search(r"Usage|Options|Commands|Show|default", long.output)


def test_the_version_is_told() -> None:
    """The number is that of the package."""
    assert re.search(r"\d+\.\d+\.\d+", unionnews("--version").stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["polish"], "没有命令 polish。"), (["serch"], "是不是 search"),
        (["search"], "缺少参数 QUERY"), (["search", "a", "b"], "多余的参数：b"),
        (["search", "--nosuch", "会"], "多余的参数：会"), (["search", "-n"], "-n"),
        (["search", "-n", "0", "会"], "“0”不是 1 到 100 的整数"), (["search", "-n", "101", "会"], "选项 -n 不对"),
        (["reindex"], "缺少参数 PATH…"), (["reindex", "no/such/folder"], "no/such/folder 不存在"),
        (["reindex", "--ful", "pages"], "没有选项 --ful。是不是 --full？"),
        (["parse"], "缺少参数"), (["parse", "nosuch.md"], "nosuch.md 不存在"),
        (["serve", "--port", "65536"], "不是 0 到 65535 的整数"), (["serve", "--port", "x"], "“x”"),
        (["status", "more"], "多余的参数：more"), (["status", "--json=1"], "--json"),
    ],
)
def test_wrong_usage_is_2(arguments: list[str], said: str) -> None:
    """Whatever is unknown, missing or too much is named in Chinese, with the command that explains the usage."""
    result = unionnews(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    wrong, help_line = result.stderr.splitlines()
    assert said in wrong
    assert re.fullmatch(r"用 unionnews( \w+)? --help 查看用法。", help_line)


def test_a_wrong_setting_is_2_and_named(index_dir: Path) -> None:
    """A variable that makes no sense stops the command that reads it."""
    one_sentence(unionnews("serve", "--index", index_dir, UNIONNEWS_PORT="http"), 2, "UNIONNEWS_PORT", "http")


def test_an_address_that_cannot_be_listened_on_is_2(index_dir: Path) -> None:
    """What is wrong with it is said in Chinese, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        command = [*COMMAND, "serve", "--index", str(index_dir), "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"不能监听 127.0.0.1:{port}（")
    assert done.stderr.endswith("请用 --host 或 --port 换一个地址。\n")
    if os.name != "nt":
        assert "已经有程序在用" in done.stderr


# --------------------------------------------------------------------------- reindex


def test_reindex_reports_what_it_read(sample: Path, tmp_path: Path) -> None:
    """Files, articles and their kinds; the index is there afterwards."""
    result = unionnews("reindex", sample, "--index", tmp_path / "index")
    assert result.exit_code == 0
    assert f"{len(list(sample.iterdir()))} 个文件" in result.stdout
    assert "新闻" in result.stdout
    assert result.stderr == ""
    assert unionnews("search", "职工", "--index", tmp_path / "index").exit_code == 0


def test_reindex_as_json_is_one_object(sample: Path, tmp_path: Path) -> None:
    """The whole report, Chinese without escapes, and nothing else on standard output."""
    result = unionnews("reindex", sample, "--index", tmp_path / "index", "--json")
    report = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert "\\u" not in result.stdout
    assert report["read"] == report["files"] == len(list(sample.iterdir()))
    assert report["articles"] == sum(report["kinds"].values()) > 50
    assert report["published"] is True


def test_reindex_if_needed_does_nothing_twice(sample: Path, tmp_path: Path) -> None:
    """The second run leaves the generation as it is; ``--full`` makes a new one."""
    def generation(*options: str) -> str:
        run = unionnews("reindex", sample, "--index", tmp_path / "index", "--json", *options)
        assert run.exit_code == 0
        name: str = json.loads(run.stdout)["generation"]
        return name

    first = generation("--if-needed")
    assert generation("--if-needed") == first
    assert generation("--if-needed", "--full") != first


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_ends_all_processes(sample: Path, tmp_path: Path) -> None:
    """Ctrl-C reaches every process that reads; one sentence is said, and nothing is left behind."""
    for copy in range(40):
        shutil.copytree(sample, tmp_path / "pages" / str(copy))
    command = [*COMMAND, "reindex", str(tmp_path / "pages"), "--index", str(tmp_path / "index"), "--jobs", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8",
                          start_new_session=True) as process:
        while process.poll() is None and not list(tmp_path.glob("index/generations/*")):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate()
    assert (process.returncode, said.strip()) == (130, "已中断。")
    with contextlib.suppress(ProcessLookupError):
        while not os.killpg(process.pid, 0):
            time.sleep(0.05)
    assert not list(tmp_path.glob("index/generations/*"))


def test_reindex_reads_only_what_changed(sample: Path, tmp_path: Path) -> None:
    """The second run says how many files were read, kept and removed."""
    pages = shutil.copytree(sample, tmp_path / "pages")
    first, second, *others = sorted(pages.iterdir())
    assert unionnews("reindex", pages, "--index", tmp_path / "index").exit_code == 0
    first.write_text(first.read_text("utf-8") + "\n后记。\n", "utf-8")
    second.unlink()
    said = unionnews("reindex", pages, "--index", tmp_path / "index").stdout
    assert f"读取 1 个文件，{len(others)} 个没有变化，1 个已移除" in said


WATCH = """
import sys
from index import watch
watch.changes.__kwdefaults__["interval"] = 0.1
from web.cli import main
main()
"""


@contextlib.contextmanager
def watching(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """``reindex --watch`` in a process of its own, looking ten times a second."""
    command = [sys.executable, "-c", WATCH, "reindex", "--watch", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watch_follows_changes_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """Each run prints a line; what goes wrong in one is told and the watching goes on; it ends with 0."""
    index, pages = tmp_path / "index", tmp_path / "pages"
    pages.mkdir()
    with watching(pages, "--index", index) as process:
        assert process.stdout
        assert process.stderr
        assert "没有找到报纸文件" in process.stderr.readline()
        (pages / "a.md").write_text("# 夜班的灯\n\n茶油车间换上了新灯。\n", "utf-8")
        assert re.match(r"\d\d:\d\d:\d\d 读取 1 个文件，共 1 篇", process.stdout.readline())
        with store.writing(index):
            (pages / "b.md").write_text("# 更正\n\n上期三版一处有误。\n", "utf-8")
            assert "另一个 reindex" in process.stderr.readline()
        (pages / "c.md").write_bytes(b"\0")
        assert "读取 1 个文件，1 个没有变化，0 个已移除，共 2 篇" in process.stdout.readline()
        assert process.stdout.readline() == "未能读取 1 条：\n"
        assert process.stdout.readline() == "  c.md：不是文本文件（含有二进制内容）\n"
        assert unionnews("search", "茶油", "--index", index).stdout.startswith("找到 1 篇")
        assert ended(process, number) == (0, "")


def test_watch_as_json_is_an_object_a_run(sample: Path, tmp_path: Path) -> None:
    """Each line on standard output is the report of one run; ``--full`` holds for the first."""
    page = shutil.copy(sorted(sample.iterdir())[0], tmp_path / "page.md")
    unionnews("reindex", tmp_path, "--index", tmp_path / "index")
    with watching(tmp_path, "--index", tmp_path / "index", "--json", "--full") as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["read"] == 1
        shutil.copy(page, tmp_path / "copy.md")
        report = json.loads(process.stdout.readline())
        assert (report["read"], report["kept"], report["published"]) == (1, 1, True)


def test_watch_does_not_go_with_a_dry_run(sample: Path) -> None:
    """Wrong usage, said so."""
    result = unionnews("reindex", sample, "--watch", "--dry-run")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--watch" in result.stderr


def test_a_dry_run_writes_nothing(sample: Path, tmp_path: Path) -> None:
    """Everything is read and reported, and no index is there afterwards."""
    result = unionnews("reindex", sample, "--index", tmp_path / "index", "--dry-run", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["articles"] > 50
    assert not (tmp_path / "index").exists()


def test_the_index_may_be_named_by_the_environment(sample: Path, tmp_path: Path) -> None:
    """``UNIONNEWS_INDEX`` stands for ``--index`` in every command."""
    page = sorted(sample.iterdir())[0]
    for arguments in (["reindex", page], ["search", "职工"], ["status"]):
        result = unionnews(*arguments, UNIONNEWS_INDEX=str(tmp_path / "elsewhere"))
        assert result.exit_code == 0, result.output
    assert (tmp_path / "elsewhere" / "current").exists()


def test_an_empty_folder_is_2(tmp_path: Path) -> None:
    """A folder without page files is the wrong folder; the sentence says what a page file is."""
    (tmp_path / "empty").mkdir()
    one_sentence(unionnews("reindex", tmp_path / "empty", "--index", tmp_path / "index"), 2, "没有找到", "*.md")
    assert not (tmp_path / "index").exists()


def test_a_binary_file_among_pages_is_1_and_listed_with_the_reason(sample: Path, tmp_path: Path) -> None:
    """What can be read is indexed, what cannot be is named."""
    shutil.copytree(sample, tmp_path / "pages")
    (tmp_path / "pages" / "scan.txt").write_bytes(bytes(range(256)) * 50)
    result = unionnews("reindex", tmp_path / "pages", "--index", tmp_path / "index")
    assert result.exit_code == 1
    assert re.search(r"scan\.txt：.*不是文本", result.stdout)
    assert "职工" in unionnews("search", "职工", "--index", tmp_path / "index").stdout
    status = unionnews("status", "--index", tmp_path / "index")
    assert "scan.txt" in status.stdout


def test_nothing_but_unreadable_files_is_1_and_leaves_the_old_index(index_copy: Path, tmp_path: Path) -> None:
    """A run that could read nothing publishes nothing."""
    (tmp_path / "scan.txt").write_bytes(bytes(range(256)))
    before = store.current_generation(index_copy)
    result = unionnews("reindex", tmp_path / "scan.txt", "--index", index_copy, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["published"] is False
    assert list(json.loads(result.stdout)["failed"]) == ["scan.txt"]
    assert store.current_generation(index_copy) == before


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_an_index_that_cannot_be_written_is_3(sample: Path, tmp_path: Path, inside: str) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "index").write_text("no folder", "utf-8")
    directory = tmp_path / "index" / inside
    one_sentence(unionnews("reindex", sample, "--index", directory), 3, "不能写入", str(directory))
    assert (tmp_path / "index").read_text("utf-8") == "no folder"


def test_an_index_that_another_process_writes_is_3(sample: Path, index_copy: Path) -> None:
    """The second run says who is at work, and the index goes on answering."""
    script = (
        "import sys, pathlib\nfrom index import store\n"
        "with store.writing(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(index_copy)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        one_sentence(unionnews("reindex", sample, "--index", index_copy), 3, "另一个 reindex", str(holder.pid))
        assert unionnews("search", "职工", "--index", index_copy).exit_code == 0
        holder.communicate(b"")
    assert unionnews("reindex", sample, "--index", index_copy).exit_code == 0


# ----------------------------------------------------------------------------- parse


def test_parse_prints_an_article_a_line(sample: Path) -> None:
    """Each line is one article of the page as JSON; nothing is indexed."""
    page = sorted(sample.iterdir())[1]
    result = unionnews("parse", page)
    articles = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert len(articles) > 5
    assert {article["source"] for article in articles} == {page.name}
    assert "\\u" not in result.stdout


def test_parse_joins_what_goes_on_on_another_page(sample: Path) -> None:
    """Of an article that goes on on a later page there is one line when both pages are given."""
    front, later = sample / "2024-05-10_01.md", sample / "2024-05-10_04.md"
    apart = [unionnews("parse", file).stdout.splitlines() for file in (front, later)]
    together = unionnews("parse", later, front)
    assert len(together.stdout.splitlines()) == sum(map(len, apart)) - 1
    assert "（下转" not in together.stdout + together.stderr


def test_parse_goes_on_after_a_file_it_cannot_read(sample: Path, tmp_path: Path) -> None:
    """Articles go to standard output, what went wrong to standard error, and the exit code is 1."""
    (tmp_path / "scan.md").write_bytes(bytes(range(256)))
    result = unionnews("parse", tmp_path / "scan.md", sorted(sample.iterdir())[0])
    assert result.exit_code == 1
    assert all(json.loads(line)["id"] for line in result.stdout.splitlines())
    assert "scan.md：" in result.stderr


def test_parse_of_nothing_says_so(tmp_path: Path) -> None:
    """A folder without page files is a wrong argument, as it is to ``reindex``."""
    (tmp_path / "a.bin").write_bytes(b"a")
    for command in ("parse", "reindex"):
        result = unionnews(command, tmp_path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "没有找到报纸文件" in result.stderr


def test_what_the_operator_says_holds_for_parse(sample: Path, tmp_path: Path) -> None:
    """An ``archive.toml`` speaks for the pages that are printed, too; one that is wrong is 2."""
    shutil.copy(sorted(sample.iterdir())[0], tmp_path / "page.md")
    (tmp_path / "archive.toml").write_text('newspaper = "砚江职工"', "utf-8")
    articles = map(json.loads, unionnews("parse", tmp_path).stdout.splitlines())
    assert {article["newspaper"] for article in articles} == {"砚江职工"}
    (tmp_path / "archive.toml").write_text('paper = "砚江职工"', "utf-8")
    for command in (["parse", tmp_path], ["reindex", tmp_path, "--index", tmp_path / "index"]):
        one_sentence(unionnews(*command), 2, "archive.toml", "paper")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_is_130(sample: Path, tmp_path: Path, number: signal.Signals) -> None:
    """A command stopped in its middle says so in Chinese, without a traceback."""
    for copy in range(20):
        shutil.copytree(sample, tmp_path / str(copy))
    with running("parse", tmp_path) as process:
        assert process.stdout
        assert process.stdout.readline()  # more follows than a pipe holds
        code, said = ended(process, number)
    assert (code, said.splitlines()[-1]) == (130, "已中断。")
    assert TRACEBACK not in said


def test_what_parse_prints_can_be_indexed(sample: Path, tmp_path: Path) -> None:
    """The lines are page files themselves, with the same ids and the same answers."""
    lines = unionnews("parse", *sorted(sample.iterdir())).stdout
    (tmp_path / "articles.jsonl").write_text(lines, "utf-8")
    assert unionnews("reindex", tmp_path / "articles.jsonl", "--index", tmp_path / "index").exit_code == 0
    found = json.loads(unionnews("search", "职工", "--index", tmp_path / "index", "--json", "-n", "100").stdout)
    assert {hit["id"] for hit in found["results"]} <= {json.loads(line)["id"] for line in lines.splitlines()}
    assert found["total"] > 20


# ---------------------------------------------------------------------------- search


def test_search_prints_what_it_found(index_dir: Path) -> None:
    """Count, titles, where they stand, who wrote them, and an extract."""
    found = json.loads(unionnews("search", "劳动竞赛", "--index", index_dir, "--json", "-n", "3").stdout)
    text = unionnews("search", "劳动竞赛", "--index", index_dir, "-n", "3").stdout
    assert f"找到 {found['total']} 篇" in text
    for hit in found["results"]:
        assert hit["id"] in text
        assert f"{hit['date']} · 第{page_number(hit['page_no'])}版" in text
        assert (hit["title"] or "（无题）") in text


def test_search_marks_words_on_a_terminal_only(index_dir: Path) -> None:
    """Colours are for eyes; a pipe gets plain text."""
    arguments = ["search", "职工", "--index", str(index_dir), "-n", "1"]
    coloured = CliRunner().invoke(cli, arguments, color=True).stdout
    assert re.search(r"\x1b\[[\d;]+m职工\x1b\[0m", coloured)
    assert "\x1b" not in unionnews(*arguments).stdout


def test_search_finds_nothing_with_0(index_dir: Path) -> None:
    """No result is no error."""
    result = unionnews("search", '"南极洲鲸鱼观察站"', "--index", index_dir)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "找到 0 篇" in result.stdout


def test_a_query_may_begin_with_a_minus(index_dir: Path) -> None:
    """What excludes is no option."""
    result = unionnews("search", "-文艺 职工", "--index", index_dir, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["query"]["q"] == "-文艺 职工"


def test_search_as_json_is_the_answer_of_the_endpoint(index_dir: Path, client: FlaskClient) -> None:
    """The object of ``/api/v1/search``, but for the time it took."""
    printed = unionnews("search", "职工 -文艺", "--index", index_dir, "--json", "-n", "7")
    assert printed.stdout.count("\n") == 1
    assert "\\u" not in printed.stdout
    parameters = {"q": "职工 -文艺", "per_page": 7, "facets": "year,section,kind,reporter"}
    answer = client.get("/api/v1/search", query_string=parameters).json
    assert json.loads(printed.stdout) | {"took_ms": 0} == answer | {"took_ms": 0}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("会" * 10_000, ("太长", "200")),
        ("颜色:红", ("没有字段", "颜色")),
        ("职工 (培训", ("括号", "第 4 个字")),
        ("标题:", ("标题",)),
        ("，", ("没有可以查找的字",)),
    ],
)
def test_a_query_that_cannot_be_understood_is_2(index_dir: Path, query: str, words: tuple[str, ...]) -> None:
    """The sentence says what, where, and what to write instead."""
    for option in ([], ["--json"]):
        one_sentence(unionnews("search", query, "--index", index_dir, *option), 2, *words)


# --------------------------------------------------------------------- index not there


def _outdate(directory: Path) -> None:
    manifest = store.read_manifest(directory, store.current_generation(directory))
    store.publish(directory, dataclasses.replace(manifest, fingerprint="0"))


def _damage(directory: Path) -> None:
    for manifest in directory.glob("generations/*/manifest.json"):
        manifest.write_text("{", "utf-8")


@pytest.mark.parametrize("command", [["search", "职工"], ["search", "职工", "--json"], ["serve", "--port", "0"]])
@pytest.mark.parametrize(("harm", "word"), [(shutil.rmtree, "没有索引"), (_outdate, "重建"), (_damage, "损坏")])
def test_an_index_missing_outdated_or_damaged_is_3(
    index_copy: Path, command: list[str], harm: Callable[[Path], None], word: str
) -> None:
    """The sentence names the index and the command that mends it."""
    harm(index_copy)
    one_sentence(unionnews(*command, "--index", index_copy), 3, word, str(index_copy), "unionnews reindex")


def test_a_file_in_the_place_of_the_index_is_3(tmp_path: Path) -> None:
    """A wrong ``--index`` is told, not traced."""
    (tmp_path / "index").write_text("no folder", "utf-8")
    for command in (["search", "职工"], ["status"], ["serve"]):
        one_sentence(unionnews(*command, "--index", tmp_path / "index"), 3, str(tmp_path / "index"))


def test_the_advice_for_a_missing_index_helps(sample: Path, tmp_path: Path) -> None:
    """The command that the sentence names, with the folder filled in, makes the search work."""
    advice = unionnews("search", "职工", "--index", tmp_path / "index").stderr.rpartition("unionnews ")[2]
    arguments = [str(sample) if word == "报纸文件夹" else word for word in advice.split()]
    assert unionnews(*arguments).exit_code == 0
    assert unionnews("search", "职工", "--index", tmp_path / "index").exit_code == 0


# ---------------------------------------------------------------------------- status


def test_status_tells_what_the_index_holds(sample: Path, index_dir: Path) -> None:
    """Articles, files, newspapers, dates and size, in words and as JSON."""
    found = json.loads(unionnews("status", "--index", index_dir, "--json").stdout)
    assert found["files"] == len(list(sample.iterdir()))
    assert found["reindex_due"] is False
    assert found["bytes"] == sum(path.stat().st_size for path in index_dir.rglob("*") if path.is_file())
    assert (found["failed"], found["first_date"] < found["last_date"]) == ({}, True)
    text = unionnews("status", "--index", index_dir)
    for said in (f"{found['articles']} 篇文章", found["first_date"], found["last_date"], *found["newspapers"], "MB"):
        assert said in text.stdout
    assert text.exit_code == 0
    assert "重建" not in text.stdout


def test_status_tells_what_is_wrong_with_files(tmp_path: Path) -> None:
    """Files that could not be read, with the reason, and the number of doubts."""
    (tmp_path / "scan.md").write_bytes(bytes(range(256)))
    (tmp_path / "more.jsonl").write_text('{"body": "夜班的灯。"}\n{}\n', "utf-8")
    assert unionnews("reindex", tmp_path, "--index", tmp_path / "index").exit_code == 1
    found = json.loads(unionnews("status", "--index", tmp_path / "index", "--json").stdout)
    assert (list(found["failed"]), found["notes"], found["newspapers"]) == (["scan.md"], 1, {})
    assert (found["first_date"], found["last_date"]) == (None, None)
    text = unionnews("status", "--index", tmp_path / "index")
    assert text.exit_code == 0
    assert f"scan.md：{found['failed']['scan.md']}" in text.stdout
    assert "存疑 1 条" in text.stdout


def test_status_of_an_outdated_index_says_that_a_reindex_is_due(index_copy: Path) -> None:
    """Status still tells what it holds, also when only the reading of pages has changed."""
    before = json.loads(unionnews("status", "--index", index_copy, "--json").stdout)
    for field in ("code", "fingerprint"):
        manifest = store.read_manifest(index_copy, store.current_generation(index_copy))
        store.publish(index_copy, dataclasses.replace(manifest, **{field: "0"}))  # type: ignore[arg-type]
        found = json.loads(unionnews("status", "--index", index_copy, "--json").stdout)
        assert found["reindex_due"] is True
        assert found["newspapers"] == before["newspapers"]
        assert "需要重建" in unionnews("status", "--index", index_copy).stdout


@pytest.mark.parametrize(("harm", "word"), [(shutil.rmtree, "没有索引"), (_damage, "损坏")])
def test_status_without_an_index_is_3(index_copy: Path, harm: Callable[[Path], None], word: str) -> None:
    """There is nothing to tell."""
    harm(index_copy)
    one_sentence(unionnews("status", "--index", index_copy), 3, word)


# ----------------------------------------------------------------- serve, demo, signals


def address_of(process: subprocess.Popen[str]) -> str:
    """The address that a server prints when it is ready."""
    assert process.stdout
    found = re.search(r"http://\S+/", process.stdout.readline())
    assert found
    return found[0]


@pytest.mark.parametrize(("host", "number"), [("127.0.0.1", signal.SIGINT), ("*", signal.SIGTERM)])
def test_serve_answers_until_it_is_stopped(index_dir: Path, host: str, number: signal.Signals) -> None:
    """It prints where, answers there at once, and ends with 0 on Ctrl-C and SIGTERM.

    A host may stand for several addresses; then the first is printed.
    """
    with running("serve", "--index", index_dir, "--host", host, "--port", "0") as process:
        url = address_of(process)
        with urllib.request.urlopen(f"{url}healthz", timeout=10) as answer:
            assert json.load(answer)["status"] == "ok"
        code, said = ended(process, number)
    assert code == 0
    assert TRACEBACK not in said


def refused(*arguments: str | Path) -> Result:
    """A server that cannot start, in a process of its own: waitress leaves its sockets to the garbage collector."""
    command = [*COMMAND, "serve", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    return Result(CliRunner(), done.stdout, done.stderr, b"", None, done.returncode, None)


def test_a_port_in_use_is_2(index_dir: Path) -> None:
    """The sentence names address and port, and the options that change them."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        one_sentence(refused("--index", index_dir, "--port", port), 2, f"127.0.0.1:{port}", "--port")


def test_a_host_that_is_none_is_2(index_dir: Path) -> None:
    """So does the sentence about a host that is not this one."""
    one_sentence(refused("--index", index_dir, "--host", "nowhere.invalid"), 2, "nowhere.invalid", "--host")


def test_demo_serves_the_sample_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The README's first command: the sample is indexed, answers, and is gone at the end."""
    with running("demo", "--port", "0", TMPDIR=str(tmp_path)) as process:
        with urllib.request.urlopen(f"{address_of(process)}api/v1/search?q=%E8%81%8C%E5%B7%A5", timeout=10) as answer:
            assert json.load(answer)["total"] > 20
        assert ended(process, signal.SIGTERM)[0] == 0
    assert not list(tmp_path.glob("unionnews-demo-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_reindex_is_130_and_leaves_the_old_index(
    sample: Path, index_copy: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """A sentence instead of a traceback; the old generation answers, the lock is free, no half generation stays."""
    pages = tmp_path / "pages"
    for copy in range(30):
        shutil.copytree(sample, pages / str(copy))
    before = list(index_copy.glob("generations/*"))
    with running("reindex", pages, "--index", index_copy) as process:
        while process.poll() is None and len(list(index_copy.glob("generations/*"))) == len(before):
            time.sleep(0.01)
        time.sleep(1)  # past the loading of the dictionary, in the middle of the pages
        code, said = ended(process, number)
    assert code == 130
    assert "已中断" in said
    assert TRACEBACK not in said
    assert list(index_copy.glob("generations/*")) == before
    assert unionnews("search", "职工", "--index", index_copy).exit_code == 0
    with store.writing(index_copy):
        pass
