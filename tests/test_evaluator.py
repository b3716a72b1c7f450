"""The evaluator on arrays against Whoosh's own matchers, on both codecs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import FileIndex, create_in
from whoosh.query import (
    And,
    AndMaybe,
    AndNot,
    ConstantScoreQuery,
    DisjunctionMax,
    Every,
    FuzzyTerm,
    Not,
    NullQuery,
    NumericRange,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
)
from whoosh.scoring import TF_IDF
from whoosh.searching import Searcher

from index.engine.writer import BulkWriter
from index.schema import SCHEMA
from search.bm25 import BM25
from search.evaluator import Matches, evaluate, evaluate_stock
from search.substring import Substring

LETTERS = "甲乙丙丁"
NAMES = ("林木", "森火", "炎土")


def tokens(minimum: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(LETTERS), min_size=minimum, max_size=12)


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Documents without their id; every field may be missing."""
    days = st.integers(1, 4).map(lambda n: 20240100 + n)
    return st.fixed_dictionaries({}, optional={
        "title_words": tokens(),
        "body_words": tokens(),
        "body_bigrams": tokens(),
        "body_chars": tokens(1),
        "reporter": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
        "day": days,
        "article": st.text(max_size=20),
    })


def boosts() -> st.SearchStrategy[float]:
    return st.sampled_from((1.0, 0.5, 2.0))


def leaves() -> st.SearchStrategy[Query]:
    scored = st.sampled_from(("title_words", "body_words", "body_bigrams", "body_chars"))
    day = st.none() | st.integers(20240100, 20240105)
    return st.one_of(
        st.builds(Term, scored, st.sampled_from(LETTERS + "无"), boosts()),
        st.builds(Term, st.just("reporter"), st.sampled_from(NAMES), boosts()),
        st.builds(Phrase, st.just("body_bigrams"), tokens(), st.integers(1, 3), boosts()),
        st.builds(NumericRange, st.just("day"), day, day, st.booleans(), st.booleans(), boosts()),
        st.builds(Every, st.none() | scored, boosts()),
        st.builds(Prefix, st.just("reporter"), st.sampled_from(("林", "森", ""))),
        st.just(NullQuery),
    )


def compounds(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, max_size=4)
    return st.one_of(
        *(st.builds(kind, several, boosts()) for kind in (And, Or, DisjunctionMax)),
        *(st.builds(kind, parts, parts) for kind in (AndNot, AndMaybe)),
        st.builds(Not, parts),
        st.builds(ConstantScoreQuery, parts, st.sampled_from((0.0, 1.5))),
    )


queries = st.recursive(leaves(), compounds, max_leaves=8)
batches = st.lists(st.lists(documents(), max_size=8), min_size=1, max_size=4)
slow = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def built(folder: str, segments: list[list[dict[str, Any]]], deleted: set[int], *, ours: bool) -> FileIndex:
    """An index of one segment a batch; documents are named by their number; some are deleted afterwards."""
    Path(folder).mkdir()
    index = create_in(folder, SCHEMA)
    number = 0
    for batch in segments:
        writer = BulkWriter(index) if ours else index.writer()
        for fields in batch:
            writer.add_document(id=str(number), **fields)
            number += 1
        writer.commit(merge=False)
    writer = BulkWriter(index) if ours else index.writer()
    for gone in deleted:
        writer.delete_by_term("id", str(gone))
    writer.commit(merge=False)
    return index


def assert_same(found: Matches, expected: Matches) -> None:
    assert found.docs.tolist() == expected.docs.tolist()
    assert found.scores.dtype == np.float32
    np.testing.assert_allclose(found.scores, expected.scores, rtol=2e-5, atol=1e-6)


@slow
@given(batches, st.sets(st.integers(0, 20), max_size=4), st.lists(queries, min_size=1, max_size=5))
def test_evaluator_equals_whoosh_on_both_codecs(
    segments: list[list[dict[str, Any]]], deleted: set[int], asked: list[Query]
) -> None:
    """Arrays and Whoosh's matchers, our codec and Whoosh's: the same documents with the same scores."""
    with tempfile.TemporaryDirectory() as folder:
        ours = built(f"{folder}/ours", segments, deleted, ours=True).searcher(weighting=BM25())
        theirs = built(f"{folder}/theirs", segments, deleted, ours=False).searcher(weighting=BM25())
        with ours, theirs:
            for query in asked:
                expected = evaluate_stock(theirs, query)
                for found in (evaluate(ours, query), evaluate_stock(ours, query), evaluate(theirs, query)):
                    assert_same(found, expected)
                unscored = evaluate(ours, query, scored=False)
                assert unscored.docs.tolist() == expected.docs.tolist()
                assert not unscored.scores.any()
                for searcher in (ours, theirs):
                    within = np.arange(searcher.doc_count_all())[::2]
                    chosen = np.isin(expected.docs, within)
                    part = Matches(expected.docs[chosen], expected.scores[chosen])
                    assert_same(evaluate(searcher, query, within=within), part)


@slow
@given(st.lists(st.text("甲乙", max_size=12), min_size=1, max_size=8), st.text("甲乙", min_size=3, max_size=8))
def test_a_substring_is_the_phrase_of_all_its_bigrams(texts: list[str], string: str) -> None:
    """Half of the bigrams find the texts in which a string stands, never across two texts, with the phrase's scores."""
    pairs = {text: [text[i : i + 2] for i in range(len(text) - 1)] for text in (*texts, string)}
    with tempfile.TemporaryDirectory() as folder:
        segment = [{"body_bigrams": pairs[text]} if pairs[text] else {} for text in texts]
        with built(f"{folder}/index", [segment], set(), ours=True).searcher(weighting=BM25()) as searcher:
            found = evaluate(searcher, Substring("body_bigrams", string))
            assert found.docs.tolist() == [number for number, text in enumerate(texts) if string in text]
            assert_same(found, evaluate_stock(searcher, Phrase("body_bigrams", pairs[string])))


@pytest.fixture(scope="module")
def archive() -> Iterator[Searcher]:
    """2,000 documents of four letters in three segments, some deleted."""
    random = np.random.default_rng(20221122)
    segments = [
        [{"body_words": words, "body_bigrams": words, "day": 20240101 + number % 28, "article": str(number)}
         for number in range(size)
         for words in [random.choice(list(LETTERS), int(random.integers(1, 30))).tolist()]]
        for size in (1200, 700, 100)
    ]
    deleted = set(range(0, 2000, 7))
    with tempfile.TemporaryDirectory() as folder:
        yield built(f"{folder}/index", segments, deleted, ours=True).searcher(weighting=BM25())


@pytest.mark.parametrize("query", [
    Term("body_words", "甲"),
    Phrase("body_bigrams", list("甲乙丙")),
    Phrase("body_bigrams", list("甲乙甲"), slop=4),
    And([Term("body_words", "甲"), Or([Term("body_words", letter) for letter in "乙丙"], boost=0.5)]),
    AndMaybe(Phrase("body_bigrams", list("甲乙")), Term("body_words", "丙", boost=3)),
    AndNot(Or([Term("body_words", letter) for letter in LETTERS]), NumericRange("day", 20240103, 20240120)),
    FuzzyTerm("id", "1234"),
])
def test_large_segments_equal_whoosh(archive: Searcher, query: Query) -> None:
    """Where lists are long enough for every way of intersecting them, results are those of Whoosh."""
    expected = evaluate_stock(archive, query)
    assert len(expected.docs)
    assert_same(evaluate(archive, query), expected)
    few = expected.docs[::50]
    assert evaluate(archive, query, within=few).docs.tolist() == few.tolist()


def test_threads_may_share_a_searcher(archive: Searcher) -> None:
    """Eight threads asking at once get what one thread gets, stored fields included."""
    asked = [Phrase("body_bigrams", [a, b, c]) for a in LETTERS for b in LETTERS for c in LETTERS]
    expected = [evaluate(archive, query) for query in asked]

    def ask(number: int) -> None:
        query, right = asked[number % len(asked)], expected[number % len(asked)]
        assert_same(evaluate(archive, query), right)
        assert_same(evaluate_stock(archive, query), right) if number % 16 == 0 else None
        for doc in right.docs[:5].tolist():
            assert archive.document_number(id=str(doc)) == doc
            assert archive.stored_fields(doc)["article"].isdigit()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(512)))


def test_another_weighting_is_left_to_whoosh(archive: Searcher) -> None:
    """A searcher with a weighting other than BM25 gets that weighting's scores."""
    query = Or([Term("body_words", "甲"), Term("body_words", "乙")])
    with Searcher(archive.reader(), weighting=TF_IDF, closereader=False) as searcher:
        assert_same(evaluate(searcher, query), evaluate_stock(searcher, query))
        assert evaluate(searcher, query).scores.max() > evaluate(archive, query).scores.max()


def test_weighting_parameters_count(archive: Searcher) -> None:
    """K1, B and a field's own B are used as Whoosh uses them."""
    with Searcher(archive.reader(), weighting=BM25(B=0.3, K1=2.0, body_words_B=1.0), closereader=False) as searcher:
        query = And([Term("body_words", "甲"), Term("body_bigrams", "乙")])
        assert_same(evaluate(searcher, query), evaluate_stock(searcher, query))


def test_what_is_not_there_matches_nothing(archive: Searcher) -> None:
    """Unknown fields and terms, and text that cannot be encoded, are in no document."""
    unencodable = Term("body_words", "\ud800")
    for query in (Term("headline", "甲"), Term("kind", "news"), unencodable, Phrase("kind", ["a"]), Or([])):
        assert not len(evaluate(archive, query).docs)


def test_an_empty_index_has_no_matches() -> None:
    """An index without documents answers every query with none."""
    with tempfile.TemporaryDirectory() as folder, create_in(folder, SCHEMA).searcher(weighting=BM25()) as searcher:
        for query in (Every(), Not(Term("kind", "news")), Phrase("body_bigrams", ["甲", "乙"])):
            assert not len(evaluate(searcher, query).docs)
