"""The browser's only connection to the network: a SOCKS5 proxy with a list of allowed hosts.

Chromium opens every connection through it by host name, also for redirects, web sockets and
pop-ups. The proxy resolves the name once, checks the address and connects to the same one.
See decision 53 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from newscrawl.middlewares.addresses import ADDRESS_BLOCKED, is_public, reason_against_host

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Endpoint = tuple[str, int]
"""Host name in lower case, port."""
_CHUNK = 65_536
_CONNECT, _IPV4, _NAME, _IPV6 = 1, 1, 3, 4
_GRANTED, _FAILED, _FORBIDDEN = 0, 1, 2
_TIMEOUT = 10.0


class EgressProxy:
    """Connects to the allowed endpoints only.

    Args:
        endpoints: those that may be connected to.
        trusted: the one that may have a private address: the configured `site_url`.
        on_refused: called with reason and endpoint of each refused connection.
    """

    def __init__(
        self,
        endpoints: Collection[Endpoint],
        trusted: Endpoint | None,
        on_refused: Callable[[str, str], None],
    ) -> None:
        self._endpoints = endpoints
        self._trusted = trusted
        self._on_refused = on_refused
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._remaining_bytes = 0

    async def open(self) -> int:
        """Listen on loopback and return the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def allow(self, size: int) -> None:
        """Set the limit of bytes to receive from now on; beyond it connections are closed."""
        self._remaining_bytes = size

    async def close(self) -> None:
        """Stop listening and close all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_writer: asyncio.StreamWriter | None = None
        try:
            endpoint = await asyncio.wait_for(_handshake(reader, writer), _TIMEOUT)
            connection = await self._connect(endpoint)
            if isinstance(connection, int):
                writer.write(_reply(connection))
                return
            upstream_reader, upstream_writer = connection
            writer.write(_reply(_GRANTED))
            sending = asyncio.ensure_future(self._pipe(reader, upstream_writer))
            await self._pipe(upstream_reader, writer, counts=True)
            sending.cancel()
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            # The browser reports its broken connections itself.
            return
        finally:
            for stream in (writer, upstream_writer):
                if stream is not None:
                    with suppress(OSError, RuntimeError):
                        stream.close()

    async def _connect(
        self, endpoint: Endpoint
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | int:
        host, port = endpoint
        if endpoint not in self._endpoints:
            self._on_refused(reason_against_host(host), f"{host}:{port}")
            return _FORBIDDEN
        try:
            results = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except OSError:
            return _FAILED
        addresses = list(dict.fromkeys(str(result[4][0]) for result in results))
        # As in middlewares/connections.py: one private address is enough.
        if endpoint != self._trusted and not all(map(is_public, addresses)):
            self._on_refused(ADDRESS_BLOCKED, f"{host}:{port}")
            return _FORBIDDEN
        for address in addresses:
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(address, port), _TIMEOUT)
        return _FAILED

    async def _pipe(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counts: bool = False
    ) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                if counts:
                    self._remaining_bytes -= len(data)
                    if self._remaining_bytes < 0:
                        self._on_refused("too_large", "")
                        return
                sink.write(data)
                await sink.drain()


async def _handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Endpoint:
    """Return the endpoint that a client requests (RFC 1928).

    Raises:
        ValueError: the request is not a SOCKS5 connection.
    """
    version, method_count = await reader.readexactly(2)
    await reader.readexactly(method_count)
    if version != 5:
        raise ValueError("not SOCKS5")
    writer.write(b"\x05\x00")
    version, command, _, kind = await reader.readexactly(4)
    if version != 5 or command != _CONNECT:
        raise ValueError("not a CONNECT request")
    if kind == _IPV4:
        host = socket.inet_ntop(socket.AF_INET, await reader.readexactly(4))
    elif kind == _IPV6:
        host = socket.inet_ntop(socket.AF_INET6, await reader.readexactly(16))
    elif kind == _NAME:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii").lower()
    else:
        raise ValueError("unknown address type")
    return host, int.from_bytes(await reader.readexactly(2), "big")


def _reply(code: int) -> bytes:
    return bytes((5, code, 0, 1)) + bytes(6)
