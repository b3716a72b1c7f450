"""Readings to articles: pages of one issue joined, ids told apart, and what is known of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from index.companions import Companions, is_web, picture
from index.corrections import Corrections, corrected
from index.errors import UnreadableFileError
from index.files import PageFile, stamp
from index.manifest import SourceFile
from index.model import Article, Page
from index.neighbours import Neighbours, Said, may_take, said
from index.pages.continued import issue_of
from index.processes import Processes
from index.reading import Reading, entries, pages_of, read
from index.sidecar import Sidecars
from index.spool import Spool

_NO_ISSUE = "?"
"""Begins what stands for the issue of pages that belong to none."""

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the file about to be read."""


class Base(Protocol):
    """The articles that stay, of the generation that a new one is built upon."""

    def __contains__(self, article_id: object) -> bool: ...

    def remove(self, names: Iterable[str]) -> None:
        """Remove the articles of files."""


@dataclass(slots=True)
class _Tally:
    """What becomes known of a file while its pages pass by."""

    reading: Reading
    companions: str
    failure: str | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    newspapers: Counter[str] = field(default_factory=Counter)
    days: set[str] = field(default_factory=set)
    undated: int = 0
    unnumbered: int = 0
    issues: dict[str, bool] = field(default_factory=dict)
    pages: list[Said] = field(default_factory=list)
    neighbours: str = ""
    pictures: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def count(self, article: Article) -> None:
        self.kinds[article.kind] += 1
        if article.newspaper:
            self.newspapers[article.newspaper] += 1
        if article.date:
            self.days.add(article.date.isoformat())
        self.undated += article.date is None
        self.unnumbered += article.page_no is None

    def source(self) -> SourceFile:
        sidecar = self.reading.sidecar
        return SourceFile(
            digest=self.reading.digest,
            stamp=self.reading.stamp,
            kinds=self.kinds,
            newspapers=self.newspapers,
            days=(min(self.days), max(self.days)) if self.days else None,
            notes=tuple(self.notes),
            failure=self.failure,
            undated=self.undated,
            unnumbered=self.unnumbered,
            issues=self.issues,
            settings=sidecar.digest(self.reading.file.path) if sidecar else "",
            companions=self.companions,
            pages=tuple(self.pages),
            neighbours=self.neighbours,
            pictures=self.pictures,
        )


class Intake:
    """The articles of files that are new or changed, and of those that are read again for the sake of these.

    ``found`` are all files that are there; ``kept`` is what is known of those that have not changed, ``gone`` of those
    that have changed or are no more. ``sidecars`` speak for files; ``corrections`` are made in the articles;
    ``companions`` lie beside files. When all articles have been taken, ``sources`` is what is known of all files.
    """

    def __init__(
        self, found: Iterable[PageFile], kept: Mapping[str, SourceFile], gone: Mapping[str, SourceFile], base: Base,
        sidecars: Sidecars, corrections: Corrections, companions: Companions,
    ) -> None:
        self._found = {file.name: file for file in found}
        self._kept = dict(kept)
        self._gone = gone
        self._base = base
        self._sidecars = sidecars
        self._corrections = corrections
        self._companions = companions
        self._ids: Counter[str] = Counter()
        self._tallies: dict[str, _Tally] = {}

    @property
    def sources(self) -> dict[str, SourceFile]:
        """What is known of each file, by its name."""
        read_now = {name: tally.source() for name, tally in self._tallies.items()}
        return {name: source for name in self._found if (source := read_now.get(name) or self._kept.get(name))}

    @property
    def read(self) -> int:
        """How many new and changed files have been read, without those that could not be."""
        return sum(not tally.failure for name, tally in self._tallies.items() if name not in self._kept)

    def articles(self, processes: Processes, progress: Progress) -> Iterator[tuple[str, Article]]:
        """Every article that is to be indexed, each with an id that no other has, and the name of its file.

        Pages of an issue are put aside until all its pages are there, for their articles may have to be joined; so are
        pages that may have to take from others what they do not say.
        """
        self._base.remove(self._gone)
        with Spool() as spool:
            yield from self._streamed([f for f in self._found.values() if f.name not in self._kept],
                                      spool, processes, progress)
            known = {name: source.pages for name, source in self._kept.items()}
            neighbours = Neighbours(known | {name: tally.pages for name, tally in self._tallies.items()})
            again = self._entangled(spool, neighbours)
            self._base.remove(again)
            yield from self._streamed([self._found[name] for name in again], spool, processes, progress)
            for name, page in spool.pages():
                yield from self._given(name, neighbours.informed(name, page))
            for name, tally in self._tallies.items():
                tally.neighbours = neighbours.of_file(name)
        progress(len(self._tallies), len(self._tallies), "")

    def _streamed(
        self, files: list[PageFile], spool: Spool, processes: Processes, progress: Progress
    ) -> Iterator[tuple[str, Article]]:
        """Read files; what belongs to an issue goes to ``spool``, the rest is given."""
        done = len(self._tallies)
        for number, (file, reading) in enumerate(zip(files, self._readings(files, processes), strict=True), done):
            progress(number, done + len(files), file.name)
            tally = self._tallies[file.name] = _Tally(reading, self._companions.digest(file, reading.sidecar))
            try:
                for page in pages_of(reading):
                    tally.pages.append(said(page.metadata))
                    if page.scan and is_web(file.path):
                        tally.pictures[page.scan.file] = stamp(picture(file, page.scan.file))
                    if issue := issue_of(page):
                        tally.issues[issue] = spool.add(issue, file.name, page) or tally.issues.get(issue, False)
                    elif may_take(file.name, tally.pages[-1]):
                        spool.add(f"{_NO_ISSUE}{file.name}", file.name, page)
                    else:
                        yield from self._given(file.name, page)
            except UnreadableFileError as error:
                tally.failure = str(error)

    def _readings(self, files: list[PageFile], processes: Processes) -> Iterator[Reading]:
        return processes.map(read, ((file, self._sidecars.of(file)) for file in files))

    def _given(self, name: str, page: Page) -> Iterator[tuple[str, Article]]:
        tally = self._tallies[name]
        tally.notes += page.notes
        for article in entries(page):
            tally.count(article)
            article = self._unique(article, tally.notes)
            if article.id in self._corrections:
                article, notes = corrected(article, self._corrections[article.id])
                tally.notes += notes
            yield name, article

    @property
    def stale(self) -> tuple[str, ...]:
        """A note for each article that is to be corrected and is not there."""
        missing = (name for name in self._corrections if name not in self._ids and name not in self._base)
        return tuple(f"更正没有用上：没有编号是 {name} 的文章" for name in missing)

    def _entangled(self, spool: Spool, neighbours: Neighbours) -> list[str]:
        """The kept files that have to be read again for the sake of others.

        These are files with pages that now take something else from their neighbours, and such with pages of issues
        that have changed and in which articles go on on other pages; and so the other files of these issues.
        """
        sources = [*self._gone.values(), *self._kept.values()]
        jumping = spool.jumping | {issue for source in sources for issue, jumps in source.issues.items() if jumps}
        names = {name for name, source in self._kept.items() if neighbours.of_file(name) != source.neighbours}
        renewed = [*self._gone.values(), *(self._kept[name] for name in names)]
        changed = spool.issues | {issue for source in renewed for issue in source.issues}
        while issues := changed & jumping:
            names |= {name for name, source in self._kept.items() if issues & source.issues.keys()}
            jumping -= issues
            changed = {issue for name in names for issue in self._kept[name].issues}
        return sorted(names)

    def _unique(self, article: Article, notes: list[str]) -> Article:
        """``article``, its id made one that no other has."""
        name, ids = article.id, self._ids
        while name in ids or name in self._base:
            ids[article.id] = max(ids[article.id], 1) + 1
            name = f"{article.id}-{ids[article.id]}"
        ids[name] += 1
        if name == article.id:
            return article
        if article.kind != "page":
            notes.append(f"《{article.title or '无题'}》的编号 {article.id} 已有别的文章，改为 {name}")
        return replace(article, id=name)
