"""The issues that the archive holds: by newspaper and day, page by page."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from archive import archive

from search.issues import Issue
from search.model import SearchRequest
from search.searcher import Searcher

DAY = datetime.date(2024, 5, 10)

ARTICLES: tuple[dict[str, object], ...] = (
    {"newspaper": "琅川工人报", "date": "2024-05-10", "page_no": "02", "section": "要闻", "body": "甲",
     "issue_no": "88"},
    {"newspaper": "琅川工人报", "date": "2024-05-10", "page_no": "2", "section": "要闻", "body": "乙"},
    {"newspaper": "琅川工人报", "date": "2024-05-10", "page_no": "第2版", "body": "丙"},
    {"newspaper": "琅川工人报", "date": "2024-05-10", "page_no": "10", "section": "副刊", "body": "丁"},
    {"newspaper": "琅川工人报", "date": "2024-05-10", "page_no": "10", "kind": "page", "body": "报头"},
    {"newspaper": "琅川工人报", "date": "2024-05-17", "page_no": "A1", "body": "戊"},
    {"newspaper": "三江职工", "date": "2024-05-10", "body": "己"},
    {"newspaper": "三江职工", "issue_no": "7", "body": "庚"},
    {"newspaper": "三江职工", "issue_no": "12", "body": "辛"},
    {"body": "壬"},
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return archive(tmp_path_factory.mktemp("issues"), *ARTICLES)


def names(issues: tuple[Issue, ...]) -> list[tuple[str | None, str | None, str | None]]:
    return [(issue.newspaper, issue.date and issue.date.isoformat(), issue.issue_no) for issue in issues]


def test_issues_are_those_of_a_newspaper_on_a_day_newest_first(searcher: Searcher) -> None:
    """Without a day the number tells issues apart; what has neither comes last."""
    assert names(searcher.issues(SearchRequest())) == [
        ("琅川工人报", "2024-05-17", None),
        ("三江职工", "2024-05-10", None),
        ("琅川工人报", "2024-05-10", "88"),
        (None, None, None),
        ("三江职工", None, "7"),
        ("三江职工", None, "12"),
    ]


def test_pages_are_in_order_with_their_articles(searcher: Searcher) -> None:
    """A page is one page however its number is printed; what belongs to no article is not counted."""
    issue = next(issue for issue in searcher.issues(SearchRequest()) if issue.issue_no == "88")
    pages = [(page.page_no, page.section, page.articles) for page in issue.pages]
    assert pages == [("2", "要闻", 3), ("10", "副刊", 1)]
    assert issue.articles == 4


def test_issues_can_be_narrowed_by_newspaper_and_dates(searcher: Searcher) -> None:
    """Once dates are given, an issue without a date is not among them."""
    paper = (("newspaper", ("三江职工",)),)
    assert len(searcher.issues(SearchRequest(filters=paper))) == 3
    assert names(searcher.issues(SearchRequest(filters=paper, date_from=DAY))) == [("三江职工", "2024-05-10", None)]
    assert len(searcher.issues(SearchRequest(date_from=DAY, date_to=DAY))) == 2
    assert searcher.issues(SearchRequest(date_to=DAY - datetime.timedelta(1))) == ()


def test_every_article_belongs_to_one_issue(index_dir: Path) -> None:
    """The issues of the sample count all its articles but page furniture."""
    searcher = Searcher(index_dir)
    everything = searcher.search(SearchRequest(facets=("kind",)))
    furniture = sum(value.count for value in everything.facets[0].values if value.value == "page")
    assert sum(issue.articles for issue in searcher.issues(SearchRequest())) == everything.total - furniture


def test_a_new_generation_has_its_own_issues(tmp_path: Path) -> None:
    """What was computed for one index is not answered from the next."""
    searcher = archive(tmp_path, {"date": "2024-05-10", "body": "甲"})
    assert len(searcher.issues(SearchRequest())) == 1
    archive(tmp_path, {"date": "2024-05-10", "body": "甲"}, {"date": "2024-05-11", "body": "乙"})
    assert len(searcher.issues(SearchRequest())) == 2
    archive(tmp_path, {"date": "2024-05-11", "body": "乙"})
    assert [issue.date for issue in searcher.issues(SearchRequest())] == [datetime.date(2024, 5, 11)]
