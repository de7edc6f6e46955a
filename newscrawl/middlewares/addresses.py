"""Whether an IP address is public."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")


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


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
