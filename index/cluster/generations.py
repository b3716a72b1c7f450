"""Generations on a cluster, and which of them is the current one.

    NAME                    an alias of the index of the current generation
    NAME-GENERATION         an index of articles, never written again once the alias has named it
    NAME-files-GENERATION   what is known of its files (``index.manifest``) and its words, in pieces
    NAME-lock               who writes now

The next generation of an archive is made anew or begins as a clone of the current one, which shares its files.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import functools
import hashlib
import os
import re
import socket
import time
import zlib
from pathlib import Path
from typing import Any

from index import store
from index.cluster.connection import Cluster
from index.cluster.mapping import MAPPING_VERSION, mapping, settings
from index.errors import (
    ClusterUnreachableError,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
)
from index.sentence import Sentence

Json = dict[str, Any]

KEPT_GENERATIONS = 2
"""The current generation and the one before it."""

LEASE = 600.0
"""Seconds after which a lock counts for nothing that its holder has not renewed."""

_PIECE = 4 * 1024 * 1024
"""Characters of a text that stand in one document."""


@functools.cache
def fingerprint() -> str:
    """A digest of all that decides which terms a text has, here and on the cluster."""
    digest = hashlib.sha256(f"{store.fingerprint()} {MAPPING_VERSION}".encode())
    for name in ("mapping.py", "vocabulary.py"):
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()[:16]


def current(cluster: Cluster, seconds: float = 30.0) -> Json:
    """What the current generation says of itself: ``generation``, and what ``publish`` was told.

    Raises:
        IndexMissingError: there is none.
        ClusterError
    """
    found = cluster.ask("GET", f"/{cluster.name}/_mapping", filter_path="*.mappings._meta", seconds=seconds)
    metas = [index["mappings"]["_meta"] for index in (found or {}).values()]
    if not metas:
        raise IndexMissingError(
            Sentence("集群里没有索引 %(name)s。请先运行：unionnews reindex 报纸文件夹", name=cluster.name)
        )
    return max(metas, key=lambda meta: str(meta["generation"]))


def check(meta: Json) -> None:
    """Refuse a generation that other code or dictionaries made.

    Raises:
        IndexOutdatedError
    """
    if meta["fingerprint"] != fingerprint():
        raise IndexOutdatedError(
            Sentence("集群里的索引是用另一版本的程序或词典建立的，需要重建：unionnews reindex 报纸文件夹")
        )


def articles_of(cluster: Cluster, generation: str) -> str:
    """The name of the index of a generation's articles."""
    return f"{cluster.name}-{generation}"


def _files_of(cluster: Cluster, generation: str) -> str:
    return f"{cluster.name}-files-{generation}"


def begin(cluster: Cluster, base: str | None) -> str:
    """A new generation, empty or with all that another has."""
    generation = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dt%H%M%S.%f")
    name = articles_of(cluster, generation)
    body: Json
    if base is None:
        body = {"settings": settings(cluster.address.shards), "mappings": mapping({"generation": generation})}
        cluster.ask("PUT", f"/{name}", body)
    else:
        body = {"settings": {"index.number_of_replicas": 0, "index.blocks.write": None, "index.refresh_interval": -1}}
        body["settings"]["index.translog.durability"] = "async"
        cluster.ask("POST", f"/{articles_of(cluster, base)}/_clone/{name}", body, wait_for_active_shards="all")
    files = {"settings": {"number_of_shards": 1, "number_of_replicas": 0}, "mappings": {"enabled": False}}
    cluster.ask("PUT", f"/{_files_of(cluster, generation)}", files)
    return generation


def publish(cluster: Cluster, generation: str, base: str | None, meta: Json) -> None:
    """Make a finished generation the current one, if the one it was built upon still is.

    Raises:
        IndexLockedError: another run has published meanwhile.
        ClusterError
    """
    name, copies = articles_of(cluster, generation), cluster.address.replicas
    cluster.ask("PUT", f"/{name}/_mapping", {"_meta": {**meta, "generation": generation}})
    frozen = {"index.blocks.write": True, "index.number_of_replicas": copies, "index.refresh_interval": None}
    frozen |= {"index.translog.durability": None}
    cluster.ask("PUT", f"/{name}/_settings", frozen)
    cluster.ask("PUT", f"/{_files_of(cluster, generation)}/_settings", {"index.number_of_replicas": copies})
    before = _named(cluster)
    if base is not None and before != [articles_of(cluster, base)]:
        raise IndexLockedError(Sentence("另一个 reindex 已经更新了集群里的索引，请再运行一次。"))
    actions: list[Json] = [{"remove": {"index": old, "alias": cluster.name, "must_exist": True}} for old in before]
    cluster.ask("POST", "/_aliases", {"actions": [*actions, {"add": {"index": name, "alias": cluster.name}}]})


def _named(cluster: Cluster) -> list[str]:
    """The indices that the alias names now: one, or none yet."""
    return list(cluster.ask("GET", f"/_alias/{cluster.name}") or ())


def size(cluster: Cluster) -> int:
    """The bytes of all generations, copies included; what generations share counts as often as they have it."""
    found = cluster.ask("GET", f"/{cluster.name}-*/_stats/store", filter_path="_all.total.store.size_in_bytes")
    return int(found["_all"]["total"]["store"]["size_in_bytes"])


def discard(cluster: Cluster, generation: str) -> None:
    """Remove a generation, unless it is the current one."""
    if articles_of(cluster, generation) not in _named(cluster):
        for name in (articles_of(cluster, generation), _files_of(cluster, generation)):
            cluster.ask("DELETE", f"/{name}")


def clean(cluster: Cluster) -> None:
    """Remove generations that are neither current nor the last before it, and what killed runs left."""
    now = str(current(cluster)["generation"])
    found = cluster.ask("GET", f"/{cluster.name}-*", filter_path="*.aliases") or {}
    named = re.compile(rf"{re.escape(cluster.name)}-(?:files-)?(\d{{8}}t\d{{6}}\.\d+)")
    generations = {match[1] for name in found if (match := named.fullmatch(name))}
    older = sorted(generation for generation in generations if generation < now)
    for generation in generations - {now, *older[1 - KEPT_GENERATIONS :]}:
        discard(cluster, generation)


# ------------------------------------------------------------------------------- texts beside the articles


def save(cluster: Cluster, generation: str, name: str, text: str) -> None:
    """Keep a text beside a generation."""
    content = base64.b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 3)).decode()
    pieces = [content[start : start + _PIECE] for start in range(0, len(content), _PIECE)]
    for number, piece in enumerate(pieces):
        body = {"piece": piece, "of": len(pieces)}
        cluster.ask("PUT", f"/{_files_of(cluster, generation)}/_doc/{name}-{number}", body)


def load(cluster: Cluster, generation: str, name: str) -> str:
    """A text that was kept beside a generation.

    Raises:
        IndexDamagedError: it is not there.
    """
    pieces: list[str] = []
    count = 1
    while len(pieces) < count:
        found = cluster.ask("GET", f"/{_files_of(cluster, generation)}/_doc/{name}-{len(pieces)}")
        if not found:
            raise IndexDamagedError(Sentence("集群里的索引不完整，需要重建：unionnews reindex 报纸文件夹 --full"))
        pieces.append(found["_source"]["piece"])
        count = found["_source"]["of"]
    return zlib.decompress(base64.b64decode("".join(pieces))).decode("utf-8", "surrogatepass")


# ------------------------------------------------------------------------------- who writes


class Lock:
    """The right to write to a cluster, for as long as it is renewed.

    A holder that was killed renews nothing: its lock ends by itself, at once for who can see that it is gone.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._path = f"/{cluster.name}-lock/_doc/lock"
        self._host, self._process = socket.gethostname(), os.getpid()
        self._taken = 0.0

    def take(self) -> None:
        """Take the lock.

        Raises:
            IndexLockedError: somebody else has it.
        """
        found = self._cluster.ask("GET", self._path)
        place: Json = {"op_type": "create"}
        if found:
            holder = found["_source"]
            if holder["until"] > time.time() and not (holder["host"] == self._host and not _runs(holder["process"])):
                raise IndexLockedError(
                    Sentence("另一个 reindex 正在写集群里的索引（%(host)s 上的进程 %(process)s），请等它结束。",
                             host=holder["host"], process=holder["process"])
                )
            place = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        self._write(**place)

    def renew(self) -> None:
        """Say that the work goes on."""
        if time.monotonic() - self._taken > LEASE / 10:
            self._write()

    def give_back(self) -> None:
        """Let others write."""
        with contextlib.suppress(ClusterUnreachableError):
            self._cluster.ask("DELETE", self._path)

    def _write(self, **place: Any) -> None:
        try:
            body = {"host": self._host, "process": self._process, "until": time.time() + LEASE}
            self._cluster.ask("PUT", self._path, body, **place)
        except IndexDamagedError as error:  # 409: somebody was faster
            raise IndexLockedError(Sentence("另一个 reindex 刚刚开始写集群里的索引，请等它结束。")) from error
        self._taken = time.monotonic()


def _runs(process: int) -> bool:
    """Whether a process of this machine, by its number, still runs; this one holds no lock that it asks for."""
    if process == os.getpid():
        return False
    if os.name == "nt":
        return True  # where asking would end it
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True
