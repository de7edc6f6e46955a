"""The spider of `scrapy probe`, which Scrapy does not list: no dump, no run, no report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals

from newscrawl.arguments import SITE_NAMES, Arguments
from newscrawl.commands.probing.daily_budget import DailyBudget
from newscrawl.commands.probing.probe_requests import Requests
from newscrawl.commands.probing.site_probe import SiteProbe
from newscrawl.commands.probing.site_report import SiteReport
from newscrawl.context import RunContext
from newscrawl.spiders.wordpress_site import WordPressSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

    from newscrawl.ledger.client import Ledger
    from newscrawl.sites import Site

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
    site: Site
    probe: SiteProbe
    requests: Requests
    report: SiteReport
    ledger: Ledger | None = None
    """That of the site's crawls, if there is one."""
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
        spider.site, spider.report = site, SiteReport(url)
        spider.requests = Requests(crawler)
        spider.probe = SiteProbe(site, spider.requests, spider.report)
        crawler.signals.connect(spider.leave_ledger, signals.spider_closed)
        return spider

    async def _join_ledger(self) -> None:
        """Share pace, waits and budget with the crawls of the site, if it has a ledger."""
        from newscrawl.ledger import location
        from newscrawl.ledger.client import Ledger
        from newscrawl.ledger.errors import LedgerError

        site = self.site
        try:
            place = location.of_run(self.crawler.settings, self.report.url, site)
            budget = DailyBudget(self.crawler, place, site.timezone)
            await budget.write()
        except LedgerError:
            # A site that was never crawled has no ledger; its crawls report a damaged one.
            return
        self.requests.budget = budget
        self.ledger = Ledger(*place)
        self.ledger.share_slots("newscrawl probe")
        self.ledger.register(self.crawler)

    async def leave_ledger(self) -> None:
        """Count what was sent, and close the ledger: also where robots.txt has ended `start`."""
        if self.ledger is not None and self.requests.budget is not None:
            await self.requests.budget.close()
            await self.ledger.close()

    async def start(self) -> AsyncIterator[Any]:
        """Look at the site; there are no requests for the scheduler."""
        await self._join_ledger()
        try:
            await self.probe.look()
            self.is_complete = True
        finally:
            self.report.requests = self.requests.count
        no_requests: tuple[Request, ...] = ()
        for request in no_requests:
            yield request
