"""Logs and counts the pages that could not be parsed, and lets the crawl continue."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import CloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.outcomes import counters, task
from newscrawl.outcomes.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)
_MAX_URLS = 20


def count_unreadable(stats: StatsCollector, kind: str, url: str) -> None:
    """Count a page that was fetched and cannot be read, and keep its address for the summary."""
    stats.inc_value(counters.FAILED)
    stats.inc_value(f"{counters.FAILED_BY}{kind}")
    urls: list[str] = stats.get_value(counters.FAILED_URLS, [])
    if len(urls) < _MAX_URLS:
        stats.set_value(counters.FAILED_URLS, [*urls, url])


class FailedPagesMiddleware:
    """Turns an exception of a page class into one log line and a counter.

    The first twenty addresses are kept in the run's stats under `pages/failed/urls`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FailedPagesMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_spider_exception(
        self, response: Response, exception: Exception
    ) -> Iterable[Any] | None:
        """Count a failed page; return None for exceptions that Scrapy handles itself."""
        if isinstance(exception, (CloseSpider, HttpError)):
            return None
        name = type(exception).__name__
        count_unreadable(self._crawler.stats, name, response.url)
        task.settle(response, Outcome.failed(f"page: {name}"))
        text = " ".join(str(exception).split())[:200]
        logger.error("Cannot read %s: %s: %s", response.url, name, text)
        logger.debug("Traceback of %s", response.url, exc_info=exception)
        return []
