"""The site of a host that nobody has registered: what may be assumed of an Italian newspaper."""

from __future__ import annotations

import ipaddress
import re
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


def key_of(url: str) -> str:
    """Return the key of the site at an http URL: its host without `www.`, and an unusual port.

    Raises:
        ValueError: the URL is invalid or has no host.

    >>> key_of("https://www.example.it/a/"), key_of("http://example.it:8001/")
    ('example.it', 'example.it-8001')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        raise ValueError(f"{host!r} is not the name of a host") from None
    key = _NOT_IN_KEY.sub("-", host).strip("-.")
    if not key:
        raise ValueError(f"{url!r} has no host")
    port = parts.port
    return key if port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f"{key}-{port}"


@lru_cache(maxsize=200)
def _site(key: str, host: str) -> Site:
    name = host.removeprefix("www.")
    return Site(
        key=key,
        name=name,
        origin=f"https://{host}",
        hosts=frozenset({host, name, f"www.{name}"}),
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


def site_at(url: str) -> Site:
    """Return the site at an http URL, always the same object for one host.

    Its addresses are https, with the host as it is in `url`.

    Raises:
        ValueError: the URL is invalid or has no host.
    """
    key = key_of(url)
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port
    is_usual = port in {None, _DEFAULT_PORTS.get(parts.scheme)}
    name = f"[{host}]" if ":" in host else host
    return _site(key, name if is_usual else f"{name}:{port}")
