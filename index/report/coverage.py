"""The report on an archive, put together in one walk over its articles."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from index.manifest import Manifest
from index.model import Article
from index.pages.jump import jumps
from index.pages.ngrams import Array, codes_of
from index.report import garble
from index.report.duplicates import Texts
from index.report.holdings import Issues
from index.report.model import Coverage, Failure, Garbled, Mention, Short, Unjoined

SHORT = 30
"""News of fewer characters is no more than a title, or a piece of an article."""

_RUNNING_TEXT = ("news", "feature", "essay")
_BATCH = 500


def coverage(manifest: Manifest, articles: Iterable[Article]) -> Coverage:
    """The report on an archive. ``articles`` are all there are, page furniture included, and are read once.

    The work grows with their text.
    """
    issues, texts = Issues(), Texts()
    short: list[Short] = []
    garbled: list[Garbled] = []
    unjoined: list[Unjoined] = []
    count = 0
    for batch in _batches(articles):
        for article in batch:
            issues.add(article)
        batch = [article for article in batch if article.kind != "page"]
        count += len(batch)
        codes = codes_of([article.body for article in batch])
        texts.add(batch, codes)
        short += _short(batch)
        garbled += _garbled(batch, codes)
        unjoined += _unjoined(batch)
    return Coverage(
        articles=count,
        holdings=issues.holdings(),
        undated=tuple(name for name, source in manifest.sources.items() if source.undated),
        unnumbered=tuple(name for name, source in manifest.sources.items() if source.unnumbered),
        short=tuple(sorted(short, key=lambda found: found.characters)),
        garbled=tuple(sorted(garbled, key=lambda found: -found.share)),
        duplicates=texts.duplicates(),
        unjoined=tuple(unjoined),
        failed=tuple(itertools.starmap(Failure, manifest.failed.items())),
        stale=manifest.stale,
    )


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    articles = iter(articles)
    while batch := list(itertools.islice(articles, _BATCH)):
        yield batch


def _short(articles: Iterable[Article]) -> Iterator[Short]:
    for article in articles:
        size = len("".join(article.body.split()))
        if article.kind in _RUNNING_TEXT and size < SHORT:
            yield Short(Mention.of(article), size)


def _garbled(articles: list[Article], codes: Array) -> Iterator[Garbled]:
    for article, share in zip(articles, garble.shares(codes).tolist(), strict=True):
        if share >= garble.GARBLED:
            yield Garbled(Mention.of(article), round(share, 3))


def _unjoined(articles: Iterable[Article]) -> Iterator[Unjoined]:
    """A whole article has its first jump onward and its last one back, for its printed text holds all parts."""
    for article in articles:
        found = jumps(article.printed)
        if found and (not found[0].onward or found[-1].onward):
            yield Unjoined(Mention.of(article), tuple(jump.text for jump in found))
