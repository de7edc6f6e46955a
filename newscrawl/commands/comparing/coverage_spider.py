"""The spider of `scrapy coverage`, which Scrapy does not list: no dump, no run in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals

from newscrawl.arguments import SITE_NAMES
from newscrawl.commands.comparing.site_reader import SiteReader
from newscrawl.commands.probing.daily_budget import DailyBudget
from newscrawl.commands.probing.probe_requests import Requests
from newscrawl.commands.probing.probe_spider import WITHOUT_RUN
from newscrawl.context import RunContext

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

    from newscrawl.ledger.client import Ledger

MAX_REQUESTS = 5_000
"""Requests of one comparison: 480,000 posts."""


class CoverageSpider(Spider):
    """Reads a site's list of articles with the pace of the crawls on the same ledger."""

    name = "coverage"
    custom_settings = WITHOUT_RUN
    reader: SiteReader
    requests: Requests
    ledger: Ledger
    is_complete: bool = False
    """Whether everything was read that there is."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider of a crawler.

        Arguments are `comparison` and `record`, as `SiteReader` takes them, `ledger`, the URL of
        the ledger and the site that it belongs to, and `site_url`, where it was typed.
        """
        from newscrawl.ledger.client import Ledger

        spider = super().from_crawler(crawler, *args)
        comparison = kwargs["comparison"]
        urls = comparison.urls
        # By it the middlewares know which hosts are the site's own.
        given = {"site_url": kwargs["site_url"]} if kwargs["site_url"] else {}
        RunContext.create(spider.name, urls.site, given, crawler, names=SITE_NAMES)
        spider.ledger = Ledger(*kwargs["ledger"])
        spider.ledger.register(crawler)
        requests = Requests(crawler, MAX_REQUESTS, crawler.settings.getint("RETRY_TIMES"))
        spider.reader = SiteReader(comparison, requests, kwargs["record"])
        spider.requests = requests
        requests.budget = DailyBudget(crawler, kwargs["ledger"], urls.site.timezone)
        crawler.signals.connect(spider.leave_ledger, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Read the list; there are no requests for the scheduler."""
        self.ledger.share_slots("newscrawl coverage")
        try:
            await self.reader.read()
            self.is_complete = True
        finally:
            self.reader.found.requests = self.requests.count
        no_requests: tuple[Request, ...] = ()
        for request in no_requests:
            yield request

    async def leave_ledger(self) -> None:
        """Count what was sent, and close the ledger: also where robots.txt has ended `start`."""
        assert self.requests.budget is not None
        await self.requests.budget.close()
        await self.ledger.close()
