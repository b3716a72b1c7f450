"""The server in a process of its own, as it is run, and questions to it over a real connection."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over the wire; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Serving:
    """A server that runs: its address, with a slash at the end, its process, and the file it logs to."""

    url: str
    process: subprocess.Popen[str]
    log: IO[str]

    def stop(self) -> str:
        """Tell it to stop and wait for it; what it had written to its log."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        log = self.written()
        assert code == 0, log
        return log

    def written(self) -> str:
        """Its log so far."""
        self.log.seek(0)
        return self.log.read()

    def ask(self, request: bytes) -> Answer:
        """The answer to a request, given byte for byte."""
        host, port = self.url.removeprefix("http://").rstrip("/").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            connection.sendall(request)
            received = b""
            with contextlib.suppress(ConnectionResetError):  # refused before all of it was read
                while piece := connection.recv(65536):
                    received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Answer(int(status.split()[1]), headers, body)

    def get(self, path: str, *headers: str) -> Answer:
        """The answer to GET, the path being sent as it is written."""
        return self.ask("\r\n".join([f"GET {path} HTTP/1.1", "Connection: close", *headers, "", ""]).encode())


@contextlib.contextmanager
def serving(index: Path, **settings: str) -> Iterator[Serving]:
    """``unionnews serve`` over an index, with settings as in the environment, killed at the end if it still runs."""
    environment = {**os.environ, **{f"UNIONNEWS_{name.upper()}": value for name, value in settings.items()}}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log, subprocess.Popen(  # a pipe would fill up
        [sys.executable, "-c", "from web.cli import main; main()", "serve", "--index", str(index), "--port", "0"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8",
    ) as process:
        try:
            assert process.stdout
            found = re.search(r"http://\S+/", process.stdout.readline())
            server = Serving(found[0] if found else "", process, log)
            assert found, server.written()
            yield server
        finally:
            process.kill()
