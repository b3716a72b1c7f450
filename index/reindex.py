"""Page files to a published index: the one way an index is made or brought up to date."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from index import files, segment, store
from index.errors import ArchiveError, StoreError, UnreadableFileError
from index.files import PageFile
from index.formats import read_pages
from index.model import Article, Page
from index.schema import SCHEMA_VERSION, document
from index.store import Manifest, SourceFile
from index.writer import BulkWriter

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the file about to be read."""


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a run did. ``failed`` maps files to the reason; ``notes`` maps files to doubts about them.

    ``generation`` is the one that this run made or found up to date, None if neither; ``published`` tells
    whether this run made it.
    """

    generation: str | None
    published: bool
    files: int
    read: int
    articles: int
    kinds: dict[str, int]
    failed: dict[str, str]
    notes: dict[str, tuple[str, ...]]
    seconds: float


@dataclass(slots=True)
class _Tally:
    """What has been read so far."""

    sources: dict[str, SourceFile] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    failed_digests: dict[str, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)
    notes: dict[str, list[str]] = field(default_factory=dict)


def reindex(
    paths: Iterable[Path],
    directory: Path,
    *,
    if_needed: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> ReindexReport:
    """Read the page files below ``paths`` into a new generation of the index in ``directory``.

    A file that cannot be read is reported and the rest goes on. With ``if_needed`` an index that these very
    files and this code made is left alone; with ``dry_run`` everything is read and nothing written.

    Raises:
        ArchiveError: there is no page file below ``paths``.
        StoreError: the index is locked by another run or not writable.
    """
    started = datetime.datetime.now()
    found = list(files.find(paths))
    if not found:
        raise ArchiveError(f"没有找到报纸文件（{'、'.join('*' + suffix for suffix in files.SUFFIXES)}）")
    tally = _Tally()
    generation = None
    if dry_run:
        for _ in _articles(found, tally, progress):
            pass
    else:
        with store.writing(directory):
            generation = _unchanged(directory, found) if if_needed else None
            if generation is None:
                generation = _build(directory, found, tally, progress)
    seconds = (datetime.datetime.now() - started).total_seconds()
    return _report(generation, found, tally, seconds)


def _unchanged(directory: Path, found: list[PageFile]) -> str | None:
    """The current generation, if building it again would give the same."""
    try:
        generation = store.current_generation(directory)
        manifest = store.read_manifest(directory, generation)
        store.check(directory, manifest)
    except StoreError:
        return None
    known = {name: source.digest for name, source in manifest.sources.items()} | manifest.failed_digests
    same = manifest.code == store.code_fingerprint() and known == {file.name: _digest(file) for file in found}
    return generation if same else None


def _digest(file: PageFile) -> str:
    """The digest of a file, empty if it cannot be read."""
    try:
        return files.digest(file.path)
    except UnreadableFileError:
        return ""


def _build(directory: Path, found: list[PageFile], tally: _Tally, progress: Progress) -> str | None:
    """The name of the new generation; None, and nothing published, if no file could be read."""
    segment.load()
    generation, index = store.new_generation(directory)
    try:
        with BulkWriter(index) as writer:
            for file, article in _articles(found, tally, progress):
                writer.add_document(**document(article, file.name))
        index.close()
        if tally.sources:
            store.publish(directory, _manifest(generation, tally))
    except BaseException:
        store.discard(directory, generation)
        raise
    if not tally.sources:
        store.discard(directory, generation)
        return None
    store.clean(directory)
    return generation


def _articles(found: list[PageFile], tally: _Tally, progress: Progress) -> Iterator[tuple[PageFile, Article]]:
    """Every article of the files, each with an id of its own; what cannot be read is noted in ``tally``."""
    for done, file in enumerate(found):
        progress(done, len(found), file.name)
        digest, count = _digest(file), 0
        try:
            for page in read_pages(file.path, file.name):
                notes = tally.notes.setdefault(file.name, [])
                notes += page.notes
                for article in (*page.articles, *_furniture(page)):
                    count += 1
                    tally.kinds[article.kind] += 1
                    yield file, _unique(article, tally.ids, notes)
            tally.sources[file.name] = SourceFile(digest, count, tuple(tally.notes.get(file.name, ())))
        except UnreadableFileError as error:
            tally.failed[file.name] = str(error)
            tally.failed_digests[file.name] = digest
    progress(len(found), len(found), "")


def _furniture(page: Page) -> Iterator[Article]:
    """What belongs to no article of a page, as one entry, so that no text is out of reach."""
    text = "\n".join(filter(str.strip, page.furniture))
    if text:
        said = page.metadata
        digest = hashlib.blake2b(f"{said}\n{text}".encode(errors="surrogatepass"), digest_size=5)
        yield Article(
            id=f"page-{digest.hexdigest()}", source=Path(page.source).name, body=text, printed=text,
            kind="page", newspaper=said.newspaper, issue_no=said.issue_no, date=said.date,
            page_no=said.page_no, section=said.section,
        )


def _unique(article: Article, ids: Counter[str], notes: list[str]) -> Article:
    """``article``, its id made one that no article before it has; ``ids`` counts who asked for each."""
    name = article.id
    while name in ids:
        ids[article.id] += 1
        name = f"{article.id}-{ids[article.id]}"
    ids[name] += 1
    if name == article.id:
        return article
    if article.kind != "page":
        notes.append(f"《{article.title or '无题'}》的编号 {article.id} 已有别的文章，改为 {name}")
    return replace(article, id=name)


def _manifest(generation: str, tally: _Tally) -> Manifest:
    return Manifest(
        generation=generation,
        created=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        schema_version=SCHEMA_VERSION,
        fingerprint=store.fingerprint(),
        code=store.code_fingerprint(),
        articles=sum(tally.kinds.values()),
        sources=tally.sources,
        failed=tally.failed,
        failed_digests=tally.failed_digests,
    )


def _report(generation: str | None, found: list[PageFile], tally: _Tally, seconds: float) -> ReindexReport:
    return ReindexReport(
        generation=generation,
        published=bool(generation and tally.sources),
        files=len(found),
        read=len(tally.sources),
        articles=sum(tally.kinds.values()),
        kinds=dict(tally.kinds.most_common()),
        failed=tally.failed,
        notes={name: tuple(notes) for name, notes in tally.notes.items() if notes},
        seconds=seconds,
    )
