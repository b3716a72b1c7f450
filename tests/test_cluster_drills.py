"""A cluster in trouble: whatever fails on the way, no article is lost or doubled, and no answer is silently short."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from answers import assert_problem
from outages import Wire, wires

from index.cluster.address import Address
from index.cluster.building import ClusterStore
from index.cluster.connection import Cluster
from index.cluster.generations import articles_of, current
from index.errors import ClusterError, IndexLockedError, IndexOutdatedError, StoreError
from index.reindex import update
from index.stores import store_at
from search.engines import searcher_at
from search.model import SearchRequest
from web import create_app
from web.settings import Settings

ROOT = Path(__file__).parent.parent


def pages(folder: Path, count: int, first: int = 0) -> Path:
    """A file of so many articles, each of which has a word of its own."""
    folder.mkdir(exist_ok=True)
    lines = (
        json.dumps({"id": f"a{n}", "date": "2024-05-10", "title": f"第{n}号灯", "body": f"茶油车间换上了第{n}号灯。"})
        for n in range(first, first + count)
    )
    (folder / f"{first}.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


def held(address: Address) -> list[str]:
    """The ids of all articles, as often as they are there."""
    found = searcher_at(address).articles(SearchRequest(sort="newest"))
    return sorted(article.id for article in found)


def expected(count: int) -> list[str]:
    return sorted(f"a{n}" for n in range(count))


@pytest.fixture
def wired(fresh_cluster: Address) -> Iterator[tuple[Address, list[Wire]]]:
    """A name on the cluster, reached over wires that can be cut."""
    with wires(fresh_cluster.nodes) as found:
        yield dataclasses.replace(fresh_cluster, nodes=tuple(wire.url for wire in found)), found


def waited_for(condition: Callable[[], bool]) -> bool:
    """Whether something comes to pass before patience ends."""
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.1)
    return False


# ------------------------------------------------------------------------------- searching


def test_a_node_that_goes_while_people_search_is_not_noticed(
    wired: tuple[Address, list[Wire]], tmp_path: Path
) -> None:
    """Other nodes answer in its place, all articles, during the outage and after it."""
    address, (first, *_) = wired
    update([pages(tmp_path / "pages", 30)], store_at(address))
    searcher = searcher_at(address)
    for step in (lambda: None, first.cut, first.mend):
        step()
        for _ in range(8):
            found = searcher.search(SearchRequest(q="茶油", per_page=50))
            assert (found.total, len(found.hits), found.notes) == (30, 30, ())


def test_a_cluster_that_is_away_is_a_503_in_time_and_comes_back_by_itself(
    wired: tuple[Address, list[Wire]], tmp_path: Path
) -> None:
    """Nobody there, or nobody who answers: a sentence within the time limit; then the same server goes on."""
    address, found = wired
    update([pages(tmp_path / "pages", 3)], store_at(address))
    settings = Settings(
        engine="opensearch", opensearch=",".join(address.nodes), opensearch_index=address.name, time_limit=2
    )
    client = create_app(settings).test_client()
    assert client.get("/api/v1/search?q=茶油").json["total"] == 3
    for outage in (Wire.cut, Wire.block):
        for wire in found:
            outage(wire)
        started = time.monotonic()
        problem = assert_problem(client.get("/api/v1/search?q=茶油"), 503)
        assert "集群" in problem["detail"] or "太长" in problem["detail"]
        assert time.monotonic() - started < 10  # the limit, and what a busy machine adds
        assert client.get("/healthz").status_code == 503
        for wire in found:
            wire.mend()
        assert waited_for(lambda: client.get("/api/v1/search?q=茶油").status_code == 200)


def test_a_missing_shard_is_said(fresh_cluster: Address, tmp_path: Path) -> None:
    """What the rest has is shown with a note that it is not all; exports refuse rather than end early."""
    address = dataclasses.replace(fresh_cluster, replicas=0)
    update([pages(tmp_path / "pages", 30)], store_at(address))
    cluster = Cluster(address)
    name = articles_of(cluster, str(current(cluster)["generation"]))
    with missing_shard(cluster, name):
        searcher = searcher_at(address)
        found = searcher.search(SearchRequest(q="茶油", per_page=50, facets=("year",)))
        assert 0 < found.total < 30
        assert found.total == len(found.hits)
        assert [str(note) for note in found.notes] == ["集群的一部分没有回答，结果不全。"]
        with pytest.raises(StoreError):
            list(searcher.articles(SearchRequest(q="茶油")))
    assert waited_for(lambda: not searcher_at(address).search(SearchRequest(q="茶油")).notes)
    assert held(address) == expected(30)


@contextlib.contextmanager
def missing_shard(cluster: Cluster, name: str) -> Iterator[None]:
    """One shard of an index that has no copies is away for a while: no node may open a shard that it has."""
    shards = cluster.ask("GET", f"/_cat/shards/{name}", format="json")
    node = next(shard["node"] for shard in shards if shard["shard"] == "0")
    cancel = {"index": name, "shard": 0, "node": node, "allow_primary": True}
    opened_at_once = "cluster.routing.allocation.node_initial_primaries_recoveries"
    cluster.ask("PUT", "/_cluster/settings", {"transient": {opened_at_once: 0}})
    try:
        cluster.ask("POST", "/_cluster/reroute", {"commands": [{"cancel": cancel}]})
        yield
    finally:
        cluster.ask("PUT", "/_cluster/settings", {"transient": {opened_at_once: None}})


# ------------------------------------------------------------------------------- writing


def test_a_node_that_goes_during_a_run_costs_nothing(wired: tuple[Address, list[Wire]], tmp_path: Path) -> None:
    """What was being sent is sent to another node; nothing is there twice."""
    address, (first, *_) = wired
    folder = pages(tmp_path / "pages", 3000)

    def progress(*_: object) -> None:
        threading.Timer(0.3, first.cut).start()

    update([folder], store_at(address), progress=progress)
    assert held(address) == expected(3000)


def test_a_run_whose_cluster_goes_leaves_the_old_index(wired: tuple[Address, list[Wire]], tmp_path: Path) -> None:
    """It ends with a sentence, the old articles answer, and the next run brings all, once."""
    address, found = wired
    folder = pages(tmp_path / "pages", 10)
    update([folder], store_at(address))
    pages(folder, 2000, first=10)

    class Cutting(ClusterStore):
        def clean(self) -> None:
            raise AssertionError("nothing has been published")

    def cut(*_: object) -> None:
        for wire in found:
            wire.cut()

    with pytest.raises(ClusterError):
        update([folder], Cutting(Cluster(address)), progress=cut)
    for wire in found:
        wire.mend()
    assert held(address) == expected(10)
    update([folder], store_at(address))
    assert held(address) == expected(2010)
    assert len(generations_of(address)) == 2


def generations_of(address: Address) -> list[str]:
    found = Cluster(address).ask("GET", f"/{address.name}-2*", filter_path="*.aliases")
    return sorted(found)


def test_a_run_that_is_killed_leaves_the_old_index_and_no_lock(fresh_cluster: Address, tmp_path: Path) -> None:
    """kill -9 in the middle: the next run goes ahead at once, brings all, and removes what was left."""
    folder = pages(tmp_path / "pages", 10)
    update([folder], store_at(fresh_cluster))
    pages(folder, 60_000, first=10)
    environment = {
        **os.environ, "UNIONNEWS_ENGINE": "opensearch", "UNIONNEWS_OPENSEARCH": ",".join(fresh_cluster.nodes),
        "UNIONNEWS_OPENSEARCH_INDEX": fresh_cluster.name,
    }
    command = [sys.executable, "-c", "from web.cli import main; main()", "reindex", str(folder), "--jobs", "1"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        assert waited_for(lambda: len(generations_of(fresh_cluster)) == 2)
        process.send_signal(signal.SIGKILL)
    (folder / "10.jsonl").unlink()
    pages(folder, 5, first=10)
    assert held(fresh_cluster) == expected(10)
    update([folder], store_at(fresh_cluster))
    assert held(fresh_cluster) == expected(15)
    assert len(generations_of(fresh_cluster)) == 2


def test_only_one_may_write(fresh_cluster: Address, tmp_path: Path) -> None:
    """A second run is refused with a sentence that says who is at work."""
    folder, store = pages(tmp_path / "pages", 3), store_at(fresh_cluster)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other, store.writing():
        lock = {"host": os.uname().nodename, "process": other.pid, "until": time.time() + 100}
        Cluster(fresh_cluster).ask("PUT", f"/{fresh_cluster.name}-lock/_doc/lock", lock)
        with pytest.raises(IndexLockedError, match=str(other.pid)):
            update([folder], store_at(fresh_cluster))
        other.kill()


def test_an_article_that_the_cluster_will_not_take_is_a_failed_file(fresh_cluster: Address, tmp_path: Path) -> None:
    """The rest goes on, the report says which, and the counts are right."""
    folder = pages(tmp_path / "pages", 3)
    line = json.dumps({"id": "a3", "title": "太长", "newspaper": "报" * 20_000, "body": "茶油车间换上了新灯。"})
    (folder / "long.jsonl").write_text(line, "utf-8")
    report = update([folder], store_at(fresh_cluster))
    assert report.failed["long.jsonl"].startswith("《太长》没有写入索引：")
    assert report.articles == 3
    assert held(fresh_cluster) == expected(3)
    assert not update([folder], store_at(fresh_cluster)).published


def test_changes_are_brought_without_reading_the_rest(fresh_cluster: Address, tmp_path: Path) -> None:
    """New, changed and removed files: each article is there once, and what is gone is not found."""
    folder, store = pages(tmp_path / "pages", 20), store_at(fresh_cluster)
    pages(folder, 5, first=20)
    assert update([folder], store).read == 2
    pages(folder, 4, first=25)
    pages(folder, 18)
    (folder / "20.jsonl").unlink()
    report = update([folder], store)
    assert (report.read, report.kept, report.removed) == (2, 0, 1)
    assert held(fresh_cluster) == sorted([*expected(18), "a25", "a26", "a27", "a28"])
    assert searcher_at(fresh_cluster).search(SearchRequest(q='"第21号灯"')).total == 0
    assert not update([folder], store).published


def test_an_index_of_other_code_is_refused(fresh_cluster: Address, tmp_path: Path) -> None:
    """The sentence says what to run; running it mends it."""
    folder = pages(tmp_path / "pages", 3)
    update([folder], store_at(fresh_cluster))
    cluster = Cluster(fresh_cluster)
    meta = current(cluster)
    name = articles_of(cluster, str(meta["generation"]))
    cluster.ask("PUT", f"/{name}/_mapping", {"_meta": meta | {"fingerprint": "of another version"}})
    with pytest.raises(IndexOutdatedError, match="unionnews reindex"):
        searcher_at(fresh_cluster).finds("茶油")
    update([folder], store_at(fresh_cluster))
    assert held(fresh_cluster) == expected(3)
