"""What is computed once for a generation."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from archive import archive

from search.derived import Derived
from search.snapshot import Snapshot


def test_a_value_is_computed_once_for_a_generation_whoever_asks(tmp_path: Path) -> None:
    """Threads that ask at the same time wait for one of them; the next generation has its own value."""
    computed: list[Snapshot] = []

    def generation(snapshot: Snapshot) -> str:
        computed.append(snapshot)
        time.sleep(0.02)
        return snapshot.manifest.generation

    searcher, derived = archive(tmp_path, "一"), Derived(generation)
    first = searcher.snapshot()
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(derived.of, [first] * 20)) == {first.manifest.generation}
    assert computed == [first]
    second = archive(tmp_path, "一", "二").snapshot()
    assert derived.of(second) == second.manifest.generation != first.manifest.generation
    assert computed == [first, second]
