"""Says, before articles are read and while they are, how much a run has still to read.

See decision 136 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.asyncio import create_looping_call

from newscrawl.arguments import REST
from newscrawl.context import of as context_of
from newscrawl.discovery.kept_total import kept_total
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.scrapy import requests
from newscrawl.ledger.store import series_totals
from newscrawl.outcomes import backfill, counters, task
from newscrawl.outcomes.backfill import Progress
from newscrawl.outcomes.task import ARTICLE
from newscrawl.run.rate import Rate
from newscrawl.run.summary_printer import writes_to_stdout
from newscrawl.scrapy_internals import slot_delay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any, Self
    from zoneinfo import ZoneInfo

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.utils.asyncio import AsyncioLoopingCall
    from twisted.internet.task import LoopingCall

    from newscrawl.context import RunContext
    from newscrawl.outcomes.backfill import Estimate

logger = logging.getLogger(__name__)
_INTERVAL, _LOG_INTERVAL = 1.0, 600.0
"""Seconds between two measurements of the pace, and between two log records."""
_MIN_REQUESTS = 5
"""Requests before the pace is that of the run, not that of the settings."""


class BackfillExtension:
    """Shows the size of a run with `since` or `until`, and of a series' first run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context: RunContext | None = None
        self._rate = Rate(span=60)
        self._loop: AsyncioLoopingCall | LoopingCall | None = None
        self._task: asyncio.Task[None] | None = None
        self._said_at = 0.0
        self._has_begun = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.request_reached_downloader, signals.request_reached_downloader)
        connect(extension.stop, signals.spider_closed)
        return extension

    async def spider_opened(self) -> None:
        """Read from the ledger what is written of the run's days."""
        context, ledger = context_of(self._crawler), client.of(self._crawler)
        if context is None or ledger is None or ledger.run is None or context.arguments.urls:
            return
        scope = context.scope
        has_span = bool(scope.since or scope.until)
        try:
            has_completed = await ledger.read(series_totals.has_completed)
            if has_completed and not has_span:
                return
            limits = (_second(scope.since, 0, context.zone), _second(scope.until, 1, context.zone))
            context.backfill.written = await ledger.read(series_totals.written_between, *limits)
        except LedgerError:
            return
        context.backfill.total = kept_total(context.discovery, scope)[1]
        context.backfill.is_shown = True
        # Earlier runs have read the archives to their ends: what is new is little.
        context.backfill.is_counted = not (has_completed and context.discovery.known_heads)
        context.backfill.listeners.append(self._begin)
        ledger.counts_pending = True
        self._context = context
        self._loop = create_looping_call(self._tick)
        self._loop.start(_INTERVAL)

    def request_reached_downloader(self, request: Request) -> None:
        """Say how much there is when the first article, or part of REST's list, is requested."""
        request_task = task.of(request)
        if request_task is None or self._has_begun or self._context is None:
            return
        is_list = self._is_by_rest and self._context.backfill.total is not None
        if (request_task.kind == ARTICLE and not self._context.backfill.is_awaited) or is_list:
            self._begin()

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._said_at = time.monotonic()
            self._task = asyncio.ensure_future(self._say_first())

    async def _say_first(self) -> None:
        ledger, context = client.of(self._crawler), self._context
        if ledger is None or context is None:
            return
        try:
            await ledger.count_pending(requests.only(context.arguments))
        except LedgerError:
            return
        text = f"{context.series}: {self._text()}"
        logger.info("Back-fill: %s", text)
        if not _is_log_on_terminal():
            stream = sys.stderr if writes_to_stdout(self._crawler.settings) else sys.stdout
            write = context.backfill.print_above or stream.write
            write(f"{text}\n")
            stream.flush()

    def _tick(self) -> None:
        """Measure the pace, and log the estimate from time to time."""
        now = time.monotonic()
        self._rate.update(now, self._crawler.stats.get_value(counters.REQUESTS, 0))
        if self._has_begun and now - self._said_at >= _LOG_INTERVAL:
            self._said_at = now
            logger.info("Back-fill: %s", self._text())

    def stop(self) -> None:
        """End the measurement of the pace."""
        if self._loop and self._loop.running:
            self._loop.stop()

    @property
    def _is_by_rest(self) -> bool:
        return self._context is not None and self._context.arguments.source == REST

    def _text(self) -> str:
        estimate = self.estimate()
        return estimate.text() if estimate is not None else ""

    def estimate(self) -> Estimate | None:
        """Return how much there is to read now; None where the run does not show it."""
        context, ledger = self._context, client.of(self._crawler)
        if context is None or ledger is None:
            return None
        articles, sources = None, ledger.pending_sources
        if ledger.pending is not None:
            articles = ledger.pending - sources + ledger.leased_articles
        progress = Progress(
            _settled(self._crawler.stats.get_stats()),
            articles,
            sources,
            self._seconds_per_request(),
            context.source_readings.channels(),
        )
        return backfill.estimate(context.backfill, progress, by_page=not self._is_by_rest)

    def _seconds_per_request(self) -> float:
        """Return the present pace: as measured, and not above what the slot's delay allows."""
        delay = slot_delay(self._crawler, self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        sent = self._crawler.stats.get_value(counters.REQUESTS, 0)
        rate = self._rate.last if sent >= _MIN_REQUESTS else 0.0
        return max(delay, 1 / rate if rate else 0.0)


def _settled(stats: Mapping[str, Any]) -> int:
    """Return how many of the posts that REST counts a run has dealt with, by its stats."""
    count = stats.get
    new_lines = count(counters.WRITTEN, 0) - count(counters.REVISED, 0) - count(counters.GONE, 0)
    protected = count(f"{counters.NOT_ARTICLE}password_protected", 0)
    failed = counters.total(stats, counters.NOT_FETCHED)
    withheld = counters.total(stats, counters.WITHHELD)
    return int(new_lines + protected + failed + withheld + count(counters.REJECTED_ARTICLES, 0))


def _second(day: date | None, later: int, zone: ZoneInfo) -> int | None:
    """Return the first second of a day, or of one some days later, since 1970."""
    if day is None:
        return None
    first = datetime.combine(day + timedelta(days=later), time_of_day(), zone)
    return int(first.timestamp())


def _is_log_on_terminal() -> bool:
    """Return whether log records of this level are written to a stream, not only to a file."""
    return any(
        isinstance(handler, logging.StreamHandler)
        and not isinstance(handler, logging.FileHandler)
        and handler.level <= logging.INFO
        for handler in logging.root.handlers
    ) and logger.isEnabledFor(logging.INFO)
