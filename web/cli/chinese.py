"""Click in Chinese: help, wrong usage and interruption, whatever the system's language."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from web.cli.exit_codes import INTERRUPTED, USAGE


class _Formatter(click.HelpFormatter):
    """Help texts with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{ {'Options': '选项', 'Commands': '命令'}.get(heading, heading)}：\n")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command that explains itself in Chinese."""

    context_class = _Context

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"options_metavar": "[选项]", **options})
        self.allow_extra_args = True  # refused below

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        surplus = super().parse_args(ctx, args)
        if surplus:
            ctx.fail(f"多余的参数：{' '.join(surplus)}。")
        return surplus

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _explained(super().get_help_option(ctx))


class Group(click.Group):
    """Commands under one name; the outermost one turns what goes wrong into a sentence and an exit code."""

    context_class = _Context

    def __init__(self, *arguments: Any, **options: Any) -> None:
        chinese = {"options_metavar": "[选项]", "subcommand_metavar": "命令 [参数]…"}
        super().__init__(*arguments, **{**chinese, **options})

    def main(self, *arguments: Any, **options: Any) -> NoReturn:
        """Run a command and end the process with its exit code."""
        try:
            sys.exit(super().main(*arguments, **{**options, "standalone_mode": False}))
        except click.Abort:
            click.echo("已中断。", err=True)
            sys.exit(INTERRUPTED)
        except click.UsageError as error:
            click.echo(_sentence(error), err=True)
            sys.exit(USAGE)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            ctx.fail(f"没有命令 {name}。{_similar(name, self.commands)}")
        return super().resolve_command(ctx, args)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _explained(super().get_help_option(ctx))


class WholeNumber(click.IntRange):
    """An integer of a range, both ends included."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise click.BadParameter(f"“{value}”不是 {self.min} 到 {self.max} 的整数", ctx, param) from None


class ExistingPath(click.Path):
    """The path of a file or folder that is there."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not Path(value).exists():
            self.fail(f"{value} 不存在", param, ctx)
        return super().convert(value, param, ctx)


def _explained(option: click.Option | None) -> click.Option | None:
    if option:
        option.help = "显示这个说明"
    return option


def _sentence(error: click.UsageError) -> str:
    """What is wrong, and where the right usage stands."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    command = error.ctx.command_path if error.ctx else "unionnews"
    return f"{_wrong(error)}\n用 {command} --help 查看用法。"


def _wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}。{_similar(error.option_name, error.possibilities or ())}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 用得不对：它后面要跟一个值，或者不能带值。"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_name(error.param)}。"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)} 不对：{error.message}。"
    return error.message


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return f"选项 {max(param.opts, key=len)}"
    return f"参数 {param.human_readable_name}" if param else "参数"


def _similar(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=3)
    return f"是不是 {'、'.join(found)}？" if found else ""
