"""How articles are cited: GB/T 7714, elements for reference managers, schema.org."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import example, given
from strategies import articles

from index.model import Article, Byline
from web.citation import citation, json_ld, meta_tags

URL = "http://localhost/articles/1"
DAY = datetime.date(2024, 5, 1)


def article(*names: str, role: str = "记者", **fields: object) -> Article:
    bylines = tuple(Byline(role, name) for name in names)
    return Article(**{"id": "1", "source": "a.md", "body": "", "printed": "", "bylines": bylines, **fields})


@pytest.mark.parametrize(
    ("cited", "reference"),
    [
        (article("顾南乔", title="春茶开秤", newspaper="琅川工人报", date=DAY, page_no="02"),
         "顾南乔. 春茶开秤[N]. 琅川工人报, 2024-05-01(2)."),
        (article("甲", "乙", "丙", title="题"), "甲, 乙, 丙. 题[N]."),
        (article("甲", "乙", "丙", "丁", title="题", date=DAY), "甲, 乙, 丙, 等. 题[N]. 2024-05-01."),
        (article(title="题", subtitle="副题", newspaper="琅川工人报"), "题: 副题[N]. 琅川工人报."),
        (article("甲", "甲"), "甲. 无题[N]."),
        (article("甲", role="摄影", title="照片"), "甲. 照片[N]."),
    ],
)
def test_a_reference_is_in_the_form_of_gb_t_7714(cited: Article, reference: str) -> None:
    """Authors, title, newspaper, day and page; what is not known is left out, also its signs."""
    assert citation(cited) == reference


def test_a_photographer_is_no_author_beside_a_writer() -> None:
    """Only who wrote is named, if anybody is said to have."""
    both = article(title="题", bylines=(Byline("摄影", "乙"), Byline("通讯员", "甲")))
    assert citation(both) == "甲. 题[N]."


def test_reference_managers_find_what_they_read() -> None:
    """Every author has an element of its own, and nothing unknown has one."""
    assert meta_tags(article("甲", "乙", title="题", newspaper="琅川工人报", date=DAY, page_no="A03"), URL) == [
        ("DC.type", "newspaperArticle"), ("citation_title", "题"), ("citation_author", "甲"), ("citation_author", "乙"),
        ("citation_publication_date", "2024/05/01"), ("citation_journal_title", "琅川工人报"),
        ("citation_firstpage", "A3"), ("citation_language", "zh"), ("citation_public_url", URL),
    ]
    assert [name for name, _ in meta_tags(article(), URL)] == ["DC.type", "citation_language", "citation_public_url"]


def test_an_issue_is_part_of_its_newspaper() -> None:
    """With a number there is an issue between article and newspaper."""
    paper = {"@type": "Newspaper", "name": "琅川工人报"}
    assert json.loads(json_ld(article(newspaper="琅川工人报"), URL))["isPartOf"] == paper
    issue = json.loads(json_ld(article(newspaper="琅川工人报", issue_no="88"), URL))["isPartOf"]
    assert issue == {"@type": "PublicationIssue", "issueNumber": "88", "isPartOf": paper}


@given(articles())
@example(article(title=" ", newspaper="\n"))
def test_any_article_can_be_cited(cited: Article) -> None:
    """A reference is one line; the data is JSON that cannot end its element."""
    assert len(citation(cited).splitlines()) == 1
    assert all(content for _, content in meta_tags(cited, URL))
    data = json_ld(cited, URL)
    assert "<" not in data
    assert json.loads(data).get("headline") == (cited.title or None)
