"""The browser's only way to the network: a SOCKS5 proxy that knows where it may go.

Chromium hands each connection to it, redirects, web sockets and pop-ups included, by name.
The address is looked up, judged and connected to here, so that no second look-up can differ.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from newscrawl.middlewares.addresses import is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Place = tuple[str, int]
"""Host name in lower case, port."""
_CHUNK = 65_536
_CONNECT, _IPV4, _NAME, _IPV6 = 1, 1, 3, 4
_GRANTED, _FAILED, _FORBIDDEN = 0, 1, 2
_SECONDS = 10.0


class Gate:
    """Connects to some places and to no other.

    Args:
        places: where connections may go.
        trusted: the one among them that may be no public address: the configured `site_url`.
        refused: is told why and where to each time it refuses.
    """

    def __init__(
        self,
        places: Collection[Place],
        trusted: Place | None,
        refused: Callable[[str, str], None],
    ) -> None:
        self._places = places
        self._trusted = trusted
        self._refused = refused
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = 0

    async def open(self) -> int:
        """Open on loopback and return the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    def allow(self, size: int) -> None:
        """Let in `size` more bytes from now on; beyond that connections are broken off."""
        self._left = size

    async def close(self) -> None:
        """Close, with all connections."""
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
        far: asyncio.StreamWriter | None = None
        try:
            place = await asyncio.wait_for(_greeted(reader, writer), _SECONDS)
            answer = await self._connect(place)
            if isinstance(answer, int):
                writer.write(_reply(answer))
                return
            near, far = answer
            writer.write(_reply(_GRANTED))
            sending = asyncio.ensure_future(self._pipe(reader, far))
            await self._pipe(near, writer, counts=True)
            sending.cancel()
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            # Whoever connects here is the browser: a broken connection is its to report.
            return
        finally:
            for one in (writer, far):
                if one is not None:
                    with suppress(OSError, RuntimeError):
                        one.close()

    async def _connect(
        self, place: Place
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | int:
        host, port = place
        if place not in self._places:
            self._refused("another_site", f"{host}:{port}")
            return _FORBIDDEN
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except OSError:
            return _FAILED
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if place != self._trusted and not all(map(is_public, addresses)):
            self._refused("address_blocked", f"{host}:{port}")
            return _FORBIDDEN
        for address in addresses:
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(address, port), _SECONDS)
        return _FAILED

    async def _pipe(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counts: bool = False
    ) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                if counts:
                    self._left -= len(data)
                    if self._left < 0:
                        self._refused("too_large", "")
                        return
                sink.write(data)
                await sink.drain()


async def _greeted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Place:
    """Return where a connection is to go (RFC 1928).

    Raises:
        ValueError: it does not speak SOCKS5.
    """
    version, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    if version != 5:
        raise ValueError("not SOCKS5")
    writer.write(b"\x05\x00")
    version, command, _, kind = await reader.readexactly(4)
    if version != 5 or command != _CONNECT:
        raise ValueError("not a connection")
    if kind == _IPV4:
        host = socket.inet_ntop(socket.AF_INET, await reader.readexactly(4))
    elif kind == _IPV6:
        host = socket.inet_ntop(socket.AF_INET6, await reader.readexactly(16))
    elif kind == _NAME:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii").lower()
    else:
        raise ValueError("no address")
    return host, int.from_bytes(await reader.readexactly(2), "big")


def _reply(code: int) -> bytes:
    return bytes((5, code, 0, 1)) + bytes(6)
