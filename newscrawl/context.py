"""The context of a run: what is crawled, and what is known of the site.

See decision 72 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from newscrawl.arguments import NAMES, Arguments
from newscrawl.discovery.scope import Scope
from newscrawl.discovery.state import DiscoveryState
from newscrawl.dumps.paths import OutputPaths
from newscrawl.outcomes.source_readings import SourceReadings
from newscrawl.pages.tdm import Reservations
from newscrawl.scrapy_internals import is_crawl
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

    from newscrawl.sites import Site


@dataclass(slots=True)
class RunContext:
    """One run of a spider: its arguments, its site, its output paths, its discovery state.

    The spider creates it; ledger, browser, pipelines and extensions get it from `of`, so
    that none of them depends on a spider class.
    """

    name: str
    """Name of the spider."""
    site: Site
    arguments: Arguments
    given: dict[str, str]
    """The arguments as text, without those of Scrapyd."""
    addresses: SiteUrls
    scope: Scope
    paths: OutputPaths
    """Where the run writes to; the ledger may rename it."""
    host_names: frozenset[str]
    """Names of the hosts that may be requested."""
    discovery: DiscoveryState = field(default_factory=DiscoveryState)
    reservations: Reservations = field(default_factory=Reservations)
    source_readings: SourceReadings = field(default_factory=SourceReadings)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the site's days begin and end."""
        return ZoneInfo(self.site.timezone)

    @classmethod
    def create(cls, name: str, site: Site, given: Mapping[str, object], crawler: Crawler) -> Self:
        """Create and return the context of a crawler's run.

        `of` returns it, unless the crawler is that of `scrapy shell` or another such command,
        which leaves no trace.

        Args:
            name: of the spider; the slug of a section limits the run to it.
            site: the site to crawl.
            given: the spider's arguments.
            crawler: its settings say where to write to.

        Raises:
            ArgumentError: an argument cannot be used; the text is one line.
        """
        arguments = Arguments.parse(given)
        section = next((entry for entry in site.sections if entry.slug == name), None)
        addresses = SiteUrls(site, arguments.site_url)
        arguments.check_urls(addresses)
        context = cls(
            name=name,
            site=site,
            arguments=arguments,
            given={key: str(value) for key, value in given.items() if key in NAMES},
            addresses=addresses,
            scope=Scope(site, section, arguments.since, arguments.until),
            paths=OutputPaths.of_run(crawler.settings, name),
            host_names=frozenset(addresses.host_names()),
        )
        if is_crawl(crawler):
            _CONTEXTS[crawler] = context
        return context


_CONTEXTS: WeakKeyDictionary[Crawler, RunContext] = WeakKeyDictionary()


def of(crawler: Crawler) -> RunContext | None:
    """Return the context of a crawler's run; None if there is nothing to record.

    That is so for a plain `scrapy.Spider`, and for a spider in `scrapy shell`, `fetch`, `parse`.
    """
    return _CONTEXTS.get(crawler)
