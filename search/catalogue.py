"""What an archive holds, to be leafed through: issues and their pages, sections, people."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Literal

import numpy as np

from index.model import Article
from search.alphabetical import Name, alphabetical, surname_reading, usual_reading
from search.columns import PERSON, ids
from search.hits import Docs
from search.issues import Group, Issue, IssuePage, Series, groups, held
from search.snapshot import Snapshot

Index = Literal["section", "person"]
"""What has an alphabetical index."""


class Catalogue(Series):
    """One generation of an archive; may be shared by threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(held(groups(snapshot)))
        self._snapshot = snapshot
        self._docs = np.fromiter(snapshot.searcher.reader().all_doc_ids(), np.int64)
    def articles(self, issue: Issue, page: IssuePage, first: int = 0, last: int | None = None) -> tuple[Article, ...]:
        """What stands on a page in printed order, from ``first`` to before ``last``, furniture included."""
        return tuple(map(self._snapshot.article, self._on(issue, page)[first:last].tolist()))

    def texts(self, issue: Issue, page: IssuePage) -> int:
        """How many articles stand on a page, furniture included."""
        return len(self._on(issue, page))

    def _on(self, issue: Issue, page: IssuePage) -> Docs:
        return _docs(self.on(issue, page))

    def beside(self, article: Article) -> tuple[Article | None, Article | None]:
        """The articles before and after one on its page, as they are printed."""
        edition = Issue(article.newspaper, article.date, article.issue_no, ()).edition
        _, pages = self._held.get((article.newspaper, edition), (None, ()))
        doc = self._snapshot.find(article.id)
        for docs in map(_docs, pages):
            around = docs[~self._snapshot.columns.mask("kind", ("page",))[docs] | (docs == doc)]
            if len(place := np.flatnonzero(around == doc)):
                at = int(place[0])
                before, after = around[max(0, at - 1) : at].tolist(), around[at + 1 : at + 2].tolist()
                return self._first(before), self._first(after)
        return None, None

    def _first(self, docs: list[int]) -> Article | None:
        return self._snapshot.article(docs[0]) if docs else None

    def names(self, index: Index) -> tuple[Name, ...]:
        """All sections or all people, in the order of pinyin, and how many articles each has."""
        return self._sections if index == "section" else self._people

    @functools.cached_property
    def _sections(self) -> tuple[Name, ...]:
        return alphabetical(self._snapshot.columns.counts("section", self._docs), usual_reading)

    @functools.cached_property
    def _people(self) -> tuple[Name, ...]:
        return alphabetical(self._snapshot.columns.counts("person", self._docs), surname_reading)

    def roles(self, person: str) -> dict[str, int]:
        """In how many articles a person has each role: reporter, correspondent, photographer, or as other author."""
        columns = self._snapshot.columns
        counts = {role: int(columns.mask(role, (person,))[self._docs].sum()) for role in PERSON}
        return {role: count for role, count in counts.items() if count}

    def ids(self) -> list[str]:
        """The ids of all articles, sorted; text that belongs to no article has none here."""
        columns = self._snapshot.columns
        return ids(self._snapshot.searcher.reader(), self._docs[~columns.mask("kind", ("page",))[self._docs]])


def _docs(together: Iterable[Group]) -> Docs:
    """The documents of some groups, ascending."""
    return np.sort(np.concatenate([group.docs for group in together if group.docs is not None]))
