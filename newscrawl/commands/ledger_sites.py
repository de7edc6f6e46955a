"""Which site's ledger a command is for, from what was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.spiderloader import SpiderLoader

from newscrawl import sites
from newscrawl.cli import check_choice, usage_error
from newscrawl.commands import project_sites
from newscrawl.discovery import site_facts
from newscrawl.dumps.paths import safe_name
from newscrawl.run import report_files
from newscrawl.text import without_credentials
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import BaseSettings

    from newscrawl.sites import Site

_ARTICLE = re.compile(r"([\w.-]+):\w{1,40}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed that says of which site a ledger is."""

    key: str | None = None
    """Of `--site`."""
    url: str | None = None
    """Of `-a site_url=` or `--site-url`."""
    series: str | None = None
    """Of `--spider`: a spider, or the series of a site."""
    address: str | None = None
    """An address of the site, or the id of an article."""


def is_series(name: str) -> bool:
    """Return whether a name is that of a site's series: its key, or key and section.

    >>> is_series("example.it"), is_series("127.0.0.1-8001.sport"), is_series("esteri")
    (True, True, False)
    """
    return bool(_sites_of_name(name))


def key_of_definition(name: str, settings: BaseSettings) -> str:
    """Return the key of the site that `-a site=` names, by key or by the name of its file.

    Raises:
        ArgumentError: there is no such definition, or it is wrong.
    """
    from newscrawl.arguments import SITE_NAMES, Arguments
    from newscrawl.spiders.wordpress_site import WordPressSpider

    arguments = Arguments.parse({"site": name}, SITE_NAMES)
    return WordPressSpider.site_of(arguments, settings).key


def choices(settings: BaseSettings, typed: Typed) -> list[SiteUrls]:
    """Return the sites whose ledger may be meant, the most likely first; exit without one.

    There are several where only the ledgers that exist decide.
    """
    spiders = SpiderLoader.from_settings(settings).list()
    if typed.series is not None and typed.series not in spiders:
        return _of_series(settings, typed, spiders)
    crawled = project_sites.of_spiders(settings, [typed.series] if typed.series else [])
    if typed.key is not None:
        return [_of_key(typed.key, typed.url, crawled)]
    fitting = crawled if typed.url else _narrowed(crawled, typed.address)
    own = [SiteUrls(site, typed.url) for site in fitting.values()]
    if typed.series is not None and len(own) == 1:
        return own
    others = [] if fitting is not crawled else _by_host(typed.url or typed.address or "")
    if len(own) != 1 and not others:
        keys = ", ".join(f"--site {key}" for key in fitting)
        usage_error(f"name the site: {keys}" if keys else "no spider of this project crawls a site")
    if typed.url and sites.is_loopback(urlsplit(typed.url).hostname or ""):
        # A server of this machine is usually the twin of the spiders' site.
        return [*own, *others]
    return [*others, *own]


def _of_series(settings: BaseSettings, typed: Typed, spiders: list[str]) -> list[SiteUrls]:
    """Return the sites that may write a series that is not a spider's."""
    name = typed.series or ""
    if not is_series(name):
        check_choice(name, spiders, "spider")
    if typed.key is not None or typed.url is not None:
        site = (
            _of_key(typed.key, None, project_sites.of_spiders(settings)).site
            if typed.key
            else _served_at(typed.url or "")
        )
        if not f"{name}.".startswith(f"{site.key}."):
            text = f"{without_credentials(name)[:80]} is not a series of {site.key}"
            usage_error(f"{text}: leave out one of them")
        return [SiteUrls(site, typed.url if site.is_registered else None)]
    folder = Path(settings["OUTPUT_DIR"]) / safe_name(name)
    for report in report_files.read_all(report_files.latest([folder], 1)):
        if isinstance(report, dict) and (url := report["arguments"].get("site_url")):
            return [SiteUrls(_served_at(url))]
    return [SiteUrls(site) for site in _sites_of_name(name)]


def _sites_of_name(name: str) -> list[Site]:
    """Return the sites of which a name may be a series."""
    keys = [name, *([name.rpartition(".")[0]] if "." in name else [])]
    known = [site for key in keys if (site := sites.by_key(key)) is not None]
    return known[:1] or [site for key in keys if (site := sites.site_of_key(key)) is not None]


def _of_key(key: str, url: str | None, crawled: Mapping[str, Site]) -> SiteUrls:
    site = crawled.get(key) or sites.by_key(key)
    if site is not None:
        return SiteUrls(site, url)
    if url is not None and (served := _served_at(url)).key == key:
        return SiteUrls(served)
    if url is None and (site := sites.site_of_key(key)) is not None:
        return SiteUrls(site)
    check_choice(key, crawled, "site")
    raise AssertionError(key)


def _served_at(url: str) -> Site:
    """Return the site that `scrapy crawl wordpress` crawls at an address."""
    return sites.by_host(urlsplit(url).hostname or "") or sites.site_served_at(url)


def _narrowed(crawled: dict[str, Site], address: str | None) -> dict[str, Site]:
    """Return the sites of spiders that an address or an id is of; all if it is of none."""
    if address is None:
        return crawled
    host, key = _host(address), address.partition(":")[0]
    fitting = {name: site for name, site in crawled.items() if name == key or host in site.hosts}
    return fitting or crawled


def _by_host(text: str) -> list[SiteUrls]:
    """Return the sites at the host of an address, or of an article's id."""
    if match := _ARTICLE.fullmatch(text):
        return [SiteUrls(site) for site in _sites_of_name(match[1])[:1]]
    try:
        parts = urlsplit(text)
        homes = [f"{parts.scheme}://{parts.netloc}"]
        if first := parts.path.strip("/").partition("/")[0]:
            # A site may be in a folder of its host.
            homes.append(f"{homes[0]}/{first}")
        known = sites.by_host(parts.hostname or "")
        if not parts.hostname or parts.scheme not in {"http", "https"}:
            return []
        return [SiteUrls(known)] if known else [SiteUrls(_served_at(home)) for home in homes]
    except ValueError:
        return []


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def of_line(record: Mapping[str, Any]) -> SiteUrls | None:
    """Return the site of a dump's line; None if nothing in it says where it is."""
    key, url = str(record.get("site")), str(record.get("url"))
    if (site := sites.by_key(key)) is not None:
        return SiteUrls(site)
    served = [urls for urls in _by_host(url) if urls.site.key == key]
    site = sites.site_of_key(key)
    return served[0] if served else SiteUrls(site) if site else None


def with_known_facts(engine: Any, addresses: SiteUrls) -> SiteUrls:
    """Return the addresses of a site with what runs have learned of it, by its ledger."""
    from newscrawl.ledger.store import database, sources

    if addresses.site.is_registered:
        return addresses
    with database.read_only(engine).begin() as connection:
        facts = site_facts.decode(sources.site_facts(connection))
    return addresses if facts is None else SiteUrls(facts.of(addresses.site))
