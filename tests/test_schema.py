"""Documents: an article becomes fields that the index takes, and comes back as it was."""

from __future__ import annotations

import dataclasses
import datetime
import json
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_text, articles
from whoosh.index import create_in

from index.engine.writer import BulkWriter
from index.model import Article, Byline
from index.schema import (
    KEYWORDS,
    SCHEMA,
    ZONES,
    day_number,
    document,
    dump,
    field_texts,
    keywords,
    load,
    page_number,
    zone_texts,
)


@given(articles())
def test_dumped_articles_load_as_they_were(article: Article) -> None:
    """What is stored of an article is the whole article, as readable JSON."""
    assert load(dump(article)) == article
    assert json.loads(dump(article))["id"] == article.id


@given(articles())
def test_documents_have_only_fields_of_the_schema(article: Article) -> None:
    """A document holds fields of the schema only, and none that is empty."""
    fields = document(article, "2024/01.md")
    assert set(fields) <= set(SCHEMA.names())
    assert all(fields.values())
    assert (fields["id"], fields["file"]) == (article.id, "2024/01.md")


@given(articles())
def test_each_text_is_searched_in_one_zone(article: Article) -> None:
    """Title and body share no field, and together they have every text of the article."""
    fields = [name for names in ZONES.values() for name in names]
    assert len(fields) == len(set(fields))
    assert set(fields) == set(field_texts(article))
    zones = zone_texts(article)
    for zone, names in ZONES.items():
        assert zones[zone] == "\n".join(filter(None, (field_texts(article)[name] for name in names)))


@settings(max_examples=20)
@given(st.lists(articles(), min_size=1, max_size=5, unique_by=lambda article: article.id))
def test_every_article_can_be_indexed(found: list[Article]) -> None:
    """The index takes the document of any article and gives the article back by its id."""
    with tempfile.TemporaryDirectory() as folder:
        index = create_in(folder, SCHEMA)
        with BulkWriter(index) as writer:
            for article in found:
                writer.add_document(**document(article, "page.md"))
        with index.searcher() as searcher:
            for article in found:
                assert load(searcher.document(id=article.id)["article"]) == article


def test_keywords_are_exact_values() -> None:
    """Each person of a byline is a value of the field of the role; a role without field is an author."""
    article = Article(
        id="1", source="a.md", body="", printed="", newspaper="砚江工人", section="要闻", page_no="第02版",
        bylines=(Byline("记者", "王,建国"), Byline("记者", "李明"), Byline("记者", "李明"),
                 Byline("通讯员", "买买提·艾力"), Byline("摄影", "李明"), Byline("整理", "赵一")),
    )
    assert keywords(article) == {
        "newspaper": ("砚江工人",), "section": ("要闻",), "kind": ("news",), "page_no": ("2",),
        "reporter": ("王,建国", "李明"), "correspondent": ("买买提·艾力",), "photographer": ("李明",),
        "author": ("赵一",),
    }
    assert set(keywords(article)) == set(KEYWORDS)


def test_commas_do_not_split_values() -> None:
    """A value with a comma is one term of its field."""
    article = Article("1", "a.md", body="", printed="", bylines=(Byline("记者", "王,建国 李"),))
    with tempfile.TemporaryDirectory() as folder:
        index = create_in(folder, SCHEMA)
        with BulkWriter(index) as writer:
            writer.add_document(**document(article, "a.md"))
        with index.reader() as reader:
            assert list(reader.field_terms("reporter")) == ["王,建国 李"]


def test_days_are_in_order() -> None:
    """A date is the number one reads it as, so that later days are greater."""
    assert day_number(datetime.date(2024, 5, 1)) == 20240501
    article = Article(id="1", source="a.md", body="x", printed="x", date=datetime.date(2024, 5, 1))
    assert document(article, "a.md")["day"] == 20240501
    assert "day" not in document(dataclasses.replace(article, date=None), "a.md")


@pytest.mark.parametrize(("number", "printed"), [
    ("2", ("2", "02", "002", "二", "第2版", "第02版", "第二版", "第 2 版", "第　２　版", "２")),
    ("A3", ("A3", "a3", "A03", "a03", "Ａ０３", "A03版", "第A03版")),
    ("12", ("12", "012", "十二", "第十二版")),
    ("10", ("10", "十", "第十版")),
    ("20", ("20", "二十", "第二十版")),
    ("21", ("21", "二十一")),
    ("48", ("48", "四十八版")),
    ("0", ("0", "00")),
    ("要闻", ("要闻", "要闻版", "要闻 版")),
    ("", ("", "版", "第 版")),
])
def test_page_numbers_have_one_form(number: str, printed: tuple[str, ...]) -> None:
    """However a page number is printed, it is one number."""
    assert {page_number(text) for text in printed} == {number}


@given(any_text)
def test_any_text_is_some_page_number(text: str) -> None:
    """No text is refused as a page number."""
    page_number(text)
