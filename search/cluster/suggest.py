"""What an archive on a cluster can suggest: its words and names, and the titles of its newest articles."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import numpy as np

from search.cluster.lexicon import ClusterLexicon
from search.cluster.runs import NEWEST
from search.cluster.snapshot import ClusterSnapshot
from search.entries import weighed
from search.model import Reason
from search.suggest import NAME_FIELDS, Suggester

TITLES = 200_000
"""So many articles, the newest, have their titles suggested."""


def suggester(snapshot: ClusterSnapshot, lexicon: ClusterLexicon) -> Suggester:
    """Collect what may be suggested: some seconds for a large archive."""
    names: Counter[str] = Counter()
    for field in NAME_FIELDS:
        names.update(dict(lexicon.counts(field)))
    counts = snapshot.vocabulary.counts
    texts: dict[Reason, dict[str, int]] = {
        "word": weighed((zone, word, count) for zone, own in counts.items() for word, count in sorted(own.items())),
        "name": names,
        "section": dict(lexicon.counts("section")),
    }
    titles = _titles(snapshot)
    joined = "".join(f"{bare}\0" for bare, _ in titles)
    return Suggester.of(texts, joined, np.arange(len(titles)), lambda doc: titles[doc][1])


def _titles(snapshot: ClusterSnapshot) -> list[tuple[str, str | None]]:
    """What matching sees of the titles of the newest articles, and the titles."""
    hits = snapshot.each({"match_all": {}}, NEWEST, {"_source": ["title", "heading"]})
    sources = (hit["_source"] for hit in islice(hits, TITLES))
    return [(source.get("heading", ""), source.get("title")) for source in sources]
