"""Which addresses may be connected to: public ones, and the configured `site_url`.

See decision 143 in docs/decisions.md.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from newscrawl.sites.host_names import Origin

ADDRESS_BLOCKED, ANOTHER_SITE = "address_blocked", "another_site"
_NAT64 = ip_network("64:ff9b::/96")
_LOOPBACK_NAME = "localhost"
_LOCAL_NAMES = (
    _LOOPBACK_NAME, "local", "localdomain", "internal", "intranet", "home", "lan", "corp",
    "home.arpa",
)  # fmt: skip
"""RFC 6761, 6762, 8375, and what networks call themselves."""


class RefusedConnectionError(IgnoreRequest):
    """A connection that was not opened; the request is not tried again in this run."""


class AddressBlockedError(RefusedConnectionError):
    """A connection to an address that is not public."""

    def __init__(self, host: str, ip: str = "") -> None:
        super().__init__(f"{ADDRESS_BLOCKED}: {host}{f' is {ip}' if ip not in {'', host} else ''}")


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Judges the addresses to which a crawler connects."""

    trusted: Origin | None = None
    """The one that may be private: that of the configured `site_url`."""

    def check_address(self, origin: Origin, ip: str) -> None:
        """Accept the IP address to which a connection is about to be opened.

        Raises:
            AddressBlockedError: it is not public.
        """
        if origin != self.trusted and not is_public(ip):
            raise AddressBlockedError(origin[1], ip)

    def check_name(self, origin: Origin, *, behind_proxy: bool = False) -> None:
        """Accept what a URL names, as far as that can be judged without resolving a name.

        Args:
            origin: of the URL.
            behind_proxy: whether a proxy resolves the name, so that nothing is checked later.

        Raises:
            AddressBlockedError: it spells an IP address that is not public, or behind a proxy
                names a host of a local network.
        """
        host = origin[1]
        ip = spelled_ip(host)
        if ip is not None:
            self.check_address(origin, ip)
        elif behind_proxy and origin != self.trusted and is_local_name(host):
            raise AddressBlockedError(host)


def is_public(text: str) -> bool:
    """Return whether an IP address is globally routable.

    An address that embeds another (IPv4 in IPv6, NAT64, 6to4) is judged by that one.

    >>> [is_public(ip) for ip in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1%lo")]
    [True, False, False, False]
    >>> [is_public(ip) for ip in ("64:ff9b::a9fe:a9fe", "2001:4860:4860::8888", "0.0.0.0", "x")]
    [False, True, False, False]
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    embedded = _embedded(address) if isinstance(address, IPv6Address) else None
    if embedded is not None:
        address = embedded
    return address.is_global and not address.is_multicast


def spelled_ip(host: str) -> str | None:
    """Return the IP address that a URL's host spells; None if it is a name.

    Resolvers and browsers read numbers as IPv4 addresses, also octal and hexadecimal ones (URL
    Standard, "IPv4 parser").

    >>> [spelled_ip(host) for host in ("2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1.")]
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1']
    >>> [spelled_ip(host) for host in ("::1", "[::ffff:10.0.0.1]", "www.example.it")]
    ['::1', '::ffff:10.0.0.1', None]
    """
    host = host.removeprefix("[").removesuffix("]")
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host.removesuffix(".")))
    except (OSError, ValueError):
        return None


def reason_against_host(host: str) -> str:
    """Return why a host that is not the site's may not be requested.

    A name is not resolved for this: whatever its address is, the host is not the site's.

    >>> reason_against_host("0x7f.1"), reason_against_host("www.example.org")
    ('address_blocked', 'another_site')
    """
    ip = spelled_ip(host)
    is_allowed = not is_loopback_name(host) if ip is None else is_public(ip)
    return ANOTHER_SITE if is_allowed else ADDRESS_BLOCKED


def is_loopback_name(host: str) -> bool:
    """Return whether a name means the machine itself, for every resolver (RFC 6761, 6.3).

    >>> [is_loopback_name(host) for host in ("LocalHost.", "a.localhost", "localhost.example.it")]
    [True, True, False]
    """
    name = host.removesuffix(".").lower()
    return name == _LOOPBACK_NAME or name.endswith(f".{_LOOPBACK_NAME}")


def is_local_name(host: str) -> bool:
    """Return whether a name can only be that of a host in a local network.

    >>> [is_local_name(host) for host in ("localhost", "nas.local.", "db", "www.example.it")]
    [True, True, True, False]
    """
    name = host.removesuffix(".").lower()
    return "." not in name or name.endswith(tuple(f".{local}" for local in _LOCAL_NAMES))


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
