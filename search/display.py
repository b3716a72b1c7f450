"""An article found, as it is shown: what is marked in it, and which extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analyzer import Skeleton, skeleton
from index.model import Article
from index.schema import PRINTED, field_texts, printed_passages
from search.matching import parts
from search.model import Hit, Snippet
from search.snapshot import Snapshot
from search.snippet import marked, occurrences, snippet, spans

_KEPT = 1024
"""So many articles are kept as they were shown; of 1,500 characters each they take 15 MB."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An article with its texts as matching sees them; fields without text are left out."""

    article: Article
    texts: dict[str, str]
    bare: dict[str, Skeleton]

    @classmethod
    def of(cls, article: Article) -> Shown:
        texts = {field: text for field, text in field_texts(article).items() if text}
        return cls(article, texts, {field: skeleton(text) for field, text in texts.items()})


class Shelf:
    """The articles of one generation that were shown last, kept to be shown again; threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.shown = lru_cache(_KEPT)(lambda doc: Shown.of(snapshot.article(doc)))
        """The article of a document number."""


def hit(shown: Shown, terms: Sequence[str], score: float, *, partial: bool, approximate: bool) -> Hit:
    """The hit that an article is for a query whose strings to be marked are ``terms``."""
    article, texts, bare = shown.article, shown.texts, shown.bare
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
