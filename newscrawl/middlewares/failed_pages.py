"""Counts and names the pages that could not be read, and lets the crawl go on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import CloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)
_MAX_NAMED = 20


class FailedPagesMiddleware:
    """Turns an error of a page class into one line and a counter.

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
        """Count a failed page; None leaves what is no failure of a page to Scrapy."""
        if isinstance(exception, (CloseSpider, HttpError)):
            return None
        stats, name = self._crawler.stats, type(exception).__name__
        stats.inc_value("pages/failed")
        stats.inc_value(f"pages/failed/{name}")
        named: list[str] = stats.get_value("pages/failed/urls", [])
        if len(named) < _MAX_NAMED:
            stats.set_value("pages/failed/urls", [*named, response.url])
        response.meta["failure"] = f"page: {name}"
        text = " ".join(str(exception).split())[:200]
        logger.error("Cannot read %s: %s: %s", response.url, name, text)
        logger.debug("Traceback of %s", response.url, exc_info=exception)
        return []
