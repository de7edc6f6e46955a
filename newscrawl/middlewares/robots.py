"""robots.txt: obeyed, and closed where it cannot be read (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
)
from scrapy.utils.httpobj import urlparse_cached

from newscrawl import finish_reasons
from newscrawl.scrapy_internals import ROBOTS_LOGGER, RobotsHooks

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

_NOBODY_THERE = (CannotResolveHostError, DownloadConnectionRefusedError)


class RobotsUnavailableError(Exception):
    """A host's robots.txt could not be read: nothing else of it may be fetched."""

    def __init__(self, url: str, why: str, reason: str = finish_reasons.ROBOTS_UNAVAILABLE) -> None:
        super().__init__(f"{url}: {why}")
        self.reason = reason
        """Finish reason of a run that ends for it."""


class _WithoutTraceback(logging.Filter):
    """Takes the traceback from a record: that a host does not answer is no bug."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


_FILTER = _WithoutTraceback()


class RobotsMiddleware(RobotsHooks, RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does; ends the run where it answers 5xx or not at all.

    Statuses 4xx say that there is none. Stat: `robotstxt/unavailable`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(ROBOTS_LOGGER).addFilter(_FILTER)
        self._unavailable: dict[str, RobotsUnavailableError] = {}
        self._skipped: set[str] = set()
        self._parsed: dict[str, RobotParser] = {}
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep a host's parser."""
        self._parsed[urlparse_cached(request).netloc] = robotparser

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let a request pass that robots.txt allows.

        Raises:
            IgnoreRequest: it is forbidden.
            RobotsUnavailableError: nobody knows.
        """
        netloc = urlparse_cached(request).netloc
        if error := self._unavailable.get(netloc):
            raise error
        # Scrapy gives a parser to two of the requests that waited for it, and none to the others.
        rp = self._parsed.get(netloc) if rp is None else rp
        if rp is None and netloc not in self._skipped:
            # Nothing was heard of the file: to let the request pass would open a closed site.
            raise RobotsUnavailableError(f"http://{netloc}/robots.txt", "not read")
        super().process_request_2(rp, request)

    def check_robots(self, response: Response) -> None:
        """Refuse a response that says nothing of the file.

        Raises:
            RobotsUnavailableError: the server failed.
        """
        if response.status >= 500:
            self.crawler.stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            raise RobotsUnavailableError(response.url, f"HTTP {response.status}")

    def robots_failed(self, error: Exception, netloc: str) -> None:
        """Close the site, and end the run."""
        if isinstance(error, IgnoreRequest):
            # Our own rules keep the crawl from the file, a redirect to another site for example.
            self._skipped.add(netloc)
            return
        self._unavailable[netloc] = found = _unavailable(error, f"http://{netloc}/robots.txt")
        self.crawler.stats.inc_value("robotstxt/unavailable")
        self.crawler.stats.set_value(finish_reasons.DETAIL, str(found))
        # What waits in the queue would fail one by one, and count as tried.
        engine = self.crawler.engine
        assert engine is not None
        self._closing = asyncio.ensure_future(engine.close_spider_async(reason=found.reason))


def _unavailable(error: Exception, url: str) -> RobotsUnavailableError:
    if isinstance(error, RobotsUnavailableError):
        return error
    why = " ".join(f"{type(error).__name__} {error}".split())[:200]
    if isinstance(error, _NOBODY_THERE):
        return RobotsUnavailableError(url, why, finish_reasons.SITE_UNREACHABLE)
    return RobotsUnavailableError(url, why)
