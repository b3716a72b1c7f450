"""``unionnews parse``: what is read in page files, without an index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.chinese import Command, ExistingPath
from web.cli.common import dumps, sentences
from web.cli.exit_codes import FAILED

if TYPE_CHECKING:
    from index.model import Page


@click.command("parse", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=ExistingPath())
def command(files: tuple[Path, ...]) -> None:
    """打印文件里的文章（JSON 行，一篇一行），不建立索引。同一期各版之间转接的文章合为一篇。"""
    from index import files as page_files
    from index.errors import ArchiveError, UnreadableFileError
    from index.pages.continued import joined
    from index.reading import pages_of, read
    from index.sidecar import Sidecars

    sidecars = Sidecars(page_files.root(files))
    pages: list[Page] = []
    failures: list[str] = []
    with sentences():
        found = tuple(page_files.find(files))
        if not found:
            raise ArchiveError(page_files.NO_PAGES)
        for file in found:
            try:
                pages += pages_of(read((file, sidecars.of(file))))
            except UnreadableFileError as error:
                failures.append(f"{file.name}：{error}")
    for page in joined(pages):
        _print(page)
    for failure in failures:
        click.echo(failure, err=True)
    if failures:
        sys.exit(FAILED)


def _print(page: Page) -> None:
    from web.endpoint.serialize import parsed_article

    for article in page.articles:
        click.echo(dumps(parsed_article(article)))
    for note in page.notes:
        click.echo(f"{page.source}：{note}", err=True)
