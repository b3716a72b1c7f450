"""The application on waitress: as many threads as suit the machine, and an end at which nobody is cut off."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import time
from http import HTTPStatus
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from web.problems import Problem
from web.settings import Settings

GRACE = 20
"""Seconds that answers under way are given when the server is told to stop."""

MAX_HEADER = 65_536
MAX_BODY = 65_536
"""Bytes of a request that are read at most; there is nothing to be sent but questions."""

MAX_WAITING = 64 << 20
"""Bytes of an answer that wait for a slow reader, on disk but for the first MB, before its thread waits too."""

_MAX_CONNECTIONS = 500
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")


def threads(settings: Settings) -> int:
    """How many requests are answered at a time: searches keep a processor busy, exports wait for their reader."""
    return settings.threads or min(32, max(4, 2 * (os.cpu_count() or 1)))


class Server:
    """An application that listens at an address.

    Raises:
        OSError, ValueError: it cannot listen there.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._sockets: dict[int, Any] = {}
        self._server = waitress.create_server(
            app, map=self._sockets, host=settings.host, port=settings.port, threads=threads(settings), ident=None,
            max_request_header_size=MAX_HEADER, max_request_body_size=MAX_BODY, connection_limit=_MAX_CONNECTIONS,
            outbuf_high_watermark=MAX_WAITING, asyncore_use_poll=hasattr(select, "poll"),
            clear_untrusted_proxy_headers=not settings.trusted_proxies,  # else the application reads them
        )
        self._stopping = False
        for listener in self._listeners():
            listener.channel_class = _Channel

    @property
    def address(self) -> str:
        """Where a browser finds the server, which listens on several addresses if the host's name has several."""
        several = getattr(self._server, "effective_listen", None)
        host, port = several[0] if several else (self._server.effective_host, self._server.effective_port)
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def run(self) -> None:
        """Answer until the process is told to stop; then finish what is under way. Told twice, it stops at once."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        while not self._stopping:
            self._turn(1)
        for listener in self._listeners():
            wasyncore.dispatcher.close(listener)  # the wake-up pipe of the listener stays
        end = time.monotonic() + GRACE
        while self._under_way() and time.monotonic() < end:
            self._turn(0.1)
        self._server.task_dispatcher.shutdown(timeout=1)

    def _stop(self, *_: object) -> None:
        if self._stopping:
            raise KeyboardInterrupt
        self._stopping = True
        for listener in self._listeners():
            listener.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(seconds, self._server.adj.asyncore_use_poll, self._sockets, 1)

    def _under_way(self) -> bool:
        """Whether an answer is still to be given; connections that only wait for the next request are closed."""
        channels = [one for one in self._sockets.values() if isinstance(one, HTTPChannel)]
        busy = [channel for channel in channels if channel.requests or channel.total_outbufs_len]
        for channel in set(channels).difference(busy):
            channel.will_close = True
        return bool(busy)

    def _listeners(self) -> list[BaseWSGIServer]:
        return [one for one in self._sockets.values() if isinstance(one, BaseWSGIServer)]


class _Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What the server refuses before the application sees it, told in the application's way."""

    def execute(self) -> None:
        error = self.request.error
        status = error.code
        if status == 431 and b"\n" not in self.request.header_plus:
            status = 414  # not even the first line, which has the address, came to an end
        problem = Problem.of_status(status, error.body)
        body = json.dumps(problem.document(), ensure_ascii=False).encode()
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.response_headers += [("Content-Type", "application/problem+json; charset=utf-8")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Takes addresses as people write them: what is not ASCII need not be escaped."""

    def parse_header(self, header_plus: bytes) -> None:
        line, *rest = header_plus.split(b"\n", 1)
        super().parse_header(b"\n".join([_NOT_ASCII.sub(_escaped, line), *rest]))


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in match[0])


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser
    error_task_class = _Refusal
