"""Addresses of searches: the request as a URL, and the URLs next to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from search.dates import period
from search.model import FILTERS, Facet, FacetValue, SearchRequest

_DEFAULT = SearchRequest()
_AROUND = 2

_quoted = lru_cache(maxsize=10_000)(quote_plus)
"""The links of a page have most of their values in common."""


@dataclass(frozen=True, slots=True)
class SearchLinks:
    """Links from one search to its neighbours, all to ``path``; web pages also carry the language that was chosen."""

    request: SearchRequest
    path: str
    lang: str | None = None

    def to(self, request: SearchRequest) -> str:
        """The address of a request, without the parameters that are at their defaults."""
        query = urlencode([*_parameters(request), *([("lang", self.lang)] if self.lang else [])], quote_via=_quoted)
        return f"{self.path}?{query}" if query else self.path

    def page(self, number: int) -> str:
        return self.to(replace(self.request, result_page=number))

    def pages(self, reachable: int) -> int:
        """How many screenfuls ``reachable`` results are."""
        return -(-reachable // self.request.per_page)

    def paging(self, reachable: int, generation: str = "") -> dict[str, str | None]:
        """Links to this page and to the first, previous, next and last; null where there is none.

        From the second page on they name the ``generation`` of the index, so that no page of another one is taken for
        the next; the first page begins anew.
        """
        last, current = max(1, self.pages(reachable)), self.request.result_page
        return {
            "self": self._within(self.request.generation, current),
            "first": self.page(1),
            "prev": self._within(generation, min(current - 1, last)) if current > 1 else None,
            "next": self._within(generation, current + 1) if current < last else None,
            "last": self._within(generation, last),
        }

    def _within(self, generation: str, number: int) -> str:
        pinned = generation and number > 1
        return self.page(number) + (f"&{urlencode({'generation': generation})}" if pinned else "")

    def sorted(self, sort: str) -> str:
        return self.to(replace(self.request, sort=sort, result_page=1))  # type: ignore[arg-type]

    def switched(self, **switches: bool) -> str:
        """The same search with ``expand``, ``fuzzy`` or ``relax`` switched on or off."""
        return self.to(replace(self.request, **switches, result_page=1))  # type: ignore[arg-type]

    def sized(self, per_page: int) -> str:
        """The same search with so many results on a page."""
        return self.to(replace(self.request, per_page=per_page, result_page=1))

    def numbers(self, reachable: int) -> list[int | None]:
        """The pages to choose from: the first, the last and those around this one, None for those left out."""
        last, current = self.pages(reachable), self.request.result_page
        around = range(max(1, current - _AROUND), min(last, current + _AROUND) + 1)
        numbers: list[int | None] = []
        for number in sorted({1, last, *around}):
            if numbers and number - (numbers[-1] or 0) > 1:
                numbers.append(None)
            numbers.append(number)
        return numbers

    def suggested(self, q: str) -> str:
        """Another query under the same conditions."""
        return self.to(replace(self.request, q=q, result_page=1))

    def export(self, suffix: str) -> str:
        """All results in another format: csv, ris or atom."""
        whole = replace(self.request, result_page=1, per_page=_DEFAULT.per_page, facets=())
        return replace(self, path=f"{self.path}.{suffix}", lang=None).to(whole)

    def narrowed(self, name: str, value: str) -> str:
        """The same search, only articles with this value of a facet: as many as the facet counts."""
        if name in {"year", "month"}:
            first, last = period(value)
            first = max(first, self.request.date_from or first)
            last = min(last, self.request.date_to or last)
            return self.to(replace(self.request, date_from=first, date_to=last, result_page=1))
        return self._filtered({**dict(self.request.filters), name: (value,)})

    def offered(self, facet: Facet) -> tuple[FacetValue, ...]:
        """The values ``narrowed`` has an address for; once some are chosen, only these.

        Values of a filter are alternatives: no address says that an article is by one person and by another.
        """
        chosen = dict(self.request.filters).get(facet.name)
        return tuple(value for value in facet.values if not chosen or value.value in chosen)

    def widened(self, name: str, value: str | None = None) -> str:
        """The same search without one value of a filter, or without the dates."""
        if name == "date":
            return self.to(replace(self.request, date_from=None, date_to=None, result_page=1))
        values = dict(self.request.filters)
        values[name] = tuple(kept for kept in values.get(name, ()) if kept != value)
        return self._filtered(values)

    def _filtered(self, values: dict[str, tuple[str, ...]]) -> str:
        filters = tuple((name, values[name]) for name in FILTERS if values.get(name))
        return self.to(replace(self.request, filters=filters, result_page=1))


def _parameters(request: SearchRequest) -> list[tuple[str, str]]:
    given = [
        ("q", request.q),
        ("from", request.date_from and request.date_from.isoformat()),
        ("to", request.date_to and request.date_to.isoformat()),
        *((name, value) for name, values in request.filters for value in values),
        ("sort", request.sort if request.sort != _DEFAULT.sort else None),
        ("expand", None if request.expand else "0"),
        ("fuzzy", "1" if request.fuzzy else None),
        ("relax", None if request.relax else "0"),
        ("per_page", request.per_page if request.per_page != _DEFAULT.per_page else None),
        ("facets", ",".join(request.facets)),
        ("page", request.result_page if request.result_page != 1 else None),
    ]
    return [(name, str(value)) for name, value in given if value]
