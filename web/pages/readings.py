"""How a search was read, and the searches that undo each reading or look further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from search.dates import find_dates
from search.model import SearchRequest, SearchResult
from search.protocol import AnySearcher


@dataclass(frozen=True, slots=True)
class Wider:
    """A search with one condition less: the condition's name (``date``, ``fuzzy`` or a filter's), what it finds."""

    name: str
    request: SearchRequest
    count: int


def dates(result: SearchResult) -> list[tuple[str, str]]:
    """Each date of the query as it is written there, and the query with it in quotes, where it is plain text."""
    q = result.request.q
    found = [(q[start:end], f'{q[:start]}"{q[start:end]}"{q[end:]}') for start, end, date in find_dates(q)
             if str(date) in result.dates and q[:start].count('"') % 2 == 0 and not q[:start].endswith((":", "："))]
    return found[: len(result.dates)]


def is_rewritten(result: SearchResult) -> bool:
    """Whether the query was understood as another than a reader sees in what was typed."""
    return "".join(result.normalized.split()).casefold() != "".join(result.request.q.split()).casefold()


def wider(searcher: AnySearcher, wanted: SearchRequest) -> list[Wider]:
    """For a search that finds nothing, those that find something without one of its conditions."""
    found = [
        Wider(name, request, searcher.search(replace(request, facets=())).reachable)
        for name, request in _loosened(wanted)
    ]
    return [wide for wide in found if wide.count]


def _loosened(wanted: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    wanted = replace(wanted, result_page=1)
    for name, _ in wanted.filters:
        yield name, replace(wanted, filters=tuple(other for other in wanted.filters if other[0] != name))
    if wanted.date_from or wanted.date_to:
        yield "date", replace(wanted, date_from=None, date_to=None)
    if not wanted.fuzzy:
        yield "fuzzy", replace(wanted, fuzzy=True)
    if not wanted.relax:
        yield "relax", replace(wanted, relax=True)
