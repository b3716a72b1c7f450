"""What has been worked out lately, kept within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key; those used last stay while their sizes add up to at most ``room``. Threads may share it."""

    def __init__(self, room: int, size: Callable[[T], int]) -> None:
        self._size = size
        self._left = room
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key; if it is not known, ``make`` says what it is."""
        value = self.get(key)
        if value is None:
            value = make()  # perhaps by several threads at once, rather than that one waits for another
            self.put(key, value)
        return value

    def get(self, key: Hashable) -> T | None:
        """The value of a key; None if it is not known."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Keep the value of a key, unless it has one, as the last one used."""
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._left -= self._size(value)
            while self._left < 0:
                _, oldest = self._values.popitem(last=False)
                self._left += self._size(oldest)
