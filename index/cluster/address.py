"""Where a cluster is, and who asks it; a value that anybody may know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Address:
    """``nodes`` are URLs; ``name`` is the alias of the index, and the beginning of the names of all that belongs to it.

    ``ca`` is the certificate of who vouches for the nodes, where the system's do not. ``shards`` are the parts of a
    new index, ``replicas`` the copies of each part beside the first.
    """

    nodes: tuple[str, ...]
    name: str = "unionnews"
    user: str = ""
    password: str = ""
    ca: Path | None = None
    shards: int = 3
    replicas: int = 1

    def __str__(self) -> str:
        return f"{'、'.join(self.nodes)} 上的 {self.name}"
