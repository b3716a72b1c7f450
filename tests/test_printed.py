"""What OCR gave stays searchable where repair has changed it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.analyzer import bigrams
from index.pages.printed import changed_passages
from index.reindex import reindex
from search.model import SearchRequest
from search.searcher import Searcher

PAGE = """# 渡口修船队入会

本报讯(记者 曲晚晴) 九月八日，云浦渡口修船队二十三名队员集体加入工会。大家在会场领到会员证，老队长说，修了半辈子船，
今天总算有了娘家，往后要更加注重因地制官，把手艺传给年轻人。
"""


def test_nothing_is_kept_of_what_was_not_changed() -> None:
    """Line breaks, spaces and markup are no change."""
    assert changed_passages("**云浦**渡口\n修 船 队", ["云浦渡口修船队"]) == ""


def test_a_passage_ends_with_the_paragraph() -> None:
    """What stands around a changed place is no text across paragraphs that the article has."""
    body = "修船队人会。大家鼓掌\n渡口开航"
    assert "鼓掌渡口" in changed_passages("修船队入会。大家鼓掌\n渡口开航", [body.replace("\n", "")])
    assert changed_passages("修船队入会。大家鼓掌\n渡口开航", [body]) == "修船队入会。大家鼓掌\n渡口"
    assert changed_passages("修船队\n\n渡口", ["修船队\n\n渡口"]) == ""


@given(st.text("云浦渡口修船队，。", max_size=40), st.text("云浦渡口修船队，。", max_size=40))
def test_every_printed_bigram_is_somewhere(printed: str, body: str) -> None:
    """Each two neighbouring characters of the printed text stand in the article or in the passages."""
    kept = set(bigrams(changed_passages(printed, [body]))) | set(bigrams(body))
    assert set(bigrams(printed)) <= kept


def test_the_printed_form_finds_the_repaired_article(tmp_path: Path) -> None:
    """A string copied out of the OCR text finds its article, and the passage shows it marked."""
    (tmp_path / "2023-09-12_02.md").write_text(PAGE, "utf-8")
    reindex([tmp_path / "2023-09-12_02.md"], tmp_path / "index")
    searcher = Searcher(tmp_path / "index")
    hits = searcher.search(SearchRequest(q='"因地制官"')).hits
    assert [hit.article.title for hit in hits] == ["渡口修船队入会"]
    assert "因地制宜" in hits[0].article.body
    assert any(part.hit and part.text == "因地制官" for part in hits[0].snippets[0].parts)
