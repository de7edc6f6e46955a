"""Scrapy's scheduler over the ledger: no discovered URL is lost, whatever happens."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.core.scheduler import BaseScheduler, Scheduler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro

from newscrawl import scrapy_internals
from newscrawl.arguments import REST
from newscrawl.context import of as context_of
from newscrawl.discovery.state import bits
from newscrawl.dumps.paths import OutputPaths
from newscrawl.ledger import errors, location
from newscrawl.ledger.batching import LIST_SECONDS, SECONDS
from newscrawl.ledger.client import Ledger
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Batch, RunCounts
from newscrawl.ledger.scrapy import archived_tasks, leases, requests, series_stat
from newscrawl.ledger.scrapy.retry_queue import RetryQueue
from newscrawl.outcomes import counters
from newscrawl.outcomes import task as tasks
from newscrawl.outcomes.retries import Retries
from newscrawl.outcomes.task import ARTICLE, LOCAL, META
from newscrawl.text import key_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.internet.defer import Deferred

    from newscrawl.context import RunContext
    from newscrawl.ledger.records import Begun, DiscoveredUrl, Leased, Run
    from newscrawl.outcomes.task import Task

logger = logging.getLogger(__name__)
INTERVAL = 0.5
"""Seconds between two commits while nothing is urgent."""
_LEASE, _SHARED_LEASE = 64, 8
_URGENT_BUFFER = 2_000
_MAX_UPDATES = 500
_IDLE_POLL = 1.0
"""Seconds between two checks for dead workers while this one is idle."""
_BUSY_POLL = 3.0
"""The same while it is busy."""


class LedgerScheduler(BaseScheduler):
    """Stores requests in the ledger and returns those that it leases.

    Lines, states and the dump's length are committed together. Settings: LEDGER_URL,
    RETRY_INTERVALS, RECHECK_AGES, GONE_AFTER, WORKER_SILENCE.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._spider_opened, signals.spider_opened)
        crawler.signals.connect(self._stopped, signals.engine_stopped)
        self._retries_at = _retries_of(crawler.settings)
        self._leased: deque[Leased] = deque()
        self._retries = RetryQueue()
        self._active: dict[int, Task] = {}
        self._discovered: list[DiscoveredUrl] = []
        self._local_pending = self._local_count = 0
        self._has_begun = self._was_idle = False
        self._drained = self._dry = self._has_failed = self._is_closing = False
        self._refusal: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._commit_loop: Any = None
        self._polled_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BaseScheduler:  # type: ignore[override]
        """Return the scheduler of a crawler; Scrapy's own if the crawler has no run to record."""
        return cls(crawler) if context_of(crawler) else Scheduler.from_crawler(crawler)

    def __len__(self) -> int:
        return len(self._leased) + len(self._retries) + len(self._discovered)

    def open(self, spider: Any) -> Deferred[None]:
        """Open the ledger and recover dead runs."""
        self._spider: Spider = spider
        self._article_request = spider.article_request
        context = context_of(self._crawler)
        assert context is not None, "the ledger's scheduler needs a spider with a RunContext"
        self._context = context
        return deferred_from_coro(self._open())

    async def _open(self) -> None:
        context, settings = self._context, self._crawler.settings
        try:
            self.ledger = _ledger_of(settings, context, self._retries_at.latest)
            begun = await self.ledger.begin(
                context.series,
                context.paths.dump.absolute(),
                context.scope.span(),
                arguments_hash=f"{key_of(repr(context.arguments)):x}",
                anew=context.arguments.known == "write",
                has_archive=context.archive is not None,
            )
        except (LedgerError, OSError) as error:
            self._refusal = errors.report_refusal(self._crawler.stats, error)
            self._has_failed = True
            return
        self.ledger.register(self._crawler)
        assert self.ledger.run is not None
        context.paths = OutputPaths(self.ledger.run.path.with_suffix(""))
        _take_over_knowledge(context, begun, self.ledger.run)
        errors.report_recovered(self._crawler.stats, begun.recovered)
        self._count(counters.LEDGER_REVIVED, begun.revived)
        self._commit_loop = create_looping_call(self._tick)
        self._commit_loop.start(INTERVAL, now=False)

    def _spider_opened(self) -> None:
        """Close a spider whose ledger was refused; earlier, the scraper cannot be closed."""
        if self._refusal is not None:
            raise CloseSpider(self._refusal)

    def has_pending_requests(self) -> bool:
        """Return whether there is something to fetch, now or once other workers release it."""
        waiting = len(self) or self._context.discovery.updates
        return not self._has_failed and bool(waiting or not self._drained)

    def enqueue_request(self, request: Request) -> bool:
        """Store a request; False if that fails. Never raises: the engine would hang."""
        if self._has_failed or self._is_closing:
            return False
        self._has_begun = True
        try:
            if tasks.of(request) is not None:
                self._retries.append(request)
                return True
            if task := requests.local_task(request, self._local_count + 1):
                self._local_pending += 1
                self._local_count += 1
                request.meta[META] = self._active[task.number] = task
                self._retries.append(request)
                return True
            self._discovered.append(requests.to_discovered(request, self._spider))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged and the crawl continues
            logger.error("Cannot store %s: %s", request, error)  # noqa: TRY400 - one line
            self._count(counters.LEDGER_NOT_KEPT)
            return False
        self._drained = self._dry = self._was_idle = False
        if not self._leased or len(self._discovered) > _URGENT_BUFFER:
            self._commit_soon()
        return True

    def next_request(self) -> Request | None:
        """Return the next request; None if there is none now."""
        if self._has_failed:
            return None
        if (request := self._retries.take()) is not None:
            return request
        if len(self._leased) < _LEASE // 4 and (not self._dry or self._is_idle()):
            self._commit_soon()
        is_early = not self._has_begun and leases.is_starting(self._crawler)
        must_wait = bool(self._local_pending) or is_early
        if not self._leased or (self._leased[0].kind == ARTICLE and must_wait):
            return self._retries.take_later() if self._dry and not must_wait else None
        row = self._leased.popleft()
        if row.kind == ARTICLE:
            self._context.discovery.restore(row.url, row.channels)
        request = requests.from_row(row, self._spider, self._article_request)
        self._active[row.id] = request.meta[META]
        return request

    def _is_idle(self) -> bool:
        """Return whether all has been fetched but for what is requested last."""
        return not (self._was_idle or self._leased or leases.is_busy(self._crawler))

    def _commit_soon(self) -> None:
        if self._task is None:
            asyncio.get_running_loop().call_soon(self._tick)

    def _tick(self) -> None:
        """Begin a commit unless one is in progress. Never called by the engine itself."""
        # Once the scheduler closes, a commit would lease URLs that nothing returns to the queue.
        is_over = self._has_failed or self._is_closing
        if self._task is None and not is_over and self._crawler.engine is not None:
            self._task = asyncio.ensure_future(self._commit(self._snapshot()))

    def _snapshot(self, *, is_last: bool = False) -> Batch | Exception:
        """Collect what must be committed, in one step: nothing may change in between."""
        ledger, discovery = self.ledger, self._context.discovery
        if ledger.broken is not None:
            return ledger.broken
        batch = requests.new_batch(self._context)
        now = int(time.time())
        busy = {task.number for request in self._retries if (task := tasks.of(request))}
        if not is_last:
            # A closed engine has no requests in progress but retries.
            assert self._crawler.engine is not None
            busy.update(leases.rows_in_progress(self._crawler.engine))
        for number in [number for number in self._active if number not in busy]:
            task = self._active.pop(number)
            if task.kind == LOCAL:
                self._local_pending -= 1
                continue
            if ledger.dump is None and leases.leave_out_of_dump(task):
                errors.report_not_in_a_dump(self._crawler.stats)
            channels = bits(*discovery.channels(task.url)) if task.kind == ARTICLE else 0
            archived_tasks.keep(self._crawler, task)
            leases.add_to(batch, task, now, self._retries_at, channels)
        self._count(counters.LEDGER_FAILED, leases.failed_articles(batch))
        updates = discovery.take_updates(_MAX_UPDATES)
        if updates:
            # A change of a known article may make it pending.
            self._drained = self._dry = self._was_idle = False
        batch.discovered = [*self._discovered, *map(requests.update_to_discovered, updates)]
        self._discovered = []
        batch.sources = {} if leases.has_unwritten(batch) else discovery.take_sources()
        try:
            batch.claims, batch.length, batch.file = ledger.take_claims()
            archived_tasks.take_progress(self._crawler, batch, is_last=is_last)
        except OSError as error:
            return error
        is_busy = self._active or self._leased or self._retries or batch.discovered
        batch.is_idle = self._dry and not is_busy and not leases.is_starting(self._crawler)
        size = _SHARED_LEASE if ledger.shares else _LEASE
        # Before the first sources are stored, what waits for them would be leased.
        is_early = batch.waits and (self._local_pending or leases.is_starting(self._crawler))
        batch.lease = 0 if is_last or is_early else max(0, size - len(self._leased))
        return batch

    async def _commit(self, snapshot: Batch | Exception) -> None:
        try:
            batch = _raise_if_error(snapshot)
            leased = await self.ledger.commit(batch)
            archived_tasks.committed(self._crawler)
            leased_rows = sorted([*self._leased, *leased], key=lambda row: (-row.rank, row.id))
            self._leased = deque(leased_rows)
            has_discovered = bool(self._discovered or self._context.discovery.updates)
            self._dry = not leased and batch.lease > 0 and not has_discovered
            self._was_idle = self._dry and batch.is_idle
            if self.ledger.shares:
                await self._take_over()
            elif self._was_idle:
                self._drained = True
        except Exception as error:  # noqa: BLE001 - each ends the run, in one line
            self._fail(error)
        finally:
            self._task = None
        if self._crawler.engine is not None:
            scrapy_internals.wake(self._crawler.engine)

    async def _take_over(self) -> None:
        """Take over from dead workers; record whether anything is left for any worker."""
        now = time.monotonic()
        if now - self._polled_at < (_IDLE_POLL if self._dry else _BUSY_POLL):
            return
        self._polled_at = now
        recovered, is_over = await self.ledger.take_over(requests.only(self._context.arguments))
        errors.report_recovered(self._crawler.stats, recovered)
        # URLs that this run has discovered meanwhile have set `_dry` to false.
        self._drained = is_over and self._dry and not self._active

    def _fail(self, error: Exception) -> None:
        """End the run: what is not committed is cut off and repeated by the next run."""
        self._has_failed = True
        self.ledger.is_whole = False
        reason = errors.report_failure(self._crawler.stats, error)
        if self._crawler.engine is not None:
            self._closing = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason=reason)
            )

    def close(self, reason: str) -> Deferred[None]:
        """Commit what is left and return unfetched URLs to the queue."""
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        self._is_closing = True
        if self._commit_loop is not None and self._commit_loop.running:
            self._commit_loop.stop()
        while (task := self._task) is not None:
            await asyncio.wait([task])
        if not hasattr(self, "ledger") or self.ledger.run is None:
            return
        if not self._has_failed:
            await self._commit(self._snapshot(is_last=True))
            await series_stat.record(self.ledger, self._context, self._crawler.stats)
        try:
            ended = await self.ledger.end(reason, RunCounts.of(self._crawler.stats.get_stats()))
            self._crawler.stats.set_value(counters.LEDGER_DUMPS, ended.dumps)
            self._crawler.stats.set_value(counters.LEDGER_LINES, ended.lines)
        except LedgerError as error:
            errors.report_failure(self._crawler.stats, error)

    async def _stopped(self) -> None:
        """Close the ledger after the dump is renamed."""
        if hasattr(self, "ledger"):
            await self.ledger.close()

    def _count(self, key: str, number: int = 1) -> None:
        if number:
            self._crawler.stats.inc_value(key, number)


def _take_over_knowledge(context: RunContext, begun: Begun, run: Run) -> None:
    """Give the context of a run what earlier runs have left."""
    if run.joins:
        logger.info("Joining a crawl that other workers have begun")
    context.remember(*begun.known, is_new=run.is_first)
    context.rights.has_feed_terms = begun.has_feed_terms


def _raise_if_error(batch: Batch | Exception) -> Batch:
    """Return a batch; raise the error that occurred instead."""
    if isinstance(batch, Exception):
        raise batch
    return batch


def _retries_of(settings: BaseSettings) -> Retries:
    return Retries.of(
        settings.getlist("RETRY_INTERVALS"),
        settings.getlist("RECHECK_AGES"),
        settings.getint("GONE_AFTER"),
    )


def _ledger_of(settings: BaseSettings, context: RunContext, latest_due: int) -> Ledger:
    """Return the ledger of a run, not yet opened."""
    url, site = location.of_run(settings, context.addresses.base_url, context.site)
    silence = settings.getint("WORKER_SILENCE")
    seconds = LIST_SECONDS if context.arguments.source == REST else SECONDS
    return Ledger(url, site, silence=silence, latest_due=latest_due, batch_seconds=seconds)
