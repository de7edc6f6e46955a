"""robots.txt: obeyed, and closed where it cannot be read (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares import robotstxt
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
)
from scrapy.utils.httpobj import urlparse_cached

from newscrawl import finish_reasons

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


class RobotsMiddleware(robotstxt.RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does; ends the run where it answers 5xx or not at all.

    Statuses 4xx say that there is none. Stat: `robotstxt/unavailable`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        robotstxt.logger.addFilter(_FILTER)
        self._unavailable: dict[str, RobotsUnavailableError] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let a request pass that robots.txt allows.

        Raises:
            IgnoreRequest: it is forbidden.
            RobotsUnavailableError: nobody knows.
        """
        if error := self._unavailable.get(urlparse_cached(request).netloc):
            raise error
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            raise RobotsUnavailableError(response.url, f"HTTP {response.status}")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self._unavailable[netloc] = error = _unavailable(exc, f"http://{netloc}/robots.txt")
            self._stats.inc_value("robotstxt/unavailable")
            self._stats.set_value(finish_reasons.DETAIL, str(error))
            # What waits in the queue would fail one by one, and count as tried.
            engine = self.crawler.engine
            assert engine is not None
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=error.reason))
        super()._robots_error(exc, netloc)


def _unavailable(error: Exception, url: str) -> RobotsUnavailableError:
    if isinstance(error, RobotsUnavailableError):
        return error
    why = " ".join(f"{type(error).__name__} {error}".split())[:200]
    if isinstance(error, _NOBODY_THERE):
        return RobotsUnavailableError(url, why, finish_reasons.SITE_UNREACHABLE)
    return RobotsUnavailableError(url, why)
