"""``unionnews reindex``: page files into the index, once or whenever they change."""

from __future__ import annotations

import dataclasses
import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.cli.chinese import Command, ExistingPath, WholeNumber
from web.cli.common import dumps, index_option, json_option, listed, listed_failures, sentences, settings
from web.cli.exit_codes import FAILED

if TYPE_CHECKING:
    from index.cluster.address import Address
    from index.reindex import ReindexReport


@click.command("reindex", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=ExistingPath())
@index_option
@click.option("--full", is_flag=True, help="全部重新读取")
@click.option("--if-needed", is_flag=True, expose_value=False, help="没有变化时什么也不做（不加也是这样）")
@click.option("--dry-run", is_flag=True, help="只读取和报告，不写索引")
@click.option("--jobs", metavar="N", type=WholeNumber(1, 64), help="同时读取的进程数 [默认：文件多时 2 到 4 个]")
@click.option("--watch", is_flag=True, help="此后每当文件有变化就更新索引，直到按 Ctrl-C")
@json_option
def command(
    paths: tuple[Path, ...], directory: Path | None, full: bool, dry_run: bool, jobs: int | None, watch: bool,
    as_json: bool,
) -> None:
    """读取 PATH 里的报纸文件，建立或更新索引。"""
    if watch and dry_run:
        raise click.UsageError("--watch 不能和 --dry-run 一起用。")
    with sentences():
        place = settings(index=directory).place
        if watch:
            _watch(paths, place, full, jobs, as_json)
            return
        report = run(paths, place, full=full, dry_run=dry_run, jobs=jobs)
    click.echo(dumps(dataclasses.asdict(report)) if as_json else report_text(report))
    if report.published and not as_json:
        with sentences():
            _coverage(place, report)
    if report.failed:
        sys.exit(FAILED)


_SOON = 5000
"""Articles of which a report is made in half a second, and so after every run."""


def _coverage(place: Path | Address, report: ReindexReport) -> None:
    """Print what the report on the archive says first; where little was read of much, what is known without reading."""
    from index.report.coverage import coverage
    from index.stores import store_at
    from search.engines import searcher_at
    from web.cli.report import summary

    if report.kept and report.articles > _SOON:
        found = coverage(store_at(place).published(), ())
    else:
        found = searcher_at(place).coverage()
    click.echo("\n".join([*summary(found), "全部见 unionnews status --report"]))


def run(paths: tuple[Path, ...], place: Path | Address, **options: Any) -> ReindexReport:
    """Reindex, with a bar that shows how far it is where there is a terminal.

    Raises:
        ArchiveError
    """
    from tqdm import tqdm

    from index.reindex import update
    from index.stores import store_at

    with tqdm(unit="个文件", disable=None, file=sys.stderr, leave=False) as bar:
        def progress(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(name[-40:], refresh=False)
            bar.update(done - bar.n)

        return update(paths, store_at(place), progress=progress, **options)


def report_text(report: ReindexReport) -> str:
    """What a run did, and what the operator may want to look at."""
    notes = [f"{name}：{note}" for name, notes in report.notes.items() for note in notes]
    return "\n".join([_done_text(report), *listed("存疑", notes), *listed_failures(report.failed)])


def _watch(paths: tuple[Path, ...], place: Path | Address, full: bool, jobs: int | None, as_json: bool) -> None:
    """Bring the index up to date now and after every change, until interrupted; what goes wrong is only told."""
    from index.errors import ArchiveError
    from index.watch import changes

    watched = changes(paths)
    while _is_waited_for(watched):
        try:
            report = run(paths, place, full=full, jobs=jobs)
        except ArchiveError as error:
            click.echo(str(error), err=True)
            continue
        full = False
        click.echo(dumps(dataclasses.asdict(report)) if as_json else _run_text(report))


def _is_waited_for(events: Iterator[None]) -> bool:
    """Wait for the next event; whether there was one before an interruption."""
    try:
        next(events)
    except KeyboardInterrupt:
        return False
    return True


def _run_text(report: ReindexReport) -> str:
    """One run of many: the time, what was done, and the files that fail."""
    done = f"{datetime.datetime.now():%H:%M:%S} {_done_text(report)}"
    return "\n".join([done, *listed_failures(report.failed)])


def _done_text(report: ReindexReport) -> str:
    from search.model import KIND_LABELS

    kinds = "，".join(f"{KIND_LABELS[kind]} {count}" for kind, count in report.kinds.items())
    done = f"读取 {report.read} 个文件"
    if report.kept or report.removed:
        done += f"，{report.kept} 个没有变化，{report.removed} 个已移除"
    return f"{done}，共 {report.articles} 篇文章（{kinds or '无'}），用时 {report.seconds:.1f} 秒"
