"""robots.txt: obeyed; without a readable one nothing is fetched (RFC 9309, 2.3.1.4)."""

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

from newscrawl.middlewares.addresses import RefusedConnectionError
from newscrawl.middlewares.connections import CertificateError
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.scrapy_internals import ROBOTS_LOGGER, RobotsHooks

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

_CONNECTION_ERRORS = (CannotResolveHostError, DownloadConnectionRefusedError, CertificateError)


class RobotsUnavailableError(Exception):
    """A host's robots.txt could not be read: nothing else may be fetched from the host."""

    def __init__(
        self, url: str, cause: str, reason: str = finish_reasons.ROBOTS_UNAVAILABLE
    ) -> None:
        super().__init__(f"{url}: {cause}")
        self.reason = reason
        """Finish reason of the run."""


class _WithoutTraceback(logging.Filter):
    """Removes the traceback from a record: an unreachable host is not a bug."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


_FILTER = _WithoutTraceback()


class RobotsMiddleware(RobotsHooks, RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does; ends the run on a status 5xx or without a response.

    A status 4xx means that there is no robots.txt. Stat: `robotstxt/unavailable`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(ROBOTS_LOGGER).addFilter(_FILTER)
        self._unavailable: dict[str, RobotsUnavailableError] = {}
        self._skipped: set[str] = set()
        self._parsed: dict[str, RobotParser] = {}
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Store the parser of a host."""
        self._parsed[urlparse_cached(request).netloc] = robotparser

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Accept a request that robots.txt allows.

        Raises:
            IgnoreRequest: robots.txt forbids it.
            RobotsUnavailableError: robots.txt could not be read.
        """
        netloc = urlparse_cached(request).netloc
        if error := self._unavailable.get(netloc):
            raise error
        # Scrapy passes the parser to only two of the requests that waited for it.
        rp = self._parsed.get(netloc) if rp is None else rp
        if rp is None and netloc not in self._skipped:
            # Without robots.txt the request might be forbidden.
            raise RobotsUnavailableError(f"http://{netloc}/robots.txt", "not read")
        super().process_request_2(rp, request)

    def check_robots(self, response: Response) -> None:
        """Reject a server error.

        Raises:
            RobotsUnavailableError: the status is 5xx.
        """
        if response.status >= 500:
            self.crawler.stats.inc_value(f"{counters.ROBOTS_STATUS}{response.status}")
            raise RobotsUnavailableError(response.url, f"HTTP {response.status}")

    def robots_failed(self, error: Exception, netloc: str) -> None:
        """Block further requests to the host, and end the run."""
        if isinstance(error, IgnoreRequest) and not isinstance(error, RefusedConnectionError):
            # The file was excluded by our own rules, after a redirect to another site for example.
            self._skipped.add(netloc)
            return
        self._unavailable[netloc] = unavailable = _unavailable(error, f"http://{netloc}/robots.txt")
        self.crawler.stats.inc_value(counters.ROBOTS_UNAVAILABLE)
        self.crawler.stats.set_value(counters.FINISH_DETAIL, str(unavailable))
        # Otherwise each queued request would fail and count as a try.
        engine = self.crawler.engine
        assert engine is not None
        self._closing = asyncio.ensure_future(engine.close_spider_async(reason=unavailable.reason))


def _unavailable(error: Exception, url: str) -> RobotsUnavailableError:
    if isinstance(error, RobotsUnavailableError):
        return error
    name = "" if isinstance(error, RefusedConnectionError) else f"{type(error).__name__} "
    cause = " ".join(f"{name}{error}".split())[:200]
    if isinstance(error, _CONNECTION_ERRORS):
        return RobotsUnavailableError(url, cause, finish_reasons.SITE_UNREACHABLE)
    return RobotsUnavailableError(url, cause)
