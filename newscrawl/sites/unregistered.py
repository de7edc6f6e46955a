"""The site of a host that nobody has registered: what may be assumed of an Italian newspaper."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from newscrawl.sites.alanews import ALANEWS
from newscrawl.sites.definition import Section, Site

_DEFAULT_PORTS = {"http": 80, "https": 443}
_NOT_IN_KEY = re.compile(r"[^a-z0-9.-]+")
_NOTHING = re.compile(r"(?!)")
_SECTIONS = tuple(
    Section(slug, label)
    for slug, label in (
        ("cronaca", "Cronaca"),
        ("politica", "Politica"),
        ("economia", "Economia"),
        ("esteri", "Esteri"),
        ("mondo", "Mondo"),
        ("italia", "Italia"),
        ("sport", "Sport"),
        ("spettacoli", "Spettacoli"),
        ("cultura", "Cultura"),
        ("salute", "Salute"),
        ("tecnologia", "Tecnologia"),
        ("scienza", "Scienza"),
        ("ambiente", "Ambiente"),
    )
)
"""Usual sections, by which the address of an article names its own."""


@lru_cache(maxsize=1_000)
def is_loopback(host: str) -> bool:
    """Return whether a host name is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("www.example.it")
    (True, True, False)
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Host:
    """The host of a URL."""

    name: str
    """As DNS has it, in lower case."""
    port: int | None
    """None for the usual one of the scheme."""

    @property
    def key(self) -> str:
        """The site's key: the name without `www.`, and an unusual port."""
        key = _NOT_IN_KEY.sub("-", self.name.removeprefix("www.")).strip("-.")
        return key if self.port is None else f"{key}-{self.port}"

    def netlocs(self) -> tuple[str, ...]:
        """Return the host as in addresses: as it is, and with and without `www.`."""
        bare = self.name.removeprefix("www.")
        names = (self.name, bare, f"www.{bare}")
        end = "" if self.port is None else f":{self.port}"
        return tuple(f"[{name}]{end}" if ":" in name else f"{name}{end}" for name in names)


def site_at(url: str) -> Site:
    """Return the site at an http URL, always the same object for one host.

    Its addresses are https, with the host as it is in `url`.

    Raises:
        ValueError: the URL is invalid or has no host.

    >>> site_at("https://www.example.it/a/").key, site_at("http://example.it:8001/").key
    ('example.it', 'example.it-8001')
    """
    parts = urlsplit(url)
    written = (parts.hostname or "").rstrip(".")
    name = written
    if not written.isascii():
        try:
            name = written.encode("idna").decode("ascii")
        except UnicodeError:
            raise ValueError(f"{written!r} is not the name of a host") from None
    port = None if parts.port == _DEFAULT_PORTS.get(parts.scheme) else parts.port
    host = _Host(name, port)
    if not host.key:
        raise ValueError(f"{url!r} has no host")
    return _site(host, _Host(written, port))


def site_served_at(home: str) -> Site:
    """Return the site whose home page is at `home`, an http URL, for a crawl of it.

    Unlike `site_at`, its addresses have the scheme and the path of `home`, and it has no
    sections: a crawl learns them.

    Raises:
        ValueError: the URL is invalid or has no host.

    >>> site = site_served_at("http://127.0.0.1:8001/news/")
    >>> site.key, site.origin
    ('127.0.0.1-8001-news', 'http://127.0.0.1:8001/news')
    """
    parts = urlsplit(home)
    path = parts.path.rstrip("/")
    site = site_at(home)
    folder = _NOT_IN_KEY.sub("-", path.lower()).strip("-.")
    return replace(
        site,
        key=f"{site.key}-{folder}" if folder else site.key,
        origin=f"{parts.scheme}://{parts.netloc.lower()}{path}",
        sections=(),
    )


@lru_cache(maxsize=200)
def _site(host: _Host, written: _Host) -> Site:
    netlocs = host.netlocs()
    return Site(
        key=host.key,
        name=netlocs[1],
        origin=f"https://{netlocs[0]}",
        hosts=frozenset({*netlocs, *written.netlocs()}),
        timezone=ALANEWS.timezone,
        language=ALANEWS.language,
        sections=_SECTIONS,
        archive_paths=("/category/{path}/", "/{path}/"),
        boilerplate=_NOTHING,
        agencies=ALANEWS.agencies - {ALANEWS.key, *ALANEWS.hosts},
        article_page=ALANEWS.article_page,
        wordpress_page=ALANEWS.wordpress_page,
        generic_page=ALANEWS.generic_page,
        listing_page=ALANEWS.listing_page,
        more_page=ALANEWS.more_page,
        menu_page=ALANEWS.menu_page,
        is_registered=False,
    )
