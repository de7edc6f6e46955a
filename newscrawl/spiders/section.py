"""The spider of a section or of the whole site: the first requests of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newscrawl.discovery import EXPLICIT, MENU, section_archives
from newscrawl.extraction.page_classes import menu_page
from newscrawl.pages.tdm import WELL_KNOWN, Reservations
from newscrawl.spiders import outcomes
from newscrawl.spiders.archives import ArchiveSpider
from newscrawl.spiders.article_pages import ArticleSpider
from newscrawl.spiders.source_requests import SourceSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.http import TextResponse
    from twisted.python.failure import Failure


class SectionSpider(ArchiveSpider, ArticleSpider, SourceSpider):
    """Reads the section with the spider's name; the whole site when no section has it."""

    async def start(self) -> AsyncIterator[Request]:
        """Yield the run's first requests: opt-outs, then the home page or the given URLs."""
        origin = self.site.origin
        yield self.request(
            origin + WELL_KNOWN, self.parse_optouts, "optouts", errback=self.no_optouts
        )
        if self.context.arguments.urls:
            urls = (urljoin(origin, url) for url in self.context.arguments.urls)
            for request in self.article_requests(urls, EXPLICIT):
                yield request
        elif MENU in self.context.arguments.discover:
            yield self.request(
                f"{origin}/", self.parse_home, "home", errback=self.no_home, meta={"home": True}
            )
        else:
            for request in self._source_requests(
                {
                    section.slug: section_archives.usual_addresses(section, self.site)[0]
                    for section in self.context.scope.sections()
                }
            ):
                yield request

    def parse_optouts(self, response: TextResponse) -> None:
        """Read the site's text-and-data-mining reservations."""
        self.context.reservations = Reservations.parse(response.text)

    def no_optouts(self, failure: Failure) -> None:
        """Continue: most sites publish no reservations."""
        outcomes.count(self, "optouts/none")

    def parse_home(self, response: TextResponse) -> Iterator[Request]:
        """Find the sections' archives in the menu."""
        menu = menu_page(self.site)(response.selector, response.url, self.context.addresses)
        items = menu.items()
        yield from self._source_requests(section_archives.archive_addresses(items, self.site))

    def no_home(self, failure: Failure) -> Iterator[Request]:
        """Continue without the menu, unless the site cannot be reached at all."""
        outcomes.unreachable(self, failure)
        yield from self._source_requests({})

    def _source_requests(self, archives: dict[str, str]) -> Iterator[Request]:
        """Yield the run's sources; `archives` maps section slugs to archive addresses."""
        slugs = [section.slug for section in self.context.scope.sections()]
        yield from self.source_requests(archives[slug] for slug in slugs if slug in archives)
        yield from self.archive_requests(archives)
