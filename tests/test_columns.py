"""Columns, facet counts, filters and ranks against plain Python on random archives."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import create_in

from index.engine.writer import BulkWriter
from index.schema import SCHEMA
from search.columns import Columns
from search.evaluator import Matches
from search.top import top

KINDS = ("brief", "essay", "news")
documents = st.fixed_dictionaries({"id": st.text("abc", min_size=1, max_size=2)}, optional={
    "day": st.sampled_from((20231231, 20240101, 20240131)),
    "kind": st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True),
    "title_words": st.just(["工会"]),
})
archives = st.lists(st.lists(documents, max_size=8), min_size=1, max_size=3)
relaxed = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def read(folder: str, segments: list[list[dict[str, Any]]], *, ours: bool = True) -> Columns:
    Path(folder).mkdir()
    index = create_in(folder, SCHEMA)
    for batch in segments:
        writer = BulkWriter(index) if ours else index.writer()
        for fields in batch:
            writer.add_document(article=json.dumps(fields, ensure_ascii=False), **fields)
        writer.commit(merge=False)
    return Columns.read(index.reader())


@relaxed
@given(archives, st.sets(st.integers(0, 23)))
def test_counts_and_masks(segments: list[list[dict[str, Any]]], wanted: set[int]) -> None:
    """Values, years and months are counted over exactly the documents asked about; masks find their documents."""
    rows = [fields for batch in segments for fields in batch]
    docs = np.array(sorted(doc for doc in wanted if doc < len(rows)), np.int64)
    chosen = [rows[doc] for doc in docs]
    with tempfile.TemporaryDirectory() as folder:
        for columns in (read(f"{folder}/ours", segments), read(f"{folder}/theirs", segments, ours=False)):
            assert columns.days.tolist() == [row.get("day", 0) for row in rows]
            for kind in KINDS:
                having = [kind in row.get("kind", ()) for row in rows]
                assert columns.mask("kind", (kind, "nothing")).tolist() == having
            counted = [(kind, sum(kind in row.get("kind", ()) for row in chosen)) for kind in KINDS]
            assert columns.counts("kind", docs) == sorted(filter(lambda pair: pair[1], counted), key=lambda p: -p[1])
            months = [str(row["day"])[:6] for row in chosen if "day" in row]
            assert columns.counts("month", docs) == [
                (f"{month[:4]}-{month[4:]}", months.count(month)) for month in sorted(set(months), reverse=True)
            ]
            assert [count for _, count in columns.counts("year", docs)] == [
                sum(month.startswith(year) for month in months) for year in ("2024", "2023")
                if any(month.startswith(year) for month in months)
            ]


@relaxed
@given(archives, st.data())
def test_every_rank_is_exact(segments: list[list[dict[str, Any]]], data: st.DataObject) -> None:
    """Ranks are those of a full sort: score, then newer day, then id; by date, undated documents come last."""
    rows = [fields for batch in segments for fields in batch]
    scores = data.draw(st.lists(st.sampled_from((-1.5, -0.0, 0.0, 0.25, 3.0)), min_size=len(rows), max_size=len(rows)))
    offset, limit = data.draw(st.integers(0, 10)), data.draw(st.integers(0, 10))
    matches = Matches(np.arange(len(rows)), np.array(scores, np.float32))
    keys = {
        "relevance": lambda doc: (-scores[doc], -rows[doc].get("day", 0), rows[doc]["id"]),
        "newest": lambda doc: (-rows[doc].get("day", 0), rows[doc]["id"]),
        "oldest": lambda doc: (rows[doc].get("day", 99999999), rows[doc]["id"]),
    }
    with tempfile.TemporaryDirectory() as folder:
        columns = read(f"{folder}/index", segments)
        for order, key in keys.items():
            docs, found = top(matches, limit, order, columns, offset=offset)
            expected = sorted(range(len(rows)), key=key)[offset : offset + limit]
            assert [key(doc) for doc in docs.tolist()] == [key(doc) for doc in expected]
            assert found.tolist() == [scores[doc] for doc in docs.tolist()]
