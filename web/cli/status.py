"""``unionnews status``: what the index holds, and whether it must be built again."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.cli.chinese import Command
from web.cli.common import dumps, index_option, json_option, listed, listed_failures, sentences, settings
from web.cli.report import table, text

if TYPE_CHECKING:
    from index.cluster.address import Address
    from web.middleware.query_log import QueryReport


@click.command("status", cls=Command)
@index_option
@json_option
@click.option("--report", "with_report", is_flag=True, help="加上馆藏报告：各月的期数、缺期、可疑的文章和文件")
@click.option("--csv", "as_csv", is_flag=True, help="把馆藏报告打印成 CSV 表格")
@click.option("--queries", is_flag=True, help="改为报告查询记录（UNIONNEWS_QUERY_LOG）里没有结果的和慢的查询")
def command(directory: Path | None, as_json: bool, with_report: bool, as_csv: bool, queries: bool) -> None:
    """索引里有什么，缺什么，占多大地方，是否需要重建。"""
    from search.engines import searcher_at

    if as_csv and as_json:
        raise click.UsageError("--csv 不能和 --json 一起用。")
    if queries:
        _report_queries(as_json)
        return
    with sentences():
        place = settings(index=directory).place
        found = _found(place)
        coverage = searcher_at(place).coverage() if with_report or as_csv else None
    if coverage and as_csv:
        click.echo(table(coverage), nl=False)
    elif as_json:
        click.echo(dumps(found | ({"report": dataclasses.asdict(coverage)} if coverage else {})))
    else:
        click.echo("\n".join([_text(found), *([text(coverage)] if coverage else [])]))


def _found(place: Path | Address) -> dict[str, Any]:
    from index.store import code_fingerprint
    from index.stores import store_at

    store = store_at(place)
    manifest = store.published()
    return {
        "index": str(place),
        "generation": manifest.generation,
        "created": datetime.datetime.fromtimestamp(manifest.created).astimezone().isoformat(timespec="seconds"),
        "bytes": store.size(),
        "articles": manifest.articles,
        "newspapers": manifest.newspapers,
        "first_date": manifest.days and manifest.days[0],
        "last_date": manifest.days and manifest.days[1],
        "files": len(manifest.sources),
        "failed": manifest.failed,
        "notes": sum(len(source.notes) for source in manifest.sources.values()),
        "stale_corrections": list(manifest.stale),
        "reindex_due": not store.is_current() or manifest.code != code_fingerprint(),
    }


def _report_queries(as_json: bool) -> None:
    from web.middleware import query_log

    with sentences():
        log = settings().query_log
    if log is None:
        raise click.UsageError("没有查询记录：请先用环境变量 UNIONNEWS_QUERY_LOG 指定一个文件，再启动网页")
    try:
        report = query_log.report(log)
    except OSError as error:
        raise click.UsageError(f"不能读查询记录 {log}（{error.strerror}）") from None
    click.echo(dumps(dataclasses.asdict(report)) if as_json else _queries_text(report))


def _queries_text(report: QueryReport) -> str:
    if not report.days:
        return "查询记录里还没有查询。"
    share = report.without_result / report.searches
    first, last = report.days
    return "\n".join([
        f"{first} 至 {last} 共 {report.searches} 次查询，{report.without_result} 次没有结果（{share:.0%}）",
        *listed("没有结果的查询", [f"{one.times} 次  {one.q}" for one in report.fruitless]),
        *listed("慢的查询", [f"{one.ms:.0f} 毫秒  {one.q}" for one in report.slow]),
    ])


def _text(found: dict[str, Any]) -> str:
    newspapers = "、".join(f"{name} {count} 篇" for name, count in found["newspapers"].items()) or "不详"
    dates = f"{found['first_date']} 至 {found['last_date']}" if found["first_date"] else "不详"
    return "\n".join([
        f"索引 {found['index']}：{found['articles']} 篇文章，{found['files']} 个文件，"
        f"{found['bytes'] / 1e6:.1f} MB，{found['created'][:16].replace('T', ' ')} 更新",
        f"报纸：{newspapers}",
        f"日期：{dates}",
        *([f"存疑 {found['notes']} 条，reindex 会列出"] if found["notes"] else []),
        *listed("没有用上的更正", found["stale_corrections"]),
        *listed_failures(found["failed"]),
        *(["程序或词典已变，需要重建：unionnews reindex 报纸文件夹"] if found["reindex_due"] else []),
    ])
