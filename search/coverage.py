"""The report on the archive, from the current generation."""

from __future__ import annotations

from index.report import coverage as report
from index.report.model import Coverage
from search.snapshot import Snapshot


def coverage(snapshot: Snapshot) -> Coverage:
    """What the archive holds and what is wrong with it. Every article is read: some seconds for a large archive."""
    docs = snapshot.searcher.reader().all_doc_ids()
    return report.coverage(snapshot.manifest, map(snapshot.article, docs))
