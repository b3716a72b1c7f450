"""Work in several processes: results in order, bounded memory, and a clean end whatever happens."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import store
from index.errors import WorkerLostError
from index.processes import Processes
from index.reindex import reindex
from search.model import SearchRequest
from search.searcher import Searcher

ROOT = Path(__file__).parent.parent

PAGES = 60


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    """However many processes there are, the results are those of a loop, also for many items and for none."""
    with Processes(jobs) as processes:
        assert list(processes.map(abs, range(-300, 0))) == list(range(300, 0, -1))
        assert list(processes.map(abs, [])) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_items_are_taken_as_results_are(jobs: int) -> None:
    """An endless stream of items is worked on in bounded memory."""
    taken = itertools.count()
    with Processes(jobs) as processes:
        results = processes.map(abs, taken)
        assert [next(results) for _ in range(20)] == list(range(20))
    assert next(taken) <= 40


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_is_that_of_the_function(jobs: int) -> None:
    """What the function raises is raised here, and other work goes on."""
    with Processes(jobs) as processes:
        with pytest.raises(ValueError, match="invalid literal"):
            list(processes.map(int, ["1", "x", "2"]))
        assert list(processes.map(int, ["1", "2"])) == [1, 2]


def test_a_killed_process_is_told() -> None:
    """Where the system kills one of the processes, the run ends with a sentence and does not hang."""
    with Processes(2) as processes, pytest.raises(WorkerLostError, match="--jobs 1"):
        list(processes.map(os._exit, range(20)))


def test_processes_work_from_any_thread() -> None:
    """A program that reindexes in a thread of its own may use several processes."""
    found: list[int] = []

    def work() -> None:
        with Processes(2) as processes:
            found.extend(processes.map(abs, range(-3, 0)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [3, 2, 1]


ORPHANS = """
import os, sys, time
from index.processes import Processes
if __name__ == "__main__":
    with Processes(2) as processes:
        for _ in processes.map(time.sleep, [0.01] * 50):
            pass
        print(*(process.pid for process in processes._pool._processes.values()), flush=True)
        list(processes.map(time.sleep, [1] * 1000))
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    """A run that is killed leaves no process behind."""
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS, "utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout
        started = [Path("/proc", pid) for pid in process.stdout.readline().decode().split()]
        assert len(started) == 2
        assert list(alive(started)) == started
        process.kill()
    while list(alive(started)):
        time.sleep(0.05)


REINDEX = """
import multiprocessing, sys
from pathlib import Path
from index.reindex import reindex
def told(*_):
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
if __name__ == "__main__":
    reindex([Path(sys.argv[1])], Path(sys.argv[2]), full=True, jobs=2, progress=told)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("files", [1, 20, PAGES])
def test_a_killed_run_of_several_processes_changes_nothing(tmp_path: Path, files: int) -> None:
    """Killed after so many of its files, a run leaves the old index, a free lock, and no process."""
    pages, index, script = tmp_path / "pages", tmp_path / "index", tmp_path / "run.py"
    pages.mkdir()
    for number in range(PAGES):
        name = f"2024-05-{1 + number % 28:02}_{1 + number // 28}.md"
        (pages / name).write_text(f"# 会议\n\n第{number}次会议召开。\n", "utf-8")
    reindex([pages], index, jobs=1)
    script.write_text(REINDEX, "utf-8")
    generation, found = store.current_generation(index), Searcher(index).search(SearchRequest("会议")).total
    with subprocess.Popen(
        [sys.executable, str(script), str(pages), str(index)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout
        children = [process.stdout.readline().decode().split() for _ in range(files)][-1]
        process.kill()
    assert len(children) == 2
    while list(alive([Path("/proc", child) for child in children])):
        time.sleep(0.05)
    assert (store.current_generation(index), Searcher(index).search(SearchRequest("会议")).total) == (generation, found)
    assert reindex([pages], index, full=True, jobs=1).published


def alive(processes: list[Path]) -> Iterator[Path]:
    """Those of some processes that run."""
    for process in processes:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if "State:\tZ" not in (process / "status").read_text():
                yield process
