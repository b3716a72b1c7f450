"""The page of an e-paper site that shows a newspaper page as a picture, its articles being areas of it.

Founder (方正) calls it ``node_3.htm``, 中工网 ``page.html``. The articles are files of their own; the picture, its
areas and the name of the page stand only here.
"""

from __future__ import annotations

import functools
import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from index import files, scans
from index.companions import is_layout, layout_folders
from index.errors import UnreadableFileError
from index.formats.html.pictures import size
from index.formats.html.tree import Element, first, line, read
from index.model import Scan

Box = tuple[float, float, float, float]

MOST_LAYOUTS = 300
"""Pages of one issue."""

_LABEL = re.compile(
    r"第?\s?0{0,2}([A-Z]?\d{1,3})\s?版\s?[:：]?\s?([^\s\d:：<>]{0,12})|^0{0,2}([A-Z]?\d{1,3})\s?[:：]\s?(\S{1,12})$"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What such a page says: its number and name, its picture, and the articles it leads to.

    ``corners`` are these by their files' names, each with its place on the picture, in pixels, where that is told.
    ``shown`` is the size that the picture is shown in, and ``picture`` its file.
    """

    page_no: str | None = None
    section: str | None = None
    scan: Scan | None = None
    corners: dict[str, Box | None] = field(default_factory=dict)
    shown: tuple[float, float] | None = None
    picture: Path | None = None

    def of(self, file: str) -> Scan | None:
        """The picture with the box of an article."""
        box = self.corners.get(file)
        return self.scan and replace(self.scan, box=_shares(box, *self._sides()) if box else None)

    def _sides(self) -> tuple[float, float]:
        """Width and height as places count them: as shown, else as the picture is, else as far as they go."""
        real = self.shown or (size(self.picture) if self.picture else None)
        boxes = [box for box in self.corners.values() if box]
        return real or (max((box[2] for box in boxes), default=0), max((box[3] for box in boxes), default=0))


def label(text: str) -> tuple[str | None, str | None]:
    """Number and name of a page as sites write them: 第A01版：要闻, A01:要闻."""
    match = _LABEL.search(text.strip())
    return (match[1] or match[3], match[2] or match[4] or None) if match else (None, None)


def layout_of(path: Path, name: str) -> Layout | None:
    """The layout, in the same folder, of the page that an article's file stands on."""
    for folder, within in layout_folders(path.parent, posixpath.dirname(name)):
        for found in _layouts(folder, within, _state(folder)):
            if path.name in found.corners:
                return found
    return None


def _state(folder: Path) -> tuple[tuple[str, tuple[int, int]], ...]:
    """The layouts of a folder as they are now, so that what is remembered of them does not outlive them."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if is_layout(entry.name))
    except OSError:
        return ()
    return tuple((name, files.stamp(folder / name)) for name in names[:MOST_LAYOUTS])


@functools.lru_cache(maxsize=16)
def _layouts(folder: Path, within: str, state: tuple[tuple[str, tuple[int, int]], ...]) -> Sequence[Layout]:
    found: list[Layout] = []
    for name, _ in state:
        try:
            found.append(_layout(read(folder / name)[0], folder, posixpath.join(within, name)))
        except UnreadableFileError:
            continue  # it is reported as a file of its own
    return found


def _layout(tree: Element, folder: Path, name: str) -> Layout:
    linked: dict[str, Box | None] = dict.fromkeys(filter(None, map(_file, tree.iter("a"))))
    areas = [(file, box) for area in tree.iter("area") if (file := _file(area)) and (box := _corners(area))]
    picture: Element = next(iter(tree.xpath("//img[@usemap]")), {})
    scan = scans.named(unquote(picture.get("src") or ""), name) or _pdf(tree, name)
    path = folder / posixpath.relpath(scan.file, posixpath.dirname(name) or ".") if scan else None
    return Layout(*_title(tree, name), scan, linked | dict(areas), _shown(picture), path)


def _file(link: Element) -> str | None:
    """The name of the file in the same folder tree that a link leads to."""
    try:
        return posixpath.basename(unquote(urlsplit(link.get("href") or "").path)) or None
    except ValueError:  # no address at all
        return None


def _corners(area: Element) -> Box | None:
    """The rectangle around an area: left, top, right, bottom in pixels."""
    numbers = [float(number) for number in re.findall(r"\d{1,6}(?:\.\d{1,6})?", (area.get("coords") or "")[:20_000])]
    if len(numbers) < 4 or (area.get("shape") or "").lower().startswith("circ"):
        return None
    across, down = numbers[::2], numbers[1::2]
    return min(across), min(down), max(across), max(down)


def _shown(picture: Element) -> tuple[float, float] | None:
    """Width and height in which a picture is shown, if the layout says so."""
    wide, high = (re.match(r"[1-9]\d{0,4}", picture.get(side) or "") for side in ("width", "height"))
    return (float(wide[0]), float(high[0])) if wide and high else None


def _shares(box: Box, wide: float, high: float) -> Box | None:
    if not wide or not high:
        return None
    left, top, right, bottom = (round(min(n / side, 1.0), 4) for n, side in zip(box, (wide, high) * 2, strict=True))
    return left, top, right, bottom


def _pdf(tree: Element, name: str) -> Scan | None:
    """The first PDF that is linked."""
    links = (unquote(link.get("href") or "") for link in tree.iter("a"))
    return next(filter(None, (scans.named(link, name) for link in links if link.lower().endswith(scans.PDF))), None)


def _title(tree: Element, name: str) -> tuple[str | None, str | None]:
    """Number and name of the page: of the link that leads to it, else the first that its text says."""
    own = [link for link in tree.iter("a") if _file(link) == posixpath.basename(name)]
    texts = (line(part) for part in (*own, first(tree, "title"), first(tree, "body")))
    return next((found for found in map(label, texts) if found[0]), (None, None))
