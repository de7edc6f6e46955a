"""The site of a host that nobody has registered: what may be assumed of an Italian newspaper."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from newscrawl.sites import defaults
from newscrawl.sites.definition import Site
from newscrawl.sites.host_names import Host, host_of
from newscrawl.sites.permalinks import has_trailing_slash, permalinks_of

_NOT_IN_KEY = re.compile(r"[^a-z0-9.-]+")
_KEY = re.compile(
    r"(?P<host>localhost|(?:[a-z0-9-]+\.)+[a-z0-9]+)(?:-(?P<port>\d{1,5}))?(?:-(?P<folder>.+))?"
)


@lru_cache(maxsize=1_000)
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


def site_of_page(url: str, canonical: str = "", *, is_wordpress: bool = False) -> Site:
    """Return the site of one page, with addresses of the form that its own has.

    They are http where the page was fetched so and does not state an https address.

    Args:
        url: http URL from which the page was fetched.
        canonical: the address that the page states; empty if it states none.
        is_wordpress: whether the page shows that WordPress made it.

    Raises:
        ValueError: the URL is invalid or has no host.

    >>> site_of_page("http://example.it/sport/un-titolo/").origin
    'http://example.it'
    >>> site_of_page("http://example.it/x/", "https://example.it/sport/un-titolo").trailing_slash
    False
    """
    site = site_at(url)
    try:
        is_own = urlsplit(canonical).netloc.lower() in site.hosts
    except ValueError:
        is_own = False
    own = urlsplit(canonical if is_own else url)
    scheme = "http" if {urlsplit(url).scheme, own.scheme} == {"http"} else "https"
    links = [(canonical, 0)] if is_own else []
    # One article has one address, with and without `www.`.
    host = host_of(canonical if is_own else url)
    return replace(
        site,
        origin=f"{scheme}://{host.netloc}",
        permalinks=tuple(form for form in permalinks_of(links) if "." in form),
        trailing_slash=has_trailing_slash(links),
        query_names_page=not is_wordpress,
        exact_paths=not is_wordpress,
    )


def site_served_at(home: str) -> Site:
    """Return the site whose home page is at `home`, an http URL, for a crawl of it.

    Unlike `site_at`, its addresses have the scheme and the path of `home` and the form that
    WordPress gives them, and it has no sections: a crawl learns them.

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
        # Crawls are of WordPress sites only.
        exact_paths=False,
    )


def site_of_key(key: str) -> Site | None:
    """Return the site whose home page may be at the host that a key names; None without a host.

    The key does not have all of the address: `www.`, the scheme, signs in the path.

    >>> site = site_of_key("127.0.0.1-8001-news")
    >>> site.key, site.origin
    ('127.0.0.1-8001-news', 'http://127.0.0.1:8001/news')
    >>> site_of_key("example.it").origin, site_of_key("esteri")
    ('https://example.it', None)
    """
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    host, port, folder = match["host"], match["port"], match["folder"]
    scheme = "http" if port or is_loopback(host) else "https"
    url = f"{scheme}://{host}" + (f":{port}" if port else "") + (f"/{folder}" if folder else "")
    try:
        site = site_served_at(url)
    except ValueError:
        return None
    return site if site.key == key else None


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
        query_names_page=True,
        exact_paths=True,
        is_registered=False,
    )
