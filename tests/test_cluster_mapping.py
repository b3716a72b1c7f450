"""An article as a document of a cluster; no cluster is needed for this."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from archive import archive
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_text, articles, texts
from whoosh import query as whoosh

from index.cluster import vocabulary
from index.cluster.mapping import document, key, mapping, packed, settings, unpacked
from index.cluster.vocabulary import Vocabulary
from index.model import Article
from search import prominence, ranking
from search.cluster.dsl import compiled
from search.cluster.snapshot import Answer
from search.errors import QueryError


@given(articles())
def test_an_article_has_only_fields_of_the_mapping(article: Article) -> None:
    """The cluster refuses what it does not know; place and norm are added when it is sent."""
    known = mapping({})["properties"].keys() - {"place", "norm"}
    assert document(article, "a.md").keys() <= known


@given(st.lists(texts(), min_size=1, max_size=4))
def test_what_is_packed_comes_back(given: list[str]) -> None:
    """The cluster gives it back without its padding."""
    assert unpacked(packed(given).rstrip("=")) == given


@given(any_text, any_text)
def test_keys_are_short_and_tell_articles_apart(one: str, other: str) -> None:
    """Whatever an id is made of."""
    assert len(key(one)) == 32
    assert (key(one) == key(other)) == (one == other)


def test_both_engines_weigh_alike() -> None:
    """The cluster's BM25 has our constants, and norms are of the same order."""
    assert settings(1)["similarity"]["default"] == {"type": "BM25", "k1": ranking.K1, "b": ranking.B}
    assert vocabulary.ORDER == prominence.ORDER


def test_norms_are_those_of_the_embedded_engine(tmp_path: Path) -> None:
    """Up to their mean, once all articles have been counted."""
    bodies = ["夜班食堂添了热汤", "工会为夜班添了灯，灯添在食堂", "灯", "摆渡人换上新救生衣"]
    searcher = archive(tmp_path, *bodies).snapshot().searcher
    words = [document(Article(str(n), "a", body, body), "a")["body_words"] for n, body in enumerate(bodies)]
    counted = Vocabulary()
    for text in words:
        counted.add({"title": "", "body": text})
    again = Vocabulary.load(counted.dump())
    found = np.array([again.norm(text) for text in words])
    assert np.maximum(found / found.mean(), prominence.LEAST) == pytest.approx(prominence.norms(searcher, "body_words"))


def test_a_query_of_an_unknown_kind_is_refused() -> None:
    """Rather that than another meaning."""
    with pytest.raises(TypeError):
        compiled(whoosh.Prefix("body_words", "工"))


@pytest.mark.parametrize("kind", ["too_many_clauses", "too_many_nested_clauses"])
def test_a_query_with_too_many_spellings_is_the_asker_s_to_change(kind: str) -> None:
    """A cluster takes some thousand clauses; over that, the sentence says what to leave out."""
    with pytest.raises(QueryError) as error:
        Answer.of({"error": {"root_cause": [{"type": kind}], "type": "search_phase_execution_exception"}})
    assert error.value.hint
