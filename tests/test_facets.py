"""Counts of values beside the hits."""

from __future__ import annotations

from typing import Any

import pytest
from archive import archive, ask

from search.model import FACETS
from search.searcher import Searcher


def byline(role: str, name: str) -> dict[str, str]:
    return {"role": role, "name": name}


ARTICLES: tuple[dict[str, Any], ...] = (
    {"body": "渡口开航", "date": "2023-11-08", "section": "要闻", "kind": "news", "newspaper": "棠川工人报",
     "page_no": "第一版",
     "bylines": [byline("记者", "柳闻笛"), byline("记者", "温书瑶"), byline("通讯员", "陶亦安")]},
    {"body": "渡口停航", "date": "2023-11-20", "section": "要闻", "kind": "brief", "newspaper": "棠川工人报",
     "page_no": "01",
     "bylines": [byline("记者", "柳闻笛"), byline("摄影", "柳闻笛")]},
    {"body": "渡口免票", "date": "2022-02-01", "section": "副刊", "kind": "essay", "page_no": "A4",
     "bylines": [byline("作者", "褚䶮")]},
    {"body": "渡口结冰", "kind": "news"},
    {"body": "茶厂开工，船来船往", "date": "2021-01-01", "section": "要闻", "kind": "news"},
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return archive(tmp_path_factory.mktemp("facets"), *ARTICLES)


def counts(searcher: Searcher, name: str, q: str = "渡口", **request: Any) -> list[tuple[str, int]]:
    (facet,) = ask(searcher, q, facets=(name,), **request).facets
    assert facet.name == name
    return [(value.value, value.count) for value in facet.values]


def test_years_and_months_come_newest_first(searcher: Searcher) -> None:
    """Times are counted in the order of time; articles without a date are not counted."""
    assert counts(searcher, "year") == [("2023", 2), ("2022", 1)]
    assert counts(searcher, "month") == [("2023-11", 2), ("2022-02", 1)]


def test_values_come_by_count_then_by_name(searcher: Searcher) -> None:
    """The most frequent value first, equal ones in a fixed order; missing values are not counted."""
    assert counts(searcher, "section") == [("要闻", 2), ("副刊", 1)]
    assert counts(searcher, "kind") == [("news", 2), ("brief", 1), ("essay", 1)]
    assert counts(searcher, "newspaper") == [("棠川工人报", 2)]


def test_each_person_of_a_role_is_counted(searcher: Searcher) -> None:
    """An article with two reporters counts for both, once each; roles are apart."""
    assert counts(searcher, "reporter") == [("柳闻笛", 2), ("温书瑶", 1)]
    assert counts(searcher, "correspondent") == [("陶亦安", 1)]
    assert counts(searcher, "photographer") == [("柳闻笛", 1)]


def test_page_numbers_are_counted_in_one_form(searcher: Searcher) -> None:
    """A page is one value however its number was printed."""
    assert counts(searcher, "page_no") == [("1", 2), ("A4", 1)]


def test_only_true_matches_are_counted(searcher: Searcher) -> None:
    """Related articles that fill the screen do not count."""
    assert ask(searcher, "渡口 茶厂").partial
    assert counts(searcher, "section", "渡口 茶厂") == []
    assert counts(searcher, "section", "渡口 开航") == [("要闻", 1)]


def test_counts_respect_filters_and_days(searcher: Searcher) -> None:
    """What is filtered out is not counted."""
    assert counts(searcher, "year", filters=(("section", ("要闻",)),)) == [("2023", 2)]
    assert counts(searcher, "kind", "渡口 日期:2023") == [("brief", 1), ("news", 1)]
    assert counts(searcher, "kind", "-渡口") == [("news", 1)]


def test_counts_do_not_depend_on_the_page(searcher: Searcher) -> None:
    """All matches are counted, not those on the screen."""
    for result_page in (1, 2, 9):
        assert counts(searcher, "section", per_page=1, result_page=result_page) == [("要闻", 2), ("副刊", 1)]


def test_every_facet_can_be_asked_for_at_once(searcher: Searcher) -> None:
    """Facets come in the order they were asked for, and a filter on a value finds as many as it counts."""
    facets = ask(searcher, "", facets=FACETS).facets
    assert tuple(facet.name for facet in facets) == FACETS
    for facet in facets:
        if facet.name not in {"year", "month"}:
            for value in facet.values:
                assert ask(searcher, "", filters=((facet.name, (value.value,)),)).total == value.count


def test_no_facets_without_asking(searcher: Searcher) -> None:
    """Counting is done on request only."""
    assert ask(searcher, "渡口").facets == ()


def test_nothing_found_counts_nothing(searcher: Searcher) -> None:
    """An empty answer has empty facets."""
    assert counts(searcher, "section", '"没有这句话"') == []
    assert counts(searcher, "year", '"没有这句话"') == []
