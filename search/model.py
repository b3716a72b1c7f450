"""What is asked and what is answered, as frozen values; no engine object appears here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from index.model import Article

Sort = Literal["relevance", "newest", "oldest"]
Reason = Literal["word", "name", "section", "title", "pinyin", "homophone", "lookalike"]

FILTERS = ("newspaper", "section", "page_no", "kind", "reporter", "correspondent", "photographer", "person")
"""Fields a search can be narrowed by, each by one or more exact values; ``person`` is whoever has a byline."""

FACETS = ("year", "month", *FILTERS)
"""Fields whose values a search counts."""

KIND_LABELS = {
    "news": "新闻", "feature": "通讯", "photo": "图片", "brief": "简讯", "notice": "公告", "essay": "副刊",
    "page": "版面",
}
"""Kinds of article as readers call them."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. ``result_page`` counts from 1; dates are inclusive; a filter's values are alternatives.

    ``expand``: synonyms stand for words; ``fuzzy``: so does what OCR takes for their characters; ``relax``: where too
    few articles have all words, those that have some follow. ``generation``: the only generation of the index that may
    answer, so that the pages of a result fit together; empty for the current.
    """

    q: str = ""
    result_page: int = 1
    per_page: int = 10
    sort: Sort = "relevance"
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facets: tuple[str, ...] = ()
    expand: bool = True
    fuzzy: bool = False
    relax: bool = True
    generation: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text, marked or not."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """An extract of one field; the parts' texts concatenate to text of the article."""

    field: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    ``partial``: only some of the query's words occur in it; ``approximate``: only what OCR takes for them does.
    """

    article: Article
    score: float
    partial: bool
    approximate: bool
    title_parts: tuple[Part, ...]
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts over all articles that truly match, largest first (years and months: newest first)."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """The other names that were searched for beside a word."""

    term: str
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query, and what it is or why it comes to mind.

    ``word``, ``name``, ``section`` and ``title`` of the archive go on as was typed, or ``pinyin`` of one of them was;
    a ``homophone`` or ``lookalike`` of what was asked for occurs where that does not.
    """

    q: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one request.

    ``total`` and ``facets`` count the articles that truly match; ``reachable`` adds the partial hits that there
    are when fewer than one screen match (then ``partial`` is set). ``normalized`` is the query as
    it was understood, in canonical form; ``dates`` are those it names, as 2024-05-01, 2024-05, 2024 or --05-01.
    ``suggestions``, made only where nothing truly matches, are queries that find articles under the same filters.
    """

    request: SearchRequest
    normalized: str
    expanded: tuple[Expansion, ...]
    dates: tuple[str, ...]
    total: int
    reachable: int
    partial: bool
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    notes: tuple[str, ...]
    generation: str
    seconds: float
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds: articles, counted by kind, newspaper and year too, from so many files, some of which failed.

    With ``reindex_due`` the running code would find other articles in the same files.
    """

    generation: str
    created: datetime.datetime
    articles: int
    facets: tuple[Facet, ...]
    files: int
    failed: int
    reindex_due: bool
