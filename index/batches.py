"""Articles in batches, each of which one process turns into terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.model import Article

SIZE = 200_000
"""Characters that are turned into terms at a time."""

Batch = list[tuple[str, Article]]
"""Articles, each with the name of its file."""


def batches(articles: Iterable[tuple[str, Article]]) -> Iterator[Batch]:
    """All of ``articles``, in order."""
    batch: Batch = []
    size = 0
    for name, article in articles:
        batch.append((name, article))
        size += len(article.printed)
        if size >= SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
