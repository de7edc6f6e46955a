"""A server in front of a twin: what a test does not answer itself is the twin's answer."""

from __future__ import annotations

import re
import socketserver
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from tests.support.waiting import HANG

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""


def answer(
    body: bytes | str,
    content_type: str = "text/html; charset=UTF-8",
    status: int = 200,
    **headers: str,
) -> bytes:
    """Return a whole HTTP answer; `Content_Length` and other names have `_` for `-`."""
    body = body.encode() if isinstance(body, str) else body
    named = {"Content-Type": content_type, "Content-Length": str(len(body)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Test\r\n{head}\r\n".encode() + body


@dataclass
class Front:
    """Answers some paths as a test says, and the others with what the twin answers; use `with`.

    `answers` maps patterns (searched in path and query) to whole answers, to functions that make
    one from the request, or to functions that write to the connection themselves and return None.
    """

    twin: str
    answers: dict[str, bytes | Callable[[Visit, socket.socket], bytes | None]] = field(
        default_factory=dict
    )
    visits: list[Visit] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Self:
        front = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # Crawls that refuse an answer close the connection.
                with suppress(OSError):
                    front._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def paths(self) -> list[str]:
        """The paths that were requested, in order."""
        return [visit.path for visit in self.visits]

    def of_twin(self, path: str, visit: Visit) -> bytes:
        """Return the twin's whole answer for a path to what a visit asks otherwise."""
        return self._of_twin(replace(visit, path=path), b"")

    def _serve(self, connection: socket.socket) -> None:
        head = b""
        while _HEAD_END not in head:
            received = connection.recv(65536)
            if not received:
                return
            head += received
        head, _, body = head.partition(_HEAD_END)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        visit = Visit(method, path, headers)
        self.visits.append(visit)
        for pattern, given in self.answers.items():
            if re.search(pattern, path):
                made = given if isinstance(given, bytes) else given(visit, connection)
                if made is not None:
                    connection.sendall(made)
                return
        connection.sendall(self._of_twin(visit, body))

    def _of_twin(self, visit: Visit, body: bytes) -> bytes:
        passed = HTTPConnection(urlsplit(self.twin).netloc, timeout=HANG)
        headers = {n: v for n, v in visit.headers.items() if n != "connection"}
        try:
            passed.request(visit.method, visit.path, body or None, headers)
            response = passed.getresponse()
            content = response.read()
            kept = [
                (name, value)
                for name, value in response.getheaders()
                if name.lower() not in {"connection", "content-length", "transfer-encoding"}
            ]
        finally:
            passed.close()
        kept += [("Content-Length", str(len(content))), ("Connection", "close")]
        lines = "".join(f"{name}: {value}\r\n" for name, value in kept)
        return (
            f"HTTP/1.1 {response.status} {response.reason}\r\n{lines}\r\n".encode("latin-1")
            + content
        )
