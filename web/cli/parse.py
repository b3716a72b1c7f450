"""``unionnews parse``: what is read in page files, without an index."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from web.cli.chinese import Command, ExistingPath
from web.cli.common import dumps
from web.cli.exit_codes import FAILED


@click.command("parse", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=ExistingPath())
def command(files: tuple[Path, ...]) -> None:
    """打印文件里的文章（JSON 行，一篇一行），不建立索引。"""
    from index import files as page_files
    from index.errors import UnreadableFileError

    failed = False
    for file in page_files.find(files):
        try:
            _print(file.path, file.name)
        except UnreadableFileError as error:
            failed = True
            click.echo(f"{file.name}：{error}", err=True)
    if failed:
        sys.exit(FAILED)


def _print(path: Path, name: str) -> None:
    from index.formats import read_pages
    from web.serialize import parsed_article

    for page in read_pages(path, name):
        for article in page.articles:
            click.echo(dumps(parsed_article(article)))
        for note in page.notes:
            click.echo(f"{name}：{note}", err=True)
