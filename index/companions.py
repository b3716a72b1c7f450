"""What lies beside page files and is read or shown with them, so that a change of it is a change of theirs."""

from __future__ import annotations

import functools
import hashlib
import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from index import files, scans
from index.files import PageFile
from index.sidecar import Sidecar

_LAYOUT = re.compile(r"(?:node_\w{1,20}|page)\.html?", re.I)
_SCANS = (*scans.PICTURES, scans.PDF)


def is_layout(name: str) -> bool:
    """Whether a file of this name shows a page of an e-paper site rather than an article."""
    return bool(_LAYOUT.fullmatch(name))


def layout_folders(folder: Path, within: str) -> Iterator[tuple[Path, str]]:
    """Where layouts lie: beside the articles, or in a folder ``layout`` beside the folder ``content``."""
    yield folder, within
    if (head := within.rpartition("content/"))[1]:
        other = f"{head[0]}layout/{head[2]}"
        yield folder.joinpath(posixpath.relpath(other, within or ".")), other


def is_web(path: Path) -> bool:
    """Whether a file is a page of a site."""
    return path.suffix.lower() in (".htm", ".html")


def picture(file: PageFile, scan: str) -> Path:
    """The file of a scan (``Scan.file``) that a page file names."""
    return file.path.parent.joinpath(os.path.relpath(scan, posixpath.dirname(file.name) or "."))


class Companions:
    """The companions of page files as they are when they are first asked for; each folder is listed once."""

    def __init__(self) -> None:
        self._scans = functools.cache(_scans)
        self._site = functools.cache(_site)
        self._below = functools.cache(_below)

    def digest(self, file: PageFile, sidecar: Sidecar | None) -> str:
        """Of all companions of a file: scans that are called like it, layouts of its site, ALTO files of its METS.

        Empty if there are none. A companion that is read counts with its size and time of change.
        """
        stem = file.path.stem.removesuffix("content_list").removesuffix("_")
        places = [file.path, *(sidecar.scan_places(file) if sidecar else ())]
        found = [name for place in places for name in self._scans(place.parent).get(stem, ())]
        if is_web(file.path):
            within = posixpath.dirname(file.name)
            found += [self._site(folder) for folder, _ in layout_folders(file.path.parent, within)]
        elif files.is_mets(file.path.name):
            found.append(self._below(file.path.parent))
        return _digest(found) if any(found) else ""


def _digest(said: Iterable[object]) -> str:
    return hashlib.blake2b(repr(list(said)).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder))
    except OSError:  # a folder that is not there, or may not be listed
        return []


def _scans(folder: Path) -> dict[str, list[str]]:
    """The pictures and PDFs of a folder by the page file that they are called like; MinerU adds ``_origin``."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in _names(folder):
        stem, suffix = posixpath.splitext(name)
        if suffix.lower() in _SCANS:
            found[stem.removesuffix("_origin")].append(name)
            if stem.endswith("_origin"):
                found[stem].append(name)
    return found


def _site(folder: Path) -> str:
    """The layouts of a folder and its PDFs."""
    names = _names(folder)
    read = [(name, files.stamp(folder / name)) for name in names if is_layout(name)]
    shown = [name for name in names if name.lower().endswith(scans.PDF)]
    return _digest([read, shown]) if read or shown else ""


def _below(folder: Path) -> str:
    """The XML files and scans of a folder and of those below it."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(".xml"):
                found.append((os.path.relpath(parent, folder), name, files.stamp(Path(parent, name))))
            elif name.lower().endswith(_SCANS):
                found.append((os.path.relpath(parent, folder), name, (0, 0)))
    return _digest(found)
