"""Visitors while the archive is indexed again and again: everybody is answered, from the old index or the new one."""

from __future__ import annotations

import json
import random
import shutil
import threading
import time
from pathlib import Path

from serving import Serving, serving

from index import store
from index.reindex import reindex

CLIENTS = 8
REINDEXES = 3
PATHS = (
    "/api/v1/search?q=职工&facets=year,reporter", "/api/v1/search?q=劳动竞赛", "/api/v1/search?q=%22工资集体协商%22",
    "/search?q=工会", "/api/v1/suggest?q=lao", "/api/v1/issues", "/api/v1/trends?q=职工", "/search.csv?q=职工",
    "/healthz",
)


def test_nobody_sees_an_error_while_the_archive_is_indexed(sample: Path, tmp_path: Path) -> None:
    """Eight visitors ask for everything at once while new generations are published: no error, whole answers."""
    pages, index = shutil.copytree(sample, tmp_path / "pages"), tmp_path / "index"
    reindex([pages], index)
    done, seconds, wrong = threading.Event(), [], []
    with serving(index) as server:
        visitors = [threading.Thread(target=_visit, args=(server, n, done, seconds, wrong)) for n in range(CLIENTS)]
        for visitor in visitors:
            visitor.start()
        for number in range(REINDEXES):
            (pages / f"2024-06-0{number + 1}_01.md").write_text(f"# 职工大会\n\n第{number}次职工大会召开。\n", "utf-8")
            reindex([pages], index)
            _wait_until_served(server, index)
        done.set()
        for visitor in visitors:
            visitor.join()
        log = server.stop()
    assert wrong == []
    assert "Traceback" not in log
    assert len(seconds) > CLIENTS
    seconds.sort()
    print(f"{len(seconds)} answers, 95 % within {seconds[len(seconds) * 95 // 100] * 1000:.0f} ms")


def _visit(
    server: Serving, seed: int, done: threading.Event, seconds: list[float], wrong: list[object]
) -> None:
    chosen = random.Random(seed)
    while not done.is_set():
        path = chosen.choice(PATHS)
        started = time.perf_counter()
        try:
            answer = server.get(path)
        except Exception as error:
            wrong.append((path, error))
            return
        seconds.append(time.perf_counter() - started)
        if answer.status != 200:
            wrong.append((path, answer))


def _wait_until_served(server: Serving, index: Path) -> None:
    """Wait until the server answers from the generation published last."""
    published = store.current_generation(index)
    while json.loads(server.get("/healthz").body)["generation"] != published:
        time.sleep(0.01)
