"""What an archive on a cluster holds, to be leafed through."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Sequence
from typing import Any

from index.model import Article
from index.schema import day_number, page_number
from search.alphabetical import Name, alphabetical, surname_reading, usual_reading
from search.catalogue import Index
from search.cluster.dsl import all_of
from search.cluster.lexicon import ClusterLexicon
from search.cluster.snapshot import ClusterSnapshot, article
from search.columns import PERSON
from search.issues import Group, Issue, IssuePage, Series, edition, held

Json = dict[str, Any]

_FIELDS = ("newspaper", "day", "issue_no", "page_no", "section")
_PAGE: Json = {"term": {"kind": "page"}}


class ClusterCatalogue(Series):
    """One generation of an archive; may be shared by threads."""

    def __init__(self, snapshot: ClusterSnapshot, lexicon: ClusterLexicon) -> None:
        super().__init__(held(_groups(lexicon)))
        self._snapshot = snapshot
        self._lexicon = lexicon

    def articles(self, issue: Issue, page: IssuePage, first: int = 0, last: int | None = None) -> tuple[Article, ...]:
        """What stands on a page in printed order, from ``first`` to before ``last``, furniture included."""
        last = self.texts(issue, page) if last is None else last
        query = _on(issue.newspaper, issue.date, issue.issue_no, page.page_no or "")
        body = {"query": query, "sort": [{"place": "asc"}], "from": first, "size": max(0, last - first)}
        return tuple(map(article, self._snapshot.search(body).hits))

    def texts(self, issue: Issue, page: IssuePage) -> int:
        """How many articles stand on a page, furniture included."""
        return sum(group.texts for group in self.on(issue, page))

    def beside(self, article: Article) -> tuple[Article | None, Article | None]:
        """The articles before and after one on its page, as they are printed."""
        if self.issue(article.newspaper, edition(article.date, article.issue_no)) is None:
            return None, None
        here = _on(article.newspaper, article.date, article.issue_no, page_number(article.page_no or ""))
        own = self._snapshot.search(
            {"query": {"term": {"id": article.id}}, "docvalue_fields": ["place"], "_source": False}
        )
        place = own.hits[0]["fields"]["place"][0]
        before = self._next(here, {"lt": place}, "desc")
        return before, self._next(here, {"gt": place}, "asc")

    def _next(self, here: Json, places: Json, order: str) -> Article | None:
        query = all_of([here, {"range": {"place": places}}], [_PAGE])
        hits = self._snapshot.search({"query": query, "sort": [{"place": order}], "size": 1}).hits
        return article(hits[0]) if hits else None

    def names(self, index: Index) -> tuple[Name, ...]:
        """All sections or all people, in the order of pinyin, and how many articles each has."""
        return self._sections if index == "section" else self._people

    @functools.cached_property
    def _sections(self) -> tuple[Name, ...]:
        return alphabetical(self._lexicon.counts("section"), usual_reading)

    @functools.cached_property
    def _people(self) -> tuple[Name, ...]:
        return alphabetical(self._lexicon.counts("person"), surname_reading)

    def roles(self, person: str) -> dict[str, int]:
        """In how many articles a person has each role: reporter, correspondent, photographer, or as other author."""
        bodies = [{"size": 0, "track_total_hits": True, "query": {"term": {role: person}}} for role in PERSON]
        found = zip(PERSON, self._snapshot.searches(bodies, "all"), strict=True)
        return {role: answer.total for role, answer in found if answer.total}

    def ids(self) -> list[str]:
        """The ids of all articles, sorted; text that belongs to no article has none here."""
        wanted = {"_source": False, "docvalue_fields": ["id"]}
        hits = self._snapshot.each(all_of([], [_PAGE]), [{"id": "asc"}], wanted)
        return [hit["fields"]["id"][0] for hit in hits]


def _groups(lexicon: ClusterLexicon) -> Iterator[Group]:
    """What stands in each section of each page, counted by the cluster."""
    keys: Sequence[Json] = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in _FIELDS]
    for bucket in lexicon.buckets(keys, {"furniture": {"filter": _PAGE}}):
        newspaper, day, issue_no, page_no, section = (bucket["key"][name] for name in _FIELDS)
        texts = bucket["doc_count"]
        articles = texts - bucket["furniture"]["doc_count"]
        yield Group(newspaper, _date(day), issue_no, page_no or "", section, articles, texts)


def _date(day: int | None) -> datetime.date | None:
    return datetime.date(day // 10000, day // 100 % 100, day % 100) if day else None


def _on(newspaper: str | None, date: datetime.date | None, issue_no: str | None, page_no: str) -> Json:
    """What stands on a page of an issue."""
    day = day_number(date) if date else None
    values: dict[str, str | int | None] = {"newspaper": newspaper, "day": day, "page_no": page_no}
    if not date:
        values["issue_no"] = issue_no
    known = [{"term": {name: value}} for name, value in values.items() if value]
    return all_of(known, [{"exists": {"field": name}} for name, value in values.items() if not value])
