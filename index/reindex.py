"""Page files to a published index: the one way an index is made or brought up to date."""

from __future__ import annotations

import datetime
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index import files, store
from index.engine.writer import BulkWriter
from index.errors import ArchiveError, StoreError, UnreadableFileError
from index.files import PageFile
from index.formats import read_pages
from index.manifest import Manifest, SourceFile
from index.model import Article, Page
from index.pages.repair import tidy
from index.schema import SCHEMA_VERSION, document

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the file about to be read."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a run did.

    ``generation`` is the one that this run made or found up to date, None if neither; ``published`` tells whether
    this run made it. ``read`` counts the files read now, ``kept`` those that had not changed, ``removed`` those
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

    ``read`` are the files to read, ``kept`` what is known of the others, ``gone`` the files whose articles are
    removed from what the generation ``base`` holds. ``root`` is the folder that names are relative to; ``moved``
    tells that it was another one.
    """

    root: str
    read: tuple[PageFile, ...]
    kept: dict[str, SourceFile]
    gone: tuple[str, ...] = ()
    base: str | None = None
    moved: bool = False

    @property
    def nothing_to_do(self) -> bool:
        return self.base is not None and not self.read and not self.gone and not self.moved


def reindex(
    paths: Iterable[Path],
    directory: Path,
    *,
    full: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> ReindexReport:
    """Bring the index in ``directory`` to what the page files below ``paths`` say, as a new generation.

    Only files that are new or changed are read, unless ``full`` is set or the code has changed; articles of files
    that are gone are removed. What results is what a full run would make, but that an article which had to take
    another id, because the one it asked for was in use, keeps it until its file changes. A file that cannot be
    read is reported and the rest goes on. With ``dry_run`` everything is read and nothing written.

    Raises:
        ArchiveError: there is no page file below ``paths``.
        StoreError: the index is locked by another run or not writable.
    """
    started = time.time()
    paths = tuple(paths)
    found, root = tuple(files.find(paths)), files.root(paths)
    if not found:
        raise ArchiveError(f"没有找到报纸文件（{'、'.join('*' + suffix for suffix in files.SUFFIXES)}）")
    if dry_run:
        sources: dict[str, SourceFile] = {}
        for _ in _articles(found, sources, frozenset(), progress):
            pass
        return _report(None, _Plan(root, found, {}), sources, started)
    with store.writing(directory):
        plan = _Plan(root, found, {}) if full else _plan(directory, found, root)
        if plan.nothing_to_do:
            store.clean(directory)  # what a run killed after publishing has left
            return _report(plan.base, plan, plan.kept, started)
        return _build(directory, plan, started, progress)


def _plan(directory: Path, found: tuple[PageFile, ...], root: str) -> _Plan:
    """What has to be read again; everything, if the current generation is not of this code."""
    try:
        manifest = store.read_manifest(directory, store.current_generation(directory))
        store.check(directory, manifest)
    except StoreError:
        return _Plan(root, found, {})
    if manifest.code != store.code_fingerprint():
        return _Plan(root, found, {})
    kept = {file.name: known for file in found if (known := _unchanged(file, manifest))}
    return _Plan(
        root=root,
        read=tuple(file for file in found if file.name not in kept),
        kept=kept,
        gone=tuple(name for name in manifest.sources if name not in kept),
        base=manifest.generation,
        moved=root != manifest.root,
    )


def _unchanged(file: PageFile, manifest: Manifest) -> SourceFile | None:
    """What is known of a file if it has not changed.

    Size and time of change tell; where it was touched, or was written just before the last run, its bytes.
    """
    known = manifest.sources.get(file.name)
    if known is None:
        return None
    stamp = files.stamp(file.path)
    settled = stamp[1] < (manifest.created - _CLOCK_TICK) * 1e9
    if known.digest and settled and stamp == known.stamp:
        return known
    digest, failure = _digest(file)
    same = digest == known.digest if digest else failure == known.failure
    return replace(known, stamp=stamp) if same else None


_CLOCK_TICK = 3.0
"""Seconds within which two changes of a file may bear the same time (FAT counts in twos)."""


def _digest(file: PageFile) -> tuple[str, str | None]:
    """The digest of a file, or why it cannot be read."""
    try:
        return files.digest(file.path), None
    except UnreadableFileError as error:
        return "", str(error)


def _build(directory: Path, plan: _Plan, started: float, progress: Progress) -> ReindexReport:
    """Make and publish the new generation; none, if no file could be read."""
    sources = dict(plan.kept)
    generation, index = store.new_generation(directory, plan.base)
    try:
        with BulkWriter(index) as writer:
            searcher = writer.searcher()
            for name in plan.gone:
                writer.delete_by_term("file", name, searcher)
            for file, article in _articles(plan.read, sources, _Ids(writer), progress):
                writer.add_document(**document(article, file.name))
        index.close()
        readable = any(not source.failure for source in sources.values())
        if readable:
            store.publish(directory, _manifest(generation, sources, plan.root, started))
    except BaseException:
        store.discard(directory, generation)
        raise
    if not readable:
        store.discard(directory, generation)
        return _report(None, plan, sources, started)
    store.clean(directory)
    return _report(generation, plan, sources, started)


class _Ids:
    """The ids of the articles that stay in an index: of those that a writer has not deleted up to now."""

    def __init__(self, writer: BulkWriter) -> None:
        self._reader = writer.reader()

    def __contains__(self, name: object) -> bool:
        return ("id", name) in self._reader and self._reader.postings("id", name).is_active()


def _articles(
    found: tuple[PageFile, ...], sources: dict[str, SourceFile], taken: Container[str], progress: Progress
) -> Iterator[tuple[PageFile, Article]]:
    """Every article of the files, each with an id that no other has, nor is in ``taken``.

    What is known of each file goes to ``sources``.
    """
    ids: Counter[str] = Counter()
    for done, file in enumerate(found):
        progress(done, len(found), file.name)
        stamp = files.stamp(file.path)  # taken before the bytes, so that a change meanwhile shows in the next run
        digest, _ = _digest(file)
        given: list[tuple[str, str | None, datetime.date | None, str | None]] = []
        notes: list[str] = []
        failure = None
        try:
            for page in read_pages(file.path, file.name):
                notes += page.notes
                for article in (*page.articles, *_furniture(page)):
                    given.append((article.kind, article.newspaper, article.date, article.page_no))
                    yield file, _unique(article, ids, taken, notes)
        except UnreadableFileError as error:
            failure = str(error)
        kinds, newspapers, days, pages = zip(*given, strict=True) if given else ((), (), (), ())
        sources[file.name] = SourceFile(
            digest, stamp, Counter(kinds), Counter(filter(None, newspapers)), _period(days), tuple(notes), failure,
            undated=days.count(None), unnumbered=pages.count(None),
        )
    progress(len(found), len(found), "")


def _period(days: Iterable[datetime.date | None]) -> tuple[str, str] | None:
    known = [day.isoformat() for day in days if day]
    return (min(known), max(known)) if known else None


def _furniture(page: Page) -> Iterator[Article]:
    """What belongs to no article of a page, as one entry, so that no text is out of reach."""
    text = "\n".join(filter(str.strip, page.furniture))
    body = "\n".join(filter(None, map(tidy, page.furniture)))
    if body:
        said = page.metadata
        digest = hashlib.blake2b(f"{said}\n{text}".encode(errors="surrogatepass"), digest_size=5)
        yield Article(
            id=f"page-{digest.hexdigest()}", source=Path(page.source).name, body=body, printed=text,
            kind="page", newspaper=said.newspaper, issue_no=said.issue_no, date=said.date,
            page_no=said.page_no, section=said.section, scan=page.scan,
        )


def _unique(article: Article, ids: Counter[str], taken: Container[str], notes: list[str]) -> Article:
    """``article``, its id made one that no other has; ``ids`` counts who asked for each."""
    name = article.id
    while name in ids or name in taken:
        ids[article.id] = max(ids[article.id], 1) + 1
        name = f"{article.id}-{ids[article.id]}"
    ids[name] += 1
    if name == article.id:
        return article
    if article.kind != "page":
        notes.append(f"《{article.title or '无题'}》的编号 {article.id} 已有别的文章，改为 {name}")
    return replace(article, id=name)


def _manifest(generation: str, sources: dict[str, SourceFile], root: str, started: float) -> Manifest:
    return Manifest(
        generation=generation,
        created=started,
        schema_version=SCHEMA_VERSION,
        fingerprint=store.fingerprint(),
        code=store.code_fingerprint(),
        sources=sources,
        root=root,
    )


def _report(
    generation: str | None, plan: _Plan, sources: dict[str, SourceFile], started: float
) -> ReindexReport:
    kinds = sum((Counter(source.kinds) for source in sources.values()), Counter[str]())
    return ReindexReport(
        generation=generation,
        published=generation is not None and generation != plan.base,
        files=len(sources),
        read=sum(not sources[file.name].failure for file in plan.read),
        kept=len(plan.kept),
        removed=len(set(plan.gone) - set(sources)),
        articles=kinds.total(),
        kinds=dict(kinds.most_common()),
        failed={name: source.failure for name, source in sources.items() if source.failure},
        notes={name: source.notes for name, source in sources.items() if source.notes},
        seconds=time.time() - started,
    )
