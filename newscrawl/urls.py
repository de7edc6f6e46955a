"""URLs of a site: their canonical form, the kind of page, where to fetch them.

See decisions 5 and 19 in docs/decisions.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from newscrawl.sites.article_views import SUFFIXES, drop_views
from newscrawl.sites.exact_paths import first_segments, segments_of
from newscrawl.sites.host_names import origins_of
from newscrawl.sites.list_addresses import LIST_PAGE, PAGE_BASES, page_address
from newscrawl.sites.permalinks import Permalinks, normalized, path_segments, rest_address
from newscrawl.sites.query_parameters import document_parameters, query_as_meant
from newscrawl.sites.written_urls import (
    ABSOLUTE,
    UNSAFE,
    as_browsers_read,
    in_ascii,
    path_within,
    split_url,
    without_unsafe,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.sites import Site
    from newscrawl.sites.host_names import Origin

_YEAR = re.compile(r"(?:19|20)\d\d")
_MAX_DIGITS = 15
_FILE = re.compile(r"\.[a-zA-Z0-9]{2,5}\Z")
_SERVICES = frozenset(
    {"wp-json", "wp-admin", "wp-includes", "wp-login.php", "xmlrpc.php", "comments", "search"}
)
_SAFE = "/-._~!$&()*+,;=:@%"
_SCRIPT = re.compile(r"(?:php\d?|phtml|aspx?|jspx?|cfm|do|cgi|pl|s?html?|xhtml)", re.I)
_MONTH = re.compile(r"(?:19|20)\d\d(?:\d\d){0,2}")
_NUMBER = re.compile(r"[1-9]\d{0,11}")
_SLUG = re.compile(r"[\w%.~-]{1,200}")
_MAX_CACHE = 20_000
_MAX_ORIGINS = 100


class Kind(Enum):
    """The kind of page at a URL, as far as the URL alone can tell."""

    ARTICLE = "article"
    ARCHIVE = "archive"
    DAY = "day"
    TAG = "tag"
    AUTHOR = "author"
    HOME = "home"
    PAGE = "page"
    FEED = "feed"
    FILE = "file"
    EMBED = "embed"
    SERVICE = "service"
    TRAP = "trap"
    """A crawler trap: endless URLs that repeat the content of other pages."""
    FOREIGN = "foreign"
    """Another site, or not an http URL."""


_MAY_LIST = frozenset({Kind.HOME, Kind.PAGE, Kind.ARCHIVE, Kind.DAY, Kind.TAG, Kind.AUTHOR})
_TAXONOMIES = {"tag": Kind.TAG, "author": Kind.AUTHOR}
_SERVICE_PARAMETERS = frozenset(
    {"s", "ajax-request", "preview", "attachment_id", "page_id", "rest_route", "sitemap"}
)
_LIST_PARAMETERS = {
    "cat": (_NUMBER, Kind.ARCHIVE),
    "tag": (_SLUG, Kind.TAG),
    "author": (_NUMBER, Kind.AUTHOR),
    "m": (_MONTH, Kind.DAY),
}
"""Parameters that name a list on a site without permalinks, with what their values are."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL means on the site."""

    url: str
    """Canonical form; for a foreign URL, the URL itself."""
    kind: Kind
    day: str | None = None
    """`YYYY/MM/DD` in an article's URL."""
    sections: tuple[str, ...] = ()
    """Slugs before an article's own slug, or the path of an archive."""
    part: int = 1
    """Page number within an article."""
    post_id: int | None = None
    """WordPress post id, from `?p=`."""


class SiteUrls:
    """The URLs of one site, whatever base URL it is served at.

    All results are URLs of the live site, also for pages fetched from `base_url` (a twin, a
    staging host), so that dumps can be joined. See decision 4 in docs/decisions.md.
    """

    def __init__(self, site: Site, base_url: str | None = None) -> None:
        self.site = site
        self.base_url = (base_url or site.origin).rstrip("/")
        base = urlsplit(self.base_url)
        self._hosts = site.hosts | {base.netloc.lower()}
        self._base_path = base.path
        self._slugs = frozenset(section.slug for section in site.sections)
        self._section_paths = frozenset(_section_paths(site))
        self.permalinks = Permalinks(site)
        """The forms of the site's addresses."""
        self._cache: dict[str | tuple[str, str], Address] = {}
        self._by_origin: dict[str, SiteUrls] = {}

    def at(self, url: str) -> SiteUrls:
        """Return the same site served where `url` is, a known host or not.

        >>> from newscrawl.sites.example import EXAMPLE
        >>> SiteUrls(EXAMPLE).at("http://127.0.0.1:8000/esteri/x-y/").base_url
        'http://127.0.0.1:8000'
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return self
        if not parts.netloc or parts.netloc.lower().rpartition("@")[2] in self._hosts:
            return self
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        site_urls = self._by_origin.get(origin)
        if site_urls is None:
            if len(self._by_origin) >= _MAX_ORIGINS:
                self._by_origin.clear()
            site_urls = self._by_origin[origin] = SiteUrls(self.site, origin)
        return site_urls

    def _netlocs(self) -> frozenset[str]:
        """Return the hosts, with their ports, that serve the site: those of a copy alone."""
        base = urlsplit(self.base_url)
        netloc = base.netloc.lower()
        is_copy = base.hostname and not {base.hostname, netloc} & self.site.hosts
        return frozenset({netloc}) if is_copy else self.site.hosts | {netloc}

    def origins(self) -> frozenset[Origin]:
        """Return the origins that serve the site."""
        return origins_of(self._netlocs(), urlsplit(self.base_url).scheme)

    def host_names(self) -> list[str]:
        """Return the names, without ports, of the hosts that serve the site."""
        return sorted({urlsplit(f"//{host}").hostname or "" for host in self._netlocs()})

    def understand(self, url: str, base: str | None = None) -> Address:
        """Return the meaning of `url`; relative URLs are resolved against `base`.

        >>> from newscrawl.sites.example import EXAMPLE
        >>> urls = SiteUrls(EXAMPLE)
        >>> urls.understand("http://example.it/Esteri/un-titolo/amp?utm_source=x#a").url
        'https://www.example.it/esteri/un-titolo/'
        >>> urls.understand("https://www.example.it/2026/09/12/esteri/").kind
        <Kind.TRAP: 'trap'>
        """
        key = url if base is None or url.startswith(ABSOLUTE) else (base, url)
        address = self._cache.get(key)
        if address is None:
            if len(self._cache) >= _MAX_CACHE:
                self._cache.clear()
            address = self._cache[key] = self._understand(url, base)
        return address

    def canonical(self, url: str, base: str | None = None) -> str:
        """Return the canonical form of `url`."""
        return self.understand(url, base).url

    def public(self, url: str, base: str | None = None) -> str | None:
        """Return `url` absolute, as a reader may open it; None when it is not an http URL.

        URLs of the site become canonical, others are unchanged.
        """
        address = self.understand(url, base)
        return address.url if address.url.startswith(("https://", "http://")) else None

    def fetchable(self, url: str) -> str:
        """Return the URL from which this run fetches a canonical `url`.

        >>> from newscrawl.sites.example import EXAMPLE
        >>> SiteUrls(EXAMPLE, "http://127.0.0.1:8000").fetchable("https://www.example.it/a/")
        'http://127.0.0.1:8000/a/'
        """
        # Without permalinks a site has REST at another address.
        url = rest_address(url, is_plain=self.permalinks.is_plain)
        if url.startswith(f"{self.site.origin}/") or url == self.site.origin:
            return self.base_url + url[len(self.site.origin) :]
        return url

    def _understand(self, url: str, base: str | None) -> Address:
        url = without_unsafe(url) if UNSAFE.search(url) else url
        url = as_browsers_read(url, base)
        try:
            parts = split_url(url, base)
        except ValueError:
            return Address("", Kind.FOREIGN)
        host = parts.netloc.lower()
        if parts.scheme not in {"http", "https"} or not self._is_own_host(host):
            if (name := host.rpartition("@")[2]) != host:
                anonymous = self._understand(parts._replace(netloc=name).geturl(), None)
                return Address(anonymous.url, Kind.FOREIGN)
            is_absolute = base is None or url.startswith(ABSOLUTE)
            return Address(url if is_absolute else parts.geturl(), Kind.FOREIGN)
        path, query = path_within(parts, self._base_path), parts.query
        may_name = bool(query) and self.site.query_names_page
        if may_name:
            query = query_as_meant(query)
        if (kind := self._kind_of_file(path)) is not None:
            address = Address(self._file(path), kind)
            return _with_query(address, query) if may_name else address
        segments = segments_of(normalized(path))
        address = self._classify(segments, query)
        if segments and self.site.exact_paths:
            address = self._exact(address, path, len(segments))
        if may_name:
            address = _with_query(address, query)
        return _with_list_page(address, query) if "page" in query else address

    def _kind_of_file(self, path: str) -> Kind | None:
        last = path.rsplit("/", 1)[-1]
        if "." in last and _FILE.search(last) and not self.permalinks.is_title(last.lower()):
            return Kind.SERVICE if last.endswith(".php") else Kind.FILE
        return None

    def _exact(self, address: Address, path: str, number: int) -> Address:
        """Return an address with its path as written, of which `number` is that of segments."""
        left = len(segments_of(address.url[len(self.site.origin) :]))
        path = first_segments(path, left)
        if left < number and self.permalinks.is_title(path.rstrip("/").lower()):
            path = path.rstrip("/")
        kind = self._kind_of_file(path) or address.kind
        return replace(address, url=self.site.origin + path, kind=kind)

    def _file(self, path: str) -> str:
        return self.site.origin + quote(path, safe=_SAFE, errors="replace")

    def file_url(self, url: str, base: str | None = None) -> str | None:
        """Return the canonical address of a file, its path and query as written; None if foreign.

        Unlike pages, files such as sitemaps are told apart by upper case, slashes and parameters.
        """
        if self.understand(url, base).kind is Kind.FOREIGN:
            return None
        url = without_unsafe(url) if UNSAFE.search(url) else url
        parts = split_url(as_browsers_read(url, base), base)
        query = quote(parts.query, safe=f"{_SAFE}?", errors="replace")
        return self._file(path_within(parts, self._base_path)) + (f"?{query}" if query else "")

    def _is_own_host(self, host: str) -> bool:
        if host in self._hosts:
            return True
        name, colon, port = host.partition(":")
        # A dot at the end is that of DNS's root.
        name = name.removesuffix(".")
        if f"{name}{colon}{port}" in self._hosts:
            return True
        return port in {"", "80", "443"} and name in self._hosts

    def _classify(self, segments: list[str], query: str) -> Address:
        drop_views(segments)
        if not segments:
            return _front_page(self.site.origin, query)
        url = self._url(segments)
        first, last = segments[0], segments[-1]
        if first in _SERVICES or first.startswith("wp-"):
            return Address(url, Kind.SERVICE)
        if last == "feed" or first == "feed":
            return Address(url, Kind.FEED)
        if last in {"embed", "trackback"}:
            return Address(url, Kind.EMBED)
        if any(a == b == c for a, b, c in zip(segments, segments[1:], segments[2:], strict=False)):
            return Address(url, Kind.TRAP)
        if first in _TAXONOMIES:
            return Address(url, _TAXONOMIES[first])
        return self._posts(segments, url)

    def _url(self, segments: list[str]) -> str:
        return f"{self.site.origin}/{'/'.join(segments)}{self.permalinks.end_of(segments[-1])}"

    def _posts(self, segments: list[str], url: str) -> Address:
        first, last = segments[0], segments[-1]
        if len(segments) > 1 and segments[-2] in PAGE_BASES and last.isdecimal():
            if _YEAR.fullmatch(first):
                return Address(url, Kind.DAY if segments[-3].isdecimal() else Kind.TRAP)
            return Address(url, Kind.ARCHIVE, sections=tuple(segments[:-2]))
        if _is_day(segments[:3]):
            return self._dated(segments)
        if _YEAR.fullmatch(first) and len(segments) <= 2:
            # A year and a title may be an article's, where its page says so.
            is_title = len(segments) == 2 and "-" in last
            return Address(url, Kind.PAGE if is_title else Kind.DAY)
        return self._named(segments)

    def _dated(self, segments: list[str]) -> Address:
        day, rest = "/".join(segments[:3]), segments[3:]
        url = self._url(segments)
        if not rest:
            return Address(url, Kind.DAY, day=day)
        # /2026/09/12/esteri/ answers with the whole section, not with that day's articles.
        if tuple(rest) in self._section_paths:
            return Address(url, Kind.TRAP, day=day)
        return self._article(segments, rest, day)

    def _named(self, segments: list[str]) -> Address:
        url = self._url(segments)
        if self.permalinks.is_numbered(segments):
            return Address(url, Kind.ARTICLE)
        if tuple(segments) in self._section_paths:
            return Address(url, Kind.ARCHIVE, sections=tuple(segments))
        if len(segments) > 1 and tuple(segments[1:]) in self._section_paths:
            if segments[0] in self._slugs:
                return self._article(segments, segments, None)
            return Address(url, Kind.ARCHIVE, sections=tuple(segments[1:]))
        if len(segments) == 1:
            return Address(url, Kind.ARTICLE if self.permalinks.is_bare(segments[0]) else Kind.PAGE)
        if segments[0] in {"category", "categoria"}:
            return Address(url, Kind.ARCHIVE)
        return self._article(segments, segments, None)

    def _article(self, segments: list[str], rest: list[str], day: str | None) -> Address:
        part, given = 1, segments
        if not day and self.permalinks.ends_in_document(rest, self._section_paths):
            names = tuple(rest[:-1]) if rest[0] in self._slugs and not _is_part(rest[-1]) else ()
            return Address(self._url(given), Kind.ARTICLE if names else Kind.PAGE, sections=names)
        # Repeated, so that a canonical URL is its own canonical form: /titolo/3/2/.
        while len(rest) > 1 and (rest[-1] in SUFFIXES or _is_part(rest[-1])):
            part = int(rest[-1]) if _is_part(rest[-1]) else part
            segments, rest = segments[:-1], rest[:-1]
        url = self._url(segments)
        if len(segments) == 2 < len(given) and _YEAR.fullmatch(segments[0]):
            return replace(self._posts(segments, url), part=part)
        is_bare = not day and len(rest) == 1
        if tuple(rest) in self._section_paths or (is_bare and not self.permalinks.is_bare(rest[0])):
            return Address(self._url(given), Kind.TRAP, day=day)
        is_title = self.permalinks.is_title(rest[-1]) or rest[-1].count("-") > 1
        if not (is_bare or is_title or day or rest[0] in self._slugs):
            return Address(url, Kind.PAGE)
        return Address(url, Kind.ARTICLE, day=day, sections=tuple(rest[:-1]), part=part)


def _front_page(origin: str, query: str) -> Address:
    """Return what the front page is with a query."""
    pairs = dict(parse_qsl(query)) if query else {}
    post_id = pairs.get("p", "")
    if post_id.isdecimal() and len(post_id) <= _MAX_DIGITS and "preview" not in pairs:
        url = f"{origin}/?p={int(post_id)}"
        part = pairs.get("page", "")
        number = int(part) if _is_part(part) else 1
        return Address(url, Kind.ARTICLE, post_id=int(post_id), part=max(number, 1))
    if pairs.keys() & _SERVICE_PARAMETERS:
        return Address(f"{origin}/?{in_ascii(query)}", Kind.SERVICE)
    if "feed" in pairs:
        return Address(f"{origin}/?{in_ascii(query)}", Kind.FEED)
    for name, (pattern, kind) in _LIST_PARAMETERS.items():
        value = pairs.get(name, "")
        if pattern.fullmatch(value):
            return Address(f"{origin}/?{name}={quote(value.lower())}", kind)
    return Address(f"{origin}/", Kind.HOME)


def _with_query(address: Address, query: str) -> Address:
    """Return the address of the page that a query names; the given one if its path does.

    It is for sites that are not known to be WordPress with permalinks.
    """
    path, _, own = address.url.partition("?")
    parameters = document_parameters(query)
    written = f"{path}?{'&'.join(map(str, parameters))}"
    if address.kind is Kind.SERVICE and own:
        return replace(address, url=written) if parameters else address
    names = {parameter.partition("=")[0] for parameter in own.split("&")}
    naming = (not one.is_view and one.name not in names for one in parameters)
    if not _may_be_named(address.kind, path) or not any(naming):
        return address
    if address.kind is Kind.ARTICLE and address.post_id is None:
        return replace(address, url=written)
    return Address(written, Kind.PAGE)


def _may_be_named(kind: Kind, path: str) -> bool:
    """Return whether a query may name a page at a path: of a script, not of a picture."""
    if kind not in {Kind.FILE, Kind.SERVICE}:
        return kind is Kind.ARTICLE or kind in _MAY_LIST
    name = path.rpartition("/")[2]
    is_script = _SCRIPT.fullmatch(name.rpartition(".")[2]) is not None and "." in name
    return is_script and "/wp-" not in path and name not in _SERVICES


def _with_list_page(address: Address, query: str) -> Address:
    """Return the address of a further page of a list whose number is a parameter."""
    if address.kind not in _MAY_LIST or (address.kind is Kind.PAGE and "?" in address.url):
        return address
    is_parameter = "?" in address.url or address.kind is Kind.HOME
    parameters = (LIST_PAGE.fullmatch(parameter) for parameter in query.split("&"))
    pages = (match for match in parameters if match and int(match[2]) > 1)
    # Elsewhere core redirects from `paged` to the path.
    page = next((match for match in pages if is_parameter or match[1] != "paged"), None)
    if page is None:
        return address
    kind = Kind.ARCHIVE if address.kind in {Kind.HOME, Kind.PAGE} else address.kind
    return replace(address, url=page_address(address.url, int(page[2]), "", page[1]), kind=kind)


def _section_paths(site: Site) -> Iterator[tuple[str, ...]]:
    """Yield the paths of a site's sections, and of the archives that it states for them."""
    for section in site.sections:
        yield (section.slug,)
        if section.parent:
            yield (section.parent, section.slug)
        url = section.url or ""
        if url.startswith(f"{site.origin}/") and "?" not in url:
            yield path_segments(url[len(site.origin) :])


@cache
def urls_of(site: Site) -> SiteUrls:
    """Return the URLs of a site at its own origin, always the same object for a site.

    It caches the meaning of URLs, most of which pages have in common.
    """
    return SiteUrls(site)


def _is_part(segment: str) -> bool:
    """Return whether a path's last segment can be the number of an article's page."""
    return segment.isdecimal() and len(segment) <= 3


def _is_day(segments: list[str]) -> bool:
    """Return whether three segments are an existing day: 2026, 09, 12."""
    if len(segments) != 3 or not _YEAR.fullmatch(segments[0]):
        return False
    try:
        date.fromisoformat("-".join(segments))
    except ValueError:
        return False
    return True
