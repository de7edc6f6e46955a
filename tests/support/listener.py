"""Servers that must never be asked: they note each connection."""

from __future__ import annotations

import socket
import socketserver
from dataclasses import dataclass, field
from threading import Thread
from typing import Self

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@dataclass
class Listener:
    """Listens at one port of both loopback addresses and notes what it receives; use `with`."""

    received: list[bytes] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> Self:
        listener = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                listener.received.append(self.request.recv(65536))
                self.request.sendall(_ANSWER)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        class Server6(Server):
            address_family = socket.AF_INET6

        self._servers = [Server(("127.0.0.1", 0), Handler)]
        self.port = self._servers[0].server_address[1]
        if socket.has_ipv6:
            self._servers.append(Server6(("::1", self.port), Handler))
        for server in self._servers:
            Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
