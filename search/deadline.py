"""How long an answer may take: set once by whoever answers, looked at between the steps of a search."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from search.errors import SearchTimeoutError

_ENDS: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Within the block, searches of this thread stop once ``seconds`` have passed; 0 sets no limit."""
    token = _ENDS.set(time.monotonic() + seconds if seconds else None)
    try:
        yield
    finally:
        _ENDS.reset(token)


def check() -> None:
    """Stop here if the time is up.

    Raises:
        SearchTimeoutError
    """
    ends = _ENDS.get()
    if ends is not None and time.monotonic() > ends:
        raise SearchTimeoutError


def left() -> float | None:
    """Seconds until the time is up, none of them negative; None if there is no limit."""
    ends = _ENDS.get()
    return None if ends is None else max(0.0, ends - time.monotonic())
