"""Articles and results as the JSON objects that programs rely on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from index.model import Article
from search.model import Hit, Part, SearchResult, Status, Suggestion
from web.addresses import article_api_url, article_url, issue_url, scan_url
from web.links import SearchLinks
from web.marks import marked_html

if TYPE_CHECKING:  # these bring the search engine with them
    from index.report.model import Coverage, Holding, Mention
    from search.issues import Issue
    from search.trends import Trend

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


def article_page(article: Article, *, has_scan: bool) -> Json:
    """The answer of ``/api/v1/articles/{id}``: all of an article, the text as printed included."""
    return {**parsed_article(article), "printed": article.printed,
            "corrections": [{"wrong": made.wrong, "right": made.right} for made in article.corrections],
            "scan": _scan(article) if has_scan else None,
            "ocr_confidence": article.ocr_confidence,
            "url": article_url(article.id),
            "api_url": article_api_url(article.id)}


def _scan(article: Article) -> Json | None:
    """Where the printed page is shown, and where on it the article stands."""
    if article.scan is None:
        return None
    box = article.scan.box
    return {"url": scan_url(article.id), "page": article.scan.page, "box": box and list(box)}


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
        "suggestions": [
            {**_suggestion(found), "url": links.suggested(found.q)} for found in result.suggestions
        ],
        "links": links.paging(result.reachable, result.generation),
    }


def suggestions(q: str, found: Iterable[Suggestion]) -> Json:
    """The answer of ``/api/v1/suggest``."""
    return {"q": q, "suggestions": [_suggestion(suggestion) for suggestion in found]}


def similar_articles(article_id: str, found: Iterable[tuple[Article, float]]) -> Json:
    """The answer of ``/api/v1/articles/{id}/similar``; ``score`` is the likeness, about 1 for the same text."""
    return {
        "id": article_id,
        "results": [{**_entry(article), "score": round(share, 4)} for article, share in found],
    }


def issues(found: Sequence[Issue], links: SearchLinks, generation: str) -> Json:
    """The answer of ``/api/v1/issues``: one page of the issues found in a generation of the index."""
    per_page, page = links.request.per_page, links.request.result_page
    return {
        "total": len(found),
        "page": page,
        "per_page": per_page,
        "pages": links.pages(len(found)),
        "issues": [_issue(issue) for issue in found[(page - 1) * per_page : page * per_page]],
        "links": links.paging(len(found), generation),
    }


def trends(by: str, found: Iterable[Trend]) -> Json:
    """The answer of ``/api/v1/trends``; ``share`` is of all articles of the period, 0 to 1."""
    return {
        "by": by,
        "trends": [
            {
                "q": trend.q,
                "total": trend.total,
                "points": [
                    {"period": point.period, "count": point.count, "share": round(point.share, 6)}
                    for point in trend.points
                ],
            }
            for trend in found
        ],
    }


def status(held: Status) -> Json:
    """The answer of ``/api/v1/status``."""
    counts = {facet.name: {value.value: value.count for value in facet.values} for facet in held.facets}
    return {
        "generation": held.generation,
        "created": held.created.isoformat(timespec="seconds"),
        "articles": held.articles,
        "kinds": counts["kind"],
        "newspapers": counts["newspaper"],
        "years": counts["year"],
        "files": held.files,
        "failed": held.failed,
        "reindex_due": held.reindex_due,
    }


def coverage(found: Coverage) -> Json:
    """The answer of ``/api/v1/coverage``: what the archive holds, and everything that is doubtful in it."""
    return {
        "articles": found.articles,
        "holdings": [_holding(holding) for holding in found.holdings],
        "undated": list(found.undated),
        "unnumbered": list(found.unnumbered),
        "short": [{"article": _mention(one.article), "characters": one.characters} for one in found.short],
        "garbled": [{"article": _mention(one.article), "share": one.share} for one in found.garbled],
        "duplicates": [
            {"articles": [_mention(article) for article in group.articles], "reprint": group.reprint}
            for group in found.duplicates
        ],
        "unjoined": [{"article": _mention(one.article), "jumps": list(one.jumps)} for one in found.unjoined],
        "failed": [{"file": failure.file, "reason": failure.reason} for failure in found.failed],
        "stale": list(found.stale),
    }


def _holding(holding: Holding) -> Json:
    return {
        "newspaper": holding.newspaper,
        "issues": holding.issues,
        "first": holding.first.isoformat(),
        "last": holding.last.isoformat(),
        "missing": holding.missing,
        "months": [
            {"month": held.month, "issues": held.issues, "pages": held.pages, "articles": held.articles}
            for held in holding.months
        ],
        "gaps": [
            {"after": gap.after.isoformat(), "before": gap.before.isoformat(), "missing": gap.missing,
             "days": [day.isoformat() for day in gap.days]}
            for gap in holding.gaps
        ],
    }


def _mention(article: Mention) -> Json:
    return {
        "id": article.id,
        "url": article_url(article.id),
        "api_url": article_api_url(article.id),
        "title": article.title,
        "newspaper": article.newspaper,
        "date": article.date and article.date.isoformat(),
        "page_no": article.page_no,
        "source": article.source,
    }


def _hit(hit: Hit) -> Json:
    return {
        **_entry(hit.article),
        "title_parts": _parts(hit.title_parts),
        "score": round(hit.score, 4),
        "partial": hit.partial,
        "approximate": hit.approximate,
        "snippets": [
            {"field": snippet.field, "parts": _parts(snippet.parts), "html": str(marked_html(snippet.parts))}
            for snippet in hit.snippets
        ],
    }


def _entry(article: Article) -> Json:
    """What a list says of an article."""
    return {
        "id": article.id,
        "url": article_url(article.id),
        "api_url": article_api_url(article.id),
        "title": article.title,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        **_metadata(article),
        "kind": article.kind,
        "bylines": _bylines(article),
        "source": article.source,
    }


def _issue(issue: Issue) -> Json:
    return {
        "url": issue_url(issue),
        "newspaper": issue.newspaper,
        "date": issue.date and issue.date.isoformat(),
        "issue_no": issue.issue_no,
        "articles": issue.articles,
        "pages": [
            {"page_no": page.page_no, "section": page.section, "articles": page.articles} for page in issue.pages
        ],
    }


def _suggestion(suggestion: Suggestion) -> Json:
    return {"q": suggestion.q, "reason": suggestion.reason}


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
