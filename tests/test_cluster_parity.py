"""The cluster answers as the embedded engine does: the same articles, counts and order, asked a thousand times."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.cluster.address import Address
from search.engines import searcher_at
from search.errors import QueryError
from search.model import FACETS, SearchRequest, SearchResult, Sort
from search.protocol import AnySearcher
from search.query_parser import MAX_CHARACTERS
from search.trends import trends

QUERIES = Path(__file__).with_name("queries.tsv")
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
MADE_UP = 1000


@pytest.fixture(scope="module")
def embedded(index_dir: Path) -> AnySearcher:
    return searcher_at(index_dir)


@pytest.fixture(scope="module")
def clustered(cluster_sample: Address) -> AnySearcher:
    return searcher_at(cluster_sample)


def written() -> list[str]:
    """The queries whose answers are written down."""
    lines = [line for line in QUERIES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(dict.fromkeys(line.split("\t")[0] for line in lines))


def made_up(searcher: AnySearcher) -> Iterator[SearchRequest]:
    """Requests of all sorts for what stands in the archive, or nearly does."""
    chance = random.Random(20240510)
    articles = list(searcher.articles(SearchRequest(sort="newest")))

    def piece(longest: int = 8) -> str:
        text = chance.choice(articles).body.replace("\n", "")
        start = chance.randrange(max(1, len(text) - longest))
        return text[start : start + chance.randint(1, longest)].strip('" ()（）:：-~') or "工会"

    def term() -> str:
        made = chance.random()
        if made < 0.4:
            return piece()
        if made < 0.55:
            return f'"{piece(12)}"'
        if made < 0.65:
            return f"{chance.choice(('标题', '正文', '作者', '记者', '版名', '版次', '类型'))}:{piece(3)}"
        if made < 0.75:
            return f"{piece(4)}~"
        if made < 0.85:
            return chance.choice(("2024年5月10日", "5月17日", "2024年", "日期:2024-05", "日期:2024-05-10..2024-05-16"))
        return f"-{piece(3)}" if made < 0.92 else f"({piece(4)} OR {piece(4)})"

    for _ in range(MADE_UP):
        title = chance.choice(articles).title or piece(20)
        q = title if chance.random() < 0.1 else " ".join(term() for _ in range(chance.choice((1, 1, 1, 2, 2, 3))))
        yield SearchRequest(
            q=q[:MAX_CHARACTERS], per_page=chance.choice((3, 10, 100)), sort=chance.choice(SORTS), facets=FACETS,
            expand=chance.random() < 0.8, fuzzy=chance.random() < 0.1, relax=chance.random() < 0.8,
            date_from=datetime.date(2024, 5, 12) if chance.random() < 0.1 else None,
            filters=(("kind", ("news", "brief")),) if chance.random() < 0.1 else (),
        )


def answer(searcher: AnySearcher, request: SearchRequest) -> SearchResult | None:
    """What a searcher says; None if it does not understand the query."""
    try:
        return searcher.search(request)
    except QueryError:
        return None


def ids(result: SearchResult) -> list[str]:
    return [hit.article.id for hit in result.hits]


def same(one: SearchResult, other: SearchResult) -> None:
    """Check all but the order of equally good articles."""
    assert (one.total, one.reachable, one.partial) == (other.total, other.reachable, other.partial)
    assert (one.facets, one.normalized, one.expanded, one.dates) == (
        other.facets, other.normalized, other.expanded, other.dates,
    )
    assert not other.notes
    assert one.suggestions == other.suggestions
    if one.request.sort != "relevance":
        assert ids(one)[: one.total] == ids(other)[: one.total]


@pytest.mark.parametrize("sort", SORTS)
def test_written_queries_have_the_same_answers(embedded: AnySearcher, clustered: AnySearcher, sort: Sort) -> None:
    """The same articles, marks and counts in the same order, also on later pages."""
    for number, q in enumerate(written()[:: 1 if sort == "relevance" else 4]):
        request = SearchRequest(q=q, per_page=20, result_page=1 + number % 2, sort=sort, facets=FACETS)
        one, other = answer(embedded, request), answer(clustered, request)
        assert (one is None) == (other is None), q
        if one and other:
            same(one, other)
            assert ids(one) == ids(other), q
            assert [hit.snippets for hit in one.hits] == [hit.snippets for hit in other.hits], q


def test_a_thousand_made_up_queries_have_the_same_answers(embedded: AnySearcher, clustered: AnySearcher) -> None:
    """Totals, counts and order by day are the same; of the best ten by relevance, nineteen in twenty."""
    common = shown = 0
    for request in made_up(embedded):
        one, other = answer(embedded, request), answer(clustered, request)
        assert (one is None) == (other is None), request
        if one and other:
            same(one, other)
            common += len({*ids(one)[:10]} & {*ids(other)[:10]})
            shown += len(ids(one)[:10])
    assert shown > 2 * MADE_UP
    assert common >= 0.95 * shown


def test_everything_else_is_the_same(embedded: AnySearcher, clustered: AnySearcher) -> None:
    """Suggestions, similar articles, trends, the catalogue, the report, exports."""
    for text in ("工", "职工", "gonghui", "ldjs", "记者:", "版名:要", "砚江市"):
        assert clustered.suggest(text) == embedded.suggest(text), text
    request = SearchRequest(q="职工", sort="oldest")
    everything = list(embedded.articles(SearchRequest(sort="newest")))
    assert list(clustered.articles(SearchRequest(sort="newest"))) == everything
    assert list(clustered.articles(request)) == list(embedded.articles(request))
    queries = ("工会", "劳动竞赛")
    assert trends(clustered, request, queries, "month") == trends(embedded, request, queries, "month")
    assert clustered.issues(request) == embedded.issues(request)
    assert clustered.coverage() == embedded.coverage()
    one, other = embedded.catalogue(), clustered.catalogue()
    assert (other.issues, other.ids(), other.names("section"), other.names("person")) == (
        one.issues, one.ids(), one.names("section"), one.names("person"),
    )
    for issue in one.issues:
        assert other.around(issue) == one.around(issue)
        for page in issue.pages:
            assert other.articles(issue, page) == one.articles(issue, page)
            assert other.texts(issue, page) == one.texts(issue, page)
    for name in one.names("person")[:20]:
        assert other.roles(name.text) == one.roles(name.text)
    for article in everything[:40]:
        assert clustered.article(article.id) == article
        assert other.beside(article) == one.beside(article)
        alike = {found.id for found, _ in embedded.similar(article.id)}
        assert len(alike & {found.id for found, _ in clustered.similar(article.id)}) >= len(alike) - 1
