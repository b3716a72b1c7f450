"""What the commands have in common: options, settings, errors as sentences, lists of lines."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from web.cli.exit_codes import INDEX, USAGE
from web.settings import SettingError, Settings, from_environment

_SHOWN = 20
"""So many failed files and notes are listed; the rest is counted."""


def index_option(command: Any) -> Any:
    """The option ``--index``, passed as ``directory``."""
    return click.option(
        "--index", "directory", metavar="DIR", type=click.Path(path_type=Path),
        help="索引所在的文件夹 [默认：UNIONNEWS_INDEX，或 ./unionnews-index]",
    )(command)


def json_option(command: Any) -> Any:
    """The option ``--json``, passed as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象")(command)


def settings(**given: Any) -> Settings:
    """The settings from the environment, replaced by what the command line gives.

    Raises:
        SettingError
    """
    known = {name: value for name, value in given.items() if value is not None}
    if "index" in known:
        known["engine"] = "whoosh"  # a folder has been named
    return dataclasses.replace(from_environment(), **known)


@contextlib.contextmanager
def sentences() -> Iterator[None]:
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


def listed(heading: str, lines: list[str]) -> list[str]:
    """A heading that counts, and the first of some lines below it; nothing if there are none."""
    if not lines:
        return []
    more = [f"  …… 另有 {len(lines) - _SHOWN} 条，用 --json 查看全部"] if len(lines) > _SHOWN else []
    return [f"{heading} {len(lines)} 条：", *(f"  {line}" for line in lines[:_SHOWN]), *more]


def listed_failures(failed: dict[str, str]) -> list[str]:
    """The files that could not be read, with the reason."""
    return listed("未能读取", [f"{name}：{reason}" for name, reason in failed.items()])


def dumps(value: object) -> str:
    """A value as JSON on one line, Chinese without escapes, dates as 2024-05-01."""
    return json.dumps(value, ensure_ascii=False, default=datetime.date.isoformat)
