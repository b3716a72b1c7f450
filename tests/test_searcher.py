"""From a request to a result: pages of hits, orders, filters, threads, new generations."""

from __future__ import annotations

import dataclasses
import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from archive import archive, ask, ids
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexMissingError
from index.model import Article
from search.errors import ArticleNotFoundError, QueryError
from search.model import SearchRequest, SearchResult
from search.searcher import Searcher

DAYS = [
    {"id": "a", "body": "渡口开航", "date": "2023-11-08", "section": "要闻", "kind": "news"},
    {"id": "b", "body": "渡口渡口停航", "date": "2023-11-10", "section": "要闻", "kind": "brief"},
    {"id": "c", "body": "渡口免票", "section": "副刊", "kind": "news"},
    {"id": "d", "body": "渡口结冰", "date": "2023-11-09", "section": "副刊", "kind": "essay"},
    {"id": "e", "body": "茶厂开工", "date": "2023-11-09", "section": "服务", "kind": "brief"},
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return archive(tmp_path_factory.mktemp("days"), *DAYS)


@pytest.fixture(scope="module")
def sample_searcher(index_dir: Path) -> Searcher:
    return Searcher(index_dir)


def test_an_answer_says_what_it_is(searcher: Searcher) -> None:
    """Total, canonical query, generation and time come with the hits."""
    request = SearchRequest(q="渡口　AND (免票)")
    result = searcher.search(request)
    assert result.request == request
    assert result.normalized == "渡口 免票"
    assert result.total == 1
    assert result.generation
    assert result.seconds >= 0
    assert result.hits[0].article.body == "渡口免票"
    assert not result.hits[0].partial


@pytest.mark.parametrize("per_page", [1, 2, 3, 7, 10])
@pytest.mark.parametrize("q", ["", "工会", "路灯 渡口 竞赛", "-工会", "工会 OR 副刊", "版名:副刊", '"集体合同"'])
def test_pages_are_a_partition(sample_searcher: Searcher, q: str, per_page: int) -> None:
    """Every hit stands on exactly one page, in the order of one long page, true matches before related ones."""
    first = ask(sample_searcher, q, per_page=per_page)
    pages = range(1, -(-first.reachable // per_page) + 1)
    answers = [ask(sample_searcher, q, per_page=per_page, result_page=page) for page in pages]
    hits = [hit for result in answers for hit in result.hits]
    assert len(hits) == len({hit.article.id for hit in hits}) == first.reachable
    assert [hit.partial for hit in hits] == [False] * first.total + [True] * (first.reachable - first.total)
    assert first.partial == (first.reachable > first.total)
    assert [hit.article.id for hit in hits[: first.total]] == ids(sample_searcher, q)
    assert ask(sample_searcher, q, per_page=per_page, result_page=len(pages) + 1).hits == ()


def test_orders(searcher: Searcher) -> None:
    """By relevance, newest or oldest; articles without a date come last in both, equal days by id."""
    assert ids(searcher, "渡口")[0] == "b"
    assert ids(searcher, "渡口", sort="newest") == ["b", "d", "a", "c"]
    assert ids(searcher, "渡口", sort="oldest") == ["a", "d", "b", "c"]
    assert ids(searcher, "", sort="newest") == ["b", "d", "e", "a", "c"]
    assert ids(searcher, "", sort="oldest") == ["a", "d", "e", "b", "c"]


def test_sorting_keeps_related_articles_behind(searcher: Searcher) -> None:
    """Sorted by date, true matches still come before related ones."""
    for sort in ("newest", "oldest"):
        hits = ask(searcher, "渡口 免票", sort=sort).hits
        assert hits[0].article.id == "c"
        assert all(hit.partial for hit in hits[1:])


@pytest.mark.parametrize(("filters", "found"), [
    ((("section", ("要闻",)),), {"a", "b"}),
    ((("section", ("要闻", "副刊")),), {"a", "b", "c", "d"}),
    ((("section", ("要闻", "副刊")), ("kind", ("news",))), {"a", "c"}),
    ((("section", ("没有",)),), set()),
    ((("section", ("要",)),), set()),
    ((("newspaper", ("棠川工人报",)),), set()),
    ((), {"a", "b", "c", "d"}),
])
def test_filters(searcher: Searcher, filters: tuple[tuple[str, tuple[str, ...]], ...], found: set[str]) -> None:
    """Values of one field are alternatives, fields must all hold, values are exact."""
    assert set(ids(searcher, "渡口", filters=filters)) == found


@pytest.mark.parametrize(("first", "last", "found"), [
    ("2023-11-09", None, {"b", "d"}), (None, "2023-11-09", {"a", "d"}), ("2023-11-09", "2023-11-09", {"d"}),
    ("2023-11-11", None, set()), ("2024-01-01", "2023-01-01", set()), (None, "9999-12-31", {"a", "b", "d"}),
])
def test_days(searcher: Searcher, first: str | None, last: str | None, found: set[str]) -> None:
    """Both days are included; articles without a date are in no range."""
    date_from = datetime.date.fromisoformat(first) if first else None
    date_to = datetime.date.fromisoformat(last) if last else None
    assert set(ids(searcher, "渡口", date_from=date_from, date_to=date_to)) == found


def test_an_empty_query_is_everything(searcher: Searcher) -> None:
    """Without words all articles match, newest first, with the beginning of each as its extract."""
    result = ask(searcher, "")
    assert [hit.article.id for hit in result.hits] == ["b", "d", "e", "a", "c"]
    assert (result.total, result.partial, result.normalized) == (5, False, "")
    assert all(hit.snippets for hit in result.hits)
    assert not any(part.hit for hit in result.hits for shown in hit.snippets for part in shown.parts)


def test_exclusions_alone_are_everything_else(searcher: Searcher) -> None:
    """A query of exclusions only finds all other articles, newest first."""
    assert ids(searcher, "-茶厂") == ["b", "d", "a", "c"]
    assert ids(searcher, "-渡口 -开工") == []
    assert ids(searcher, "-“没有这句话”") == ids(searcher, "")
    assert ids(searcher, "-版名:副刊") == ["b", "e", "a"]


def test_nothing_found_is_an_answer(searcher: Searcher) -> None:
    """Words that occur nowhere give an empty answer, no error."""
    result = ask(searcher, "鲸")
    assert (result.total, result.reachable, result.partial, result.hits) == (0, 0, False, ())


def test_an_archive_of_one_title(tmp_path: Path) -> None:
    """An article without a body is found and shown."""
    (hit,) = ask(archive(tmp_path, {"title": "渡口开航"}), "渡口").hits
    assert [(part.text, part.hit) for part in hit.title_parts] == [("渡口", True), ("开航", False)]


def test_articles_by_id(searcher: Searcher) -> None:
    """An article is had by its id; an id that is not there is its own error."""
    assert searcher.article("c").body == "渡口免票"
    for missing in ("z", "", "渡口", "a\x00", "𠮷", "x" * 10_000):
        with pytest.raises(ArticleNotFoundError):
            searcher.article(missing)


def test_errors_of_query_and_index_are_told_apart(searcher: Searcher, tmp_path: Path) -> None:
    """A bad query is the user's, a missing index the operator's."""
    with pytest.raises(QueryError):
        ask(searcher, "渡口 OR")
    with pytest.raises(IndexMissingError):
        ask(Searcher(tmp_path / "nowhere"), "渡口")


def test_a_new_generation_answers_at_once(tmp_path: Path) -> None:
    """After the archive was indexed again, the next request is answered from it by the same searcher."""
    searcher = archive(tmp_path, "渡口开航")
    before = ask(searcher, "渡口")
    archive(tmp_path, "渡口停航", "渡口免票")
    after = ask(searcher, "渡口")
    assert (before.total, after.total) == (1, 2)
    assert before.generation != after.generation
    assert before.hits[0].article.body == "渡口开航"


QUERIES = (
    "工会", "路灯", "集体合同 -女职工", '"劳动竞赛"', "孟䶮", "骑手 OR 泡桐",
    "困难职工申请帮扶要交几份材料？", "版名:副刊", "",
)


def answer(result: SearchResult) -> tuple[int, list[tuple[str, float]]]:
    return result.total, [(hit.article.id, hit.score) for hit in result.hits]


def test_threads_share_a_searcher(index_dir: Path) -> None:
    """Eight threads that ask at once get what one thread gets."""
    alone = {q: answer(ask(Searcher(index_dir), q, per_page=10)) for q in QUERIES}
    shared = Searcher(index_dir)
    asked = [QUERIES[n % len(QUERIES)] for n in range(160)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda q: answer(ask(shared, q, per_page=10)), asked))
    assert answers == [alone[q] for q in asked]


SIGNS = st.sampled_from((
    *"渡口开航茶厂𠮷勞䶮aA9，。！\n\x00", " ", "　", '"', "“", "”", "-", "(", ")", " OR ", "NOT ", "~",
    "标题:", "日期:", "2023",
    "11月8日", "二〇二三年", "什么时候", "吗？", "职代会", "\udcff",
))


@given(q=st.lists(SIGNS, max_size=12).map("".join), expand=st.booleans(), fuzzy=st.booleans())
@settings(max_examples=200)
def test_any_query_is_answered_or_refused(searcher: Searcher, q: str, expand: bool, fuzzy: bool) -> None:
    """No text makes a search fail; what it shows is text of the article, each article once."""
    try:
        result = ask(searcher, q, expand=expand, fuzzy=fuzzy)
    except QueryError:
        return
    assert len({hit.article.id for hit in result.hits}) == len(result.hits) == result.reachable
    for hit in result.hits:
        assert "".join(part.text for part in hit.snippets[-1].parts) in hit.article.body


@pytest.mark.parametrize("q", [
    "－－什么", "什么时候，多少？", "吗", "请问", "·什么时候", "什么时候·", "·吗",
])
def test_nothing_but_question_words(searcher: Searcher, q: str) -> None:
    """A question of which nothing is left is a query like any other."""
    assert ask(searcher, q).total == 0


def plain(value: object) -> bool:
    """Whether a value is made of our dataclasses and of Python's own types only."""
    if dataclasses.is_dataclass(value):
        own = type(value).__module__.split(".")[0] in {"search", "index"}
        return own and all(plain(getattr(value, field.name)) for field in dataclasses.fields(value))
    if isinstance(value, tuple):
        return all(map(plain, value))
    return type(value) in {str, int, float, bool, type(None), datetime.date}


def test_no_engine_object_leaves_the_searcher(sample_searcher: Searcher) -> None:
    """Results and articles are frozen values of plain types."""
    result = ask(sample_searcher, "工会 路灯", facets=("year", "reporter"), date_from=datetime.date(2024, 1, 1))
    assert plain(result)
    assert plain(sample_searcher.article(result.hits[0].article.id))
    assert isinstance(result.hits[0].article, Article)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.total = 0  # type: ignore[misc]
