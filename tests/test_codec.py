"""Segments of arrays: written in bulk, read by Whoosh, merged, and refused when damaged."""

from __future__ import annotations

import contextlib
import pickle
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.fields import UnknownFieldError
from whoosh.index import FileIndex, LockError, create_in
from whoosh.writing import IndexingError

from index.engine.arrays import ArrayFile, ArrayWriter
from index.engine.tokens import NGrams, Tokens
from index.engine.writer import BulkWriter
from index.errors import IndexDamagedError
from index.schema import SCHEMA

relaxed = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
words = st.lists(st.sampled_from(("工", "会", "工会", "总工会", "A", "𠮷", "𠮷会")), max_size=10)
documents = st.fixed_dictionaries({}, optional={
    "title_words": words,
    "body_words": words,
    "body_bigrams": words,
    "body_chars": words,
    "kind": st.sampled_from((["news"], ["news", "photo"])),
    "day": st.integers(20200101, 20200103),
    "article": st.text(max_size=10),
})
batches = st.lists(st.lists(documents, max_size=6), min_size=1, max_size=4)


def write(folder: Path, segments: list[list[dict[str, Any]]], **options: int) -> FileIndex:
    """An index with one segment a batch; documents are named by their number."""
    folder.mkdir()
    index = create_in(str(folder), SCHEMA)
    number = 0
    for batch in segments:
        writer = BulkWriter(index, **options)
        for fields in batch:
            writer.add_document(id=f"{number:03}", **fields)
            number += 1
        writer.commit(merge=False)
    return index


def contents(folder: Path) -> list[dict[str, list[Any]]]:
    """All arrays of all segments; frequencies that are all 1 are left out."""
    return [
        {name: file[name].tolist() for name in file.names()
         if not (name.endswith(".freqs") and file[name].max(initial=1) == 1)}
        for file in map(ArrayFile, sorted(folder.glob("*.arrays")))
    ]


@relaxed
@given(batches)
def test_whoosh_reads_what_its_own_codec_would_give(segments: list[list[dict[str, Any]]]) -> None:
    """Terms, statistics, postings, positions, lengths, columns and stored fields equal those of Whoosh's codec."""
    with tempfile.TemporaryDirectory() as folder:
        ours = write(Path(folder, "ours"), segments).reader()
        Path(folder, "theirs").mkdir()
        index = create_in(f"{folder}/theirs", SCHEMA)
        numbered = enumerate(fields for batch in segments for fields in batch)
        for batch in segments:
            writer = index.writer()
            for _ in batch:
                number, fields = next(numbered)
                writer.add_document(id=f"{number:03}", **fields)
            writer.commit(merge=False)
        theirs = index.reader()
        terms = list(theirs.all_terms())
        assert list(ours.all_terms()) == terms
        for field, term in terms:
            assert ours.doc_frequency(field, term) == theirs.doc_frequency(field, term)
            assert ours.frequency(field, term) == theirs.frequency(field, term)
            for kind in ("weight", *(("positions",) if field == "body_bigrams" else ())):
                assert walked(ours, field, term, kind) == walked(theirs, field, term, kind)
        for field in ("title_words", "body_bigrams"):
            assert ours.field_length(field) == theirs.field_length(field)
        for doc in range(theirs.doc_count_all()):
            assert ours.stored_fields(doc) == theirs.stored_fields(doc)
            assert ours.doc_field_length(doc, "body_words") == (theirs.doc_field_length(doc, "body_words") or 0)
        if theirs.has_column("day"):
            assert list(days(ours)) == list(days(theirs))


def walked(reader: Any, field: str, term: bytes, kind: str) -> list[tuple[int, Any]]:
    matcher, found = reader.postings(field, term), []
    while matcher.is_active():
        found.append((matcher.id(), matcher.value_as(kind)))
        matcher.next()
    return found


def days(reader: Any) -> list[int]:
    return [
        leaf.column_reader("day")[doc]
        for leaf, _ in reader.leaf_readers() for doc in range(leaf.doc_count_all())
    ]


@relaxed
@given(batches, st.sets(st.integers(0, 20), max_size=6))
def test_merging_equals_a_fresh_index_of_the_documents_left(
    segments: list[list[dict[str, Any]]], deleted: set[int]
) -> None:
    """Segments merged without their deleted documents hold, byte for byte, what a new index of the rest would."""
    numbered = [(f"{i:03}", fields) for i, fields in enumerate(fields for batch in segments for fields in batch)]
    with tempfile.TemporaryDirectory() as folder:
        writer = BulkWriter(write(Path(folder, "merged"), [*segments, [{"kind": ["brief"]}]]))
        for number in (*deleted, len(numbered)):
            writer.delete_by_term("id", f"{number:03}")
        writer.commit(optimize=True)
        Path(folder, "fresh").mkdir()
        with BulkWriter(create_in(f"{folder}/fresh", SCHEMA)) as fresh:
            for name, fields in numbered:
                if int(name) not in deleted:
                    fresh.add_document(id=name, **fields)
        assert contents(Path(folder, "merged")) == contents(Path(folder, "fresh"))


@relaxed
@given(batches)
def test_a_small_buffer_changes_nothing(segments: list[list[dict[str, Any]]]) -> None:
    """Documents written in many small segments and merged are the same index as documents written at once."""
    at_once = [[fields for batch in segments for fields in batch]]
    with tempfile.TemporaryDirectory() as folder:
        large = write(Path(folder, "large"), at_once)
        small = write(Path(folder, "small"), at_once, max_tokens=1)
        assert len(small._segments()) == len(at_once[0])
        for index in (large, small):
            BulkWriter(index).commit(optimize=True)
        assert contents(Path(folder, "large")) == contents(Path(folder, "small"))


@relaxed
@given(st.lists(st.integers(0, 3).flatmap(lambda n: st.lists(st.text(st.characters(), min_size=n % 3, max_size=n)))))
def test_tokens_are_inverted_whatever_they_are(texts: list[list[str]]) -> None:
    """Tokens of any length and any characters get the documents, frequencies and positions they have."""
    tokens = Tokens()
    for document, text in enumerate(texts):
        tokens.add(document, text)
    inverted = tokens.inverted(len(texts), positions=True)
    encoded = [[token.encode("utf-8", "surrogatepass") for token in text] for text in texts]
    assert inverted.terms == sorted({token for text in encoded for token in text})
    assert inverted.positions is not None
    place = 0
    for i, term in enumerate(inverted.terms):
        own = slice(inverted.starts[i], inverted.starts[i + 1])
        frequencies = Counter({doc: text.count(term) for doc, text in enumerate(encoded)})
        assert dict(zip(inverted.docs[own].tolist(), inverted.freqs[own].tolist(), strict=True)) == +frequencies
        expected = [
            int(inverted.text_starts[doc]) + position
            for doc, text in enumerate(encoded) for position, token in enumerate(text) if token == term
        ]
        assert inverted.positions[place : place + len(expected)].tolist() == expected
        place += len(expected)


@relaxed
@given(st.lists(st.tuples(st.text(), st.sampled_from((1, 2)))), st.integers(0, 3))
def test_characters_need_no_list(texts: list[tuple[str, int]], width: int) -> None:
    """Characters and neighbours of a text are inverted as the list of them would be, beside words or alone."""
    ready, listed = Tokens(), Tokens()
    for document, (text, size) in enumerate(texts):
        ngrams = NGrams(text, size)
        assert list(ngrams) == ngrams[:] == [text[i : i + size] for i in range(len(text) - size + 1)]
        ready.add(2 * document, ngrams)
        listed.add(2 * document, list(ngrams))
        for tokens in (ready, listed):
            tokens.add(2 * document + 1, ["字" * width])
    assert arrays_of(ready, 2 * len(texts)) == arrays_of(listed, 2 * len(texts))


@relaxed
@given(st.lists(st.lists(words, max_size=3), max_size=4), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_tokens_can_be_joined(batches: list[list[list[str]]], gaps: list[int]) -> None:
    """Tokens collected apart, perhaps in other processes, are as if they had been collected together."""
    together, joined = Tokens(), Tokens()
    document = 0
    for batch, gap in zip(batches, gaps, strict=False):
        document += gap
        apart = Tokens()
        for number, tokens in enumerate(batch):
            together.add(document + number, tokens)
            apart.add(number, tokens)
        joined.extend(document, pickle.loads(pickle.dumps(apart)))
        document += len(batch)
    assert arrays_of(joined, document) == arrays_of(together, document)


def arrays_of(tokens: Tokens, documents: int) -> list[Any]:
    """The postings of tokens, in a form that can be compared."""
    inverted = tokens.inverted(documents, positions=True)
    return [getattr(inverted, name) if name == "terms" else getattr(inverted, name).tolist()
            for name in type(inverted).__slots__]


def test_more_characters_than_sixteen_bits_number(tmp_path: Path) -> None:
    """A text of 70,000 different characters is indexed like any other."""
    characters = [chr(code) for code in range(0x10000, 0x10000 + 70_000)]
    with BulkWriter(create_in(str(tmp_path), SCHEMA)) as writer:
        writer.add_document(id="1", body_chars=characters)
        writer.add_document(id="2", body_chars=characters[-1:])
    (arrays,) = map(ArrayFile, tmp_path.glob("*.arrays"))
    assert bytes(arrays["body_chars.terms"]).decode() == "".join(characters)
    assert arrays["body_chars.docs"].tolist() == [0] * 70_000 + [1]


def test_frequencies_beyond_sixteen_bits_are_kept(tmp_path: Path) -> None:
    """A word that a document has 70,000 times counts 70,000 times."""
    index = create_in(str(tmp_path), SCHEMA)
    with BulkWriter(index) as writer:
        writer.add_document(id="1", body_words=["工会"] * 70_000)
    assert index.reader().frequency("body_words", "工会") == 70_000


def test_many_small_commits_stay_a_small_index(tmp_path: Path) -> None:
    """120 commits of one document leave at most 10 segments and at most twice the bytes of a fresh index."""
    fields = {"body_words": ["工会", "职工"] * 50, "body_bigrams": ["工会", "会职"] * 50, "article": "工会" * 200}
    many, fresh = tmp_path / "many", tmp_path / "fresh"
    index = write(many, [[]])
    for number in range(120):
        with BulkWriter(index) as writer:
            writer.add_document(id=str(number), **fields)
    write(fresh, [[fields] * 120])
    assert index.reader().doc_count() == 120
    assert len(list(many.glob("*.arrays"))) <= 10
    assert size(many) <= 2 * size(fresh)


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_a_segment_of_deleted_documents_is_written_anew(tmp_path: Path) -> None:
    """When much of a segment is deleted the next commit gets rid of it, and of a segment without any left."""
    index = write(tmp_path / "index", [[{"article": "甲"}] * 100])
    with BulkWriter(index) as writer:
        for number in range(30):
            writer.delete_by_term("id", f"{number:03}")
    assert index.reader().doc_count_all() == 70
    with BulkWriter(index) as writer:
        for number in range(30, 100):
            writer.delete_by_term("id", f"{number:03}")
    assert index.reader().doc_count_all() == 0
    assert not list((tmp_path / "index").glob("*.arrays"))


def test_a_cancelled_writer_leaves_no_trace(tmp_path: Path) -> None:
    """After an error in the with statement the index is as before and another writer may come."""
    folder = tmp_path / "index"
    index = write(folder, [[{"article": "甲"}]])
    before = sorted(folder.iterdir())
    with contextlib.suppress(RuntimeError), BulkWriter(index, max_tokens=1) as writer:
        writer.delete_by_term("id", "000")
        writer.add_document(id="x", body_words=["工会"])
        raise RuntimeError
    assert sorted(folder.iterdir()) == before
    assert index.reader().doc_count() == 1
    with BulkWriter(index) as writer:
        writer.add_document(id="y")
    with pytest.raises(IndexingError):
        writer.add_document(id="z")


def test_only_one_writer_at_a_time(tmp_path: Path) -> None:
    """A second writer is refused while the first is open."""
    index = write(tmp_path / "index", [[]])
    with BulkWriter(index), pytest.raises(LockError):
        BulkWriter(index)


@pytest.mark.parametrize(("fields", "error"), [
    ({"headline": "甲"}, UnknownFieldError),
    ({"body_words": ["甲", 1]}, ValueError),
    ({"body_bigrams": "甲乙"}, ValueError),
    ({"day": 10**12}, ValueError),
])
def test_a_document_that_does_not_fit_is_refused_whole(
    tmp_path: Path, fields: dict[str, Any], error: type[Exception]
) -> None:
    """Nothing of a refused document is in the index, and the documents around it are."""
    index = write(tmp_path / "index", [[]])
    with BulkWriter(index) as writer:
        writer.add_document(id="1", title_words=["甲"])
        with pytest.raises(error):
            writer.add_document(id="2", title_words=["甲"], **fields)
        writer.add_document(id="3", title_words=["乙"])
    reader = index.reader()
    assert list(reader.all_terms()) == [("id", b"1"), ("id", b"3"), *(("title_words", t.encode()) for t in "乙甲")]


def test_a_full_disk_leaves_the_old_index(tmp_path: Path) -> None:
    """When a segment cannot be written the commit fails, and what was there before still answers."""
    resource = pytest.importorskip("resource")
    folder = tmp_path / "index"
    index = write(folder, [[{"article": "甲"}]])
    writer = BulkWriter(index)
    writer.add_document(id="x", body_words=[str(number) for number in range(100_000)])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError, match="large"):
            writer.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(list(folder.glob("*.arrays"))) == 1
    assert index.reader().doc_count() == 1
    BulkWriter(index).cancel()


@pytest.fixture(scope="module")
def arrays_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "index"), [[{"body_bigrams": ["工会", "会员"], "article": "甲", "day": 20200101}]])
        (path,) = Path(folder, "index").glob("*.arrays")
        return path.read_bytes()


@relaxed
@given(st.data())
def test_damage_is_noticed(arrays_file: bytes, data: st.DataObject) -> None:
    """A file cut short, or with a changed byte in its directory, is refused when it is opened."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "MAIN_x.arrays")
        path.write_bytes(arrays_file[: data.draw(st.integers(0, len(arrays_file) - 1))])
        with pytest.raises(IndexDamagedError):
            ArrayFile(path)
        changed = bytearray(arrays_file)
        place = data.draw(st.integers(arrays_file.rindex(b'{"'), len(arrays_file) - 1))
        changed[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(changed)
        with pytest.raises(IndexDamagedError):
            ArrayFile(path)


def test_an_unfinished_array_file_is_refused(tmp_path: Path) -> None:
    """A file whose writing was interrupted is no file of arrays."""
    with contextlib.suppress(RuntimeError), ArrayWriter(tmp_path / "x.arrays") as file:
        file.add("a", np.arange(3))
        raise RuntimeError
    with pytest.raises(IndexDamagedError):
        ArrayFile(tmp_path / "x.arrays")
