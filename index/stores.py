"""The store of a place: a directory, or a cluster."""

from __future__ import annotations

from pathlib import Path

from index.cluster.address import Address
from index.directory import Directory
from index.reindex import Store


def store_at(place: Path | Address) -> Store:
    """Where the generations of an archive are kept.

    Raises:
        ClusterRefusedError: the library that speaks with clusters is not installed.
    """
    if isinstance(place, Path):
        return Directory(place)
    from index.cluster.building import ClusterStore
    from index.cluster.connection import Cluster

    return ClusterStore(Cluster(place))
