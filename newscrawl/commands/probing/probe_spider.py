"""The spider of `scrapy probe`, which Scrapy does not list: no dump, no ledger, no run report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider

from newscrawl.arguments import SITE_NAMES, Arguments
from newscrawl.commands.probing.probe_requests import Requests
from newscrawl.commands.probing.site_probe import SiteProbe
from newscrawl.commands.probing.site_report import SiteReport
from newscrawl.context import RunContext
from newscrawl.spiders.wordpress_site import WordPressSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

_NO_EXTENSIONS = {
    "newscrawl.feeds.SeparateFeeds": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
}
WITHOUT_RUN = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": {},
    "SPIDER_MIDDLEWARES": {},
    "EXTENSIONS": _NO_EXTENSIONS,
    "FEEDS": {},
}
"""Settings of a spider that looks at a site: those of the project are for runs."""


class ProbeSpider(Spider):
    """Looks at the site at `site_url` with what a crawl sends, obeys and may request."""

    name = "probe"
    # A probe may send few requests.
    custom_settings = {**WITHOUT_RUN, "RETRY_TIMES": 1}  # noqa: RUF012 - Scrapy's interface
    probe: SiteProbe
    requests: Requests
    report: SiteReport
    is_complete: bool = False
    """Whether everything was looked at that there is."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider of a crawler, whose argument `site_url` names the site."""
        spider = super().from_crawler(crawler, *args)
        url = kwargs["site_url"]
        site = WordPressSpider.site_of(Arguments.parse({"site_url": url}), crawler.settings)
        # By it the middlewares know which hosts are the site's own.
        RunContext.create(spider.name, site, {"site_url": url}, crawler, names=SITE_NAMES)
        spider.report = SiteReport(url)
        spider.requests = Requests(crawler)
        spider.probe = SiteProbe(site, spider.requests, spider.report)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Look at the site; there are no requests for the scheduler."""
        try:
            await self.probe.look()
            self.is_complete = True
        finally:
            self.report.requests = self.requests.count
        no_requests: tuple[Request, ...] = ()
        for request in no_requests:
            yield request
