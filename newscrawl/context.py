"""The context of a run: what is crawled, and what is known of the site.

See decision 72 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from newscrawl.arguments import NAMES, Arguments
from newscrawl.discovery import site_facts
from newscrawl.discovery.scope import Scope
from newscrawl.discovery.state import DiscoveryState
from newscrawl.dumps.paths import OutputPaths
from newscrawl.outcomes.backfill import Backfill
from newscrawl.outcomes.source_readings import SourceReadings
from newscrawl.rights import policy
from newscrawl.rights.site_rights import SiteRights
from newscrawl.scrapy_internals import is_crawl
from newscrawl.sites import Section
from newscrawl.sites.host_names import is_ip_address, origin_of
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

    from newscrawl.discovery.state import Source
    from newscrawl.sites import Site
    from newscrawl.sites.host_names import Origin
    from newscrawl.warc.response_archive import ResponseArchive


@dataclass(slots=True)
class RunContext:
    """One run of a spider: its arguments, its site, its output paths, its discovery state.

    The spider creates it; ledger, browser, pipelines and extensions get it from `of`, so
    that none of them depends on a spider class.
    """

    name: str
    """Name of the spider."""
    series: str
    """Name of the series that the run writes: the folder of its dumps."""
    site: Site
    """The site; `use_known_facts` replaces what is assumed of it by what was learned."""
    arguments: Arguments
    given: dict[str, str]
    """The arguments as text, without those of Scrapyd."""
    addresses: SiteUrls
    scope: Scope
    paths: OutputPaths
    """Where the run writes to; the ledger may rename it."""
    origins: frozenset[Origin]
    """What may be requested: scheme, host and port of the site."""
    discovery: DiscoveryState = field(default_factory=DiscoveryState)
    rights: SiteRights = field(default_factory=SiteRights)
    source_readings: SourceReadings = field(default_factory=SourceReadings)
    backfill: Backfill = field(default_factory=Backfill)
    archive: ResponseArchive | None = None
    """What the run is served; None unless ARCHIVE is set."""

    @property
    def trusted_origin(self) -> Origin | None:
        """The origin that may have a private address: what was configured as an address.

        It is that of `site_url`, or of a site's definition that names an IP address, to which no
        answer of a name server leads.
        """
        if self.arguments.site_url:
            return origin_of(self.arguments.site_url)
        origin = origin_of(self.site.origin)
        return origin if origin is not None and is_ip_address(origin[1]) else None

    def is_unread_licence(self, address: str) -> bool:
        """Return whether an RSL document is on a host of the site and was not requested yet."""
        origin = origin_of(self.addresses.fetchable(address))
        return address not in self.rights.licences and origin in self.origins

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the site's days begin and end."""
        return ZoneInfo(self.site.timezone)

    def remember(  # noqa: PLR0913 - all that earlier runs have left
        self,
        known_heads: Mapping[str, list[int]],
        sources: Mapping[int, Source],
        known_addresses: int,
        site_facts: str | None,
        edition: int = 1,
        *,
        is_new: bool,
    ) -> None:
        """Take over what earlier runs have left in the ledger; `is_new` if there were none."""
        self.discovery.remember(known_heads, sources, known_addresses, is_new=is_new)
        self.discovery.site_facts = site_facts
        self.discovery.edition = edition
        self.use_known_facts()

    def use_known_facts(self) -> None:
        """Replace what is assumed of a site that nobody has defined by what runs have learned."""
        facts = site_facts.decode(self.discovery.site_facts)
        if self.site.is_registered or facts is None:
            return
        self.site = facts.of(self.site)
        given = self.arguments.site_url
        # Where the site calls itself by another of its hosts, each request would be redirected.
        is_same = given is None or urlsplit(given).netloc.lower() in self.site.hosts
        self.addresses = SiteUrls(self.site, None if is_same else given)
        wanted = self.arguments.section
        section = section_of(self.site, wanted)
        if section is None and wanted is not None:
            section = Section(wanted, wanted)
        self.scope = replace(self.scope, site=self.site, section=section)

    @classmethod
    def create(
        cls,
        name: str,
        site: Site,
        given: Mapping[str, object],
        crawler: Crawler,
        *,
        names: tuple[str, ...] = NAMES,
    ) -> Self:
        """Create and return the context of a crawler's run.

        `of` returns it, unless the crawler is that of `scrapy shell` or another such command,
        which leaves no trace.

        Args:
            name: of the spider; the slug of a section limits the run to it.
            site: the site to crawl.
            given: the spider's arguments.
            crawler: its settings say where to write to.
            names: the arguments that the spider has.

        Raises:
            ArgumentError: an argument cannot be used; the text is one line.
        """
        arguments = Arguments.parse(given, names)
        series = series_of(name, site, arguments, names)
        section = section_of(site, arguments.section if "section" in names else name)
        if section is None and arguments.section is not None:
            # The site's sections are not known yet.
            section = Section(arguments.section, arguments.section)
        addresses = SiteUrls(site, arguments.site_url)
        arguments.check_urls(addresses)
        context = cls(
            name=name,
            series=series,
            site=site,
            arguments=arguments,
            given={key: str(value) for key, value in given.items() if key in names},
            addresses=addresses,
            scope=Scope(site, section, arguments.since, arguments.until),
            paths=OutputPaths.of_run(crawler.settings, series),
            origins=addresses.origins(),
            rights=SiteRights(crawler.settings["RIGHTS_POLICY"] or policy.RECORD),
        )
        if is_crawl(crawler):
            _CONTEXTS[crawler] = context
        return context


def series_of(name: str, site: Site, arguments: Arguments, names: tuple[str, ...]) -> str:
    """Return the name of the series that a run writes: that of the spider, if it has one site.

    >>> from newscrawl.arguments import SITE_NAMES
    >>> from newscrawl.sites.example import EXAMPLE
    >>> series_of("wordpress", EXAMPLE, Arguments(section="sport"), SITE_NAMES)
    'example.sport'
    """
    if "site" not in names:
        return name
    return f"{site.key}.{arguments.section}" if arguments.section else site.key


def section_of(site: Site, slug: str | None) -> Section | None:
    """Return the section with a slug; None if there is none."""
    return next((section for section in site.sections if section.slug == slug), None)


_CONTEXTS: WeakKeyDictionary[Crawler, RunContext] = WeakKeyDictionary()


def of(crawler: Crawler) -> RunContext | None:
    """Return the context of a crawler's run; None if there is nothing to record.

    That is so for a plain `scrapy.Spider`, and for a spider in `scrapy shell`, `fetch`, `parse`.
    """
    return _CONTEXTS.get(crawler)
