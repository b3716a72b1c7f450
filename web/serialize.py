"""Articles and results as the JSON objects that programs rely on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from index.model import Article
from search.model import Hit, Part, SearchResult
from web.links import SearchLinks

Json = dict[str, Any]


def parsed_article(article: Article) -> Json:
    """What ``unionnews parse`` prints of an article."""
    return {
        "id": article.id,
        "source": article.source,
        **_metadata(article),
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "kind": article.kind,
        "bylines": _bylines(article),
        "subheads": list(article.subheads),
        "body": article.body,
    }


def article_page(article: Article) -> Json:
    """The answer of ``/api/v1/articles/{id}``: all of an article, the text as printed included."""
    return {**parsed_article(article), "printed": article.printed, "url": article_url(article.id),
            "api_url": article_api_url(article.id)}


def search_result(result: SearchResult, links: SearchLinks | None = None) -> Json:
    """The answer of ``/api/v1/search``."""
    links = links or SearchLinks(result.request, "/api/v1/search")
    return {
        "query": {
            "q": result.request.q,
            "normalized": result.normalized,
            "expanded": [{"term": item.term, "added": list(item.added)} for item in result.expanded],
            "dates": list(result.dates),
            "partial": result.partial,
            "notes": list(result.notes),
        },
        "total": result.total,
        "reachable": result.reachable,
        "took_ms": round(result.seconds * 1000, 1),
        "page": result.request.result_page,
        "per_page": result.request.per_page,
        "pages": links.pages(result.reachable),
        "results": [_hit(hit) for hit in result.hits],
        "facets": {
            facet.name: [
                {"value": value.value, "count": value.count, "url": links.narrowed(facet.name, value.value)}
                for value in links.offered(facet)
            ]
            for facet in result.facets
        },
        "suggestions": [],
        "links": links.paging(result.reachable),
    }


def article_url(article_id: str) -> str:
    """The web page of an article."""
    return f"/articles/{quote(article_id, safe='')}"


def article_api_url(article_id: str) -> str:
    """The JSON of an article."""
    return f"/api/v1/articles/{quote(article_id, safe='')}"


def marked_html(parts: Iterable[Part]) -> Markup:
    """Parts as HTML: everything escaped, hits in ``<mark>``."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part.text) if part.hit else escape(part.text) for part in parts
    )


def _hit(hit: Hit) -> Json:
    article = hit.article
    return {
        "id": article.id,
        "url": article_url(article.id),
        "api_url": article_api_url(article.id),
        "title": article.title,
        "title_parts": _parts(hit.title_parts),
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        **_metadata(article),
        "kind": article.kind,
        "bylines": _bylines(article),
        "score": round(hit.score, 4),
        "partial": hit.partial,
        "approximate": hit.approximate,
        "source": article.source,
        "snippets": [
            {"field": snippet.field, "parts": _parts(snippet.parts), "html": str(marked_html(snippet.parts))}
            for snippet in hit.snippets
        ],
    }


def _metadata(article: Article) -> Json:
    return {
        "newspaper": article.newspaper,
        "issue_no": article.issue_no,
        "date": article.date and article.date.isoformat(),
        "page_no": article.page_no,
        "section": article.section,
    }


def _bylines(article: Article) -> list[Json]:
    return [{"role": byline.role, "name": byline.name} for byline in article.bylines]


def _parts(parts: Iterable[Part]) -> list[Json]:
    return [{"text": part.text, "hit": part.hit} for part in parts]
