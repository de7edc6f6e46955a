"""A line on the terminal with the progress of the crawl; nothing without a terminal."""

from __future__ import annotations

import atexit
import io
import logging
import sys
import time
from collections.abc import Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from newscrawl.context import of as context_of
from newscrawl.items import Article
from newscrawl.ledger.client import of as ledger_of
from newscrawl.outcomes import counters
from newscrawl.run.backfill_progress import BackfillExtension
from newscrawl.run.rate import Rate
from newscrawl.run.summary_printer import writes_to_stdout
from newscrawl.scrapy_internals import requests_in_progress
from newscrawl.text import fold, printable

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.utils.asyncio import AsyncioLoopingCall
    from twisted.internet.task import LoopingCall

INTERVAL = 0.25
"""Seconds between two updates."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers in the line."""

    spider: str
    seconds: float = 0.0
    pages: int = 0
    articles: int = 0
    rate: float = 0.0
    """Pages per second."""
    queued: int = 0
    """Requests waiting or in flight; with a ledger, all that the run has still to read."""
    total: int | None = None
    """What the run has read or has still to read; None without a ledger."""
    failed: int = 0
    section: str = ""
    """Section of the latest article."""
    backfill: str = ""
    """What there is to read in place of what is queued, where the run shows that."""
    seconds_left: float | None = None
    """Then how long it takes; None if that is unknown."""


def line(figures: Figures) -> str:
    """Return the progress line, without control characters.

    >>> line(Figures("esteri", seconds=75, pages=42, articles=38, rate=1.04, queued=7))
    'esteri  1:15  42 pages  38 articles  1.0 pages/s  7 queued'
    >>> line(Figures("esteri", seconds=75, pages=42, articles=38, rate=2, queued=300, total=342))
    'esteri  1:15  42 pages  38 articles  2.0 pages/s  300 of 342 to read  2:30 left'
    """
    parts = [
        fold(figures.spider),
        _clock(figures.seconds),
        f"{figures.pages:,} pages",
        f"{figures.articles:,} articles",
        f"{figures.rate:.1f} pages/s",
    ]
    if figures.backfill:
        parts.append(figures.backfill)
        if figures.seconds_left is not None:
            parts.append(f"{_clock(figures.seconds_left)} left")
    elif figures.total is None:
        parts.append(f"{figures.queued:,} queued")
    else:
        parts.append(f"{figures.queued:,} of {figures.total:,} to read")
        if figures.rate > 0:
            parts.append(f"{_clock(figures.queued / figures.rate)} left")
    if figures.failed:
        parts.append(f"{figures.failed:,} failed")
    # The section comes from a page: control characters in it must not reach the terminal.
    section = fold(figures.section)
    if section and section.casefold() != figures.spider.casefold():
        parts.append(section)
    return "  ".join(parts)


def _clock(duration: float) -> str:
    minutes, seconds = divmod(int(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class AboveLine(io.TextIOBase):
    """A stream for log handlers that prints above the progress line.

    Log records may quote a page: control characters are escaped.
    """

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, text: str) -> int:
        """Write `text`, a complete record."""
        clean = printable(text.removesuffix("\n"))
        self._console.print(Text(clean), soft_wrap=True, highlight=False)
        return len(text)


class ProgressExtension:
    """Shows the progress line on standard error while the spider is open.

    Settings: PROGRESS_ENABLED (default true). LOGSTATS_INTERVAL = 0, which `scrapy shell`
    sets, turns it off too.
    """

    def __init__(self, crawler: Crawler, console: Console) -> None:
        self._crawler = crawler
        self._console = console
        self._live = Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._rate = Rate()
        self._started = 0.0
        self._section = ""
        self._loop: AsyncioLoopingCall | LoopingCall | None = None
        self._diverted: list[tuple[logging.StreamHandler[TextIO], TextIO]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to the signals.

        Raises:
            NotConfigured: it is disabled, or standard error is not a terminal that can show it.
        """
        settings = crawler.settings
        if not settings.getbool("PROGRESS_ENABLED", default=True):
            raise NotConfigured
        if not settings.getfloat("LOGSTATS_INTERVAL"):
            raise NotConfigured
        # It would break up the lines of a dump on the same terminal.
        if writes_to_stdout(settings) and sys.stdout.isatty():
            raise NotConfigured
        console = Console(stderr=True)
        # rich takes FORCE_COLOR for a terminal.
        if not sys.stderr.isatty() or not console.is_interactive:
            raise NotConfigured
        extension = cls(crawler, console)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.item_scraped, signals.item_scraped)
        crawler.signals.connect(extension.stop, signals.spider_closed)
        # A second Ctrl-C ends the process without closing the spider.
        atexit.register(extension.stop)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        """Show the line and redirect log records for the terminal above it."""
        self._started = time.monotonic()
        self._live.start()
        if context := context_of(self._crawler):
            context.backfill.print_above = AboveLine(self._console).write
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                self._diverted.append((handler, handler.stream))
                handler.setStream(AboveLine(self._console))
        self._loop = create_looping_call(self._show, spider)
        self._loop.start(INTERVAL)

    def item_scraped(self, item: object) -> None:
        """Keep the section of the latest article."""
        if isinstance(item, Article) and item.section:
            self._section = item.section

    def stop(self) -> None:
        """Remove the line and restore the log handlers' streams; may be called twice."""
        atexit.unregister(self.stop)
        if self._loop and self._loop.running:
            self._loop.stop()
        for handler, stream in self._diverted:
            handler.setStream(stream)
        self._diverted.clear()
        self._live.stop()

    def _show(self, spider: Spider) -> None:
        now = time.monotonic()
        count = self._crawler.stats.get_value
        pages = count("response_received_count", 0)
        remaining, total = queued(self._crawler), None
        ledger = ledger_of(self._crawler)
        if ledger is not None:
            ledger.counts_pending = True
            if ledger.pending is not None:
                remaining += ledger.pending
                total = ledger.settled + remaining
        context = context_of(self._crawler)
        extension = self._crawler.get_extension(BackfillExtension)
        size = extension.estimate() if extension is not None else None
        figures = Figures(
            spider=context.series if context else spider.name,
            seconds=now - self._started,
            pages=pages,
            articles=count(counters.WRITTEN, 0),
            rate=self._rate.update(now, pages),
            queued=remaining,
            total=total,
            failed=count(counters.FAILED, 0),
            section=self._section,
            backfill=size.short() if size is not None else "",
            seconds_left=size.seconds if size is not None else None,
        )
        self._live.update(Text(line(figures), no_wrap=True, overflow="ellipsis"), refresh=True)


def queued(crawler: Crawler) -> int:
    """Return how many requests are scheduled, in flight or wait for their callback."""
    engine = crawler.engine
    if engine is None:
        return 0
    scheduler: Any = engine.scheduler
    waiting = len(scheduler) if isinstance(scheduler, Sized) else 0
    return waiting + sum(1 for _ in requests_in_progress(engine))
