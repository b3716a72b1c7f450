"""``unionnews status``: what the index holds, and whether it must be built again."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from web.cli.chinese import Command
from web.cli.common import dumps, index_option, json_option, listed_failures, sentences, settings


@click.command("status", cls=Command)
@index_option
@json_option
def command(directory: Path | None, as_json: bool) -> None:
    """索引里有什么，占多大地方，是否需要重建。"""
    with sentences():
        found = _found(directory or settings().index)
    click.echo(dumps(found) if as_json else _text(found))


def _found(directory: Path) -> dict[str, Any]:
    from index import store

    manifest = store.read_manifest(directory, store.current_generation(directory))
    return {
        "index": str(directory),
        "generation": manifest.generation,
        "created": datetime.datetime.fromtimestamp(manifest.created).astimezone().isoformat(timespec="seconds"),
        "bytes": store.size(directory),
        "articles": manifest.articles,
        "newspapers": manifest.newspapers,
        "first_date": manifest.days and manifest.days[0],
        "last_date": manifest.days and manifest.days[1],
        "files": len(manifest.sources),
        "failed": manifest.failed,
        "notes": sum(len(source.notes) for source in manifest.sources.values()),
        "reindex_due": not store.is_current(manifest) or manifest.code != store.code_fingerprint(),
    }


def _text(found: dict[str, Any]) -> str:
    newspapers = "、".join(f"{name} {count} 篇" for name, count in found["newspapers"].items()) or "不详"
    dates = f"{found['first_date']} 至 {found['last_date']}" if found["first_date"] else "不详"
    return "\n".join([
        f"索引 {found['index']}：{found['articles']} 篇文章，{found['files']} 个文件，"
        f"{found['bytes'] / 1e6:.1f} MB，{found['created']} 更新",
        f"报纸：{newspapers}",
        f"日期：{dates}",
        *([f"存疑 {found['notes']} 条，reindex 会列出"] if found["notes"] else []),
        *listed_failures(found["failed"]),
        *(["程序或词典已变，需要重建：unionnews reindex 报纸文件夹"] if found["reindex_due"] else []),
    ])
