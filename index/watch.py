"""Noticing that page files change, by looking again and again: this also works on network drives."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from index import corrections, files, sidecar


def changes(paths: Iterable[Path], *, interval: float = 2.0) -> Iterator[None]:
    """Yields at once, and again whenever page files below ``paths`` have changed since it last did.

    It looks every ``interval`` seconds, and waits until two looks in a row see the same, so that a page which is being
    written is not read half. What changes between two yields is noticed after the second.
    """
    paths = tuple(paths)
    told = seen = _stamps(paths)
    yield
    while True:
        time.sleep(interval)
        before, seen = seen, _stamps(paths)
        if seen == before and seen != told:
            told = seen
            yield


def _stamps(paths: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    found = [file.path for file in files.find(paths)]
    said = {folder / name for folder in {*paths, *_folders(found)} for name in (sidecar.NAME, corrections.NAME)}
    return {path: files.stamp(path) for path in (*found, *said)}


def _folders(found: Iterable[Path]) -> Iterator[Path]:
    """The folders of some files and those above."""
    for folder in {path.parent for path in found}:
        yield from (folder, *folder.parents)
