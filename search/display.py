"""An article found, as it is shown: what is marked in it, and which extract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.analyzer import Skeleton, skeleton
from index.model import Article
from index.schema import PRINTED, field_texts, printed_passages
from search.matching import parts
from search.model import Hit, Snippet
from search.snapshot import Snapshot
from search.snippet import marked, occurrences, snippet, spans

_KEPT = 1024
"""So many articles are kept as they were shown; of 1,500 characters each they take 15 MB."""


@dataclass(frozen=True)
class Shown:
    """An article with its texts as matching sees them; fields without text are left out."""

    article: Article
    texts: dict[str, str]
    bare: dict[str, Skeleton]

    @classmethod
    def of(cls, article: Article) -> Shown:
        texts = {field: text for field, text in field_texts(article).items() if text}
        return cls(article, texts, {field: skeleton(text) for field, text in texts.items()})

    @cached_property
    def printed(self) -> list[tuple[str, Skeleton]]:
        """The passages of the text as it was printed that differ from these."""
        return [(line, skeleton(line)) for line in printed_passages(self.article).split("\n")]


class Shelf:
    """The articles of one generation that were shown last, kept to be shown again; threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.shown = lru_cache(_KEPT)(lambda doc: Shown.of(snapshot.article(doc)))
        """The article of a document number."""


def hit(shown: Shown, terms: Sequence[str], score: float, *, partial: bool, approximate: bool) -> Hit:
    """The hit that an article is for a query whose strings to be marked are ``terms``."""
    article, texts, bare = shown.article, shown.texts, shown.bare
    places = {field: occurrences(bare[field], terms) for field in texts}
    known = set[str]().union(*places.values())
    missing = [term for term in terms if term not in known]
    if inside := {part for term in missing for part in parts(term) if part not in known}:
        places = {field: {**found, **occurrences(bare[field], inside)} for field, found in places.items()}
    whole = [field for field in ("kicker", "subtitle", "bylines") if places.get(field)]
    extracts = _as_printed(shown.printed, missing) if missing and not partial else []
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


def _as_printed(lines: Iterable[tuple[str, Skeleton]], terms: Sequence[str]) -> list[Snippet]:
    """The first passage, if any, in which only the text as it was printed has one of the terms."""
    for line, bare in lines:
        if places := occurrences(bare, terms):
            return [Snippet(PRINTED, marked(line, spans(places)))]
    return []
