"""Ends a run when its hours are over, or when the site's budget of the day is used up.

See decision 140 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from newscrawl.context import of as context_of
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.scrapy.downloader import ThrottledDownloader
from newscrawl.ledger.store import daily_usage
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.run.crawl_window import is_open, parse_window

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

_INTERVAL = 1.0


class DailyLimitsExtension:
    """Ends a run cleanly at the end of CRAWL_WINDOW, DAILY_MAX_REQUESTS or DAILY_MAX_BYTES.

    Requests and bytes count for a site and a day of its time zone, over all workers; the
    ledger holds them. Stats: `daily/requests`, `daily/bytes`.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._spans = parse_window(settings["CRAWL_WINDOW"])
        self._max_requests = settings.getint("DAILY_MAX_REQUESTS")
        self._max_bytes = settings.getint("DAILY_MAX_BYTES")
        self._new = [0, 0]
        """Requests and bytes that the ledger does not know yet."""
        self._used = (0, 0)
        """Those of all workers, as last read."""
        self._is_writing = False
        self._writing: asyncio.Future[None] | None = None
        self._loop: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.response_downloaded, signals.response_downloaded)
        connect(extension.spider_closed, signals.spider_closed)
        return extension

    async def spider_opened(self) -> None:
        """Begin to watch clock and budget."""
        ledger, engine = client.of(self._crawler), self._crawler.engine
        if context_of(self._crawler) is None or ledger is None:
            return
        if isinstance(engine.downloader, ThrottledDownloader):
            engine.downloader.before_request = self.count_request
        if self._max_requests or self._max_bytes:
            await self._write()
        if self._spans or self._max_requests or self._max_bytes:
            self._loop = create_looping_call(self._tick)
            self._loop.start(_INTERVAL, now=False)

    def _tick(self) -> None:
        if self._max_requests or self._max_bytes:
            self._writing = asyncio.ensure_future(self._write())
        self._check()

    def count_request(self) -> None:
        """Count a request that is about to be sent, unless nothing may be sent any more."""
        if not self._check():
            self._new[0] += 1

    def response_downloaded(self, response: Response) -> None:
        """Count the bytes of an answer as they were sent."""
        self._new[1] += len(response.body)

    def _check(self) -> bool:
        """End the run if it is not the time, or if the budget is used up; return whether."""
        if not self._is_time():
            text = f"CRAWL_WINDOW {self._crawler.settings['CRAWL_WINDOW']}"
            self._end_run(finish_reasons.WINDOW_CLOSED, text)
            return True
        text = self._used_up()
        if text:
            self._end_run(finish_reasons.DAILY_LIMIT, text)
        return bool(text)

    def _used_up(self) -> str:
        """Return which budget is used up; empty if none is."""
        requests, size = (used + new for used, new in zip(self._used, self._new, strict=True))
        if self._max_requests and requests >= self._max_requests:
            return f"DAILY_MAX_REQUESTS {self._max_requests:,}"
        if self._max_bytes and size >= self._max_bytes:
            return f"DAILY_MAX_BYTES {self._max_bytes:,}"
        return ""

    def _end_run(self, reason: str, text: str) -> None:
        engine = self._crawler.engine
        if isinstance(engine.downloader, ThrottledDownloader):
            engine.downloader.end_run(reason, text)

    def _now(self) -> datetime:
        context = context_of(self._crawler)
        return datetime.now(UTC if context is None else context.zone)

    def _is_time(self) -> bool:
        return not self._spans or is_open(self._spans, self._now().time())

    async def _write(self) -> None:
        """Add what this run has used to the ledger, and read what all have used."""
        ledger = client.of(self._crawler)
        if ledger is None or ledger.run is None or self._is_writing:
            return
        self._is_writing = True
        requests, size = self._new
        self._new = [0, 0]
        # Until the ledger has answered, they count on top of what it said last.
        self._used = self._used[0] + requests, self._used[1] + size
        try:
            day = self._now().date().isoformat()
            self._used = await ledger.write(daily_usage.add, day, requests, size)
        except LedgerError:
            # The scheduler reports it.
            pass
        finally:
            self._is_writing = False

    async def spider_closed(self) -> None:
        """Write what is left, and say what the day's crawls have used."""
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        if self._writing is not None:
            await self._writing
        await self._write()
        self._crawler.stats.set_value(counters.DAILY_REQUESTS, self._used[0])
        self._crawler.stats.set_value(counters.DAILY_BYTES, self._used[1])
