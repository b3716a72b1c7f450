"""The command line: thin over ``index.reindex``, ``search.Searcher`` and the web application.

Nothing heavy is imported before a command needs it, so that ``--help`` answers at once. Exit codes: 0 done,
1 done but some files failed, 2 wrong usage, 3 the index is missing, outdated, locked, damaged or not
writable, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.settings import SettingError, Settings, from_environment

if TYPE_CHECKING:
    from index.reindex import ReindexReport
    from search.model import Hit, Part, SearchResult

FAILED, USAGE, INDEX, INTERRUPTED = 1, 2, 3, 130
_EXISTING = click.Path(path_type=Path, exists=True)
_SHOWN = 20
"""So many failed files and notes are listed; the rest is counted."""


def main() -> None:
    """The entry point of the command ``unionnews``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after Ctrl-C
    cli(prog_name="unionnews")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unionnews")
def cli() -> None:
    """工会报纸检索：把识别（OCR）出来的报纸版面整理成文章，建立索引，在网页、JSON 接口和命令行里查找。"""


def _index_option(command: Any) -> Any:
    return click.option(
        "--index", "directory", type=click.Path(path_type=Path),
        help="索引所在的文件夹 [默认：UNIONNEWS_INDEX，或 ./unionnews-index]",
    )(command)


def _json_option(command: Any) -> Any:
    return click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象")(command)


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=_EXISTING)
@_index_option
@click.option("--full", is_flag=True, help="全部重新读取")
@click.option("--if-needed", is_flag=True, expose_value=False, help="没有变化时什么也不做（不加也是这样）")
@click.option("--dry-run", is_flag=True, help="只读取和报告，不写索引")
@click.option("--watch", is_flag=True, help="此后每当文件有变化就更新索引，直到按 Ctrl-C")
@_json_option
def reindex(
    paths: tuple[Path, ...], directory: Path | None, full: bool, dry_run: bool, watch: bool, as_json: bool
) -> None:
    """读取 PATH 里的报纸文件，建立或更新索引。"""
    if watch and dry_run:
        raise click.UsageError("--watch 不能和 --dry-run 一起用")
    with _sentences():
        directory = directory or _settings().index
        if watch:
            _watch(paths, directory, full, as_json)
            return
        report = _reindex(paths, directory, full=full, dry_run=dry_run)
    click.echo(_dumps(dataclasses.asdict(report)) if as_json else _report_text(report))
    if report.failed:
        sys.exit(FAILED)


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=_EXISTING)
def parse(files: tuple[Path, ...]) -> None:
    """打印文件里的文章（JSON 行，一篇一行），不建立索引。"""
    from index import files as page_files
    from index.errors import UnreadableFileError
    from index.formats import read_pages
    from web.serialize import parsed_article

    failed = False
    for file in page_files.find(files):
        try:
            for page in read_pages(file.path, file.name):
                for article in page.articles:
                    click.echo(_dumps(parsed_article(article)))
                for note in page.notes:
                    click.echo(f"{file.name}：{note}", err=True)
        except UnreadableFileError as error:
            failed = True
            click.echo(f"{file.name}：{error}", err=True)
    if failed:
        sys.exit(FAILED)


@cli.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a minus
@click.argument("query")
@_index_option
@_json_option
@click.option("-n", "count", type=click.IntRange(1, 100), default=10, show_default=True, help="结果的条数")
def search(query: str, directory: Path | None, as_json: bool, count: int) -> None:
    """在索引里查找 QUERY。"""
    from search.errors import QueryError
    from search.model import SearchRequest
    from search.searcher import Searcher
    from web.serialize import search_result

    facets = ("year", "section", "kind", "reporter") if as_json else ()
    request = SearchRequest(q=query, per_page=count, facets=facets)
    with _sentences():
        try:
            result = Searcher(directory or _settings().index).search(request)
        except QueryError as error:
            click.echo(f"{error.message}（第 {error.position + 1} 个字）。{error.hint}", err=True)
            sys.exit(USAGE)
    click.echo(_dumps(search_result(result)) if as_json else _result_text(result))


@cli.command()
@_index_option
@click.option("--host", help="监听的地址 [默认：127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="监听的端口 [默认：8000]")
def serve(directory: Path | None, host: str | None, port: int | None) -> None:
    """启动网页和 JSON 接口。"""
    with _sentences():
        _serve(_settings(index=directory, host=host, port=port))


@cli.command()
@click.option("--host", help="监听的地址 [默认：127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="监听的端口 [默认：8000]")
def demo(host: str | None, port: int | None) -> None:
    """为随附的样报建立索引并启动网页，看看这个程序能做什么。"""
    from importlib import resources

    with resources.as_file(resources.files("index").joinpath("sample")) as sample, \
            tempfile.TemporaryDirectory(prefix="unionnews-demo-") as folder, _sentences():
        report = _reindex((sample,), Path(folder))
        click.echo(_report_text(report), err=True)
        _serve(_settings(index=Path(folder), host=host, port=port))


@cli.command()
@_index_option
@_json_option
def status(directory: Path | None, as_json: bool) -> None:
    """索引里有什么，占多大地方，是否需要重建。"""
    from index import store

    directory = directory or _settings().index
    with _sentences():
        manifest = store.read_manifest(directory, store.current_generation(directory))
        size = store.size(directory)
    found = {
        "index": str(directory),
        "generation": manifest.generation,
        "created": datetime.datetime.fromtimestamp(manifest.created).astimezone().isoformat(timespec="seconds"),
        "bytes": size,
        "articles": manifest.articles,
        "newspapers": manifest.newspapers,
        "first_date": manifest.days and manifest.days[0],
        "last_date": manifest.days and manifest.days[1],
        "files": len(manifest.sources),
        "failed": manifest.failed,
        "notes": sum(len(source.notes) for source in manifest.sources.values()),
        "reindex_due": not store.is_current(manifest) or manifest.code != store.code_fingerprint(),
    }
    click.echo(_dumps(found) if as_json else _status_text(found))


def _settings(**given: Any) -> Settings:
    """The settings from the environment, replaced by what the command line gives."""
    known = {name: value for name, value in given.items() if value is not None}
    return dataclasses.replace(from_environment(), **known)


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """Turn the errors that a user can mend into a sentence and an exit code."""
    from index.errors import ArchiveError, StoreError

    try:
        yield
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(INDEX)
    except (ArchiveError, SettingError) as error:
        click.echo(str(error), err=True)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        click.echo("已中断。", err=True)
        sys.exit(INTERRUPTED)


def _reindex(paths: tuple[Path, ...], directory: Path, **options: bool) -> ReindexReport:
    from tqdm import tqdm

    from index.reindex import reindex

    with tqdm(unit="个文件", disable=None, file=sys.stderr, leave=False) as bar:
        def progress(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(name[-40:], refresh=False)
            bar.update(done - bar.n)

        return reindex(paths, directory, progress=progress, **options)


def _watch(paths: tuple[Path, ...], directory: Path, full: bool, as_json: bool) -> None:
    """Bring the index up to date now and after every change, until interrupted; what goes wrong is only told."""
    from index.errors import ArchiveError
    from index.watch import changes

    watched = changes(paths)
    while _is_waited_for(watched):
        try:
            report = _reindex(paths, directory, full=full)
        except ArchiveError as error:
            click.echo(str(error), err=True)
            continue
        full = False
        click.echo(_dumps(dataclasses.asdict(report)) if as_json else _run_text(report))


def _is_waited_for(events: Iterator[None]) -> bool:
    """Wait for the next event; whether there was one before an interruption."""
    try:
        next(events)
    except KeyboardInterrupt:
        return False
    return True


def _serve(settings: Settings) -> None:
    import logging

    import waitress

    from web import create_app

    app = create_app(settings)
    app.extensions["searcher"].snapshot()  # what is wrong with the index is said now, not on a page later
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        server = waitress.create_server(
            app, host=settings.host, port=settings.port, threads=settings.threads, ident=None
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        wanted = f"{settings.host}:{settings.port}"
        click.echo(f"不能监听 {wanted}（{reason}）。请用 --host 或 --port 换一个地址。", err=True)
        sys.exit(USAGE)
    click.echo(f"请在浏览器打开 {_address(server)} （按 Ctrl-C 停止）")
    server.run()


def _address(server: Any) -> str:
    """Where a browser finds the server, which listens on several addresses if the host's name has several."""
    several = getattr(server, "effective_listen", None)
    host, port = several[0] if several else (server.effective_host, server.effective_port)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _report_text(report: ReindexReport) -> str:
    notes = [f"{name}：{note}" for name, notes in report.notes.items() for note in notes]
    return "\n".join([_done_text(report), *_listed("存疑", notes), *_listed_failures(report.failed)])


def _run_text(report: ReindexReport) -> str:
    """One run of many: the time, what was done, and the files that fail."""
    done = f"{datetime.datetime.now():%H:%M:%S} {_done_text(report)}"
    return "\n".join([done, *_listed_failures(report.failed)])


def _done_text(report: ReindexReport) -> str:
    from search.model import KIND_LABELS

    kinds = "，".join(f"{KIND_LABELS[kind]} {count}" for kind, count in report.kinds.items())
    done = f"读取 {report.read} 个文件"
    if report.kept or report.removed:
        done += f"，{report.kept} 个没有变化，{report.removed} 个已移除"
    return f"{done}，共 {report.articles} 篇文章（{kinds or '无'}），用时 {report.seconds:.1f} 秒"


def _status_text(found: dict[str, Any]) -> str:
    newspapers = "、".join(f"{name} {count} 篇" for name, count in found["newspapers"].items()) or "不详"
    dates = f"{found['first_date']} 至 {found['last_date']}" if found["first_date"] else "不详"
    return "\n".join([
        f"索引 {found['index']}：{found['articles']} 篇文章，{found['files']} 个文件，"
        f"{found['bytes'] / 1e6:.1f} MB，{found['created']} 更新",
        f"报纸：{newspapers}",
        f"日期：{dates}",
        *([f"存疑 {found['notes']} 条，reindex 会列出"] if found["notes"] else []),
        *_listed_failures(found["failed"]),
        *(["程序或词典已变，需要重建：unionnews reindex 报纸文件夹"] if found["reindex_due"] else []),
    ])


def _listed_failures(failed: dict[str, str]) -> list[str]:
    return _listed("未能读取", [f"{name}：{reason}" for name, reason in failed.items()])


def _listed(heading: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  …… 另有 {len(lines) - _SHOWN} 条，用 --json 查看全部"] if len(lines) > _SHOWN else []
    return [f"{heading} {len(lines)} 条：", *(f"  {line}" for line in lines[:_SHOWN]), *more]


def _result_text(result: SearchResult) -> str:
    heading = f"找到 {result.total} 篇（{result.seconds * 1000:.0f} 毫秒）"
    if result.partial:
        heading += f"，另列出 {result.reachable - result.total} 篇只含部分词语的"
    return "\n\n".join([heading, *map(_hit_text, result.hits)])


def _hit_text(hit: Hit) -> str:
    article = hit.article
    date = article.date.isoformat() if article.date else None
    where = " · ".join(filter(None, (article.newspaper, date, article.page_no, article.section)))
    who = " ".join(f"{byline.role} {byline.name}" for byline in article.bylines)
    title = _marked(hit.title_parts) or "（无题）"
    grade = "〔部分〕" if hit.partial else "〔近似〕" if hit.approximate else ""
    lines = [grade + title, " | ".join(filter(None, (where, who, article.id)))]
    return "\n".join([*lines, *(f"    {_marked(snippet.parts)}" for snippet in hit.snippets)])


def _marked(parts: tuple[Part, ...]) -> str:
    text = "".join(click.style(part.text, bold=True, fg="red") if part.hit else part.text for part in parts)
    return text.replace("\n", " ")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
