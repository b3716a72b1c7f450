"""Bringing an index up to date: it answers like one built anew, and only what changed is read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from index import store
from index.model import Article
from index.reindex import ReindexReport, reindex
from index.schema import load
from search.model import SearchRequest
from search.searcher import Searcher

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")

QUERIES = ("职工", "茶油", "灯", '"夜班"', "合唱 -招新", "记者:荀堃", "更正")
LONG_AGO = 1_000_000_000

PAGES = (
    "# 三号机组提前并网\n\n本报讯（记者 荀堃）砚江热电厂三号机组昨日提前五天并网，检修班职工连续奋战四十个昼夜。\n",
    "# 女工合唱团招新\n\n本报讯（通讯员 鲁冬青）砚江纺织厂女工合唱团本月招收新团员，报名不限工种。\n",
    "# 茶油车间换上新灯\n\n本报讯（记者 邝子衿）白榆茶油公司压榨车间换上了新灯，夜班职工说眼睛不酸了。\n",
    "# 职工书屋开放\n\n夜班职工可以借书到天亮。\n\n# 更正\n\n上期三版一处有误。\n",
    "砚江工人周报  2024年5月17日 星期五 第1847期 第3版 班组\n\n# 灯火\n\n夜班的灯。\n",
    '{"id": "m1", "title": "更正", "body": "上期三版一处有误。", "date": "2024-05-03"}\n',
    '{"id": "m1", "body": "另一篇同号的文章，说的是茶油。"}\n{"id": "m1-2", "body": "第三篇。"}\n{}\n',
    "# 三代守坝人\n\n本报记者 岑溪\n\n清晨五点，夜班职工走了第一趟。三十年来，这条路他走了两万\n\n（下转第3版）\n",
    "# 三代守坝人\n\n（上接第1版）多趟，每一级台阶的高低他都知道，夜班的灯也认得他。\n\n# 更正\n\n上期三版一处有误。\n",
)
DAY = ("2024-05-17", "2024年5月17日")
"""The day of the page that says one, as the names of others have it and as it stands there."""

BROKEN = (b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00")
NAMES = (
    "a.md", "b.md", "c.jsonl", "d.jsonl", "sub/a.md",
    "2024-05-17_01.md", "2024-05-17_03.md", "sub/2024-05-17_02.md", "2024-05-24_01.md", "2024-05-24_03.md",
)


def articles(directory: Path) -> list[Article]:
    """All that is indexed."""
    index = store.open_generation(directory, store.current_generation(directory))
    with index.searcher() as searcher:
        return [load(fields["article"]) for fields in searcher.all_stored_fields()]


def unsuffixed(article_id: str) -> str:
    """An id without what told it apart from equal ones."""
    return re.sub(r"^(m1)(-\d+)+$", r"\1", re.sub(r"((?:^|-)\w{10})-\d+$", r"\1", article_id))


def holdings(directory: Path) -> Counter[tuple[str, ...]]:
    """All articles, by what is the same whatever the order in which equal ids were given."""
    return Counter(
        (unsuffixed(article.id), article.source, article.printed, str(article.date), article.kind)
        for article in articles(directory)
    )


def totals(directory: Path) -> dict[str, int]:
    searcher = Searcher(directory)
    return {query: searcher.search(SearchRequest(q=query)).total for query in QUERIES}


def update(pages: Path, index: Path) -> tuple[ReindexReport, list[str]]:
    """Bring the index up to date; the report, and the names of the files that were read."""
    read: list[str] = []
    report = reindex([pages], index, progress=lambda _done, _all, name: read.append(name))
    return report, read[:-1]


class Archive(RuleBasedStateMachine):
    """A small folder that is edited in every way, its index brought up to date after some edits."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.pages = self.root / "pages"
        self.index = self.root / "index"
        self.contents: dict[str, bytes] = {}
        self.indexed: dict[str, bytes] = {}
        self.write("a.md", PAGES[0].encode())

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def write(self, name: str, content: bytes) -> None:
        self.contents[name] = content
        path = self.pages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    @rule(name=st.sampled_from(NAMES), number=st.integers(0, len(PAGES) - 1), times=st.integers(1, 2))
    def add_or_change(self, name: str, number: int, times: int) -> None:
        self.write(name, PAGES[number].encode() * times)

    @rule(name=st.sampled_from(NAMES), content=st.sampled_from(BROKEN))
    def break_(self, name: str, content: bytes) -> None:
        self.write(name, content)

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        if name in self.contents and len(self.contents) > 1:
            del self.contents[name]
            (self.pages / name).unlink()

    @rule(name=st.sampled_from(NAMES), other=st.sampled_from(NAMES))
    def rename(self, name: str, other: str) -> None:
        if name in self.contents:
            self.write(other, self.contents[name])
            if name != other:
                self.delete(name)

    @rule(name=st.sampled_from(NAMES), age=st.integers(0, 100))
    def touch(self, name: str, age: int) -> None:
        if name in self.contents:
            os.utime(self.pages / name, (LONG_AGO + age, LONG_AGO + age))

    @rule()
    def bring_up_to_date(self) -> None:
        report, read = update(self.pages, self.index)
        changed = {name for name, content in self.contents.items() if self.indexed.get(name) != content}
        affected = changed | (set(self.indexed) - set(self.contents))
        if report.generation:  # else nothing was readable, and the index stays as it is
            assert set(read) >= changed
            assert set(read) <= self.akin(affected)
            assert report.removed == len(set(self.indexed) - set(self.contents))
            self.indexed = dict(self.contents)
            self.compare(report)

    def akin(self, names: set[str]) -> set[str]:
        """Files, and those of their folders and days, and of theirs."""
        marks = {name: self.marks(name) for name in {*self.contents, *self.indexed}}
        while more := {name for name in marks if any(marks[name] & marks[kin] for kin in names)} - names:
            names = names | more
        return names

    def marks(self, name: str) -> set[str]:
        """The folder of a file, and its days, of the name and of the page."""
        held = self.contents.get(name, b"") + self.indexed.get(name, b"")
        return {Path(name).parent.as_posix(), Path(name).name[:10], DAY[0] if DAY[1].encode() in held else name}

    def compare(self, report: ReindexReport) -> None:
        """The same as a full run into another directory says and makes."""
        fresh = self.root / "fresh"
        full = reindex([self.pages], fresh, full=True)
        for name in ("files", "articles", "kinds", "failed"):
            assert getattr(report, name) == getattr(full, name), name
        assert holdings(self.index) == holdings(fresh)
        assert totals(self.index) == totals(fresh)
        found = [article.id for article in articles(self.index)]
        assert len(set(found)) == len(found) == report.articles
        manifests = [store.read_manifest(d, store.current_generation(d)) for d in (self.index, fresh)]
        assert manifests[0].newspapers == manifests[1].newspapers
        assert manifests[0].days == manifests[1].days


TestArchive = Archive.TestCase
TestArchive.settings = settings(
    max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of page files that were written long ago."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, content in enumerate(PAGES):
        path = folder / f"{number}{'.jsonl' if content.startswith('{') else '.md'}"
        path.write_text(content, "utf-8")
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_a_touched_file_is_not_read_again(pages: Path, index: Path) -> None:
    """A file with another time but the same bytes counts as kept, and nothing is published."""
    first, _ = update(pages, index)
    for path in pages.iterdir():
        path.touch()
    second, read = update(pages, index)
    assert (second.published, second.generation, second.kept, read) == (False, first.generation, len(PAGES), [])


def test_what_is_known_of_a_touched_file_is_renewed(pages: Path, index: Path) -> None:
    """When something else is published, the time of a touched file is noted, so that it is not compared for ever."""
    update(pages, index)
    os.utime(pages / "1.md", (LONG_AGO + 1, LONG_AGO + 1))
    (pages / "0.md").unlink()
    update(pages, index)
    manifest = store.read_manifest(index, store.current_generation(index))
    assert manifest.sources["1.md"].stamp[1] == (LONG_AGO + 1) * 10**9


def test_a_change_within_a_tick_of_the_clock_is_noticed(pages: Path, index: Path) -> None:
    """A file of the same size and time as in the last run is read again if it was written just before that run."""
    path = pages / "0.md"
    path.touch()
    status = path.stat()
    update(pages, index)
    path.write_text(PAGES[0].replace("四十", "五十"), "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert update(pages, index)[1] == ["0.md"]
    assert any("五十" in article.body for article in articles(index))


def test_a_file_that_changes_while_it_is_read_is_read_again(pages: Path, index: Path) -> None:
    """What a run may have read half is not taken for unchanged in the next."""
    def change(_done: int, _all: int, name: str) -> None:
        if name == "1.md":
            (pages / "0.md").write_text(PAGES[0].replace("四十", "五十"), "utf-8")

    reindex([pages], index, progress=change)
    assert update(pages, index)[1] == ["0.md"]


def test_renaming_keeps_ids(pages: Path, index: Path) -> None:
    """Articles of renamed and moved files keep their ids, also those that are told apart by a number."""
    update(pages, index)
    before = {article.id: article.printed for article in articles(index)}
    (pages / "0.md").rename(pages / "z.md")
    (pages / "sub").mkdir()
    (pages / "5.jsonl").rename(pages / "sub" / "5.jsonl")
    report, read = update(pages, index)
    assert sorted(read) == ["sub/5.jsonl", "z.md"]
    assert report.removed == 2
    assert {article.id: article.printed for article in articles(index)} == before


FRONT, INNER = PAGES[-2:]


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    """An issue in which an article goes on on the third page, beside pages of another one."""
    folder = tmp_path / "issue"
    folder.mkdir()
    for name, text in {"05-17_01": FRONT, "05-17_02": PAGES[0], "05-17_03": INNER, "05-24_01": PAGES[1]}.items():
        path = folder / f"2024-{name}.md"
        path.write_text(text, "utf-8")
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


def parts(index: Path) -> dict[str, str]:
    """The articles of the continued one, by the page they stand on: ids."""
    return {str(article.page_no): article.id for article in articles(index) if article.title == "三代守坝人"}


def test_an_article_that_goes_on_on_another_page_is_one(issue: Path, index: Path) -> None:
    """It is found across the page break, and stands on its first page only."""
    report, _ = update(issue, index)
    (found,) = Searcher(index).search(SearchRequest(q='"走了两万多趟"')).hits
    assert (found.article.page_no, found.article.title) == ("01", "三代守坝人")
    assert list(parts(index)) == ["01"]
    assert not any("转接" in note for notes in report.notes.values() for note in notes)


@pytest.mark.parametrize("name", ["2024-05-17_01.md", "2024-05-17_03.md"])
def test_a_change_of_either_part_renews_the_whole(name: str, issue: Path, index: Path) -> None:
    """The pages of that issue are read again, others are not; the article keeps its id."""
    update(issue, index)
    before = parts(index)
    (issue / name).write_text((issue / name).read_text("utf-8").replace("他", "老葛"), "utf-8")
    _, read = update(issue, index)
    assert sorted(read) == ["2024-05-17_01.md", "2024-05-17_02.md", "2024-05-17_03.md"]
    assert parts(index) == before
    (found,) = Searcher(index).search(SearchRequest(q='"走了两万多趟"')).hits
    assert "老葛" in found.article.body
    assert update(issue, index)[1] == []


def test_parts_come_apart_when_one_is_gone(issue: Path, index: Path, tmp_path: Path) -> None:
    """Without its first page the later part is an article of its own, with a note; when it is back they are one."""
    update(issue, index)
    before = holdings(index)
    (issue / "2024-05-17_01.md").rename(tmp_path / "away")
    report, read = update(issue, index)
    assert sorted(read) == ["2024-05-17_02.md", "2024-05-17_03.md"]
    assert list(parts(index)) == ["03"]
    assert any("上接第1版" in note for note in report.notes["2024-05-17_03.md"])
    (tmp_path / "away").rename(issue / "2024-05-17_01.md")
    report, _ = update(issue, index)
    assert holdings(index) == before
    assert "2024-05-17_03.md" not in report.notes


def test_issues_without_jumps_are_read_page_by_page(issue: Path, index: Path) -> None:
    """Where no article goes on on another page, a change of a page concerns no other."""
    (issue / "2024-05-24_02.md").write_text(PAGES[2], "utf-8")
    update(issue, index)
    (issue / "2024-05-24_02.md").write_text(PAGES[3], "utf-8")
    assert update(issue, index)[1] == ["2024-05-24_02.md"]


def test_kept_articles_keep_their_ids(pages: Path, index: Path) -> None:
    """A new file that comes first by name and asks for an id in use gets another one."""
    update(pages, index)
    before = {article.id: article.printed for article in articles(index)}
    (pages / "0.jsonl").write_text('{"id": "m1", "body": "新来的。"}\n', "utf-8")
    report, _ = update(pages, index)
    after = {article.id: article.printed for article in articles(index)}
    assert before.items() <= after.items()
    assert [text for article_id, text in after.items() if article_id not in before] == ["新来的。"]
    assert "编号 m1 已有别的文章" in report.notes["0.jsonl"][0]


def test_an_id_is_free_when_its_file_is_gone(pages: Path, index: Path) -> None:
    """The articles of files that are gone, or are read again, hold no ids."""
    update(pages, index)
    (pages / "5.jsonl").unlink()
    (pages / "6.jsonl").write_text('{"id": "m1", "body": "只此一篇。"}\n', "utf-8")
    report, _ = update(pages, index)
    assert "6.jsonl" not in report.notes
    assert [article.body for article in articles(index) if article.id.startswith("m1")] == ["只此一篇。"]


def test_an_article_id_may_be_any_text(pages: Path, index: Path) -> None:
    """Ids that are no valid Unicode, or very long, do not disturb an update."""
    lines = "".join(f'{{"id": "{name}", "body": "通知。"}}\n' for name in ("\\ud800", "长" * 9000, "", "a b/c"))
    update(pages, index)
    (pages / "a.jsonl").write_text(lines, "utf-8")
    update(pages, index)
    (pages / "b.jsonl").write_text(lines, "utf-8")
    report, read = update(pages, index)
    assert read == ["b.jsonl"]
    assert len({article.id for article in articles(index)}) == report.articles == len(articles(index))


def size_of(directory: Path) -> int:
    return store.size(directory / "generations" / store.current_generation(directory))


def test_many_updates_leave_a_small_index(tmp_path: Path, index: Path) -> None:
    """After 120 updates of one file each there are few segments, two generations, and little more than is needed."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(150):
        (pages / f"{number}.md").write_text(f"{PAGES[number % 4]}\n第{number}号通知。\n", "utf-8")
    update(pages, index)
    for number in range(120):
        (pages / f"{number % 100}.md").write_text(f"{PAGES[number % 4]}\n第{number}号更正。\n", "utf-8")
        assert len(update(pages, index)[1]) == 1
    fresh = tmp_path / "fresh"
    update(pages, fresh)
    assert len(list((index / "generations").iterdir())) == 2
    assert len(list((index / "generations" / store.current_generation(index)).glob("*.arrays"))) <= 10
    assert size_of(index) <= 2 * size_of(fresh)
    assert (holdings(index), totals(index)) == (holdings(fresh), totals(fresh))


def test_unchanged_segments_are_shared(pages: Path, index: Path) -> None:
    """An update writes only what is new: the files of the old generation are linked."""
    for number in range(100):
        (pages / f"more{number}.md").write_text(f"{PAGES[number % 4]}\n第{number}号。\n", "utf-8")
    update(pages, index)
    [large] = index.glob("generations/*/*.arrays")
    (pages / "0.md").write_text(PAGES[0].replace("四十", "五十"), "utf-8")
    update(pages, index)
    path = index / "generations" / store.current_generation(index) / large.name
    assert path.samefile(large)


def test_a_reader_goes_on_while_its_generation_is_replaced(pages: Path, index: Path) -> None:
    """What is open answers as before, also when its files have been removed; a new search sees the new state."""
    update(pages, index)
    searcher = Searcher(index)
    held = searcher.snapshot()
    docs = range(held.searcher.doc_count_all())
    before = [held.article(doc) for doc in docs]
    for number in range(3):
        (pages / "0.md").write_text(PAGES[0].replace("四十", f"{number}个"), "utf-8")
        update(pages, index)
        assert [held.article(doc) for doc in docs] == before
        assert searcher.search(SearchRequest(q=f'"连续奋战{number}个"')).total == 1
    assert not (index / "generations" / held.manifest.generation).exists()


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from index import segment, store
from index.reindex import reindex
from search.model import SearchRequest
from search.searcher import Searcher
pages, index = map(Path, sys.argv[1:])
segment.load()
random.seed(1)
seconds = 0.05
for number in range(40):
    (pages / "0.md").write_text(f"# 灯火\\n\\n夜班的第{number}盏灯。\\n", "utf-8")
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0.001, 1.5 * seconds))
        reindex([pages], index)
        os._exit(0)
    os.waitpid(child, 0)
    snapshot = Searcher(index).snapshot()
    found = [snapshot.article(doc) for doc in range(snapshot.searcher.doc_count_all())
             if not snapshot.searcher.reader().is_deleted(doc)]
    assert len(found) == snapshot.manifest.articles, number
    texts = [article.body for article in found if "盏灯" in article.body]
    assert len(texts) <= 1, texts
    if number % 8 == 7:
        started = time.monotonic()
        assert reindex([pages], index).generation == store.current_generation(index)
        seconds = time.monotonic() - started
        assert Searcher(index).search(SearchRequest(q=f'"第{number}盏灯"')).total == 1
        assert len(list((index / "generations").iterdir())) <= 2
"""


@posix
def test_an_update_may_be_killed_at_any_moment(pages: Path, index: Path) -> None:
    """However far an update has come when it is killed, the index is whole: the old or the new; the next one works."""
    update(pages, index)
    command = [sys.executable, "-c", KILLED, str(pages), str(index)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


def test_searches_go_on_while_generations_follow_each_other(pages: Path, index: Path) -> None:
    """Whoever opens the index while it is updated again and again always gets an answer, the old or the new."""
    update(pages, index)
    errors: list[Exception] = []
    seen: set[str] = set()
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                result = Searcher(index).search(SearchRequest(q="灯"))
                assert result.total == len(result.hits) == 3
                seen.add(result.generation)
            except Exception as error:  # whatever it is, the test fails with it
                errors.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    for number in range(25):
        (pages / "0.md").write_text(PAGES[0].replace("四十", f"{number}"), "utf-8")
        update(pages, index)
    done.set()
    thread.join()
    assert errors == []
    assert len(seen) > 1
