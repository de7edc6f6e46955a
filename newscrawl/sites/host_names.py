"""The host of an address: the key and the host names of the site that it serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

Origin = tuple[str, str, int]
"""Scheme, host name in lower case and port of a URL (RFC 6454)."""
DEFAULT_PORTS = {"http": 80, "https": 443}
_NOT_IN_KEY = re.compile(r"[^a-z0-9.-]+")
# URL Standard, "forbidden domain code point", without the colon of IPv6 addresses.
_NOT_IN_HOST = re.compile(r"[\x00-\x20\x7f%#/<>?@\[\\\]^|]")


@dataclass(frozen=True, slots=True)
class Host:
    """The host of a URL."""

    name: str
    """As DNS has it, in lower case."""
    port: int | None
    """None for the usual one of the scheme."""
    written: str
    """The name as the URL has it, in lower case: not always as DNS has it."""

    @property
    def key(self) -> str:
        """The site's key: the name without `www.`, and an unusual port."""
        key = _NOT_IN_KEY.sub("-", self.name.removeprefix("www.")).strip("-.")
        return key if self.port is None else f"{key}-{self.port}"

    @property
    def netloc(self) -> str:
        """The host as in addresses."""
        return self._netlocs(self.name)[0]

    @property
    def written_netloc(self) -> str:
        """The host as in addresses, as it is written."""
        return self._netlocs(self.written)[0]

    @property
    def bare_netloc(self) -> str:
        """The host as in addresses, without `www.`."""
        return self._netlocs(self.name)[1]

    def netlocs(self) -> frozenset[str]:
        """Return the host as DNS has it and as written, each with and without `www.`."""
        return frozenset({*self._netlocs(self.name), *self._netlocs(self.written)})

    def _netlocs(self, name: str) -> tuple[str, ...]:
        end = "" if self.port is None else f":{self.port}"
        if ":" in name:
            return (f"[{name}]{end}", f"[{name}]{end}")
        bare = name.removeprefix("www.")
        is_address = bare.replace(".", "").isdecimal()
        names = (name, bare) if is_address else (name, bare, f"www.{bare}")
        return tuple(f"{each}{end}" for each in names)


def origin_of(url: str) -> Origin | None:
    """Return the origin of an http URL; None if it has none.

    >>> origin_of("https://www.example.it/a/"), origin_of("http://[::1]:8000/")
    (('https', 'www.example.it', 443), ('http', '::1', 8000))
    >>> origin_of("mailto:x@example.it"), origin_of("http://x:y/")
    (None, None)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    default = DEFAULT_PORTS.get(parts.scheme)
    if default is None or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, default if port is None else port


def web_address(text: str) -> str | None:
    """Return an http URL without a user name and a password; None if its host or port is invalid.

    >>> web_address("HTTPS://user:password@www.example.it/A/")
    'https://www.example.it/A/'
    >>> web_address("https:///a/"), web_address("http://example.it:99999/"), web_address("a/b")
    (None, None, None)
    """
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in DEFAULT_PORTS and parts.port != 0 and bool(host_of(text))
    except ValueError:
        return None
    if not is_valid or _NOT_IN_HOST.search(parts.hostname or ""):
        return None
    rest = text[len(parts.scheme) :]
    if "@" in parts.netloc:
        rest = rest.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
    return parts.scheme + rest


def is_ip_address(host: str) -> bool:
    """Return whether a host is an IP address, not a name.

    >>> is_ip_address("127.0.0.1"), is_ip_address("::1"), is_ip_address("news.example")
    (True, True, False)
    """
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def origins_of(netlocs: Iterable[str], scheme: str) -> frozenset[Origin]:
    """Return the origins of hosts; without a port http and https on their usual ones are one site.

    >>> sorted(origins_of(["www.example.it"], "https"))
    [('http', 'www.example.it', 80), ('https', 'www.example.it', 443)]
    >>> origins_of(["127.0.0.1:8000"], "http")
    frozenset({('http', '127.0.0.1', 8000)})
    """
    origins: set[Origin] = set()
    for netloc in netlocs:
        parts = urlsplit(f"//{netloc}")
        port = None if parts.port == DEFAULT_PORTS.get(scheme) else parts.port
        ports = DEFAULT_PORTS if port is None else {scheme: port}
        origins |= {(name, parts.hostname or "", number) for name, number in ports.items()}
    return frozenset(origins)


def host_of(url: str) -> Host:
    """Return the host of an http URL.

    Raises:
        ValueError: the URL is invalid or has no host.

    >>> host_of("https://www.example.it/a/").key, host_of("http://example.it:8001/").key
    ('example.it', 'example.it-8001')
    >>> sorted(host_of("https://www.example.it").netlocs())
    ['example.it', 'www.example.it']
    """
    parts = urlsplit(url)
    host = _host(parts.scheme, parts.netloc)
    if host is None:
        raise ValueError(f"{url!r} has no host")
    return host


@lru_cache(maxsize=200)
def _host(scheme: str, netloc: str) -> Host | None:
    """Return the host of a URL with such parts, which most pages of a run have in common.

    It is None without one.

    Raises:
        ValueError: the name or the port is invalid.
    """
    parts = SplitResult(scheme, netloc, "", "", "")
    written = (parts.hostname or "").rstrip(".")
    name = written
    if not written.isascii():
        try:
            name = written.encode("idna").decode("ascii")
        except UnicodeError:
            raise ValueError(f"{written!r} is not the name of a host") from None
    port = None if parts.port == DEFAULT_PORTS.get(scheme) else parts.port
    host = Host(name, port, written)
    return host if host.key else None
