"""The report on an archive, as frozen values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from index.model import Article


@dataclass(frozen=True, slots=True)
class Month:
    """What is held of one month (2024-05) of a newspaper: issues, pages with a number, articles."""

    month: str
    issues: int
    pages: int
    articles: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Issues that should stand between two that are held.

    ``days`` are the days on which they should have come out, as far as the paper's rhythm tells.
    """

    after: datetime.date
    before: datetime.date
    missing: int
    days: tuple[datetime.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """One newspaper: its issues by month, from the first to the last, and the gaps among them."""

    newspaper: str | None
    issues: int
    first: datetime.date
    last: datetime.date
    months: tuple[Month, ...]
    gaps: tuple[Gap, ...]

    @property
    def missing(self) -> int:
        """How many issues are missing."""
        return sum(gap.missing for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Mention:
    """An article, as a report names it."""

    id: str
    title: str | None
    newspaper: str | None
    date: datetime.date | None
    page_no: str | None
    source: str

    @classmethod
    def of(cls, article: Article) -> Mention:
        """The article without its text."""
        return cls(
            article.id, article.title, article.newspaper, article.date, article.page_no, article.source
        )


@dataclass(frozen=True, slots=True)
class Short:
    """An article with suspiciously few characters."""

    article: Mention
    characters: int


@dataclass(frozen=True, slots=True)
class Garbled:
    """An article of whose characters so large a share (0 to 1) stands in no known word or pair."""

    article: Mention
    share: float


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Articles with the same text; ``reprint``: on several days or in several newspapers."""

    articles: tuple[Mention, ...]
    reprint: bool


@dataclass(frozen=True, slots=True)
class Unjoined:
    """An article that goes on on another page (下转) or from one (上接), whose other part was not put to it."""

    article: Mention
    jumps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an archive holds and what is wrong with it.

    ``undated`` and ``unnumbered`` are files that hold an article without date, or without page number. The worst
    articles come first. ``stale`` are notes on corrections of articles that are not there.
    """

    articles: int
    holdings: tuple[Holding, ...]
    undated: tuple[str, ...]
    unnumbered: tuple[str, ...]
    short: tuple[Short, ...]
    garbled: tuple[Garbled, ...]
    duplicates: tuple[Duplicates, ...]
    unjoined: tuple[Unjoined, ...]
    failed: tuple[Failure, ...]
    stale: tuple[str, ...] = ()
