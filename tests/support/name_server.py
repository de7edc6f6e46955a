"""A name server on loopback, and the resolver by which a crawl asks it.

The crawl gets `-s TWISTED_DNS_RESOLVER=tests.support.name_server.Resolver`, a setting of
Scrapy's, and the server's port from the environment.
"""

from __future__ import annotations

import os
import socketserver
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

from scrapy.resolver import HostResolution
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.names import client, dns
from zope.interface import implementer  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

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
        return {"TWISTED_DNS_RESOLVER": f"{__name__}.Resolver"}

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


@implementer(IHostnameResolver)
class Resolver:
    """Asks the name server whose port is in the environment for IPv4 addresses."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._before = reactor.nameResolver

    @classmethod
    def from_crawler(cls, _: Crawler, reactor: Any) -> Self:
        """Return the resolver of a crawl."""
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Replace the reactor's own."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's
        self,
        receiver: Any,
        name: str,
        portNumber: int = 0,  # noqa: N803 - Twisted's
        **options: Any,
    ) -> Any:
        """Give all addresses of a name to a receiver, in the server's order."""
        if isIPAddress(name) or isIPv6Address(name):
            return self._before.resolveHostName(receiver, name, portNumber, **options)
        # Twisted does not say what these take.
        make_resolver: Any = client.Resolver
        server = ("127.0.0.1", int(os.environ[PORT]))

        def resolved(records: Any) -> None:
            for record in records[0]:
                address = IPv4Address("TCP", record.payload.dottedQuad(), portNumber)
                receiver.addressResolved(address)

        resolution = HostResolution(name)
        receiver.resolutionBegan(resolution)
        asked = make_resolver(servers=[server]).lookupAddress(name, timeout=(5,))
        asked.addCallbacks(resolved, lambda _: None)
        asked.addCallback(lambda _: receiver.resolutionComplete())
        return resolution
