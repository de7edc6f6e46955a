"""What a run is about, and what it knows of the site; shared by all that takes part in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary

from newscrawl.arguments import NAMES, Arguments
from newscrawl.discovery.scope import Scope
from newscrawl.discovery.state import DiscoveryState
from newscrawl.dumps.paths import OutputPaths
from newscrawl.pages.tdm import Reservations
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

    from newscrawl.sites import Site


@dataclass(slots=True)
class RunContext:
    """One run of a spider: its arguments, its site, where it writes to, what it has found.

    The spider makes it; ledger, browser, pipelines and extensions ask `of` for it, so that
    none of them needs to know a spider's class.
    """

    name: str
    """The spider's."""
    site: Site
    arguments: Arguments
    given: dict[str, str]
    """The arguments as they were given, without those of Scrapyd."""
    addresses: SiteUrls
    scope: Scope
    paths: OutputPaths
    """Where the run writes to; the ledger may give it another name."""
    host_names: frozenset[str]
    """Of the hosts that may be asked."""
    discovery: DiscoveryState = field(default_factory=DiscoveryState)
    reservations: Reservations = field(default_factory=Reservations)

    @classmethod
    def create(cls, name: str, site: Site, given: Mapping[str, object], crawler: Crawler) -> Self:
        """Return the context of a crawler's run, which `of` then returns as well.

        Args:
            name: the spider's; that of a section of the site bounds the run to it.
            site: the site to be crawled.
            given: the spider's arguments.
            crawler: whose settings say where to write to.

        Raises:
            ArgumentError: an argument cannot be used; the text is one line.
        """
        arguments = Arguments.parse(given)
        section = next((entry for entry in site.sections if entry.slug == name), None)
        addresses = SiteUrls(site, arguments.site_url)
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
        _CONTEXTS[crawler] = context
        return context


_CONTEXTS: WeakKeyDictionary[Crawler, RunContext] = WeakKeyDictionary()


def of(crawler: Crawler) -> RunContext | None:
    """Return the context of a crawler's run; None where a spider of another kind runs."""
    return _CONTEXTS.get(crawler)
