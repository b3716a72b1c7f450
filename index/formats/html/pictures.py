"""The size of a picture, from its first bytes."""

from __future__ import annotations

import functools
import re
import struct
from pathlib import Path

from index import files

_HEAD = 256 * 1024
_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)[\x01-\x04]", re.S)


def size(path: Path) -> tuple[float, float] | None:
    """Width and height in pixels of a JPEG, PNG or GIF; None if it is none, or not there."""
    return _measured(path, files.stamp(path))


@functools.lru_cache(maxsize=64)
def _measured(path: Path, _stamp: tuple[int, int]) -> tuple[float, float] | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return None
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        wide, high = struct.unpack(">II", head[16:24])
    elif head[:4] == b"GIF8" and len(head) >= 10:
        wide, high = struct.unpack("<HH", head[6:10])
    elif head.startswith(b"\xff\xd8") and (frame := _FRAME.search(head)):
        high, wide = (int.from_bytes(side, "big") for side in frame.groups())
    else:
        return None
    return (float(wide), float(high)) if wide and high else None
