"""Watching page files: every change is told once, when it is over."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.watch import changes

TICK = 0.1


@pytest.fixture
def told(tmp_path: Path) -> Iterator[list[float]]:
    """When changes below a folder were told, watched by a thread until the test ends."""
    times: list[float] = []
    stopped = threading.Event()

    def watch() -> None:
        for _ in changes([tmp_path], interval=TICK):
            times.append(time.monotonic())
            if stopped.is_set():
                return

    thread = threading.Thread(target=watch)
    thread.start()
    yield times
    stopped.set()
    (tmp_path / "last.md").touch()
    thread.join()


def wait(told: list[float], count: int) -> None:
    """Wait until so many changes have been told, and then as long as a further one would take."""
    for _ in range(400):
        if len(told) >= count:
            break
        time.sleep(TICK / 2)
    time.sleep(5 * TICK)
    assert len(told) == count


def test_every_change_is_told_once(told: list[float], tmp_path: Path) -> None:
    """At once, then after a page is added, changed, touched, renamed, moved into a folder and deleted; then no more."""
    page = tmp_path / "a.md"
    count = itertools.count(1)
    wait(told, next(count))
    page.write_text("夜班的灯", "utf-8")
    wait(told, next(count))
    page.write_text("夜班的新灯", "utf-8")
    wait(told, next(count))
    os.utime(page, (0, 0))
    wait(told, next(count))
    page = page.rename(tmp_path / "b.md")
    wait(told, next(count))
    (tmp_path / "sub").mkdir()
    page = page.rename(tmp_path / "sub" / "b.md")
    wait(told, next(count))
    page.unlink()
    wait(told, next(count))


@pytest.mark.parametrize("name", ["archive.toml", "corrections.tsv", "2024/archive.toml"])
def test_what_the_operator_says_is_a_change(name: str, tmp_path: Path) -> None:
    """A new or changed sidecar or list of corrections is told like a new page."""
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "a.md").touch()
    events = changes([tmp_path], interval=TICK)
    next(events)
    (tmp_path / name).touch()
    next(events)
    (tmp_path / name).unlink()
    next(events)


def test_what_is_no_page_is_no_change(told: list[float], tmp_path: Path) -> None:
    """Pictures, hidden files and empty folders change nothing."""
    wait(told, 1)
    for name in ("a.png", ".b.md"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    wait(told, 1)


def test_a_page_being_written_is_waited_for(told: list[float], tmp_path: Path) -> None:
    """While a page grows nothing is told; when it is done, once."""
    wait(told, 1)
    with (tmp_path / "a.md").open("wb", buffering=0) as file:
        for _ in range(30):
            file.write(b"*" * 100)
            time.sleep(TICK / 5)
            written = time.monotonic()
    wait(told, 2)
    assert told[1] > written


def test_a_change_while_the_last_is_dealt_with_is_told(tmp_path: Path) -> None:
    """Nothing is missed between two looks, not even in the first run."""
    events = changes([tmp_path], interval=TICK)
    for name in ("a.md", "b.md"):
        next(events)
        (tmp_path / name).touch()
    next(events)
