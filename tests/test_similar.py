"""Articles like a given one."""

from __future__ import annotations

from pathlib import Path

import pytest
from archive import archive

from search.searcher import Searcher
from search.similar import LEAST, similar
from search.snapshot import Snapshot

ARTICLES: tuple[dict[str, object], ...] = (
    {"id": "bridge", "title": "云溪大桥合龙", "body": "云溪大桥昨日合龙，焊工们在桥面上庆祝。", "date": "2023-03-01"},
    {"id": "bridge2", "title": "云溪大桥通车", "body": "云溪大桥今日通车，公交车驶过桥面。", "date": "2023-08-01"},
    {"id": "again", "title": "云溪大桥合龙", "body": "云溪大桥昨日合龙，焊工们在桥面上庆祝。", "date": "2023-03-01"},
    {"id": "tea", "title": "茶厂开秤", "body": "茶厂今天开秤收茶，茶农排起长队。", "date": "2023-04-02",
     "bylines": [{"role": "记者", "name": "顾南乔"}]},
    {"id": "tea2", "title": "今年春茶价格平稳", "body": "茶农说，茶厂收茶的价格同去年一样。", "date": "2023-04-09"},
    {"id": "lamp", "title": "路灯亮了", "body": "巷子里装上了路灯。", "date": "2023-05-01",
     "bylines": [{"role": "记者", "name": "顾南乔"}]},
    *({"id": f"brief{i}", "title": "三江简讯", "body": body, "kind": "brief"} for i, body in enumerate(
        ("渔港清淤。", "书店搬家。", "象棋比赛开始报名。", "幼儿园招生。", "水厂检修管道。", "剧团下乡演出。"))),
    *({"id": f"page{i}", "body": "云溪大桥 合龙 焊工 桥面 庆祝", "kind": "page"} for i in range(2)),
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return archive(tmp_path_factory.mktemp("similar"), *ARTICLES).snapshot()


@pytest.fixture(scope="module")
def shipped(index_dir: Path) -> Snapshot:
    return Searcher(index_dir).snapshot()


def like(snapshot: Snapshot, article_id: str, limit: int = 5) -> list[str]:
    numbers = {snapshot.article(doc).id: doc for doc in range(len(snapshot.columns.days))}
    return [snapshot.article(doc).id for doc, _ in similar(snapshot, numbers[article_id], limit)]


def test_articles_on_the_same_subject_are_found(snapshot: Snapshot) -> None:
    """What shares the telling words comes, the closest first; what does not stays away."""
    assert like(snapshot, "bridge") == ["again", "bridge2"]
    assert like(snapshot, "tea")[0] == "tea2"


def test_an_article_is_not_like_itself(shipped: Snapshot) -> None:
    """No article is offered to the one who is reading it."""
    assert all(doc not in dict(similar(shipped, doc)) for doc in range(len(shipped.columns.days)))


def test_page_furniture_is_never_offered(snapshot: Snapshot, shipped: Snapshot) -> None:
    """What belongs to no article is like none, whatever words it has."""
    assert not {"page0", "page1"} & set(like(snapshot, "bridge", 100))
    kinds = {shipped.article(d).kind for doc in range(len(shipped.columns.days)) for d, _ in similar(shipped, doc)}
    assert kinds
    assert "page" not in kinds


def test_the_name_of_a_column_alone_is_no_evidence(snapshot: Snapshot) -> None:
    """Briefs under one title that many share have nothing else in common."""
    assert like(snapshot, "brief0") == []


def test_a_writer_counts_less_than_the_subject(snapshot: Snapshot) -> None:
    """The same reporter on something else comes after the same thing by somebody else."""
    found = like(snapshot, "tea")
    assert "lamp" not in found or found.index("lamp") > found.index("tea2")


def test_scores_are_shares_of_the_articles_own(shipped: Snapshot) -> None:
    """Scores fall, none is below the least share, and there are no more than asked for."""
    for doc in range(len(shipped.columns.days)):
        shares = [share for _, share in similar(shipped, doc, 3)]
        assert shares == sorted(shares, reverse=True)
        assert len(shares) <= 3
        assert all(share >= LEAST for share in shares)


def test_the_same_text_is_almost_wholly_alike(snapshot: Snapshot) -> None:
    """A text printed twice is offered, with a share of one."""
    numbers = {snapshot.article(doc).id: doc for doc in range(len(snapshot.columns.days))}
    assert dict(similar(snapshot, numbers["bridge"]))[numbers["again"]] == pytest.approx(1)


def test_an_article_without_words_is_like_none(tmp_path: Path) -> None:
    """Where there is nothing to go by, nothing is offered."""
    snapshot = archive(tmp_path, "。", "。", "工会的桥").snapshot()
    assert [similar(snapshot, doc) for doc in range(3)] == [(), (), ()]
