"""A name server on loopback, and the resolver by which a crawl asks it.

The crawl gets `-s DNS_RESOLVER=tests.support.name_server.Resolver`, a setting of Scrapy's, and the
server's port from the environment.
"""

from __future__ import annotations

import os
import socketserver
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.abstract import isIPAddress
from twisted.names import client, dns

if TYPE_CHECKING:
    from collections.abc import Sequence

PORT = "NEWSCRAWL_TEST_NAME_SERVER"


@dataclass
class NameServer:
    """Answers with the IPv4 addresses of some names; use `with`."""

    addresses: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)
    """The names that were asked for, in order."""

    def __enter__(self) -> Self:
        names = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, connection = self.request
                connection.sendto(names._answer(data), self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a crawl that asks this server."""
        return {"DNS_RESOLVER": f"{__name__}.Resolver"}

    @property
    def environment(self) -> dict[str, str]:
        """The environment of such a crawl."""
        return {PORT: str(self._server.server_address[1])}

    def _answer(self, data: bytes) -> bytes:
        message = dns.Message()
        message.fromStr(data)
        name = message.queries[0].name
        asked = str(name).lower()
        self.asked.append(asked)
        message.answer = 1
        addresses = self.addresses.get(asked, [])
        message.rCode = dns.OK if addresses else dns.ENAME
        message.answers = [
            dns.RRHeader(str(name), payload=_record(address)) for address in addresses
        ]
        return bytes(message.toStr())


def _record(address: str) -> Any:
    record: Any = dns.Record_A
    return record(address, ttl=0)


class Resolver(CachingThreadedResolver):
    """Asks the name server whose port is in the environment."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:  # noqa: N802 - Twisted's
        """Return the first IPv4 address of a name."""
        if isIPAddress(name):
            return super().getHostByName(name, timeout)
        # Twisted does not say what these take.
        make_resolver: Any = client.Resolver
        server = ("127.0.0.1", int(os.environ[PORT]))
        return make_resolver(servers=[server]).getHostByName(name, timeout=(5,))
