"""What is kept of what has been worked out."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from search.kept import Kept

ROOM = 10


@given(st.lists(st.integers(0, 8), max_size=40))
def test_what_was_asked_for_last_is_known(asked: list[int]) -> None:
    """A value, as large as its key, is made again only if it has had to leave to others that were asked for since."""
    kept, known = Kept[int](ROOM, int), list[int]()
    for key in asked:
        made = list[int]()
        assert kept.of(key, lambda key=key, made=made: made.append(key) or key) == key
        assert made == ([] if key in known else [key])
        known = [*(other for other in known if other != key), key]
        while sum(known) > ROOM:
            known.pop(0)


def test_what_is_too_large_is_made_and_not_kept() -> None:
    """A value larger than the room is given, and does not stay."""
    kept = Kept[int](ROOM, int)
    assert [kept.of("key", lambda size=size: size) for size in (ROOM + 1, 3, 4)] == [ROOM + 1, 3, 3]


def test_threads_share_what_is_kept() -> None:
    """Many threads that ask for the same values at once get them all."""
    kept, found = Kept[int](ROOM, int), list[bool]()

    def ask() -> None:
        found.extend(kept.of(key, lambda key=key: key) == key for _ in range(50) for key in range(8))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 * 50 * 8
    assert all(found)
