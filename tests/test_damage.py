"""Damage to an index: whatever bytes change, it is refused or has no effect; a wrong answer is never given."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import store
from index.errors import IndexDamagedError
from index.reindex import reindex
from search.model import SearchRequest
from search.searcher import Searcher

QUERIES = ("职工 灯", '"夜班的灯"', "记者:荀堃", "-灯")


def answers(directory: Path) -> list[str]:
    """What searches find, and all that is shown of it, but for the time they take."""
    searcher = Searcher(directory)
    results = [searcher.search(SearchRequest(q=query, facets=("year", "reporter"))) for query in QUERIES]
    return [repr((result.total, result.hits, result.facets, result.generation)) for result in results]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An index of two segments and a deleted article, and its answers."""
    root = tmp_path_factory.mktemp("small")
    pages, index = root / "pages", root / "index"
    pages.mkdir()
    for number in range(8):
        text = f"# 夜班职工\n\n本报讯（记者 荀堃） 2024年5月{number + 1}日，第{number}车间换上了夜班的灯。\n"
        (pages / f"{number}.md").write_text(text, "utf-8")
    reindex([pages], index)
    (pages / "3.md").write_text("# 灯\n\n职工的灯。\n", "utf-8")
    reindex([pages], index)
    for path in (index / "generations").iterdir():
        if path.name != store.current_generation(index):
            shutil.rmtree(path)
    assert len(list(index.glob("generations/*/*.arrays"))) == 2
    return index, answers(index)


def parts(index: Path) -> list[Path]:
    """The files that a search reads."""
    folder = index / "generations" / store.current_generation(index)
    return [index / "current", *sorted(path for path in folder.iterdir() if path.stat().st_size)]


def answers_or_refuses(index: Path, expected: list[str]) -> bool:
    """Whether a search is refused; if not, it must answer as expected."""
    try:
        assert answers(index) == expected
    except IndexDamagedError as error:
        assert "unionnews reindex" in str(error)  # noqa: PT017
        return True
    return False


@given(data=st.data())
@settings(max_examples=300)
def test_changed_bytes_are_refused(small: tuple[Path, list[str]], data: st.DataObject) -> None:
    """With any byte of any file changed, a search is refused or gives the right answer."""
    index, expected = small
    path = data.draw(st.sampled_from(parts(index)))
    original = path.read_bytes()
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        assert answers_or_refuses(index, expected) == (bytes(content) != original)
    finally:
        path.write_bytes(original)


@given(data=st.data())
def test_files_cut_short_or_lost_are_refused(small: tuple[Path, list[str]], data: st.DataObject) -> None:
    """With any file of the index cut short, grown or gone, a search is refused."""
    index, _ = small
    path = data.draw(st.sampled_from([part for part in parts(index) if part.name != "current"]))
    original = path.read_bytes()
    if data.draw(st.booleans()):
        path.write_bytes(original[: data.draw(st.integers(0, len(original) - 1))])
    elif data.draw(st.booleans()):
        path.write_bytes(original + data.draw(st.binary(min_size=1, max_size=3)))
    else:
        path.unlink()
    try:
        with pytest.raises(IndexDamagedError, match="unionnews reindex"):
            answers(index)
    finally:
        path.write_bytes(original)


def test_every_bit_of_the_pointer_counts(small: tuple[Path, list[str]]) -> None:
    """No changed pointer leads to another generation, not even to one that is there."""
    index, _ = small
    pointer = index / "current"
    original = pointer.read_bytes()
    generation = index / "generations" / store.current_generation(index)
    for place in range(len(original)):
        for bit in range(8):
            content = bytearray(original)
            content[place] ^= 1 << bit
            pointer.write_bytes(content)
            with pytest.raises(IndexDamagedError):
                store.current_generation(index)
    pointer.write_bytes(original)
    assert generation.exists()


def test_a_damaged_index_is_not_built_upon(small: tuple[Path, list[str]], tmp_path: Path) -> None:
    """A run that finds the index damaged reads everything, so that no damage is taken over."""
    damaged = shutil.copytree(small[0], tmp_path / "index")
    pages = small[0].parent / "pages"
    path = max(parts(damaged), key=lambda path: path.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    report = reindex([pages], damaged)
    assert (report.published, report.read, report.kept) == (True, 8, 0)
    assert Searcher(damaged).search(SearchRequest(q="灯")).total == 8
