"""What can stand between us and a cluster: a wire that is cut and mended, and servers that refuse."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


class Wire:
    """A way to a node that can be cut (nobody is there), blocked (nobody answers) and mended."""

    def __init__(self, node: str) -> None:
        address = urlsplit(node)
        self._node = address.hostname or "", address.port or 9200
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: set[socket.socket] = set()
        self._blocked = False
        self._cut = False

    def start(self) -> None:
        threading.Thread(target=self._accept, args=[self._server], daemon=True).start()

    def cut(self) -> None:
        """End all connections, and take no more."""
        self._cut = True
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._end_all()

    def block(self) -> None:
        """Take connections, and let nothing through."""
        self._blocked = True
        self._end_all()

    def mend(self) -> None:
        """Be as at first."""
        self._blocked = False
        if self._cut:
            self._server, self._cut = socket.create_server(("127.0.0.1", self.port)), False
            self.start()

    def _end_all(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._open.clear()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = server.accept()
                self._open.add(here)
                if self._blocked:
                    continue
                there = socket.create_connection(self._node)
                self._open.add(there)
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(1 << 16):
                target.sendall(piece)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def wires(nodes: tuple[str, ...]) -> Iterator[list[Wire]]:
    """A wire to each node."""
    found = [Wire(node) for node in nodes]
    for wire in found:
        wire.start()
    try:
        yield found
    finally:
        for wire in found:
            wire.cut()


class _Refusing(BaseHTTPRequestHandler):
    """Whoever asks is not known."""

    def do_GET(self) -> None:  # the name that http.server asks for
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"error": "Unauthorized", "status": 401}')

    do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def refusing(certificate: Path | None = None) -> Iterator[str]:
    """The address of a server that accepts nobody; with a certificate (and its key in one file) by TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
