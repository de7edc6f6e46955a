"""Facts about a WordPress site: what its home page and its REST interface state.

A run of the spider `wordpress` learns them, the ledger keeps them, `scrapy probe` shows them.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from newscrawl.discovery.time_zones import zone_of_offset, zone_of_region
from newscrawl.sites import Section  # noqa: TC001 - msgspec reads the annotations
from newscrawl.sites.permalinks import has_trailing_slash, permalinks_of
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.pages.home_page import HomePage
    from newscrawl.sites import Site

MAX_AGE = 7 * 86_400
"""Seconds after which facts are learned again."""
UNKNOWN_ZONE = "UTC"
"""Time zone of a site that states none, in a country with several."""
_MAX_BYTES = 4 * 1024 * 1024
_MAX_NAME = 120
_SCHEMES = frozenset({"http", "https"})
_POST_ID = re.compile(r"/\?p=(\d{1,15})\Z")
_MIN_LINKS = 3
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class SiteFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a site that nobody has defined; what is not known is empty."""

    origin: str = ""
    """Scheme, host and path of the home page, without a trailing slash."""
    name: str = ""
    locale: str = ""
    """As the home page states it: `it-IT`."""
    timezone: str = ""
    """IANA name."""
    sections: tuple[Section, ...] = ()
    menu: tuple[str, ...] = ()
    """Addresses in the menu, of sections or not, when the facts were learned."""
    permalinks: tuple[str, ...] = ()
    trailing_slash: bool = True
    learned: int = 0
    """When, in seconds since 1970; 0 if something that may be there was not read."""

    @property
    def language(self) -> str:
        """BCP 47 primary subtag, empty if it is not known."""
        match = _LANGUAGE.match(self.locale.lower())
        return match[0] if match else ""

    @property
    def region(self) -> str:
        """ISO 3166 code of the country, empty if it is not known."""
        _, _, region = self.locale.replace("_", "-").partition("-")
        return region.upper() if len(region) == 2 else ""

    def is_due(self, now: float) -> bool:
        """Return whether the facts are to be learned again."""
        return not 0 <= now - self.learned < MAX_AGE

    def has_new(self, menu: Iterable[str]) -> bool:
        """Return whether a menu names an address that it did not name then."""
        return not {*menu} <= {*self.menu}

    def of(self, site: Site) -> Site:
        """Return `site`, of which only the host is known, with these facts."""
        language = self.language or site.language
        return replace(
            site,
            origin=self.origin or site.origin,
            name=self.name or site.name,
            language=language,
            timezone=self.timezone or zone_of_region(self.region, language) or UNKNOWN_ZONE,
            sections=self.sections or site.sections,
            permalinks=self.permalinks,
            trailing_slash=self.trailing_slash,
            # Facts are learned of WordPress sites only.
            query_names_page=False,
            exact_paths=False,
        )


def encode(facts: SiteFacts) -> str:
    """Return facts as the ledger keeps them."""
    return msgspec.json.encode(facts).decode()


def decode(text: str | None) -> SiteFacts | None:
    """Return kept facts; None without any, or if this version cannot read them."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=SiteFacts)
    except msgspec.MsgspecError:
        return None


def of_home(page: HomePage, known: SiteFacts) -> SiteFacts:
    """Return facts with what the home page states; what it does not state stays as known."""
    return msgspec.structs.replace(
        known,
        # Where redirects have led to.
        origin=page.url.partition("?")[0].partition("#")[0].rstrip("/"),
        name=page.name or known.name,
        locale=page.locale or known.locale,
    )


def read_index(body: bytes, facts: SiteFacts, site: Site) -> SiteFacts:
    """Return facts with what REST's index states: name, time zone, address of the home page.

    Args:
        body: the answer of `/wp-json/`.
        facts: those known so far.
        site: tells which hosts are the site's own.

    Raises:
        ValueError: it is not the index of WordPress's REST interface.
    """
    index = _json(body)
    if not isinstance(index, dict) or not isinstance(index.get("namespaces"), list):
        raise ValueError("is not the index of WordPress's REST interface")  # noqa: TRY004 - of what was sent
    name = index.get("name")
    home = index.get("home")
    zone = _zone(index.get("timezone_string")) or zone_of_offset(index.get("gmt_offset"))
    return msgspec.structs.replace(
        facts,
        name=clean_name(name) if isinstance(name, str) and name.strip() else facts.name,
        timezone=zone or facts.timezone,
        origin=(_origin(home, facts, site) if isinstance(home, str) else "") or facts.origin,
    )


def read_links(body: bytes) -> list[tuple[str, int]]:
    """Return the addresses and the numbers of REST's newest posts.

    Raises:
        ValueError: it is not a list of posts.

    >>> read_links(b'[{"id": 7, "link": "https://www.example.it/archivi/7"}]')
    [('https://www.example.it/archivi/7', 7)]
    """
    records = _json(body)
    if not isinstance(records, list):
        raise ValueError("is not a list of posts")  # noqa: TRY004 - of what was sent
    links = [(one.get("link"), one.get("id")) for one in records if isinstance(one, dict)]
    return [
        (link, number) for link, number in links if isinstance(link, str) and type(number) is int
    ]


def with_links(facts: SiteFacts, links: Sequence[tuple[str, int]]) -> SiteFacts:
    """Return facts with the forms of addresses that articles have; known ones stay without any."""
    if not links:
        return facts
    return msgspec.structs.replace(
        facts, permalinks=permalinks_of(links), trailing_slash=has_trailing_slash(links)
    )


def with_home_links(facts: SiteFacts, links: Iterable[str], site: Site) -> SiteFacts:
    """Return facts with the forms that the links of the home page to articles have.

    A title alone may be a static page's there, and says nothing.
    """
    own = [(link, _number(link)) for link in links if _host(link) in site.hosts]
    if len(own) < _MIN_LINKS:
        return facts
    forms = tuple(form for form in permalinks_of(own) if form != "/%postname%")
    return msgspec.structs.replace(
        facts,
        permalinks=facts.permalinks or forms,
        trailing_slash=has_trailing_slash(own),
    )


def _number(link: str) -> int:
    match = _POST_ID.search(link)
    return int(match[1]) if match else 0


def _host(link: str) -> str:
    try:
        return urlsplit(link).netloc.lower()
    except ValueError:
        return ""


def with_sections(facts: SiteFacts, sections: tuple[Section, ...]) -> SiteFacts:
    """Return facts with sections; the known ones stay if `sections` is empty."""
    return msgspec.structs.replace(facts, sections=sections or facts.sections)


def clean_name(text: str) -> str:
    """Return a name as readers see it.

    >>> clean_name(" Notizie &amp;  Fatti ")
    'Notizie & Fatti'
    """
    return fold(unescape(text))[:_MAX_NAME]


def index_address(origin: str) -> str:
    """Return the address of REST's index."""
    return f"{origin}/wp-json/?_fields=name,url,home,gmt_offset,timezone_string,namespaces"


def posts_address(origin: str) -> str:
    """Return the address of REST's newest posts, of which only id and address are requested."""
    return f"{origin}/wp-json/wp/v2/posts?_fields=id,link&per_page=10"


def merged(known: Sequence[Section], further: Iterable[Section]) -> tuple[Section, ...]:
    """Return known sections, then those of `further` with another address and another slug.

    >>> old = Section("sport", "Sport", url="https://www.example.it/sport/")
    >>> [s.label for s in merged([old], [replace(old, label="SPORT"), Section("eventi", "Eventi")])]
    ['Sport', 'Eventi']
    """
    urls, slugs = {section.url for section in known}, {section.slug for section in known}
    added = [s for s in further if s.slug not in slugs and (s.url is None or s.url not in urls)]
    return (*known, *added)


def labels(sections: Iterable[Section]) -> str:
    """Return the sections for a message.

    >>> labels([Section("sport", "Sport"), Section("mondo", "Dal mondo")])
    'sport, mondo (Dal mondo)'
    """
    return ", ".join(
        s.slug if s.label.casefold() == s.slug else f"{s.slug} ({s.label})" for s in sections
    )


def _json(body: bytes) -> Any:
    if len(body) > _MAX_BYTES:
        raise ValueError(f"is larger than {_MAX_BYTES:,} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None


def _zone(name: Any) -> str:
    if not isinstance(name, str) or not name:
        return ""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def _origin(home: str, facts: SiteFacts, site: Site) -> str:
    """Return the home page's address without its slash, if it is on another of the site's hosts.

    On the same host, where redirects have led to is right: many sites state http, and serve https.
    """
    try:
        stated, served = urlsplit(home), urlsplit(facts.origin or site.origin)
    except ValueError:
        return ""
    host = stated.netloc.lower()
    if host not in site.hosts or host == served.netloc.lower() or stated.scheme not in _SCHEMES:
        return ""
    scheme = "https" if "https" in {stated.scheme, served.scheme} else "http"
    return f"{scheme}://{host}{stated.path.rstrip('/')}"
