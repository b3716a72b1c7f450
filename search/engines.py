"""The searcher of a place: over an index directory, or over a cluster."""

from __future__ import annotations

from pathlib import Path

from index.cluster.address import Address
from search.protocol import AnySearcher


def searcher_at(place: Path | Address) -> AnySearcher:
    """Who answers from the archive that is kept there; it is opened by the first who asks.

    Raises:
        ClusterRefusedError: the library that speaks with clusters is not installed.
    """
    if isinstance(place, Path):
        from search.searcher import Searcher

        return Searcher(place)
    from index.cluster.connection import Cluster
    from search.cluster.searcher import ClusterSearcher

    return ClusterSearcher(Cluster(place))
