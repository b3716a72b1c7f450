"""One generation of a cluster's index, opened for reading; it never changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from index import manifest as manifests
from index.cluster import generations
from index.cluster.connection import Cluster
from index.cluster.generations import articles_of
from index.cluster.mapping import key
from index.cluster.vocabulary import Vocabulary
from index.errors import ClusterTimeoutError, ClusterUnreachableError
from index.manifest import Manifest
from index.model import Article
from index.schema import load
from index.sentence import Sentence
from search import deadline
from search.errors import ArticleNotFoundError, QueryError

Json = dict[str, Any]

SECONDS = 30.0
"""So long the cluster may take for an answer where nobody has set a limit."""

_AT_ONCE = 1000
"""So many articles are read together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cluster says to one search; ``complete`` unless a part of it did not answer, or not in time."""

    total: int
    hits: Sequence[Json]
    counts: Json
    complete: bool

    @classmethod
    def of(cls, response: Json) -> Answer:
        if "too_many" in str(response.get("error")):  # clauses, or nested clauses
            hint = Sentence("请减少词和日期，或不要容忍形近字。")
            raise QueryError(Sentence("查询的写法太多，集群找不过来"), 0, hint)
        if "error" in response:
            raise ClusterUnreachableError(Sentence("集群没有一个分片能回答，请稍后再试。"))
        shards, found = response["_shards"], response["hits"]
        total = found["total"]["value"] if "total" in found else 0
        complete = shards["successful"] == shards["total"] and not response["timed_out"]  # a lost shard does not fail
        return cls(total, found["hits"], response.get("aggregations", {}), complete)


@dataclass(frozen=True)
class ClusterSnapshot:
    """What a search needs of one generation; ``meta`` is what it says of itself. May be shared by threads."""

    cluster: Cluster
    meta: Json

    @property
    def generation(self) -> str:
        return str(self.meta["generation"])

    @property
    def index(self) -> str:
        """The name of the index of the articles."""
        return articles_of(self.cluster, self.generation)

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """The answer to a request below the index, within the time that is left.

        Raises:
            SearchTimeoutError, ClusterError
        """
        deadline.check()
        left = deadline.left()
        try:
            seconds = SECONDS if left is None else max(left, 0.05)
            return self.cluster.ask(method, f"/{self.index}{path}", body, seconds=seconds, **params)
        except ClusterTimeoutError:
            deadline.check()
            raise

    def searches(self, bodies: Sequence[Json], copy: str) -> list[Answer]:
        """The answers to some searches, asked together; ``copy`` chooses the copies of shards that are asked.

        Scores depend on the whole archive, not on the shard. The cluster gives up when the time is up, and so do we.
        """
        if not bodies:
            return []
        left = deadline.left()
        limit = {} if left is None else {"timeout": f"{max(1, int(left * 1000))}ms"}
        lines = [line for body in bodies for line in ({"preference": copy, **_kind(body)}, body | limit)]
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        found = self.ask("POST", "/_msearch", text)
        return [Answer.of(response) for response in found["responses"]]

    def search(self, body: Json, copy: str = "") -> Answer:
        """The answer to one search."""
        return self.searches([body], copy or "all")[0]

    def each(self, query: Json, sort: Sequence[Json], source: Json, copy: str = "") -> Iterator[Json]:
        """All hits of a query in the order of ``sort``, whose last key no two share, read as they are taken.

        ``source`` says what is wanted of each.

        Raises:
            ClusterUnreachableError: a part of the cluster does not answer; less than all would pass for all.
        """
        asked: Json = {"size": _AT_ONCE, "query": query, "sort": sort, "track_total_hits": False, **source}
        while True:
            answer = self.search(asked, copy)
            if not answer.complete:
                raise incomplete()
            yield from answer.hits
            if len(answer.hits) < _AT_ONCE:
                return
            asked["search_after"] = answer.hits[-1]["sort"]

    # ------------------------------------------------------------------------------- articles

    def articles(self, keys: Iterable[str]) -> list[Article]:
        """The articles that the cluster knows by these keys."""
        keys = list(keys)
        if not keys:
            return []
        found = self.ask("POST", "/_mget", {"ids": keys}, preference="_local")["docs"]
        if any(not answer.get("found") for answer in found):
            raise incomplete()
        return [article(answer) for answer in found]

    def find(self, article_id: str) -> Article:
        """The article with an id.

        Raises:
            ArticleNotFoundError
        """
        found = self.ask("GET", f"/_doc/{key(article_id)}")
        if not found:
            raise ArticleNotFoundError(article_id)
        return article(found)

    def all_articles(self) -> Iterator[Article]:
        """All articles, in the order in which they were written."""
        return map(article, self.each({"match_all": {}}, [{"place": "asc"}], {}))

    # ------------------------------------------------------------------------------- what is kept beside them

    @cached_property
    def manifest(self) -> Manifest:
        """What is known of the files."""
        return manifests.load(generations.load(self.cluster, self.generation, "manifest"))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all articles."""
        return Vocabulary.load(generations.load(self.cluster, self.generation, "words").splitlines())


def _kind(body: Json) -> Json:
    """Where there are scores, each shard has to know the terms of all."""
    return {"search_type": "dfs_query_then_fetch"} if {"_score": "desc"} in body.get("sort", ()) else {}


def incomplete() -> ClusterUnreachableError:
    """The error where less than all would pass for all."""
    return ClusterUnreachableError(Sentence("集群的一部分没有回答，请稍后再试。"))


def article(hit: Json) -> Article:
    """The article that stands in a hit."""
    return load(hit["_source"]["article"])
