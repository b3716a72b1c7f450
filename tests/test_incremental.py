"""Bringing an index up to date: it answers like one built anew, and only what changed is read."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from index import store
from index.model import Article
from index.reindex import ReindexReport, reindex
from index.schema import load
from search.model import SearchRequest
from search.searcher import Searcher

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")

QUERIES = ("职工", "茶油", "灯", '"夜班"', "合唱 -招新", "记者:荀堃", "更正")
LONG_AGO = 1_000_000_000

PAGES = (
    "# 三号机组提前并网\n\n本报讯（记者 荀堃）砚江热电厂三号机组昨日提前五天并网，检修班职工连续奋战四十个昼夜。\n",
    "# 女工合唱团招新\n\n本报讯（通讯员 鲁冬青）砚江纺织厂女工合唱团本月招收新团员，报名不限工种。\n",
    "# 茶油车间换上新灯\n\n本报讯（记者 邝子衿）白榆茶油公司压榨车间换上了新灯，夜班职工说眼睛不酸了。\n",
    "# 职工书屋开放\n\n夜班职工可以借书到天亮。\n\n# 更正\n\n上期三版一处有误。\n",
    "砚江工人周报  2024年5月17日 星期五 第1847期 第3版 班组\n\n# 灯火\n\n夜班的灯。\n",
    '{"id": "m1", "title": "更正", "body": "上期三版一处有误。", "date": "2024-05-03"}\n',
    '{"id": "m1", "body": "另一篇同号的文章，说的是茶油。"}\n{"id": "m1-2", "body": "第三篇。"}\n{}\n',
)
BROKEN = (b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00")
NAMES = ("a.md", "b.md", "c.jsonl", "d.jsonl", "sub/a.md", "sub/2024-05-17_02.md")


def articles(directory: Path) -> list[Article]:
    """All that is indexed."""
    index = store.open_generation(directory, store.current_generation(directory))
    with index.searcher() as searcher:
        return [load(fields["article"]) for fields in searcher.all_stored_fields()]


def unsuffixed(article_id: str) -> str:
    """An id without what told it apart from equal ones."""
    return re.sub(r"^(m1)(-\d+)+$", r"\1", re.sub(r"(-\w{10})-\d+$", r"\1", article_id))


def holdings(directory: Path) -> Counter[tuple[str, ...]]:
    """All articles, by what is the same whatever the order in which equal ids were given."""
    return Counter(
        (unsuffixed(article.id), article.source, article.printed, str(article.date), article.kind)
        for article in articles(directory)
    )


def totals(directory: Path) -> dict[str, int]:
    searcher = Searcher(directory)
    return {query: searcher.search(SearchRequest(q=query)).total for query in QUERIES}


def write(path: Path, content: bytes | str) -> None:
    """Write a file that was never changed at this moment before: the clock may not have moved."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


class Archive(RuleBasedStateMachine):
    """A small folder that is edited in every way, its index brought up to date after some edits."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.pages = self.root / "pages"
        self.index = self.root / "index"
        self.contents: dict[str, bytes] = {}
        self.indexed: dict[str, bytes] = {}
        self.write("a.md", PAGES[0].encode())

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def write(self, name: str, content: bytes) -> None:
        self.contents[name] = content
        path = self.pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    @rule(name=st.sampled_from(NAMES), number=st.integers(0, len(PAGES) - 1), times=st.integers(1, 2))
    def add_or_change(self, name: str, number: int, times: int) -> None:
        self.write(name, PAGES[number].encode() * times)

    @rule(name=st.sampled_from(NAMES), content=st.sampled_from(BROKEN))
    def break_(self, name: str, content: bytes) -> None:
        self.write(name, content)

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        if name in self.contents and len(self.contents) > 1:
            del self.contents[name]
            (self.pages / name).unlink()

    @rule(name=st.sampled_from(NAMES), other=st.sampled_from(NAMES))
    def rename(self, name: str, other: str) -> None:
        if name in self.contents:
            self.write(other, self.contents[name])
            if name != other:
                self.delete(name)

    @rule(name=st.sampled_from(NAMES), age=st.integers(0, 100))
    def touch(self, name: str, age: int) -> None:
        if name in self.contents:
            os.utime(self.pages / name, (LONG_AGO + age, LONG_AGO + age))

    @rule()
    def bring_up_to_date(self) -> None:
        read: list[str] = []
        report = reindex([self.pages], self.index, progress=lambda _done, _all, name: read.append(name))
        changed = {name for name, content in self.contents.items() if self.indexed.get(name) != content}
        if report.generation:  # else nothing was readable, and the index stays as it is
            assert changed <= set(read) - {""}
            assert set(read) - {""} == changed
            assert report.removed == len(set(self.indexed) - set(self.contents))
            self.indexed = dict(self.contents)
            self.compare(report)

    def compare(self, report: ReindexReport) -> None:
        """The same as a full run into another directory says and makes."""
        fresh = self.root / "fresh"
        full = reindex([self.pages], fresh, full=True)
        for name in ("files", "articles", "kinds", "failed"):
            assert getattr(report, name) == getattr(full, name), name
        assert holdings(self.index) == holdings(fresh)
        assert totals(self.index) == totals(fresh)
        found = [article.id for article in articles(self.index)]
        assert len(set(found)) == len(found) == report.articles
        manifests = [store.read_manifest(d, store.current_generation(d)) for d in (self.index, fresh)]
        assert manifests[0].newspapers == manifests[1].newspapers
        assert manifests[0].days == manifests[1].days


TestArchive = Archive.TestCase
TestArchive.settings = settings(
    max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
