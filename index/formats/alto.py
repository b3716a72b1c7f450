"""ALTO: what an OCR tool saw on one page, block by block, with its confidence in each word.

https://www.loc.gov/standards/alto/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index import files
from index.formats.xml import Element, attribute, read

Box = tuple[float, float, float, float]

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """The printed lines of a block; ``box`` in shares of the page, ``confidences`` those of its words (0 to 1)."""

    lines: tuple[str, ...]
    box: Box | None
    confidences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AltoPage:
    """A page: its blocks by id in reading order, and the picture it was read from."""

    blocks: dict[str, TextBlock]
    picture: str | None


def read_alto(path: Path) -> AltoPage:
    """The page of an ALTO file.

    Raises:
        UnreadableFileError
    """
    return alto_page(read(path))


def alto_page(root: Element) -> AltoPage:
    """The page of an ALTO tree, empty if it is none."""
    page = root.find(".//Page")
    size = (_number(page, "WIDTH"), _number(page, "HEIGHT")) if page is not None else (0.0, 0.0)
    blocks = {
        attribute(block, "ID") or f"#{number}": _block(block, size)
        for number, block in enumerate(root.iter("TextBlock"))
    }
    name = root.findtext(".//sourceImageInformation/fileName")
    return AltoPage({key: block for key, block in blocks.items() if block.lines}, name and name.strip())


def confidence(blocks: Iterable[TextBlock]) -> float | None:
    """The mean confidence in the words of some blocks (0 to 1); None if the tool gave none."""
    every = [word for block in blocks for word in block.confidences]
    return round(sum(every) / len(every), 4) if every else None


def _block(block: Element, size: tuple[float, float]) -> TextBlock:
    lines = [files.printable(_line(line)).strip() for line in block.iter("TextLine")]
    words = (_number(word, "WC", -1.0) for word in block.iter("String"))
    return TextBlock(tuple(filter(None, lines)), _box(block, size), tuple(word for word in words if 0 <= word <= 1))


def _line(line: Element) -> str:
    """The words of a line; a space between two of them unless one is Chinese there."""
    out = ""
    for word in line.iter("String", "HYP"):
        text = attribute(word, "CONTENT")
        apart = out and text and not (_WIDE.match(out[-1]) or _WIDE.match(text))
        out += (" " if apart and word.tag == "String" else "") + text
    return out


def _box(block: Element, size: tuple[float, float]) -> Box | None:
    left, top, wide, high = (_number(block, name, -1.0) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if min(left, top, wide, high) < 0 or not all(size):
        return None
    return left / size[0], top / size[1], (left + wide) / size[0], (top + high) / size[1]


def around(boxes: Iterable[Box | None]) -> Box | None:
    """The rectangle around several, each side from 0 to 1."""
    known = [box for box in boxes if box]
    if not known:
        return None
    left, top, right, bottom = zip(*known, strict=True)
    return tuple(round(min(side, 1.0), 4) for side in (min(left), min(top), max(right), max(bottom)))


def _number(element: Element, name: str, default: float = 0.0) -> float:
    try:
        value = float(attribute(element, name))
    except ValueError:
        return default
    return value if 0 <= value < 1e9 else default
