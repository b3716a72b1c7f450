"""``unionnews demo``: the sample newspaper, indexed and served."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from web.cli import reindex, serve
from web.cli.chinese import Command
from web.cli.common import sentences, settings


@click.command("demo", cls=Command)
@serve.address_options
def command(host: str | None, port: int | None) -> None:
    """为随附的样报建立索引并启动网页，看看这个程序能做什么。"""
    from importlib import resources

    with resources.as_file(resources.files("index").joinpath("sample")) as sample, \
            tempfile.TemporaryDirectory(prefix="unionnews-demo-") as folder, sentences():
        report = reindex.run((sample,), Path(folder))
        click.echo(reindex.report_text(report), err=True)
        serve.run(settings(index=Path(folder), host=host, port=port))
