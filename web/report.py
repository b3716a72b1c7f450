"""The report on the archive, made aside while others search."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from index.report.model import Coverage
from search.protocol import AnySearcher

PATIENCE = 2.0
"""Seconds after which a visitor is told that the report is still being made."""


class Report:
    """The report on the current generation: it reads every article, so it is made aside, once, while others search."""

    def __init__(self, searcher: AnySearcher) -> None:
        self._searcher = searcher
        self._generation = ""
        self._made: Future[Coverage] = Future()
        self._changing = threading.Lock()

    def within(self, seconds: float) -> Coverage | None:
        """The report; None if it is not made within so many seconds.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError
        """
        generation = self._searcher.manifest().generation
        with self._changing:
            if generation != self._generation or self._made.done() and self._made.exception():
                self._generation, self._made = generation, Future()
                threading.Thread(target=self._make, args=(self._made,), daemon=True).start()
            made = self._made
        try:
            return made.result(seconds)
        except TimeoutError:
            return None

    def _make(self, made: Future[Coverage]) -> None:
        try:
            made.set_result(self._searcher.coverage())
        except Exception as error:  # whoever waits for it is told
            made.set_exception(error)
