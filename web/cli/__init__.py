"""The command line: thin over ``index.reindex``, ``search.Searcher`` and the web application.

Each command stands in a module of its own. Nothing heavy is imported before a command needs it, so that ``--help``
answers at once. Exit codes: 0 done, 1 done but some files failed, 2 wrong usage, 3 the index is missing, outdated,
locked, damaged or not writable, 130 interrupted.
"""

from __future__ import annotations

import signal
import sys

import click

from web.cli import demo, lists, parse, reindex, search, serve, status
from web.cli.chinese import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unionnews", message="%(prog)s %(version)s", help="显示版本")
def cli() -> None:
    """工会报纸检索：把识别（OCR）出来的报纸版面整理成文章，建立索引，在网页、JSON 接口和命令行里查找。"""


for module in (demo, parse, reindex, search, serve, status):
    cli.add_command(module.command)
for group in (lists.words, lists.synonyms):
    cli.add_command(group)


def main() -> None:
    """The entry point of the command ``unionnews``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after Ctrl-C
    cli(prog_name="unionnews")
