"""The generations of a cluster as ``index.reindex`` makes them."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from index import manifest as manifests
from index.batches import Batch, batches
from index.cluster import generations
from index.cluster.connection import Cluster, rejection
from index.cluster.generations import Lock, articles_of
from index.cluster.mapping import document, key
from index.cluster.vocabulary import LEARNT, Vocabulary
from index.errors import ClusterError, IndexDamagedError
from index.manifest import Manifest, Rejected
from index.model import Article
from index.processes import Processes
from index.schema import ZONES
from index.sentence import Sentence

Json = dict[str, Any]

_AT_ONCE = 500
"""So many names stand in one request."""

_DELETING_SECONDS = 3600.0
"""So long the articles of so many files may take to be deleted."""


@dataclass(frozen=True, slots=True)
class _Document:
    """An article of a file, ready to be sent."""

    file: str
    title: str
    kind: str
    fields: Json


class ClusterStore:
    """The generations of an archive on a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = Lock(cluster)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        self._lock.take()
        try:
            yield
        finally:
            self._lock.give_back()

    def manifest(self) -> Manifest:
        generations.check(generations.current(self._cluster))
        return self.published()

    def published(self) -> Manifest:
        meta = generations.current(self._cluster)
        return manifests.load(generations.load(self._cluster, meta["generation"], "manifest"))

    def is_current(self) -> bool:
        return bool(generations.current(self._cluster)["fingerprint"] == generations.fingerprint())

    def size(self) -> int:
        return generations.size(self._cluster)

    def files_of(self, manifest: Manifest, articles: set[str]) -> set[str]:
        path = f"/{articles_of(self._cluster, manifest.generation)}/_search"
        found: set[str] = set()
        for names in _pieces(articles):
            body = {"size": len(names), "query": {"terms": {"id": names}}, "docvalue_fields": ["file"]}
            hits = self._cluster.ask("POST", path, body, _source="false")["hits"]["hits"]
            found |= {hit["fields"]["file"][0] for hit in hits}
        return found

    @contextlib.contextmanager
    def building(self, base: str | None) -> Iterator[ClusterBuild]:
        meta = generations.current(self._cluster) if base else {}
        generation = generations.begin(self._cluster, base)
        try:
            yield ClusterBuild(self._cluster, generation, meta, self._lock)
        finally:
            with contextlib.suppress(ClusterError):  # the next run removes what is left
                generations.discard(self._cluster, generation)

    def clean(self) -> None:
        generations.clean(self._cluster)


class ClusterBuild:
    """A generation that is being written; ``meta`` is of the one it is built upon, empty if there is none."""

    def __init__(self, cluster: Cluster, generation: str, meta: Json, lock: Lock) -> None:
        self._cluster = cluster
        self._lock = lock
        self._index = articles_of(cluster, generation)
        self._from: str | None = meta.get("generation")
        self._place: int = meta.get("places", 0)
        self._count: int = meta.get("articles", 0)
        self._vocabulary = self._known_words()
        self.generation = generation
        self.base = self

    # ------------------------------------------------------------------------------- the articles that stay

    def __contains__(self, article_id: object) -> bool:
        if not self._from:
            return False
        return self._cluster.ask("GET", f"/{self._index}/_doc/{key(str(article_id))}", _source="false") is not None

    def remove(self, names: Iterable[str]) -> None:
        """Remove the articles of files."""
        for some in _pieces(names):
            path, query = f"/{self._index}/_delete_by_query", {"query": {"terms": {"file": some}}}
            answer = self._cluster.ask("POST", path, query, seconds=_DELETING_SECONDS, refresh="true")
            if answer["failures"]:
                raise IndexDamagedError(Sentence("集群没有删除旧文章，本次更新作废。"))
            self._count -= answer["deleted"]

    # ------------------------------------------------------------------------------- new ones

    def add(self, articles: Iterable[tuple[str, Article]], processes: Processes) -> list[Rejected]:
        found = itertools.chain.from_iterable(processes.map(_documents, batches(articles)))
        rejected: list[Rejected] = []
        under_way: dict[str, _Document] = {}
        for answer in self._cluster.bulk(self._actions(found, under_way)):
            self._lock.renew()
            sent = under_way.pop(answer["_id"])
            if "error" in answer:
                rejected.append(Rejected(sent.file, sent.title, sent.kind, rejection(answer)))
            else:
                self._count += 1
        return rejected

    def _actions(self, documents: Iterable[_Document], under_way: dict[str, _Document]) -> Iterator[Json]:
        for found in self._counted(documents):
            name = key(found.fields["id"])
            under_way[name] = found
            more = {"place": self._place, "norm": self._vocabulary.norm(found.fields.get("body_words", ""))}
            self._place += 1
            yield {"_index": self._index, "_id": name, "_source": found.fields | more}

    def _counted(self, documents: Iterable[_Document]) -> Iterator[_Document]:
        """The same documents, their words counted; the first wait until enough is known of the archive's words."""
        documents = iter(documents)
        waiting = list(itertools.islice(documents, max(0, LEARNT - self._vocabulary.articles)))
        for found in waiting:
            self._count_words(found)
        yield from waiting
        for found in documents:
            self._count_words(found)
            yield found

    def _count_words(self, found: _Document) -> None:
        self._vocabulary.add({zone: found.fields.get(f"{zone}_words", "") for zone in ZONES})

    def _known_words(self) -> Vocabulary:
        if not self._from:
            return Vocabulary()
        return Vocabulary.load(generations.load(self._cluster, self._from, "words").splitlines())

    def publish(self, manifest: Manifest) -> None:
        """Make it the generation that answers, if it is whole.

        Raises:
            IndexDamagedError: it has not as many articles as were written.
        """
        self._cluster.ask("POST", f"/{self._index}/_refresh")
        held = self._cluster.ask("GET", f"/{self._index}/_count")
        if held["_shards"]["successful"] < held["_shards"]["total"] or held["count"] != self._count:
            raise IndexDamagedError(Sentence(
                "集群里有 %(found)s 篇文章，应有 %(expected)s 篇，本次更新作废。",
                found=held["count"], expected=self._count,
            ))
        generations.save(self._cluster, self.generation, "words", "\n".join(self._vocabulary.dump()))
        generations.save(self._cluster, self.generation, "manifest", manifests.dump(manifest))
        generations.publish(self._cluster, self.generation, self._from, self._meta(manifest))

    def _meta(self, manifest: Manifest) -> Json:
        return {
            "fingerprint": generations.fingerprint(),
            "code": manifest.code,
            "created": manifest.created,
            "root": manifest.root,
            "articles": self._count,
            "places": self._place,
            "files": len(manifest.sources),
            "failed": len(manifest.failed),
        }


def _documents(batch: Batch) -> list[_Document]:
    return [_Document(file, article.title or article.id, article.kind, document(article, file))
            for file, article in batch]


def _pieces(names: Iterable[str]) -> Iterator[list[str]]:
    """Some names, so many at once."""
    names = iter(names)
    while some := list(itertools.islice(names, _AT_ONCE)):
        yield some
