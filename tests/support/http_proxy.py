"""An HTTP proxy on loopback that serves every host name from one twin, over TLS too."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Thread
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from tests.support.front import Front

if TYPE_CHECKING:
    from tests.support.front import Visit


@dataclass
class HttpProxy(Front):
    """Answers requests for absolute addresses, which `answers` are searched in; use `with`."""

    tls_port: int = 0
    """Port on loopback that tunnels lead to, whatever host they are for."""

    def __enter__(self) -> Self:
        self.answers["^[^/]*:443$"] = self._tunnel
        return super().__enter__()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a crawl that goes through it."""
        return {"http_proxy": self.url, "https_proxy": self.url, "no_proxy": ""}

    def _tunnel(self, _: Visit, connection: socket.socket) -> None:
        """Connect a client to the TLS server (RFC 9110, 9.3.6)."""
        with socket.create_connection(("127.0.0.1", self.tls_port)) as server:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            Thread(target=_copy, args=(connection, server), daemon=True).start()
            _copy(server, connection)

    def of_twin(self, visit: Visit, body: bytes = b"") -> bytes:
        """Return the twin's answer to the path of an address."""
        parts = urlsplit(visit.path)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        return super().of_twin(replace(visit, path=path), body)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65536):
            sink.sendall(received)
        sink.shutdown(socket.SHUT_WR)
