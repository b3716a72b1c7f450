"""Page files to a published index: the one way an index is made or brought up to date."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from index import corrections, files, store
from index.companions import Companions, picture
from index.corrections import Corrections
from index.directory import Directory
from index.errors import ArchiveError, StoreError, UnreadableFileError
from index.files import PageFile
from index.intake import Base, Intake, Progress
from index.manifest import Manifest, Rejected, SourceFile, without
from index.model import Article
from index.processes import Processes
from index.schema import SCHEMA_VERSION
from index.sidecar import Sidecars


class Build(Protocol):
    """A generation that is being made; ``base`` are the articles that stay of the one it is built upon."""

    @property
    def generation(self) -> str: ...

    @property
    def base(self) -> Base: ...

    def add(self, articles: Iterable[tuple[str, Article]], processes: Processes) -> Sequence[Rejected]:
        """Write articles, each with the name of its file; those that could not be."""

    def publish(self, manifest: Manifest) -> None:
        """Make it the generation that answers; nothing is added to it any more."""


class Store(Protocol):
    """Where generations are kept."""

    def writing(self) -> AbstractContextManager[None]:
        """Nobody else writes meanwhile.

        Raises:
            IndexLockedError, IndexNotWritableError
        """

    def manifest(self) -> Manifest:
        """What the generation that answers holds.

        Raises:
            StoreError: there is none that the running code may build upon.
        """

    def published(self) -> Manifest:
        """The same, whoever made it.

        Raises:
            StoreError: there is none.
        """

    def is_current(self) -> bool:
        """Whether the running code and dictionaries are those that made the published generation."""

    def size(self) -> int:
        """The bytes that all generations take."""

    def files_of(self, manifest: Manifest, articles: set[str]) -> set[str]:
        """The files that some articles of a generation were read from; ids that it has not are passed over."""

    def building(self, base: str | None) -> AbstractContextManager[Build]:
        """A new generation, empty or upon another; it is discarded unless it is published."""

    def clean(self) -> None:
        """Remove what is no more needed, and what killed runs have left."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a run did.

    ``generation`` is the one that this run made or found up to date, None if neither; ``published`` tells whether
    this run made it. ``read`` counts the new and changed files, ``kept`` those that had not changed, ``removed`` those
    that are gone; articles, kinds, ``failed`` (file: reason) and ``notes`` (file: doubts) are of all files.
    """

    generation: str | None
    published: bool
    files: int
    read: int
    kept: int
    removed: int
    articles: int
    kinds: dict[str, int]
    failed: dict[str, str]
    notes: dict[str, tuple[str, ...]]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done.

    ``found`` are all files that are there; ``kept`` is what is known of those that have not changed, ``gone`` of those
    that have changed or are no more, of what the generation ``base`` holds. ``root`` is the folder that names are
    relative to; ``moved`` tells that it was another one. ``sidecars`` and ``corrections`` are what the operator says,
    ``companions`` lie beside the files.
    """

    root: str
    found: tuple[PageFile, ...]
    sidecars: Sidecars
    corrections: Corrections
    kept: Mapping[str, SourceFile] = field(default_factory=dict)
    gone: Mapping[str, SourceFile] = field(default_factory=dict)
    base: str | None = None
    moved: bool = False
    stale: tuple[str, ...] = ()
    companions: Companions = field(default_factory=Companions)

    @property
    def nothing_to_do(self) -> bool:
        return self.base is not None and len(self.kept) == len(self.found) and not self.gone and not self.moved


def reindex(
    paths: Iterable[Path],
    directory: Path,
    *,
    full: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda *_: None,
) -> ReindexReport:
    """Bring the index in a directory up to date: ``update``."""
    return update(paths, Directory(directory), full=full, dry_run=dry_run, jobs=jobs, progress=progress)


def update(
    paths: Iterable[Path],
    kept: Store,
    *,
    full: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda *_: None,
) -> ReindexReport:
    """Bring the index that is ``kept`` somewhere to what the page files below ``paths`` say, as a new generation.

    Only files that are new or changed are read, and the other pages of an issue in which articles go on on another
    page, unless ``full`` is set or the code has changed; articles of files that are gone are removed. What results is
    what a full run would make, but that an article which had to take another id, because the one it asked for was in
    use, keeps it until its file changes. A file that cannot be read is reported and the rest goes on. With
    ``dry_run`` everything is read and nothing written. ``jobs`` processes read, several by default where there is
    much to read; what results is the same.

    Raises:
        ArchiveError: there is no page file below ``paths``.
        StoreError: the index is locked by another run or not writable, or a process was killed.
    """
    started = time.time()
    paths = tuple(paths)
    found, root = tuple(files.find(paths)), files.root(paths)
    if not found:
        raise ArchiveError(files.NO_PAGES)
    everything = _Plan(root, found, Sidecars(root), corrections.read([Path(root), *paths] if root else paths))
    if dry_run:
        intake = _intake(everything, _Empty())
        with Processes(jobs or _jobs(everything)) as processes:
            deque(intake.articles(processes, progress), maxlen=0)
        return _report(None, everything, intake.sources, intake, intake.stale, started)
    with kept.writing():
        plan = everything if full else _plan(kept, everything)
        if plan.nothing_to_do:
            kept.clean()  # what a run killed after publishing has left
            intake = _intake(plan, _Empty())
            return _report(plan.base, plan, intake.sources, intake, plan.stale, started)
        return _build(kept, plan, jobs or _jobs(plan), started, progress)


def _plan(kept: Store, everything: _Plan) -> _Plan:
    """What has to be read again; everything, if the current generation is not of this code."""
    try:
        manifest = kept.manifest()
    except StoreError:
        return everything
    if manifest.code != store.code_fingerprint():
        return everything
    renewed = corrections.changed(manifest.corrections, everything.corrections)
    corrected = kept.files_of(manifest, renewed) if renewed else set()
    unchanged = {
        file.name: known for file in everything.found
        if file.name not in corrected and (known := _unchanged(file, manifest, everything))
    }
    return replace(
        everything,
        kept=unchanged,
        gone={name: source for name, source in manifest.sources.items() if name not in unchanged},
        base=manifest.generation,
        moved=everything.root != manifest.root,
        stale=manifest.stale,
    )


def _unchanged(file: PageFile, manifest: Manifest, plan: _Plan) -> SourceFile | None:
    """What is known of a file if neither it, nor what its sidecar says of it, nor what is read with it has changed.

    Size and time of change tell; where it was touched, or was written just before the last run, its bytes.
    """
    known, sidecar = manifest.sources.get(file.name), plan.sidecars.of(file)
    if known is None or known.settings != (sidecar.digest(file.path) if sidecar else ""):
        return None
    if known.companions != plan.companions.digest(file, sidecar):
        return None
    if any(files.stamp(picture(file, name)) != before for name, before in known.pictures.items()):
        return None
    stamp = files.stamp(file.path)
    settled = stamp[1] < (manifest.created - _CLOCK_TICK) * 1e9
    if known.digest and settled and stamp == known.stamp:
        return known
    try:
        same = files.digest(file.path) == known.digest
    except UnreadableFileError as error:
        same = str(error) == known.failure
    return replace(known, stamp=stamp) if same else None


def _intake(plan: _Plan, base: Base) -> Intake:
    return Intake(plan.found, plan.kept, plan.gone, base, plan.sidecars, plan.corrections, plan.companions)


_CLOCK_TICK = 3.0
"""Seconds within which two changes of a file may bear the same time (FAT counts in twos)."""

_MUCH = 4 * 1024 * 1024
"""Bytes of page files from which several processes pay for the second that each takes to start."""

_MOST_JOBS = 4
"""More processes have to wait for the one that writes."""


def _jobs(plan: _Plan) -> int:
    """How many processes are to read."""
    size = sum(files.stamp(file.path)[0] for file in plan.found if file.name not in plan.kept)
    return min(_MOST_JOBS, os.cpu_count() or 1) if size >= _MUCH else 1


def _build(kept: Store, plan: _Plan, jobs: int, started: float, progress: Progress) -> ReindexReport:
    """Make and publish the new generation; none, if no file could be read."""
    with kept.building(plan.base) as build:
        intake = _intake(plan, build.base)
        with Processes(jobs) as processes:
            rejected = build.add(intake.articles(processes, progress), processes)
        stale, sources = intake.stale, without(intake.sources, rejected)
        readable = any(not source.failure for source in sources.values())
        if readable:
            build.publish(_manifest(build.generation, sources, plan, stale, started))
    if readable:
        kept.clean()
    return _report(build.generation if readable else None, plan, sources, intake, stale, started)


class _Empty(frozenset[str]):
    """No articles at all."""

    def remove(self, names: Iterable[str]) -> None:
        pass


def _manifest(
    generation: str, sources: dict[str, SourceFile], plan: _Plan, stale: tuple[str, ...], started: float
) -> Manifest:
    return Manifest(
        generation=generation,
        created=started,
        schema_version=SCHEMA_VERSION,
        fingerprint=store.fingerprint(),
        code=store.code_fingerprint(),
        sources=sources,
        root=plan.root,
        corrections=dict(plan.corrections),
        stale=stale,
    )


def _report(
    generation: str | None, plan: _Plan, sources: dict[str, SourceFile], intake: Intake, stale: tuple[str, ...],
    started: float,
) -> ReindexReport:
    kinds = sum((Counter(source.kinds) for source in sources.values()), Counter[str]())
    notes = {name: source.notes for name, source in sources.items()} | {corrections.NAME: stale}
    return ReindexReport(
        generation=generation,
        published=generation is not None and generation != plan.base,
        files=len(sources),
        read=intake.read,
        kept=len(plan.kept),
        removed=len(set(plan.gone) - set(sources)),
        articles=kinds.total(),
        kinds=dict(kinds.most_common()),
        failed={name: source.failure for name, source in sources.items() if source.failure},
        notes={name: notes for name, notes in notes.items() if notes},
        seconds=time.time() - started,
    )
