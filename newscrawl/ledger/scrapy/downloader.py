"""Scrapy's downloader with one slot per host for all crawls that share a ledger.

See decisions 43 and 140 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.context import of as context_of
from newscrawl.ledger import client
from newscrawl.ledger.errors import HostPausedError, LedgerError
from newscrawl.ledger.host_state import REFUSALS, BackoffPolicy, retry_after
from newscrawl.ledger.scrapy.latencies import Latencies
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.outcomes import task as tasks
from newscrawl.scrapy_internals import TransferHooks, is_closing

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from scrapy import Request
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)
_POLL = 0.2
"""Seconds after which a wait looks whether the run is ending."""
_MIN_REFUSALS = 10
"""Refusals of a run from which on their share decides."""


class ThrottledDownloader(TransferHooks, Downloader):
    """Scrapy's downloader, in which each request waits for the host's slot.

    The delay is that of Scrapy's slot, which AutoThrottle sets, or the host's Crawl-delay if that
    is longer; jitter only adds to it. It counts from the last request of any worker. With
    CONCURRENT_REQUESTS_PER_DOMAIN 1 no other request to the host is in progress. Requests for
    robots.txt and others of the engine wait as well. A host that answers 429 or 503 is left alone
    by all crawls on the ledger.

    Settings: RETRY_AFTER_MAX, BACKOFF_START, BACKOFF_MAX, WAIT_MAX, REFUSALS_MAX,
    BLOCKED_MAX_SHARE. Stats: `wait/<cause>`, in seconds.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.crawl_delays: dict[str, float] = {}
        """Host to the Crawl-delay of its robots.txt, in seconds."""
        self.ended_by: str | None = None
        """Why the run is being ended by this downloader."""
        self.before_request: Callable[[], None] | None = None
        """Is called before each request; it may end the run."""
        self._policy = BackoffPolicy(
            settings.getfloat("RETRY_AFTER_MAX"),
            settings.getfloat("BACKOFF_START"),
            settings.getfloat("BACKOFF_MAX"),
        )
        self._wait_left = settings.getfloat("WAIT_MAX")
        self._max_in_a_row = settings.getint("REFUSALS_MAX")
        self._max_share = settings.getfloat("BLOCKED_MAX_SHARE")
        self._answers = self._refusals = 0
        self._latencies: dict[str, Latencies] = {}
        self._closing: asyncio.Future[None] | None = None
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(_mark_sent, signals.request_left_downloader)

    def uses_host_slots(self) -> bool:
        """Return whether the crawl has a ledger that holds the slots."""
        return client.of(self.crawler) is not None

    def delay_of(self, request: Request, slot: Slot) -> float:
        """Return the longer of our delay and the host's; jitter only adds to it."""
        host = host_of(request)
        delay = slot.delay
        if (latencies := self._latencies.get(host)) is not None:
            delay *= latencies.slowdown
        delay = max(delay, self.crawl_delays.get(host, 0.0))
        return delay * (1 + random.uniform(0, slot.jitter)) if delay else 0.0  # noqa: S311 - no secret

    def host_slot(
        self, request: Request, delay: float, *, alone: bool
    ) -> AbstractAsyncContextManager[None] | None:
        """Return the host's slot; None if requests to it may be sent at any time.

        Raises:
            HostPausedError: this downloader is ending the run.
        """
        ledger = client.of(self.crawler)
        if ledger is None:
            return None
        if self.ended_by is None and self.before_request is not None:
            self.before_request()
        if self.ended_by is not None:
            raise HostPausedError(self.ended_by)
        host = host_of(request)
        throttle = ledger.throttle
        throttle.policy = self._policy
        if not (delay or alone) and throttle.is_clear(host):
            return None

        async def wait(seconds: float, cause: str) -> None:
            await self._wait(host, seconds, cause)

        return ledger.slot(host, delay, alone=alone, wait=wait)

    async def _wait(self, host: str, seconds: float, cause: str) -> None:
        """Wait, and count for what.

        Raises:
            HostPausedError: the run is ending, or has waited for long enough.
        """
        if cause:
            if seconds > self._wait_left:
                detail = f"{host}: {seconds:.0f} s are left of its {cause.replace('_', '-')}"
                self.end_run(finish_reasons.RATE_LIMITED, detail)
                raise HostPausedError(detail)
            self._wait_left -= seconds
            logger.info("%s is left alone for %.1f s (%s)", host, seconds, cause)
        elif host in self.crawl_delays:
            cause = counters.CRAWL_DELAY
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if left > _POLL and self._is_ending():
                raise HostPausedError("the run is ending")
            await asyncio.sleep(min(left, _POLL) if seconds > 1 else left)
        if cause:
            key, stats = f"{counters.WAIT}{cause}", self.crawler.stats
            stats.set_value(key, round(stats.get_value(key, 0.0) + seconds, 3))

    def _is_ending(self) -> bool:
        return context_of(self.crawler) is not None and is_closing(self.crawler)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Record whether the host asks to come back later, and how fast it answers."""
        ledger = client.of(self.crawler)
        if ledger is None or self.ended_by is not None:
            return
        host, status = host_of(request), response.status
        stated = None
        if status in REFUSALS or 300 <= status < 400:
            stated = retry_after(
                _header(response, "Retry-After"), _header(response, "Date"), time.time()
            )
        try:
            throttle = ledger.throttle
        except LedgerError:
            return
        throttle.policy = self._policy
        is_refusal = status in REFUSALS
        state = throttle.answered(
            host,
            refuses=is_refusal or stated is not None,
            stated=stated,
            is_redirect=not is_refusal,
        )
        self._answers += 1
        self._refusals += is_refusal
        if is_refusal:
            self._stop_if_refused(host, status, state.refusals)
        elif status == 200:
            self._note_latency(host, request)

    def _stop_if_refused(self, host: str, status: int, in_a_row: int) -> None:
        share = self._refusals / self._answers
        if in_a_row >= self._max_in_a_row:
            self.end_run(
                finish_reasons.RATE_LIMITED,
                f"HTTP {status}, {in_a_row} refusals in a row by {host}",
            )
        elif self._refusals >= _MIN_REFUSALS and share > self._max_share:
            self.end_run(
                finish_reasons.RATE_LIMITED,
                f"HTTP {status}, {self._refusals} of {self._answers} answers of {host} refuse",
            )

    def _note_latency(self, host: str, request: Request) -> None:
        seconds = request.meta.get("download_latency")
        if seconds is None or "playwright" in request.meta:
            return
        latencies = self._latencies.setdefault(host, Latencies())
        latencies.add(seconds)
        if latencies.is_overloaded:
            self.end_run(
                finish_reasons.SITE_SLOW,
                f"{latencies.recent:.1f} s an answer instead of {latencies.usual:.1f} s",
            )

    def end_run(self, reason: str, detail: str) -> None:
        """End the run; what is not sent yet stays due. Nothing in commands without a run."""
        engine = self.crawler.engine
        if self.ended_by is not None or context_of(self.crawler) is None or engine is None:
            return
        self.ended_by = detail
        self.crawler.stats.set_value(counters.FINISH_DETAIL, detail)
        logger.warning("The run ends (%s): %s", reason, detail)
        self._closing = asyncio.ensure_future(engine.close_spider_async(reason=reason))

    def error_of(self, request: Request, error: Exception) -> Exception:
        """Return the error of a request that does not get a slot."""
        if isinstance(error, HostPausedError):
            tasks.postpone(request)
        if not isinstance(error, LedgerError):
            return error
        # The run is over, which is logged once and not for each request in its queue.
        request.errback = None
        return IgnoreRequest(str(error))


def host_of(request: Request) -> str:
    """Return the host that a request is for; sites on two ports of one host are two of them."""
    parts = urlparse_cached(request)
    name = parts.hostname or ""
    return name if parts.port in {None, 80, 443} else f"{name}:{parts.port}"


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")


def _mark_sent(request: Request) -> None:
    """Note that a request was sent; Scrapy sends the signal for those alone."""
    task = tasks.of(request)
    if task is not None:
        task.is_sent = True
