"""An article found, as it is shown: what is marked in it, and which extract."""

from __future__ import annotations

from collections.abc import Sequence

from index.analyzer import skeleton
from index.model import Article
from index.schema import PRINTED, field_texts, printed_passages
from search.matching import parts
from search.model import Hit, Snippet
from search.snippet import marked, occurrences, snippet, spans


def hit(article: Article, terms: Sequence[str], score: float, *, partial: bool, approximate: bool) -> Hit:
    """The hit that ``article`` is for a query whose strings to be marked are ``terms``."""
    texts = {field: text for field, text in field_texts(article).items() if text}
    bare = {field: skeleton(text) for field, text in texts.items()}
    places = {field: occurrences(bare[field], terms) for field in texts}
    missing = [term for term in terms if not any(term in found for found in places.values())]
    inside = [part for term in missing for part in parts(term)]
    if inside:
        places = {field: {**occurrences(bare[field], inside), **found} for field, found in places.items()}
    whole = [field for field in ("kicker", "subtitle", "bylines") if places.get(field)]
    extracts = _as_printed(article, missing) if missing and not partial else []
    extracts += [Snippet(field, marked(texts[field], spans(places[field]))) for field in whole]
    if article.body:
        extracts.append(snippet("body", article.body, places["body"]))
    return Hit(
        article=article,
        score=score,
        partial=partial,
        approximate=approximate,
        title_parts=marked(texts["title"], spans(places["title"])) if article.title else (),
        snippets=tuple(extracts),
    )


def _as_printed(article: Article, terms: Sequence[str]) -> list[Snippet]:
    """Where only the text as it was printed has the terms, the passages that have them."""
    found = [(line, places) for line in printed_passages(article).split("\n") if (places := occurrences(line, terms))]
    return [Snippet(PRINTED, marked(line, spans(places))) for line, places in found[:1]]
