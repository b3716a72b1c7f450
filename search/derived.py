"""What is computed once for a generation of the index, when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from search.deadline import time_limit

S = TypeVar("S")
T = TypeVar("T")


class Derived(Generic[S, T]):
    """A value of the current generation; may be shared by threads, one of which computes it."""

    def __init__(self, compute: Callable[[S], T]) -> None:
        self._compute = compute
        self._known: tuple[S, T] | None = None
        self._computing = threading.Lock()

    def of(self, snapshot: S) -> T:
        """The value of this generation, kept until another one is asked about."""
        known = self._known
        if known is not None and known[0] is snapshot:
            return known[1]
        with self._computing:
            if self._known is None or self._known[0] is not snapshot:
                with time_limit(0):  # given up, it would be begun anew by the next who asks, and given up again
                    self._known = snapshot, self._compute(snapshot)
            return self._known[1]
