"""Articles and results as JSON: the members programs rely on, and HTML in which only ``<mark>`` is markup."""

from __future__ import annotations

import datetime
import html
import json
import re
from dataclasses import replace
from pathlib import Path

from flask import request
from hypothesis import given
from hypothesis import strategies as st
from strategies import articles, valid_text

from index.model import Article, Byline, Scan
from search.model import Expansion, Facet, FacetValue, Hit, Part, SearchRequest, SearchResult, Snippet
from web import create_app
from web.endpoint.serialize import (
    article_api_url,
    article_page,
    article_url,
    marked_html,
    parsed_article,
    search_result,
)
from web.settings import Settings

PARSED = [
    "id", "source", "newspaper", "issue_no", "date", "page_no", "section", "title", "kicker", "subtitle", "kind",
    "bylines", "subheads", "body",
]
RESULT = {
    "id", "url", "api_url", "title", "title_parts", "kicker", "subtitle", "date", "newspaper", "issue_no",
    "page_no", "section", "kind", "bylines", "score", "source", "snippets",
}
ANSWER = {
    "query", "total", "took_ms", "page", "per_page", "pages", "results", "facets", "suggestions", "links",
}
QUERY = {"q", "normalized", "expanded", "dates", "partial", "notes"}

ARTICLE = Article(
    id="甲/1", source="2024-05-10_02.md", body="第一段。\n第二段。", printed="第一段.\n第二段.", title="春天来了",
    bylines=(Byline("记者", "李明"),), subheads=("第二段。",), date=datetime.date(2024, 5, 10), page_no="2",
)
PARTS = (Part("春天", True), Part("来了"))
HIT = Hit(
    article=ARTICLE, score=1.23456, partial=False, approximate=False, title_parts=PARTS,
    snippets=(Snippet("body", (Part("第一段。"),)),),
)
RESULTS = SearchResult(
    request=SearchRequest(q="春天", facets=("year",)), normalized="春天",
    expanded=(Expansion("春天", ("春季",)),), dates=("2024-05",), total=1, reachable=1, partial=False, hits=(HIT,),
    facets=(Facet("year", (FacetValue("2024", 1),)),), notes=(), generation="20240510T000000-000", seconds=0.00123,
)

routes = create_app(Settings(index=Path("nowhere")))
parts = st.lists(st.builds(Part, valid_text, st.booleans()), max_size=5).map(tuple)


def test_a_parsed_article_has_the_promised_members_in_order() -> None:
    """``unionnews parse`` prints these members, null where nothing is known."""
    parsed = parsed_article(ARTICLE)
    assert list(parsed) == PARSED
    assert parsed["date"] == "2024-05-10"
    assert parsed["bylines"] == [{"role": "记者", "name": "李明"}]
    assert parsed["subheads"] == ["第二段。"]
    assert parsed["newspaper"] is None


def test_the_page_of_an_article_adds_the_printed_text_and_addresses() -> None:
    """The endpoint's article is the parsed one, what was printed, and where it stands."""
    page = article_page(ARTICLE, has_scan=True)
    assert {name: page[name] for name in PARSED} == parsed_article(ARTICLE)
    assert page["printed"] == "第一段.\n第二段."
    assert page["url"] == article_url("甲/1")
    assert page["api_url"] == article_api_url("甲/1")


def test_an_article_tells_its_scan_by_an_address() -> None:
    """Never by a path on the server, and only where the picture is there."""
    article = replace(ARTICLE, scan=Scan("2024/甲.pdf", 2, (0.1, 0.2, 0.5, 0.6)), ocr_confidence=0.9)
    page = article_page(article, has_scan=True)
    assert page["scan"] == {"url": "/scans/%E7%94%B2%2F1", "page": 2, "box": [0.1, 0.2, 0.5, 0.6]}
    assert page["ocr_confidence"] == 0.9
    assert article_page(article, has_scan=False)["scan"] is None
    assert article_page(ARTICLE, has_scan=True)["scan"] is None


@given(articles())
def test_any_article_is_json(article: Article) -> None:
    """What is written is read again the same."""
    page = article_page(article, has_scan=True)
    assert json.loads(json.dumps(page, ensure_ascii=False)) == page


def test_a_result_has_the_promised_members() -> None:
    """Programs rely on these names."""
    answer = search_result(RESULTS)
    assert answer.keys() >= ANSWER
    assert answer["query"].keys() >= QUERY
    assert answer["results"][0].keys() >= RESULT
    assert answer["results"][0]["snippets"][0].keys() == {"field", "parts", "html"}
    assert answer["facets"]["year"][0].keys() == {"value", "count", "url"}
    assert answer["links"].keys() == {"self", "first", "prev", "next", "last"}


def test_a_result_carries_what_was_found() -> None:
    """Marks as data and as HTML, counts, and rounded figures."""
    answer = search_result(RESULTS)
    hit = answer["results"][0]
    assert hit["title_parts"] == [{"text": "春天", "hit": True}, {"text": "来了", "hit": False}]
    assert hit["snippets"] == [
        {"field": "body", "parts": [{"text": "第一段。", "hit": False}], "html": "第一段。"}
    ]
    assert hit["score"] == 1.2346
    assert answer["query"]["expanded"] == [{"term": "春天", "added": ["春季"]}]
    assert answer["query"]["dates"] == ["2024-05"]
    assert (answer["total"], answer["pages"], answer["took_ms"]) == (1, 1, 1.2)


@given(parts)
def test_marked_html_is_the_escaped_text_with_marks(marked: tuple[Part, ...]) -> None:
    """Without ``<mark>`` and escapes it is the text; nothing in the text is ever markup."""
    markup = str(marked_html(marked))
    bare = re.sub("</?mark>", "", markup)
    assert not set(bare) & set("<>\"'")
    assert html.unescape(bare) == "".join(part.text for part in marked)
    assert re.findall("<mark>(.*?)</mark>", markup, re.DOTALL) == [
        html.escape(part.text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") for part in marked if part.hit
    ]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1))
def test_the_addresses_of_an_article_lead_to_its_id(article_id: str) -> None:
    """An id may be anything, also an address with slashes and question marks."""
    for url in (article_url(article_id), article_api_url(article_id)):
        assert url.isascii()
        with routes.test_request_context(url):
            assert request.view_args == {"article_id": article_id}
