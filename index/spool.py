"""Pages put aside until all pages of their issues are there; many of them on the disk."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from types import TracebackType

from index.model import Page
from index.pages.continued import joined
from index.pages.jump import jumps

_IN_MEMORY = 64 * 1024 * 1024
"""Bytes of pages that are held without a file."""


class Spool:
    """Pages by issue, each with the name of its file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._places: dict[str, list[int]] = {}
        self.jumping: set[str] = set()
        """The issues that have such articles."""

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._file.close()

    @property
    def issues(self) -> set[str]:
        """The issues that pages are of."""
        return set(self._places)

    def add(self, issue: str, name: str, page: Page) -> bool:
        """Put a page aside; whether an article on it says that it goes on on another page, or came from there."""
        jumping = any(jumps(article.printed) for article in page.articles)
        if jumping:
            self.jumping.add(issue)
        self._places.setdefault(issue, []).append(self._file.tell())
        pickle.dump((name, page), self._file, pickle.HIGHEST_PROTOCOL)
        return jumping

    def pages(self) -> Iterator[tuple[str, Page]]:
        """All pages, issue by issue, in the order of the names there, with their articles joined."""
        for issue, places in self._places.items():
            names, pages = zip(*sorted(map(self._page_at, places), key=lambda named: named[0]), strict=True)
            yield from zip(names, joined(pages) if issue in self.jumping else pages, strict=True)

    def _page_at(self, place: int) -> tuple[str, Page]:
        self._file.seek(place)
        found: tuple[str, Page] = pickle.load(self._file)
        return found
