"""Work spread over processes: the results come in order, and only so many are under way."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import TypeVar

from index.errors import WorkerLostError

T = TypeVar("T")
R = TypeVar("R")

_UNDER_WAY = 4
"""Items a process that are handed out before the first result is taken: they take memory."""


class Processes:
    """So many processes beside this one, or none: with one job everything is done here.

    They are started afresh on every system (spawn), so that they behave alike. They leave Ctrl-C to this process,
    and end with it, however it ends.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(jobs, context, initializer=_begin)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """``function`` of each item, in order; function, items and results can be pickled.

        Raises:
            WorkerLostError: a process was killed.
        """
        if not self._pool:
            yield from map(function, items)
            return
        under_way: deque[Future[R]] = deque()
        try:
            for item in items:
                under_way.append(_submitted(self._pool, function, item))
                if len(under_way) >= _UNDER_WAY * self._jobs:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerLostError(
                "一个读取文件的进程意外结束，可能是内存不足。可以加上 --jobs 1 再运行一次。"
            ) from error


def _submitted(pool: ProcessPoolExecutor, function: Callable[[T], R], item: T) -> Future[R]:
    """Hand out an item. Processes that this starts inherit that Ctrl-C is held back, until they can ignore it."""
    with _held_interrupt():
        return pool.submit(function, item)


@contextlib.contextmanager
def _held_interrupt() -> Iterator[None]:
    """Let an interrupt wait; it is not lost."""
    if not hasattr(signal, "pthread_sigmask"):
        yield  # Windows
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """What each process does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
