"""What a page does not say of itself, taken from the other pages of its folder where these are of one mind.

The newspaper is taken if all that name one name the same: at least two, or one of the same day. The day is taken where
the folder holds one issue, of which two pages at least say the day and no other page has the number of this one; the
number of the issue likewise. Ids are not made of what is taken, so that they stay when a neighbour comes or goes.
"""

from __future__ import annotations

import datetime
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from index.model import Article, Page, PageMetadata
from index.pages.page import missing
from index.schema import page_number

FEWEST = 2
"""So many pages at least must say what another takes from them."""

_Lacking = TypeVar("_Lacking", Article, PageMetadata)


class Said(NamedTuple):
    """What a page says of itself; the day as in ISO 8601, the page number in the form of ``page_number``."""

    newspaper: str | None
    day: str | None
    issue_no: str | None
    page_no: str | None


def said(metadata: PageMetadata) -> Said:
    """What is to be known of a page by its neighbours."""
    day = metadata.date.isoformat() if metadata.date else None
    return Said(metadata.newspaper, day, metadata.issue_no, metadata.page_no and page_number(metadata.page_no))


def may_take(name: str, page: Said) -> bool:
    """Whether a page of a file may take something; articles of JSON lines say what there is to say."""
    return not _is_lines(name) and (not page.newspaper or (not page.day and page.page_no is not None))


def _is_lines(name: str) -> bool:
    return name.lower().endswith(".jsonl")


class Neighbours:
    """The pages of all files by their folders; an archive (ZIP) is a folder of its own."""

    def __init__(self, files: Mapping[str, Sequence[Said]]) -> None:
        self._files = files
        pages: defaultdict[str, list[Said]] = defaultdict(list)
        for name, found in files.items():
            pages[_folder(name)] += () if _is_lines(name) else found
        self._folders = {folder: _Folder(found) for folder, found in pages.items()}

    def taken(self, name: str, page: Said) -> Said:
        """What a page of a file takes; its page number is always its own."""
        return self._folders[_folder(name)].taken(page) if may_take(name, page) else Said(None, None, None, None)

    def of_file(self, name: str) -> str:
        """All that the pages of a file take, in a form to be compared; empty if nothing."""
        taken = [self.taken(name, page) for page in self._files.get(name, ())]
        return repr([tuple(each) for each in taken]) if any(map(any, taken)) else ""

    def informed(self, name: str, page: Page) -> Page:
        """A page with what it takes, and a note that says so."""
        taken = self.taken(name, said(page.metadata))
        if not any(taken):
            return page
        known = [f"报纸《{taken.newspaper}》" if taken.newspaper else "", f"日期 {taken.day}" if taken.day else "",
                 f"期号 {taken.issue_no}" if taken.issue_no else ""]
        metadata = _informed(page.metadata, taken)
        found = set(missing(page.metadata)) - set(missing(metadata))
        notes = (*(note for note in page.notes if note not in found),
                 f"版上没有，取自同一文件夹的其他版：{'，'.join(filter(None, known))}")
        articles = tuple(_informed(article, taken) for article in page.articles)
        return replace(page, metadata=metadata, articles=articles, notes=notes)


class _Folder:
    """What the pages of a folder say together."""

    def __init__(self, pages: Iterable[Said]) -> None:
        pages = list(pages)
        self._newspapers = Counter(page.newspaper for page in pages if page.newspaper)
        self._days = Counter(page.day for page in pages if page.day)
        self._issues = Counter(page.issue_no for page in pages if page.issue_no)
        self._pages = Counter(page.page_no for page in pages)
        self._named = {page.day for page in pages if page.newspaper}

    def taken(self, page: Said) -> Said:
        """What a page takes from the others."""
        day = None if page.day else self._day(page)
        whole = len(self._days) == 1 and (page.day or day)
        return Said(
            newspaper=None if page.newspaper else self._newspaper(page),
            day=day,
            issue_no=_unanimous(self._issues) if whole and not page.issue_no else None,
            page_no=None,
        )

    def _newspaper(self, page: Said) -> str | None:
        same_day = page.day is not None and page.day in self._named
        return _unanimous(self._newspapers, 1 if same_day else FEWEST)

    def _day(self, page: Said) -> str | None:
        alone = page.page_no is not None and self._pages[page.page_no] == 1
        other_issue = page.issue_no and set(self._issues) != {page.issue_no}
        return _unanimous(self._days) if alone and not other_issue else None


def _unanimous(counts: Counter[str], fewest: int = FEWEST) -> str | None:
    """What all say, if enough say it."""
    return next(iter(counts)) if len(counts) == 1 and counts.total() >= fewest else None


def _folder(name: str) -> str:
    return name if name.lower().endswith(".zip") else posixpath.dirname(name)


def _informed(lacking: _Lacking, taken: Said) -> _Lacking:
    """Metadata, or an article, with what is taken in the place of what is not known."""
    day = datetime.date.fromisoformat(taken.day) if taken.day else None
    return replace(
        lacking, newspaper=lacking.newspaper or taken.newspaper, date=lacking.date or day,
        issue_no=lacking.issue_no or taken.issue_no,
    )
