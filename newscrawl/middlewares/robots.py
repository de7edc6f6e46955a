"""robots.txt: obeyed; without a readable one nothing is fetched (RFC 9309, 2.3.1.4).

See decision 140 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
    NotConfigured,
    StopDownload,
)
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.context import of as context_of
from newscrawl.discovery.freshness import seconds_left
from newscrawl.ledger import client
from newscrawl.ledger.errors import HostPausedError, LedgerError
from newscrawl.ledger.scrapy.downloader import ThrottledDownloader, host_of
from newscrawl.ledger.store import robots_copies, series_totals
from newscrawl.ledger.store.robots_copies import RobotsCopy
from newscrawl.middlewares.addresses import RefusedConnectionError
from newscrawl.middlewares.connections import CertificateError
from newscrawl.middlewares.hosts import AnotherSiteError
from newscrawl.middlewares.reserved import note_rights
from newscrawl.middlewares.robots_unavailable import RobotsUnavailableError
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.rights import robots_txt
from newscrawl.scrapy_internals import ROBOTS_FORBID
from newscrawl.warc.exchange import ROLE, Role

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.rights.robots_txt import RobotsTxt

logger = logging.getLogger(__name__)
_CONNECTION_ERRORS = (CannotResolveHostError, DownloadConnectionRefusedError, CertificateError)
_MAX_AGE = 86_400
"""Seconds: RFC 9309, 2.4 and, for a file that cannot be read any more, 2.3.1.4."""
_MIN_AGE = 60
_PRIORITY = 1_000
_USUAL_PAGES = 1_000
"""Pages for which the duration is stated where the ledger does not know how many are pending."""
_IS_ROBOTS = "is_robots_txt"
_MAX_DOWNLOAD = robots_txt.MAX_BYTES + 1024


@dataclass(slots=True)
class _Entry:
    """The robots.txt of one scheme, host and port."""

    reading: asyncio.Task[RobotsTxt]
    until: float = float("inf")
    """When it is read again, by the monotonic clock."""


class RobotsMiddleware:
    """Obeys robots.txt; ends the run if that of a host cannot be read.

    It is read before the first request to each scheme, host and port, and again when it is a day
    old. A status 4xx means that the site has no robots.txt. Settings: ROBOTSTXT_OBEY,
    CRAWL_DELAY_MAX. Stats: `robotstxt/forbidden`, `robotstxt/unavailable`,
    `robotstxt/response_status_count/<status>`.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._max_delay = crawler.settings.getfloat("CRAWL_DELAY_MAX")
        self._entries: dict[str, _Entry] = {}
        self._closing: asyncio.Future[None] | None = None
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Accept a request that robots.txt allows.

        Raises:
            IgnoreRequest: robots.txt forbids it.
            RobotsUnavailableError: robots.txt could not be read.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._rules(request)
        if not rules.allows(request.url):
            self._crawler.stats.inc_value(counters.ROBOTS_FORBIDDEN)
            raise IgnoreRequest(ROBOTS_FORBID)

    async def _rules(self, request: Request) -> RobotsTxt:
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        entry = self._entries.get(origin)
        if entry is None or entry.until <= time.monotonic():
            task = asyncio.ensure_future(self._read(origin, request))
            entry = self._entries[origin] = _Entry(task)
        # Of the requests that wait for it none may end it for the others.
        return await asyncio.shield(entry.reading)

    async def _read(self, origin: str, request: Request) -> RobotsTxt:
        """Read a robots.txt.

        Raises:
            RobotsUnavailableError: it could not be read; the run is being ended.
        """
        entry = self._entries[origin]
        try:
            copy, is_fresh = await self._fetch(origin)
        except HostPausedError as error:
            unavailable = RobotsUnavailableError(
                f"{origin}/robots.txt", str(error), finish_reasons.RATE_LIMITED
            )
        except RobotsUnavailableError as error:
            unavailable = error
        else:
            rules = robots_txt.parse(copy.body)
            is_run = context_of(self._crawler) is not None
            if not is_run or (rules.crawl_delay or 0) <= self._max_delay:
                # A copy that stands in for an unreadable file is tried again soon.
                entry.until = time.monotonic() + (copy.max_age if is_fresh else _MIN_AGE)
                note_rights(self._crawler, urlparse_cached(request).netloc.lower(), rules)
                self._use(rules, origin, request)
                return rules
            assert rules.crawl_delay is not None
            unavailable = RobotsUnavailableError(
                f"{origin}/robots.txt",
                await self._delay_text(rules.crawl_delay),
                finish_reasons.CRAWL_DELAY,
            )
        self._end_run(unavailable)
        raise unavailable

    def _use(self, rules: RobotsTxt, origin: str, request: Request) -> None:
        engine, stats = self._crawler.engine, self._crawler.stats
        downloader = engine.downloader
        # Without slots a command for a few requests waits by itself.
        if context_of(self._crawler) and isinstance(downloader, ThrottledDownloader):
            delays = downloader.crawl_delays
            delays.pop(host_of(request), None)
            if rules.crawl_delay is not None:
                delays[host_of(request)] = rules.crawl_delay
                logger.info("Crawl-delay of %s: %g s", origin, rules.crawl_delay)
        for line in rules.noted:
            logger.info("robots.txt of %s, not obeyed: %s", origin, line)
        if rules.noted:
            stats.set_value(counters.ROBOTS_LINES, [*rules.noted])
        self._crawler.signals.send_catch_log(
            signals.robots_parsed, robotparser=rules, request=request
        )

    async def _fetch(self, origin: str) -> tuple[RobotsCopy, bool]:
        """Return the robots.txt of an origin, and whether the host has just confirmed it.

        Raises:
            RobotsUnavailableError: it could not be read.
            HostPausedError: the host is left alone for longer than this run waits.
        """
        copy = await self._stored(origin)
        try:
            response = await self._download(origin, copy)
            read = self._copy_of(response, copy)
        except HostPausedError:
            raise
        except Exception as error:
            age = time.time() - copy.read_at if copy else _MAX_AGE
            if copy is None or not 0 <= age < _MAX_AGE:
                if isinstance(error, RobotsUnavailableError):
                    raise
                raise _unavailable(error, f"{origin}/robots.txt") from error
            logger.warning("%s/robots.txt cannot be read (%s): a copy is used", origin, error)
            self._crawler.stats.inc_value(counters.ROBOTS_COPY_USED)
            return copy, False
        await self._store(origin, read)
        return read, True

    async def _download(self, origin: str, copy: RobotsCopy | None) -> Response:
        engine = self._crawler.engine
        assert engine is not None
        headers = {"Accept": "text/plain,*/*;q=0.5", "Accept-Encoding": "identity"}
        if copy is not None and copy.etag:
            headers["If-None-Match"] = copy.etag
        self._crawler.stats.inc_value(counters.ROBOTS_REQUESTS)
        response = await engine.download_async(
            Request(
                f"{origin}/robots.txt",
                headers=headers,
                priority=_PRIORITY,
                meta={
                    "dont_obey_robotstxt": True,
                    _IS_ROBOTS: True,
                    ROLE: Role.SITE,
                },
                dont_filter=True,
            )
        )
        self._crawler.stats.inc_value(f"{counters.ROBOTS_STATUS}{response.status}")
        return response

    def _copy_of(self, response: Response, copy: RobotsCopy | None) -> RobotsCopy:
        """Return what a response says; RFC 9309, 2.3.1.

        Raises:
            RobotsUnavailableError: it does not say what may be fetched.
        """
        status = response.status
        max_age = _max_age(response)
        if status == 304 and copy is not None:
            return RobotsCopy(copy.body, copy.etag, int(time.time()), max_age)
        if 200 <= status < 300:
            etag = response.headers.get("ETag")
            text = None if etag is None else etag.decode("latin-1")
            return RobotsCopy(response.body[:_MAX_DOWNLOAD], text, int(time.time()), max_age)
        if status == 429:
            raise RobotsUnavailableError(response.url, "HTTP 429", finish_reasons.RATE_LIMITED)
        if 400 <= status < 500:
            return RobotsCopy(b"", None, int(time.time()), max_age)
        raise RobotsUnavailableError(response.url, f"HTTP {status}")

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Stop the download of a robots.txt that is longer than what is read of it.

        Raises:
            StopDownload: it is.
        """
        if _IS_ROBOTS in request.meta:
            size = request.meta[_IS_ROBOTS + "_size"] = request.meta.get(
                _IS_ROBOTS + "_size", 0
            ) + len(data)
            if size > _MAX_DOWNLOAD:
                raise StopDownload(fail=False)

    async def _stored(self, origin: str) -> RobotsCopy | None:
        ledger = client.of(self._crawler)
        if ledger is None or ledger.run is None:
            return None
        try:
            return await ledger.read(robots_copies.read, origin)
        except LedgerError:
            return None

    async def _store(self, origin: str, copy: RobotsCopy) -> None:
        ledger = client.of(self._crawler)
        if ledger is None or ledger.run is None:
            return
        try:
            await ledger.write(robots_copies.write, origin, copy)
        except LedgerError:
            logger.debug("robots.txt not stored", exc_info=True)

    async def _delay_text(self, delay: float) -> str:
        """Return what a Crawl-delay would mean for the run, in one line."""
        pending = await self._pending()
        pages = f"its {pending:,} pending" if pending else f"each {_USUAL_PAGES:,}"
        hours = (pending or _USUAL_PAGES) * delay / 3600
        return (
            f"Crawl-delay {delay:g} s is above CRAWL_DELAY_MAX {self._max_delay:g} s: "
            f"{pages} pages would take {hours:,.1f} hours; "
            f"-s CRAWL_DELAY_MAX={delay:g} accepts it"
        )

    async def _pending(self) -> int:
        """Return how many articles of the run's series are pending; 0 where that is not known."""
        ledger = client.of(self._crawler)
        if ledger is None or ledger.run is None:
            return 0
        try:
            articles, _, leased = await ledger.read(series_totals.waiting, None)
        except LedgerError:
            return 0
        return articles + leased

    def _end_run(self, error: RobotsUnavailableError) -> None:
        """End the run: each queued request would fail and count as a try."""
        stats, engine = self._crawler.stats, self._crawler.engine
        downloader = engine.downloader
        if isinstance(downloader, ThrottledDownloader) and downloader.ended_by is not None:
            return
        stats.inc_value(counters.ROBOTS_UNAVAILABLE)
        logger.warning("Nothing may be fetched: %s", error)
        if self._closing is None:
            stats.set_value(counters.FINISH_DETAIL, str(error))
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason=error.reason))


def _max_age(response: Response) -> int:
    """Return for how many seconds a robots.txt may be used: a day at most."""
    value = response.headers.get("Cache-Control") or b""
    seconds = seconds_left(value.decode("latin-1"))
    # A file that may not be kept at all is not asked for before each page.
    return _MAX_AGE if seconds is None else max(seconds, _MIN_AGE)


def _unavailable(error: Exception, url: str) -> RobotsUnavailableError:
    if isinstance(error, AnotherSiteError):
        cause = f"leads to {error.url}"
        return RobotsUnavailableError(url, cause, finish_reasons.SITE_MOVED)
    name = "" if isinstance(error, RefusedConnectionError) else f"{type(error).__name__} "
    cause = " ".join(f"{name}{error}".split())[:200]
    if isinstance(error, _CONNECTION_ERRORS):
        return RobotsUnavailableError(url, cause, finish_reasons.SITE_UNREACHABLE)
    return RobotsUnavailableError(url, cause)
