"""``unionnews serve``: the web pages and the JSON endpoint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from web.cli.chinese import Command, WholeNumber
from web.cli.common import index_option, sentences, settings
from web.cli.exit_codes import USAGE
from web.settings import Settings


def address_options(command: Any) -> Any:
    """The options ``--host`` and ``--port``."""
    port = click.option("--port", metavar="PORT", type=WholeNumber(0, 65535), help="监听的端口 [默认：8000]")(command)
    return click.option("--host", metavar="HOST", help="监听的地址 [默认：127.0.0.1]")(port)


@click.command("serve", cls=Command)
@index_option
@address_options
def command(directory: Path | None, host: str | None, port: int | None) -> None:
    """启动网页和 JSON 接口。"""
    with sentences():
        run(settings(index=directory, host=host, port=port))


def run(chosen: Settings) -> None:
    """Serve until interrupted.

    Raises:
        StoreError: the index cannot be used.
        SettingError: a setting cannot be.
    """
    from index.errors import reason
    from web import create_app
    from web.middleware import logs
    from web.server import Server

    app = create_app(chosen)
    app.extensions["searcher"].warm()  # what is wrong with the index is said now, not on a page later
    logs.configure(chosen.log_format)
    try:
        server = Server(app, chosen)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "不是地址"
        wanted = f"{chosen.host}:{chosen.port}"
        click.echo(f"不能监听 {wanted}（{why}）。请用 --host 或 --port 换一个地址。", err=True)
        sys.exit(USAGE)
    click.echo(f"请在浏览器打开 {server.address} （按 Ctrl-C 停止）")
    server.run()
