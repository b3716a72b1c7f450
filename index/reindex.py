"""Page files to a published index: the one way an index is made or brought up to date."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
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
    """What is to be done: files to read, what is known of the others, files whose articles go, from which generation."""

    read: tuple[PageFile, ...]
    kept: dict[str, SourceFile]
    gone: tuple[str, ...] = ()
    base: str | None = None

    @property
    def nothing_to_do(self) -> bool:
        return self.base is not None and not self.read and not self.gone


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
    that are gone are removed. A file that cannot be read is reported and the rest goes on. With ``dry_run``
    everything is read and nothing written.

    Raises:
        ArchiveError: there is no page file below ``paths``.
        StoreError: the index is locked by another run or not writable.
    """
    started = time.time()
    found = tuple(files.find(paths))
    if not found:
        raise ArchiveError(f"没有找到报纸文件（{'、'.join('*' + suffix for suffix in files.SUFFIXES)}）")
    if dry_run:
        sources: dict[str, SourceFile] = {}
        for _ in _articles(found, sources, Counter(), progress):
            pass
        return _report(None, _Plan(found, {}), sources, started)
    with store.writing(directory):
        plan = _Plan(found, {}) if full else _plan(directory, found)
        if plan.nothing_to_do:
            return _report(plan.base, plan, plan.kept, started)
        return _build(directory, plan, started, progress)


def _plan(directory: Path, found: tuple[PageFile, ...]) -> _Plan:
    """What has to be read again; everything, if the current generation is not of this code."""
    try:
        manifest = store.read_manifest(directory, store.current_generation(directory))
        store.check(directory, manifest)
    except StoreError:
        return _Plan(found, {})
    if manifest.code != store.code_fingerprint():
        return _Plan(found, {})
    kept = {file.name: manifest.sources[file.name] for file in found if _is_unchanged(file, manifest)}
    return _Plan(
        read=tuple(file for file in found if file.name not in kept),
        kept=kept,
        gone=tuple(name for name in manifest.sources if name not in kept),
        base=manifest.generation,
    )


def _is_unchanged(file: PageFile, manifest: Manifest) -> bool:
    """By size and time of change; by its bytes, where it was touched or was written just before the last run."""
    known = manifest.sources.get(file.name)
    if known is None:
        return False
    stamp = files.stamp(file.path)
    settled = stamp[1] < (manifest.created - _CLOCK_TICK) * 1e9
    return bool(known.digest and settled and stamp == known.stamp) or _digest(file) == known.digest


_CLOCK_TICK = 3.0
"""Seconds within which two changes of a file may bear the same time (FAT counts in twos)."""


def _digest(file: PageFile) -> str:
    """The digest of a file, empty if it cannot be read."""
    try:
        return files.digest(file.path)
    except UnreadableFileError:
        return ""


def _build(directory: Path, plan: _Plan, started: float, progress: Progress) -> ReindexReport:
    """Make and publish the new generation; none, if no file could be read."""
    segment.load()
    sources = dict(plan.kept)
    generation, index = store.new_generation(directory, plan.base)
    try:
        with BulkWriter(index) as writer:
            for name in plan.gone:
                writer.delete_by_term("file", name)
            for file, article in _articles(plan.read, sources, Counter(_ids(writer)), progress):
                writer.add_document(**document(article, file.name))
        index.close()
        readable = any(not source.failure for source in sources.values())
        if readable:
            store.publish(directory, _manifest(generation, sources, started))
    except BaseException:
        store.discard(directory, generation)
        raise
    if not readable:
        store.discard(directory, generation)
        return _report(None, plan, sources, started)
    store.clean(directory)
    return _report(generation, plan, sources, started)


def _ids(writer: BulkWriter) -> Iterator[str]:
    """The ids of the articles that stay."""
    for leaf, _ in writer.reader().leaf_readers():
        for term in leaf.lexicon("id"):
            if any(not leaf.is_deleted(doc) for doc in leaf.postings("id", term).all_ids()):
                yield term.decode()


def _articles(
    found: Iterable[PageFile], sources: dict[str, SourceFile], ids: Counter[str], progress: Progress
) -> Iterator[tuple[PageFile, Article]]:
    """Every article of the files, each with an id that no other has; what is known of each file goes to ``sources``."""
    found = tuple(found)
    for done, file in enumerate(found):
        progress(done, len(found), file.name)
        digest, stamp = _digest(file), files.stamp(file.path)
        kinds: Counter[str] = Counter()
        notes: list[str] = []
        failure = None
        try:
            for page in read_pages(file.path, file.name):
                notes += page.notes
                for article in (*page.articles, *_furniture(page)):
                    kinds[article.kind] += 1
                    yield file, _unique(article, ids, notes)
        except UnreadableFileError as error:
            failure = str(error)
        sources[file.name] = SourceFile(digest, stamp, dict(kinds), tuple(notes), failure)
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


def _manifest(generation: str, sources: dict[str, SourceFile], started: float) -> Manifest:
    return Manifest(
        generation=generation,
        created=started,
        schema_version=SCHEMA_VERSION,
        fingerprint=store.fingerprint(),
        code=store.code_fingerprint(),
        sources=sources,
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
