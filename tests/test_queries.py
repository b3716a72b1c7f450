"""Queries on the sample newspaper, judged by a reader, and how the search does on them.

Each line of ``queries.tsv``: the query; the articles of which one must be the first hit; those that must all be on the
first page; those that must not be there. Articles are named by title, or by words of their text where they have none
or share it; ``*`` among the last means that no other article truly matches (page furniture aside).

``queries_failing.txt`` lists the queries that still fail, with what fails. The judgements are never bent to the
product: when its behaviour changes, for better or worse, that list changes. Write it again with

    python tests/test_queries.py

and read the difference before keeping it.
"""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from archive import SAMPLE, ask, indexed

from index.model import Article
from search.errors import QueryError
from search.model import Hit
from search.searcher import Searcher

HERE = Path(__file__).parent
FAILING = HERE / "queries_failing.txt"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader expects of a query."""

    query: str
    first: tuple[str, ...]
    wanted: tuple[str, ...]
    never: tuple[str, ...]
    alone: bool

    @classmethod
    def read(cls, line: str) -> Judgement:
        query, *columns = [*line.split("\t"), "", "", ""][:4]
        first, wanted, never = (tuple(filter(None, column.split("|"))) for column in columns)
        return cls(query, first, wanted, tuple(name for name in never if name != "*"), "*" in never)


def judgements() -> list[Judgement]:
    lines = (HERE / "queries.tsv").read_text("utf-8").splitlines()
    return [Judgement.read(line) for line in lines if not line.startswith("# ")]


def bare(text: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(c)[0] in "LN")


def text_of(article: Article) -> str:
    return bare(f"{article.title or ''}{article.kicker or ''}{article.subtitle or ''}{article.body}")


class Sample:
    """The sample indexed, and its articles by the names that judgements give them."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        articles = [hit.article for hit in ask(searcher, "", per_page=1000).hits]
        self._texts = {article.id: text_of(article) for article in articles if article.kind != "page"}
        lines = (HERE / "sample.gold.jsonl").read_text("utf-8").splitlines()
        self._gold = [(bare(gold["title"] or ""), list(map(bare, gold["contains"]))) for gold in map(json.loads, lines)]

    def ids(self, name: str) -> list[str]:
        """The articles with a title, known by strings of their text; or the one that has these words."""
        titled = [contains for title, contains in self._gold if title == bare(name)]
        return [self._best(strings) for strings in titled or [[bare(name)]]]

    def _best(self, strings: list[str]) -> str:
        shares = {key: sum(string in text for string in strings) for key, text in self._texts.items()}
        best = max(shares, key=lambda key: shares[key])
        assert shares[best], f"no article has {strings}"
        return best

    def faults(self, judgement: Judgement) -> Iterator[str]:
        """What is wrong with the first page of hits: first, missing, unwanted, too many, or the query is refused."""
        try:
            hits = ask(self.searcher, judgement.query, per_page=10).hits
        except QueryError:
            yield "refused"
            return
        found = [hit.article.id for hit in hits]
        first, wanted, never = (
            {key for name in names for key in self.ids(name)}
            for names in (judgement.first, judgement.wanted, judgement.never)
        )
        if first and not first & set(found[:1]):
            yield "first"
        if wanted - set(found):
            yield "missing"
        if never & set(found):
            yield "unwanted"
        if judgement.alone and self._matching(hits) - first - wanted:
            yield "too many"

    def _matching(self, hits: tuple[Hit, ...]) -> set[str]:
        return {hit.article.id for hit in hits if not hit.partial} & set(self._texts)


@pytest.fixture(scope="module")
def sample_articles(index_dir: Path) -> Sample:
    return Sample(Searcher(index_dir))


def failing() -> dict[str, str]:
    """Queries that are known to fail, and what fails."""
    lines = FAILING.read_text("utf-8").splitlines()
    return {query: faults for query, _, faults in (line.partition("\t") for line in lines)}


def test_judgements_are_many_and_each_is_one() -> None:
    """At least 150 queries, none twice, each of which wants or forbids something."""
    queries = [judgement.query for judgement in judgements()]
    assert len(queries) == len(set(queries)) >= 150
    assert all(j.first or j.wanted or j.never or j.alone for j in judgements())
    assert set(failing()) <= set(queries)


@pytest.mark.parametrize("judgement", judgements(), ids=lambda judgement: judgement.query)
def test_query(sample_articles: Sample, judgement: Judgement) -> None:
    """A query is answered as a reader judged, but for the faults on record."""
    assert ", ".join(sample_articles.faults(judgement)) == failing().get(judgement.query, "")


def record() -> None:
    """Write the faults of today on record."""
    with tempfile.TemporaryDirectory() as directory:
        sample = Sample(indexed(Path(directory), SAMPLE))
        found = [(judgement.query, ", ".join(sample.faults(judgement))) for judgement in judgements()]
    lines = [f"{query}\t{faults}\n" for query, faults in found if faults]
    FAILING.write_text("".join(lines), "utf-8")
    print(f"{len(found) - len(lines)} of {len(found)} queries are answered as judged")


if __name__ == "__main__":
    record()
