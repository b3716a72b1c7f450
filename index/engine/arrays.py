"""Named arrays in one file: written once, then mapped into memory and never changed.

    magic | array | array | … | directory (JSON) | trailer: offset, length and CRC-32 of the directory, magic

Arrays are little-endian and start at multiples of 64 bytes. The directory gives each array's name, type, offset and
count. Reading keeps no position in the file, so that threads share an open file freely.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.errors import IndexDamagedError

Array = NDArray[Any]

_MAGIC = b"UNARRAY1"
_TRAILER = struct.Struct("<QII8s")
_ALIGNMENT = 64


class ArrayWriter:
    """A file being written. Arrays may be reserved and filled side by side, piece by piece."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("xb")
        self._file.write(_MAGIC)
        self._end = len(_MAGIC)
        self._sections: dict[str, Section] = {}

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with self._file:
            if kind is None:
                self.finish()

    def add(self, name: str, values: Array) -> None:
        """Write one array whole."""
        self.reserve(name, values.dtype, len(values)).append(values)

    def reserve(self, name: str, dtype: DTypeLike, count: int) -> Section:
        """Room for ``count`` values, to be filled by appending exactly as many before the file is closed."""
        if name in self._sections:
            raise ValueError(f"two arrays named {name}")
        start = -(-self._end // _ALIGNMENT) * _ALIGNMENT
        section = Section(self._file, np.dtype(dtype).newbyteorder("<"), start, count)
        self._sections[name] = section
        self._end = start + count * section.dtype.itemsize
        return section

    def finish(self) -> None:
        """Write the directory; only now the file is valid."""
        for name, section in self._sections.items():
            if section.filled != section.count:
                raise ValueError(f"array {name}: {section.filled} of {section.count} values")
        directory = json.dumps({name: section.entry() for name, section in self._sections.items()}).encode()
        self._file.seek(self._end)
        self._file.write(directory)
        self._file.write(_TRAILER.pack(self._end, len(directory), zlib.crc32(directory), _MAGIC))


class Section:
    """The place of one array in a file being written."""

    def __init__(self, file: BinaryIO, dtype: np.dtype[Any], start: int, count: int) -> None:
        self._file = file
        self.dtype = dtype
        self.start = start
        self.count = count
        self.filled = 0

    def append(self, values: Array) -> None:
        """Write the next values, converted to the array's type."""
        if not len(values):
            return
        content = np.ascontiguousarray(values, self.dtype)
        if self.filled + len(content) > self.count:
            raise ValueError(f"more than {self.count} values")
        self._file.seek(self.start + self.filled * self.dtype.itemsize)
        self._file.write(content.data)
        self.filled += len(content)

    def entry(self) -> list[Any]:
        return [self.dtype.str, self.start, self.count]


class ArrayFile:
    """A finished file, opened for reading.

    Raises:
        IndexDamagedError: the file is cut short or its directory is broken. Damage inside the arrays is for
            whoever knows the file's checksum.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._entries: dict[str, tuple[str, int, int]] = json.loads(self._directory())
        except ValueError as error:  # also an empty file, which cannot be mapped
            raise IndexDamagedError(f"索引文件 {path} 已损坏，需要重建索引。") from error

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __getitem__(self, name: str) -> Array:
        """An array, read-only, as a view of the file."""
        dtype, start, count = self._entries[name]
        return np.frombuffer(self._map, dtype, count, start)

    def get(self, name: str) -> Array | None:
        """An array, or None if there is none of the name."""
        return None if name not in self._entries else self[name]

    def names(self) -> list[str]:
        """The names of all arrays, in the order of writing."""
        return list(self._entries)

    def _directory(self) -> bytes:
        if len(self._map) < _TRAILER.size:
            raise ValueError("cut short")
        offset, length, checksum, magic = _TRAILER.unpack(self._map[-_TRAILER.size:])
        directory = self._map[offset : offset + length]
        if magic != _MAGIC or offset + length + _TRAILER.size != len(self._map) or zlib.crc32(directory) != checksum:
            raise ValueError("no valid directory")
        return directory


def smallest(values: Array) -> Array:
    """The same non-negative integers in the smallest unsigned type that holds them."""
    return values.astype(np.min_scalar_type(int(values.max()) if len(values) else 0))


def changes(values: Array) -> NDArray[np.bool_]:
    """Which values differ from the one before; the first does."""
    different = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=different[1:])
    return different
