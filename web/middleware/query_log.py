"""What is searched for, and how well that goes: a log for those who look after the archive.

Kept only where it is asked for, in a file of this machine that never grows beyond ``2 * MAX_BYTES``. A line has the
day, the query, how many articles it found and how long that took; nothing tells who asked.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, g
from werkzeug.wrappers import Response

from index.errors import reason
from search.model import SearchResult
from web.settings import SettingError

MAX_BYTES = 5_000_000
"""The log is begun anew at this size; one older part is kept."""

SLOW_MS = 200
"""A query is slow if it usually takes longer."""

_LOG = logging.getLogger(__name__)
_SHOWN = 20
_MEMBERS = {"day", "q", "total", "ms"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of the log: how often it was asked, how many articles it found at last, its median time."""

    q: str
    times: int
    total: int
    ms: float


@dataclass(frozen=True, slots=True)
class QueryReport:
    """What a log tells: its days, how many searches there were and found nothing, and which went badly, worst first."""

    days: tuple[str, str] | None
    searches: int
    without_result: int
    fruitless: tuple[Asked, ...]
    slow: tuple[Asked, ...]


def register(app: Flask, path: Path) -> None:
    """Write the searches of the application to the log at ``path``.

    Raises:
        SettingError: the file cannot be written.
    """
    lock = threading.Lock()
    try:
        _append(path, "")
    except OSError as error:
        raise SettingError.of("query_log", str(path), f"不能写这个文件（{reason(error)}）") from None

    def write(response: Response) -> Response:
        result: SearchResult | None = g.get("result")
        if result is not None and result.request.q.strip() and result.request.result_page == 1:
            try:
                with lock:
                    _append(path, _line(result))
            except OSError as error:  # a full disk is no reason not to answer
                _LOG.warning("query log: %s", error)
        return response

    app.after_request(write)


def _append(path: Path, line: str) -> None:
    """Add a line to the log, which is begun anew if it is full; only its owner can read it."""
    if path.exists() and path.stat().st_size + len(line.encode()) > MAX_BYTES:
        path.replace(_older(path))
    with open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as log:
        log.write(line)


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def _line(result: SearchResult) -> str:
    return json.dumps({
        "day": datetime.date.today().isoformat(),
        "q": " ".join(result.request.q.split()),
        "total": result.total,
        "ms": round(result.seconds * 1000, 1),
    }, ensure_ascii=False) + "\n"


def report(path: Path) -> QueryReport:
    """What the log at ``path`` tells; nothing if there is none.

    Raises:
        OSError: it cannot be read.
    """
    lines = [line for part in (_older(path), path) if part.exists() for line in _read(part)]
    searches: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for line in lines:
        searches[line["q"]].append((line["total"], line["ms"]))
    asked = [
        Asked(q, len(found), found[-1][0], median(ms for _, ms in found)) for q, found in searches.items()
    ]
    fruitless = sorted((one for one in asked if not one.total), key=lambda one: -one.times)
    slow = sorted((one for one in asked if one.ms > SLOW_MS), key=lambda one: -one.ms)
    return QueryReport(
        days=(lines[0]["day"], lines[-1]["day"]) if lines else None,
        searches=len(lines),
        without_result=sum(not line["total"] for line in lines),
        fruitless=tuple(fruitless[:_SHOWN]),
        slow=tuple(slow[:_SHOWN]),
    )


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of one part of a log; one that was cut off by a crash is left out."""
    for text in path.read_text("utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError):
            line = json.loads(text)
            if isinstance(line, dict) and line.keys() == _MEMBERS:
                yield line
