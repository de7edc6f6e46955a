"""The site of a host that nobody has registered: what may be assumed of an Italian newspaper."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from newscrawl.sites import defaults
from newscrawl.sites.definition import Site
from newscrawl.sites.host_names import Host, host_of


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


def site_at(url: str) -> Site:
    """Return the site at an http URL, always the same object for one host.

    Its addresses are https, with the host as it is in `url`.

    Raises:
        ValueError: the URL is invalid or has no host.

    >>> site_at("https://www.example.it/a/").key, site_at("http://example.it:8001/").key
    ('example.it', 'example.it-8001')
    """
    return _site(host_of(url))


@lru_cache(maxsize=200)
def _site(host: Host) -> Site:
    return Site(
        key=host.key,
        name=host.bare_netloc,
        origin=f"https://{host.netloc}",
        hosts=host.netlocs(),
        timezone=defaults.TIMEZONE,
        language=defaults.LANGUAGE,
        sections=defaults.SECTIONS,
        archive_paths=defaults.ARCHIVE_PATHS,
        boilerplate=defaults.NO_BOILERPLATE,
        agencies=defaults.AGENCIES,
        **defaults.PAGE_CLASSES,
        is_registered=False,
    )
