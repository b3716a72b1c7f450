"""Telling what has been damaged from what was written: CRC-32 of files, and texts that carry their own."""

from __future__ import annotations

import zlib
from pathlib import Path

_BLOCK = 1 << 20


def checksum(path: Path) -> int:
    """The CRC-32 of a file's bytes."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found = zlib.crc32(block, found)
    return found


def sealed(text: str) -> bytes:
    """A text and, in a line of its own, its CRC-32."""
    content = text.encode("utf-8", "surrogatepass")
    return content + b"\n%08x\n" % zlib.crc32(content)


def unsealed(content: bytes) -> str:
    """The text that ``sealed`` made ``content`` of.

    Raises:
        ValueError: it is not as it was made.
    """
    text = content[: -len(sealed(""))].decode("utf-8", "surrogatepass")
    if content != sealed(text):
        raise ValueError("wrong checksum")
    return text
