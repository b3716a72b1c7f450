"""The index directory: what is published is whole, what is damaged or not ours is refused with a sentence."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import store
from index.checksums import sealed, unsealed
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexNotWritableError,
    IndexOutdatedError,
    StoreError,
)
from index.schema import SCHEMA_VERSION
from search.model import SearchRequest
from search.searcher import Searcher

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")


def answer(directory: Path) -> list[str]:
    """What a search finds, and all that is shown of it."""
    result = Searcher(directory).search(SearchRequest(q="劳动竞赛", per_page=100))
    return [repr(hit.article) for hit in result.hits]


def generation_of(directory: Path) -> Path:
    return directory / "generations" / store.current_generation(directory)


def republish(directory: Path, **changes: object) -> str:
    """Publish a copy of the current generation, its manifest changed."""
    name, index = store.new_generation(directory)
    index.close()
    manifest = store.read_manifest(directory, store.current_generation(directory))
    shutil.copytree(generation_of(directory), directory / "generations" / name, dirs_exist_ok=True)
    (directory / "generations" / name / "manifest.json").unlink()
    store.publish(directory, dataclasses.replace(manifest, generation=name, **changes))  # type: ignore[arg-type]
    return name


def test_the_manifest_describes_the_generation(index_dir: Path, sample: Path) -> None:
    """Counts, sources and sizes of the manifest are those of the index, and the index passes the check."""
    generation = store.current_generation(index_dir)
    manifest = store.read_manifest(index_dir, generation)
    assert manifest.generation == generation
    assert sorted(manifest.sources) == sorted(path.name for path in sample.iterdir())
    assert manifest.articles == sum(sum(source.kinds.values()) for source in manifest.sources.values())
    with store.open_generation(index_dir, generation).searcher() as searcher:
        assert searcher.doc_count() == manifest.articles
    names = {path.name for path in generation_of(index_dir).iterdir()}
    assert set(manifest.checksums) == names - {"manifest.json", "MAIN_WRITELOCK"}
    for name, checksum in manifest.checksums.items():
        assert zlib.crc32((generation_of(index_dir) / name).read_bytes()) == checksum
    store.check(index_dir, manifest)
    assert store.is_current(manifest)


@pytest.mark.parametrize("path", ["", "none", "none/none"])
def test_a_missing_index_says_what_to_run(path: str, tmp_path: Path) -> None:
    """Where there is no index the error gives the command that makes one."""
    with pytest.raises(IndexMissingError, match=r"unionnews reindex .* --index"):
        store.current_generation(tmp_path / path)


def test_a_file_in_the_place_of_the_index(tmp_path: Path) -> None:
    """A file where the index directory should be can be neither read nor written as one, and says so."""
    (tmp_path / "file").write_text("")
    for directory in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(StoreError, match=r"[\u4e00-\u9fff]"):
            store.current_generation(directory)
        with pytest.raises(IndexNotWritableError, match=re.escape(str(directory))), store.writing(directory):
            pass


def damages(directory: Path) -> Iterator[Path]:
    """The index again and again, each time with another of its files cut short, lengthened or gone."""
    names = [Path("current"), *(path.relative_to(directory) for path in generation_of(directory).iterdir())]
    for name in names:
        path = directory / name
        content = path.read_bytes()
        for cut in sorted({0, 1, len(content) // 2, len(content) - 1} & set(range(len(content)))):
            path.write_bytes(content[:cut])
            yield name
        path.write_bytes(content + b"\0")
        yield name
        path.unlink()
        yield name
        path.write_bytes(content)


def test_damaged_files_are_refused(index_copy: Path) -> None:
    """With any file of the index cut short, lengthened or missing, a search is refused or gives the right answer."""
    expected = answer(index_copy)
    refused = 0
    for name in damages(index_copy):
        try:
            assert answer(index_copy) == expected, name
        except (IndexDamagedError, IndexMissingError) as error:
            assert "unionnews reindex" in str(error)  # noqa: PT017
            refused += 1
    assert refused >= 15
    assert answer(index_copy) == expected


@pytest.mark.parametrize("content", [
    b"", b"\n", b"\xff\xfe\x00", b"\0", b"..", b"../..", b"/", b"a/b", "第一".encode(), b"x" * 5000,
])
def test_a_broken_pointer_is_refused(content: bytes, index_copy: Path) -> None:
    """A pointer that names no generation is damage, whatever it holds."""
    (index_copy / "current").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="--full"):
        answer(index_copy)


@pytest.mark.parametrize("content", [
    b"", b"{", b"null", b"[]", b"{}", b"\xff", b'"text"', b"[" * 100_000, b'{"sources": []}', b'{"sources": {"a": 1}}',
])
def test_a_broken_manifest_is_refused(content: bytes, index_copy: Path) -> None:
    """A manifest that is no manifest is damage, whatever it holds."""
    (generation_of(index_copy) / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="--full"):
        answer(index_copy)


@pytest.mark.parametrize("change", [
    lambda fields: fields.pop("sources"), lambda fields: fields.pop("fingerprint"),
    lambda fields: fields["sources"]["scan.md"].pop(), lambda fields: fields.update(more=1),
])
def test_a_manifest_of_another_make_is_refused(change: Callable[[dict[str, Any]], object], index_copy: Path) -> None:
    """A manifest that is whole but has other fields is of another version of the program."""
    path = generation_of(index_copy) / "manifest.json"
    fields = json.loads(unsealed(path.read_bytes()))
    fields["sources"]["scan.md"] = ["", [0, 0], {}, {}, None, [], "没有权限", 0, 0, {}, "", "", [], "", {}]
    path.write_bytes(sealed(json.dumps(fields)))
    assert answer(index_copy)
    change(fields)
    path.write_bytes(sealed(json.dumps(fields)))
    with pytest.raises(IndexOutdatedError, match="unionnews reindex"):
        answer(index_copy)


@pytest.mark.parametrize("changes", [{"schema_version": SCHEMA_VERSION + 1}, {"fingerprint": "0" * 16}])
def test_an_index_of_other_code_is_refused(changes: dict[str, object], index_copy: Path) -> None:
    """An index that another schema or other dictionaries made is not searched; the error says what to run."""
    manifest = store.read_manifest(index_copy, republish(index_copy, **changes))
    assert not store.is_current(manifest)
    with pytest.raises(IndexOutdatedError, match="unionnews reindex"):
        store.check(index_copy, manifest)
    with pytest.raises(IndexOutdatedError):
        answer(index_copy)


def test_other_code_alone_leaves_the_index_readable(index_copy: Path) -> None:
    """Code that decides which articles a page gives may change without making the index unreadable."""
    before = answer(index_copy)
    republish(index_copy, code="0" * 16)
    assert answer(index_copy) == before


def test_fingerprints_are_of_the_code(tmp_path: Path) -> None:
    """Other words make another fingerprint, another way to read pages another code fingerprint, the engine none."""
    package = Path(store.__file__).parent
    shutil.copytree(package, tmp_path / "index", ignore=shutil.ignore_patterns("sample", "__pycache__"))

    def fingerprints(folder: Path = tmp_path) -> list[str]:
        script = "from index import store; print(store.fingerprint(), store.code_fingerprint())"
        command = [sys.executable, "-c", script]
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.split()

    first = fingerprints()
    assert first == fingerprints(package.parent)
    with (tmp_path / "index" / "engine" / "merging.py").open("a") as file:
        file.write("\n")
    assert first == fingerprints()
    with (tmp_path / "index" / "pages" / "page.py").open("a") as file:
        file.write("\n")
    second = fingerprints()
    assert (second[0] == first[0], second[1] == first[1]) == (True, False)
    with (tmp_path / "index" / "words.txt").open("a") as file:
        file.write("新词\n")
    third = fingerprints()
    assert (third[0] == first[0], third[1] == second[1]) == (False, False)


HOLD = "import sys, time\nfrom pathlib import Path\nfrom index import store\n" \
    "with store.writing(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    """A second writer is refused with the first one's process number; when that is killed the lock is free."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(IndexLockedError, match=f"{re.escape(str(tmp_path))}.*进程 {holder.pid}，"):
            store.writing(tmp_path).__enter__()
        holder.kill()
    with store.writing(tmp_path):
        pass


def test_one_writer_at_a_time_within_a_process(tmp_path: Path) -> None:
    """The lock also holds between two runs of one process, and is given back, also after an error."""
    with store.writing(tmp_path), pytest.raises(IndexLockedError, match=f"进程 {os.getpid()}，"):
        store.writing(tmp_path).__enter__()
    with pytest.raises(ZeroDivisionError), store.writing(tmp_path):
        raise ZeroDivisionError
    with store.writing(tmp_path):
        pass


def test_the_holder_may_be_unknown(tmp_path: Path) -> None:
    """The second writer is refused also when the note about the first is cut short or missing."""
    with store.writing(tmp_path):
        (tmp_path / "lock.holder").write_bytes("进".encode()[:2])
        with pytest.raises(IndexLockedError):
            store.writing(tmp_path).__enter__()
        (tmp_path / "lock.holder").unlink()
        with pytest.raises(IndexLockedError, match="进程不明"):
            store.writing(tmp_path).__enter__()


@posix
def test_an_index_that_may_not_be_written(unprivileged: Path) -> None:
    """Without permission the error names the directory and the reason."""
    (unprivileged / "index").mkdir()
    (unprivileged / "index").chmod(0o500)
    for directory in (unprivileged / "index", unprivileged / "index" / "below"):
        with pytest.raises(IndexNotWritableError, match=f"{re.escape(str(directory))}：没有权限"), \
                store.writing(directory):
            pass


@posix
def test_an_index_is_for_its_owner_only(tmp_path: Path) -> None:
    """Nobody else may enter the index directory, for what it holds is unpickled."""
    with store.writing(tmp_path / "a" / "index"):
        name, index = store.new_generation(tmp_path / "a" / "index")
        index.close()
    for path in (tmp_path / "a" / "index", tmp_path / "a" / "index" / "generations" / name):
        assert path.stat().st_mode & 0o077 == 0


def test_generations_are_named_in_order(tmp_path: Path) -> None:
    """Generations have different names, which sort by age, also when the ones before are gone."""
    names = []
    for _ in range(5):
        name, index = store.new_generation(tmp_path)
        index.close()
        store.discard(tmp_path, name)
        names.append(name)
    assert names == sorted(set(names))


def test_publishing_is_atomic(index_copy: Path) -> None:
    """Whoever looks while generations are published finds a whole one at every moment."""
    seen: set[str] = set()
    errors: list[Exception] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                generation = store.current_generation(index_copy)
                store.check(index_copy, store.read_manifest(index_copy, generation))
                store.open_generation(index_copy, generation).close()
                seen.add(generation)
            except StoreError as error:
                errors.append(error)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    published = [republish(index_copy) for _ in range(15)]
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(seen & set(published)) > 1
    assert not (index_copy / "current.new").exists()


def test_old_generations_are_removed(index_copy: Path) -> None:
    """The current generation stays and the one before it, which readers may have open; the rest goes."""
    first = store.current_generation(index_copy)
    second, third = republish(index_copy), republish(index_copy)
    unfinished, index = store.new_generation(index_copy)
    index.close()
    store.clean(index_copy)
    assert sorted(path.name for path in (index_copy / "generations").iterdir()) == [second, third]
    assert first != second
    assert unfinished > third


def test_the_current_generation_cannot_be_discarded(index_copy: Path) -> None:
    """What has been published stays, even if the run that made it fails afterwards."""
    before = answer(index_copy)
    store.discard(index_copy, store.current_generation(index_copy))
    assert answer(index_copy) == before
