"""Building the index: every file is indexed or named with a reason, and a run that fails changes nothing."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index import store
from index.errors import ArchiveError, IndexLockedError
from index.model import Article
from index.reindex import ReindexReport, reindex
from index.schema import load
from search.searcher import Searcher

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and limits")

PAGE = """砚江工人周报  2024年5月17日 星期五 第1847期 第3版 班组

# 三号机组提前并网

本报讯（记者 荀堃）砚江热电厂三号机组昨日提前五天并网发电。检修班职工连续奋战四十个昼夜。

# 女工合唱团招新

本报讯（通讯员 鲁冬青）砚江纺织厂女工合唱团本月招收新团员，报名不限工种。
"""
THIRD = """
# 茶油车间换上新灯

本报讯（记者 邝子衿）白榆茶油公司压榨车间上周换上了新灯，夜班职工说眼睛不酸了。
"""


def articles(directory: Path) -> list[Article]:
    """All that is indexed, in the order of the ids."""
    index = store.open_generation(directory, store.current_generation(directory))
    with index.searcher() as searcher:
        found = [load(fields["article"]) for fields in searcher.all_stored_fields()]
    return sorted(found, key=lambda article: article.id)


def ids(directory: Path) -> dict[str | None, str]:
    return {article.title: article.id for article in articles(directory) if article.kind != "page"}


def state(directory: Path) -> list[str]:
    """All files of an index directory but those of the lock."""
    files = (path for path in directory.rglob("*") if not path.name.startswith("lock"))
    return sorted(path.relative_to(directory).as_posix() for path in files)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with two page files."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "2024-05-17_03.md").write_text(PAGE, "utf-8")
    (folder / "more.jsonl").write_text('{"id": "m1", "title": "更正", "body": "上期三版一处有误。"}\n', "utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_everything_is_indexed(index_dir: Path, sample: Path) -> None:
    """The index has as many articles as the report says, each once, from every file, furniture included."""
    report = reindex([sample], index_dir, dry_run=True)
    found = articles(index_dir)
    assert len(found) == report.articles == sum(report.kinds.values())
    assert len({article.id for article in found}) == len(found)
    assert {article.source for article in found} == {path.name for path in sample.iterdir()}
    assert (report.files, report.read, report.failed) == (11, 11, {})


def test_no_text_of_a_page_is_out_of_reach(pages: Path, index: Path) -> None:
    """Masthead, title and body of a page all stand in some entry of the index."""
    reindex([pages], index)
    printed = "".join(article.printed for article in articles(index))
    for text in ("砚江工人周报", "第1847期", "三号机组提前并网", "荀堃", "连续奋战四十个昼夜", "报名不限工种"):
        assert text in printed


def test_files_that_cannot_be_read_are_reported(pages: Path, index: Path) -> None:
    """Each bad file is named with its reason, in the manifest too; the others are indexed."""
    (pages / "picture.md").write_bytes(b"BM\0\0")
    (pages / "empty.txt").touch()
    (pages / "wrong.jsonl").write_text("{}\n", "utf-8")
    report = reindex([pages, pages / "none.md"], index)
    assert report.failed == {
        "picture.md": "不是文本文件（含有二进制内容）", "empty.txt": "文件是空的", "none.md": "文件不存在",
        "wrong.jsonl": "第 1 行不是文章：缺少 body 或 title",
    }
    assert (report.files, report.read) == (6, 2)
    assert set(ids(index)) == {"三号机组提前并网", "女工合唱团招新", "更正"}
    assert store.read_manifest(index, store.current_generation(index)).failed == report.failed


def test_wrong_lines_are_noted(pages: Path, index: Path) -> None:
    """Lines that are no article are notes of their file in the report and in the manifest."""
    with (pages / "more.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "m2", "body": "补遗。"}\n[]\n')
    report = reindex([pages], index)
    assert report.notes["more.jsonl"] == ("第 3 行不是文章：不是 JSON 对象",)
    assert store.read_manifest(index, store.current_generation(index)).sources["more.jsonl"].notes
    assert report.failed == {}


def test_nothing_to_read(tmp_path: Path, index: Path) -> None:
    """A folder without page files is an error that says what is looked for; nothing is written."""
    (tmp_path / "photo.png").touch()
    with pytest.raises(ArchiveError, match=r"\.md.*\.jsonl"):
        reindex([tmp_path], index)
    assert not index.exists()


def test_nothing_readable(pages: Path, index: Path, tmp_path: Path) -> None:
    """When no file can be read nothing is published and the index stays as it was."""
    reindex([pages], index)
    before = state(index)
    report = reindex([tmp_path / "none.md"], index)
    assert (report.published, report.generation, list(report.failed)) == (False, None, ["none.md"])
    assert state(index) == before


def test_a_dry_run_writes_nothing(pages: Path, index: Path) -> None:
    """A dry run reports what a real one would and does not even make the directory."""
    dry = reindex([pages], index, dry_run=True)
    assert not index.exists()
    real = reindex([pages], index)
    assert (dry.published, real.published) == (False, True)
    assert [getattr(dry, name) for name in ("files", "read", "articles", "kinds", "failed", "notes")] == [
        getattr(real, name) for name in ("files", "read", "articles", "kinds", "failed", "notes")
    ]


def test_progress_is_told(pages: Path, index: Path) -> None:
    """Progress counts up to the number of files and names the file that is next."""
    told: list[tuple[int, int, str]] = []
    reindex([pages], index, progress=lambda *said: told.append(said))
    assert told == [(0, 2, "2024-05-17_03.md"), (1, 2, "more.jsonl"), (2, 2, "")]


def test_several_processes_make_the_same_index(sample: Path, tmp_path: Path) -> None:
    """However many processes read, every byte of the index is the same."""
    def made(jobs: int) -> list[bytes]:
        directory = tmp_path / str(jobs)
        assert reindex([sample], directory, jobs=jobs).failed == {}
        return [path.read_bytes() for path in sorted(directory.rglob("*.arrays"))]

    assert made(1) == made(2) != []


def test_a_run_does_nothing_when_nothing_changed(pages: Path, index: Path) -> None:
    """With the same files, unreadable ones among them, the index is left alone."""
    (pages / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (pages / "gone.md").symlink_to(pages / "nowhere.md")
    first = reindex([pages], index)
    before = state(index)
    second = reindex([pages], index)
    assert (second.published, second.generation) == (False, first.generation)
    assert state(index) == before


def change(pages: Path) -> None:
    (pages / "2024-05-17_03.md").write_text(PAGE.replace("四十", "五十"), "utf-8")


def add(pages: Path) -> None:
    (pages / "sub").mkdir()
    (pages / "sub" / "new.txt").write_text(THIRD, "utf-8")


def delete(pages: Path) -> None:
    (pages / "more.jsonl").unlink()


def rename(pages: Path) -> None:
    (pages / "more.jsonl").rename(pages / "renamed.jsonl")


def mend(pages: Path) -> None:
    (pages / "bad.md").write_text(THIRD, "utf-8")


def swap(pages: Path) -> None:
    page = (pages / "2024-05-17_03.md").read_bytes()
    shutil.copy(pages / "bad.md", pages / "2024-05-17_03.md")
    (pages / "bad.md").write_bytes(page)


@pytest.mark.parametrize("edit", [change, add, delete, rename, mend, swap])
def test_a_run_follows_a_change(edit: Callable[[Path], None], pages: Path, index: Path) -> None:
    """A file changed, added, deleted, renamed or become readable makes a new generation; the next run none."""
    (pages / "bad.md").write_bytes(b"\0")
    first = reindex([pages], index)
    edit(pages)
    second = reindex([pages], index)
    assert second.published
    assert second.generation != first.generation
    assert not reindex([pages], index).published


@pytest.mark.parametrize("changes", [{"schema_version": 0}, {"fingerprint": ""}, {"code": ""}])
def test_a_run_builds_after_a_change_of_the_code(changes: dict[str, object], pages: Path, index: Path) -> None:
    """An index that other code made is built again."""
    generation = reindex([pages], index).generation or ""
    manifest = store.read_manifest(index, generation)
    store.publish(index, dataclasses.replace(manifest, **changes))  # type: ignore[arg-type]
    assert reindex([pages], index).published


@pytest.mark.parametrize("content", [b"", b"\xff\x00"])
@pytest.mark.parametrize("broken", ["current", "generations/*/manifest.json", "generations/*/*.toc"])
def test_a_run_builds_over_a_damaged_index(broken: str, content: bytes, pages: Path, index: Path) -> None:
    """An index that is damaged is built again."""
    reindex([pages], index)
    [path] = index.glob(broken)
    path.write_bytes(content)
    assert reindex([pages], index).published
    assert len(ids(index)) == 3


def test_files_of_several_folders_are_all_watched(tmp_path: Path, index: Path) -> None:
    """Pages of the same name in two folders are both indexed, and a change of either is noticed."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        (folder / "1.jsonl").write_text(f'{{"id": "{number}", "body": "第{number}篇。"}}\n', "utf-8")
    assert reindex(folders, index).read == 2
    for folder in folders:
        with (folder / "1.jsonl").open("a", encoding="utf-8") as file:
            file.write("{}\n")
        assert reindex(folders, index).published
    assert len(articles(index)) == 2


def test_ids_stay_when_neighbours_change(pages: Path, index: Path) -> None:
    """An article keeps its id when another is added to its page or pages are added and removed around it."""
    reindex([pages], index)
    before = ids(index)
    (pages / "2024-05-17_03.md").write_text(PAGE.replace("# 女工", f"{THIRD}\n# 女工"), "utf-8")
    (pages / "0.md").write_text(THIRD, "utf-8")
    (pages / "more.jsonl").unlink()
    reindex([pages], index)
    after = ids(index)
    assert {title: after[title] for title in ("三号机组提前并网", "女工合唱团招新")} == {
        title: before[title] for title in ("三号机组提前并网", "女工合唱团招新")
    }
    assert set(after) - set(before) == {"茶油车间换上新灯"}


def test_ids_stay_when_files_move(pages: Path, index: Path, tmp_path: Path) -> None:
    """Ids come from what a page says, not from where its file lies, what it is called, or what is named with it."""
    reindex([pages], index)
    before = [(article.id, article.title, article.body) for article in articles(index)]
    (tmp_path / "elsewhere" / "x").mkdir(parents=True)
    (pages / "2024-05-17_03.md").rename(tmp_path / "elsewhere" / "x" / "scan 7.txt")
    (pages / "more.jsonl").rename(tmp_path / "elsewhere" / "a.jsonl")
    reindex([tmp_path / "elsewhere"], index)
    assert [(article.id, article.title, article.body) for article in articles(index)] == before


def test_equal_ids_are_told_apart(pages: Path, index: Path) -> None:
    """Of several articles with one id the first keeps it; the others get one of their own and a note."""
    lines = [{"id": "m1", "body": "二。"}, {"id": "m1-2", "body": "三。"}, {"id": "m1", "body": "四。"}]
    (pages / "z.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    report = reindex([pages], index)
    found = {article.id: article.body for article in articles(index) if article.id.startswith("m1")}
    assert found["m1"] == "上期三版一处有误。"
    assert sorted(found.values()) == sorted(["上期三版一处有误。", "二。", "三。", "四。"])
    assert len(report.notes["z.jsonl"]) == 3
    assert all("编号 m1" in note for note in report.notes["z.jsonl"])


def test_many_equal_ids_take_no_time(tmp_path: Path, index: Path) -> None:
    """Twenty thousand articles of one id are as quick as of their own."""
    path = tmp_path / "same.jsonl"
    path.write_text('{"id": "same", "title": "更正"}\n' * 20_000, "utf-8")
    started = time.process_time()
    report = reindex([path], index, dry_run=True)
    assert report.articles == 20_000
    assert time.process_time() - started < 5


@posix
def test_odd_file_names_reach_the_index(pages: Path, index: Path) -> None:
    """Files with spaces, quotes, line ends, emoji or undecodable bytes in their names are indexed like any other."""
    names = [b"a b.md", b"'\"`$(x).md", b"line\nend.md", "🗞️.md".encode(), "第2版.md".encode("gb18030")]
    for number, name in enumerate(names):
        path = Path(os.fsdecode(os.fsencode(pages) + b"/" + name))
        try:
            path.write_text(THIRD.replace("新灯", f"新灯{number}"), "utf-8")
        except OSError:
            pytest.skip("the file system does not take this name")
    report = reindex([pages], index)
    assert (report.read, report.failed) == (7, {})
    assert sum(title is not None and title.startswith("茶油") for title in ids(index)) == 5
    json.dumps(dataclasses.asdict(report), ensure_ascii=False).encode()
    assert not reindex([pages], index).published


def test_a_searcher_follows(pages: Path, index: Path) -> None:
    """A searcher that is open answers from the old generation until the new one is published, then from that."""
    reindex([pages], index)
    searcher = Searcher(index)
    old = searcher.article("m1")
    (pages / "more.jsonl").write_text('{"id": "m1", "title": "更正", "body": "上期四版一处有误。"}', "utf-8")
    during: list[Article] = []
    reindex([pages], index, full=True, progress=lambda *_: during.append(searcher.article("m1")))
    assert during == [old] * 3
    assert searcher.article("m1").body == "上期四版一处有误。"


def test_only_two_generations_are_kept(pages: Path, index: Path) -> None:
    """However often an archive is indexed, the directory does not grow."""
    made = [reindex([pages], index, full=True).generation for _ in range(4)]
    assert sorted(path.name for path in (index / "generations").iterdir()) == made[-2:]


class StopError(Exception):
    """What a test raises in the middle of a run."""


@pytest.mark.parametrize("error", [StopError, KeyboardInterrupt, SystemExit, MemoryError])
@pytest.mark.parametrize("moment", [0, 1, 2])
def test_a_run_that_fails_changes_nothing(
    error: type[BaseException], moment: int, pages: Path, index: Path
) -> None:
    """Interrupted at whatever file, a run leaves the old index and no debris, and the lock is free."""
    reindex([pages], index)
    before, answers = state(index), articles(index)

    def stop(done: int, _total: int, _name: str) -> None:
        if done == moment:
            raise error

    with pytest.raises(error):
        reindex([pages], index, full=True, progress=stop)
    assert (state(index), articles(index)) == (before, answers)
    assert reindex([pages], index, full=True).published


def test_a_first_run_that_fails_leaves_no_index(pages: Path, index: Path) -> None:
    """Without an index before there is none after a run that failed."""
    def stop(*_: object) -> None:
        raise StopError

    with pytest.raises(StopError):
        reindex([pages], index, progress=stop)
    assert state(index) == ["generations"]


def test_one_run_at_a_time(pages: Path, index: Path) -> None:
    """A run that is started during another is refused and does not disturb it."""
    refused: list[ReindexReport | IndexLockedError] = []

    def again(*_: object) -> None:
        try:
            refused.append(reindex([pages], index))
        except IndexLockedError as error:
            refused.append(error)

    assert reindex([pages], index, progress=again).published
    assert [type(what) for what in refused] == [IndexLockedError] * 3
    assert len(ids(index)) == 3


def run(script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    imports = "import os, sys\nfrom pathlib import Path\nfrom index.reindex import reindex\n" \
        "pages, index = map(Path, sys.argv[1:])\n"
    command = [sys.executable, "-c", imports + script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


KILL = "lambda done, *_: done and os.kill(os.getpid(), 9)"


@posix
def test_a_killed_run_changes_nothing(pages: Path, index: Path) -> None:
    """Killed without warning, a run leaves the old index and a free lock; the next run removes what it left."""
    reindex([pages], index)
    before, answers = state(index), articles(index)
    done = run(f"reindex([pages], index, full=True, progress={KILL})", pages, index)
    assert done.returncode == -signal.SIGKILL
    assert articles(index) == answers
    assert set(before) < set(state(index))
    reindex([pages], index, full=True)
    reindex([pages], index, full=True)
    assert len(state(index)) == 2 * len(before) - 2


ALARMS = """
import signal
from index import segment
segment.load()
for milliseconds in range(1, 60, 4):
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000)
        reindex([pages], index, full=True)
        os._exit(0)
    os.waitpid(child, 0)
    from index import store
    generation = store.current_generation(index)
    manifest = store.read_manifest(index, generation)
    store.check(index, manifest)
    with store.open_generation(index, generation).searcher() as searcher:
        assert searcher.doc_count() == manifest.articles == 4, searcher.doc_count()
"""


@posix
def test_a_run_may_be_killed_at_any_moment(pages: Path, index: Path) -> None:
    """However far a run has come when it is killed, the index is whole: the old one or the new one."""
    assert reindex([pages], index).articles == 4
    done = run(ALARMS, pages, index)
    assert done.stderr == ""
    assert done.returncode == 0


LIMITS = """
import resource
from index.errors import IndexNotWritableError
paths = [pages, *(pages / f"{'no such page ' * 12}{n}.md" for n in range(200))]
reindex(paths, index)
sizes = {path.stat().st_size for path in index.rglob("*") if path.is_file()}
for size in sorted(sizes - {0}):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size * 9 // 10, resource.RLIM_INFINITY))
    try:
        reindex(paths, index, full=True)
    except IndexNotWritableError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(error)
"""


@posix
def test_a_full_disk_changes_nothing(pages: Path, index: Path) -> None:
    """When the disk takes no more, at whichever file, the error says so; the old index stays and no debris."""
    done = run(LIMITS, pages, index)
    assert done.stderr == ""
    sizes = {path.name: path.stat().st_size for path in index.rglob("*") if path.is_file()}
    assert max(sizes, key=sizes.__getitem__) == "manifest.json"  # so that every other file was written once
    assert done.stdout.splitlines() == [f"不能写入 {index}：文件大小超过系统限制。"] * len({*sizes.values()} - {0})
    assert [path.name for path in (index / "generations").iterdir()] == [store.current_generation(index)]
    assert "current.new" not in sizes
    assert len(ids(index)) == 3
    assert reindex([pages], index, full=True).published
