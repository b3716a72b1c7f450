"""Leafing through an archive: issue by issue, page by page, section by section, person by person."""

from __future__ import annotations

from pathlib import Path

import pytest
from archive import archive, indexed

from search.catalogue import Catalogue
from search.model import SearchRequest
from search.searcher import Searcher

PAPER = "琅川工人报"
ARTICLES: tuple[dict[str, object], ...] = (
    {"newspaper": PAPER, "date": "2024-05-17", "page_no": "1", "section": "要闻", "body": "一"},
    {"newspaper": PAPER, "date": "2024-05-10", "page_no": "2", "title": "乙", "body": "二", "section": "副刊",
     "bylines": [{"role": "记者", "name": "曾小满"}, {"role": "摄影", "name": "曾小满"}]},
    {"newspaper": PAPER, "date": "2024-05-10", "page_no": "2", "title": "甲", "body": "三", "section": "副刊",
     "bylines": [{"role": "文图", "name": "曾小满"}, {"role": "通讯员", "name": "安红"}]},
    {"newspaper": PAPER, "date": "2024-05-10", "page_no": "2", "body": "报头", "kind": "page"},
    {"newspaper": PAPER, "date": "2024-05-10", "page_no": "1", "body": "四", "section": "要闻"},
    {"newspaper": "三江职工", "date": "2024-05-12", "body": "五"},
    {"newspaper": "三江职工", "issue_no": "10", "body": "六"},
    {"newspaper": "三江职工", "issue_no": "9", "body": "七"},
    {"body": "八"},
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return archive(tmp_path_factory.mktemp("catalogue"), *ARTICLES).catalogue()


def test_an_issue_is_found_by_newspaper_and_edition(catalogue: Catalogue) -> None:
    """The edition is the day, else the number, else nothing; what is not held is None."""
    editions = [(issue.newspaper, issue.edition) for issue in catalogue.issues]
    assert editions == [
        (PAPER, "2024-05-17"), ("三江职工", "2024-05-12"), (PAPER, "2024-05-10"),
        (None, ""), ("三江职工", "第9期"), ("三江职工", "第10期"),
    ]
    assert [catalogue.issue(*edition) for edition in editions] == list(catalogue.issues)
    assert catalogue.issue(PAPER, "2024-05-11") is catalogue.issue(None, "2024-05-10") is None


def test_issues_follow_one_another_within_their_newspaper(catalogue: Catalogue) -> None:
    """By day; those without a day by number."""
    for newspaper, editions in ((PAPER, ("2024-05-10", "2024-05-17")), ("三江职工", ("第9期", "第10期"))):
        first, second = (catalogue.issue(newspaper, edition) for edition in editions)
        assert first
        assert second
        assert catalogue.around(first) == (None, second)
        assert catalogue.around(second) == (first, None)
    alone = catalogue.issue("三江职工", "2024-05-12")
    assert alone
    assert catalogue.around(alone) == (None, None)


def test_a_page_has_its_articles_in_printed_order(catalogue: Catalogue) -> None:
    """As they stand in the file, what belongs to no article included; any part of them can be had."""
    issue = catalogue.issue(PAPER, "2024-05-10")
    assert issue
    page = issue.pages[1]
    assert [article.body for article in catalogue.articles(issue, page)] == ["二", "三", "报头"]
    assert [article.body for article in catalogue.articles(issue, page, 1, 2)] == ["三"]
    assert catalogue.articles(issue, page, 3) == ()


def test_every_article_stands_on_one_page(index_dir: Path) -> None:
    """Leafing through all pages of the sample one sees each article once."""
    searcher = Searcher(index_dir)
    catalogue = searcher.catalogue()
    seen = [
        article.id for issue in catalogue.issues for page in issue.pages for article in catalogue.articles(issue, page)
    ]
    assert len(seen) == len(set(seen)) == searcher.search(SearchRequest()).total


def test_sections_and_people_are_indexed_with_their_articles(catalogue: Catalogue) -> None:
    """An article counts once for a person, however many roles are printed in it."""
    assert [(name.text, name.articles) for name in catalogue.names("section")] == [("副刊", 2), ("要闻", 2)]
    people = [(name.text, name.articles, name.letter) for name in catalogue.names("person")]
    assert people == [("安红", 1, "A"), ("曾小满", 2, "Z")]
    assert catalogue.roles("曾小满") == {"reporter": 1, "photographer": 1, "author": 1}
    assert catalogue.roles("无此人") == {}


def test_a_person_s_articles_can_be_searched_whatever_the_role(tmp_path: Path) -> None:
    """The filter ``person`` finds as many as the index says."""
    searcher = archive(tmp_path, *ARTICLES)
    for name in searcher.catalogue().names("person"):
        assert searcher.search(SearchRequest(filters=(("person", (name.text,)),))).total == name.articles


def test_what_has_been_removed_is_in_no_index(tmp_path: Path) -> None:
    """A file that is gone takes its people, sections and ids with it."""
    first, second = tmp_path / "pages" / "a.jsonl", tmp_path / "pages" / "b.jsonl"
    first.parent.mkdir()
    for file, name in ((first, "安红"), (second, "曾小满")):
        line = '{"id": "%s", "body": "一", "section": "%s", "bylines": [{"role": "记者", "name": "%s"}]}'
        file.write_text(line % (name, name, name), "utf-8")
    searcher = indexed(tmp_path, first.parent)
    assert searcher.catalogue().ids() == ["安红", "曾小满"]
    second.unlink()
    catalogue = indexed(tmp_path, first.parent).catalogue()
    assert [name.text for name in catalogue.names("person")] == ["安红"]
    assert [name.text for name in catalogue.names("section")] == ["安红"]
    assert catalogue.ids() == ["安红"]
    assert sum(issue.articles for issue in catalogue.issues) == 1
