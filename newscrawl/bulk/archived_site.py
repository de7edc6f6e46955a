"""The site of an archived page: as a crawl of ours states it, else as its host shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.discovery import site_facts
from newscrawl.sites import (
    by_host,
    by_key,
    site_at,
    site_of_key,
    site_served_at,
)
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from newscrawl.sites import Site


@dataclass(frozen=True, slots=True)
class ArchivedSite:
    """The site of one of our archives."""

    key: str
    """Field `newscrawl-site`."""
    base_url: str | None = None
    """Field `newscrawl-site-url`: where it was crawled."""
    facts: str | None = None
    """Field `newscrawl-site-facts`: what crawls have learned of a site that is not registered."""

    def urls(self) -> SiteUrls | None:
        """Return the site's addresses as the crawl had them; None if the site is not known."""
        return _urls(self)


@lru_cache(maxsize=100)
def _urls(archived: ArchivedSite) -> SiteUrls | None:
    site, given = by_key(archived.key), archived.base_url
    if site is not None:
        return SiteUrls(site, given)
    site = _unregistered(archived)
    facts = site_facts.decode(archived.facts)
    if site is None or facts is None:
        return None if site is None else SiteUrls(site, given)
    site = facts.of(site)
    # Where the site calls itself by another of its hosts, each request would be redirected.
    is_same = given is None or urlsplit(given).netloc.lower() in site.hosts
    return SiteUrls(site, None if is_same else given)


def _unregistered(archived: ArchivedSite) -> Site | None:
    try:
        if archived.base_url and (site := site_served_at(archived.base_url)).key == archived.key:
            return site
    except ValueError:
        pass
    return site_of_key(archived.key)


@lru_cache(maxsize=10_000)
def key_of_host(host: str) -> str | None:
    """Return the key of the site that a host with its port serves; None if it is not a host."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        if site := by_host(name) or by_host(host):
            return site.key
        return site_at(f"https://{host}/").key
    except ValueError:
        return None
