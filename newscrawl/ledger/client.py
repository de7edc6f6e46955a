"""The ledger of one run: all statements run in one thread, so that the event loop never blocks."""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from newscrawl.ledger import throttle
from newscrawl.ledger.batching import SECONDS, Batcher
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store import database, series_totals
from newscrawl.ledger.store.transactions import RunTransactions
from newscrawl.ledger.throttle import sleep

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from pathlib import Path

    from scrapy.crawler import Crawler
    from sqlalchemy.engine import URL

    from newscrawl.ledger.records import (
        ArticleSnapshot,
        Batch,
        Begun,
        Claim,
        ClaimResult,
        Ended,
        Leased,
        MissingArticle,
        Recovered,
        Run,
        RunCounts,
        UnchangedArticle,
    )
    from newscrawl.ledger.throttle import Throttle

_Result = TypeVar("_Result")
_LEDGERS: WeakKeyDictionary[Crawler, Ledger] = WeakKeyDictionary()
_SWITCH_SECONDS = 0.001
_COUNT_INTERVAL, _COUNT_PAUSE = 1.0, 100
"""Seconds from a count of what is pending to the next, and the least multiple of its duration."""


def of(crawler: Crawler) -> Ledger | None:
    """Return the ledger of a crawler; None if it uses another scheduler."""
    return _LEDGERS.get(crawler)


class Ledger:
    """The ledger as one run of one spider uses it."""

    def __init__(
        self,
        url: URL,
        site: str,
        *,
        silence: int = 120,
        latest_due: int = 0,
        batch_seconds: float = SECONDS,
    ) -> None:
        """Store the arguments; `begin()` opens the ledger.

        Args:
            url: the ledger's URL.
            site: the site that it must belong to.
            silence: after how many seconds without a heartbeat a worker counts as dead.
            latest_due: longest time in seconds from one look at an address to the next; 0 if
                any is believed.
            batch_seconds: how long a claim waits for others.
        """
        self._url = url
        self._transactions = RunTransactions(url, site, silence, latest_due)
        self.place = database.printable(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._failure: LedgerError | None = None
        self._throttle: Throttle | None = None
        self.dump: Any = None
        """The file of the run's dump while it is open."""
        self.claims: list[Claim] = []
        """Lines written to the dump and not yet committed."""
        self._claims: Batcher[ArticleSnapshot, ClaimResult] = Batcher(
            self._claim_all, batch_seconds
        )
        self.broken: OSError | None = None
        """Error that prevented a line from being written; the run must not commit any more."""
        self.is_whole = True
        """Whether the whole content of the dump is committed; false after a failed commit."""
        self.counts_pending = False
        """Whether commits count what is pending, for who shows it."""
        self.pending: int | None = None
        """URLs of the run that are pending, as last counted; None before the first count."""
        self.pending_sources = 0
        """Sources among them."""
        self.leased_articles = 0
        """Articles that the run has taken and not read yet, as last counted."""
        self.settled = 0
        """URLs that this run has settled."""
        self._next_count = 0.0

    def register(self, crawler: Crawler) -> None:
        """Register this as the ledger of a crawler."""
        _LEDGERS[crawler] = self

    def take_claims(self) -> tuple[list[Claim], int | None, int | None]:
        """Return the lines written since the last commit, the dump's length and its descriptor.

        Length and descriptor are None if the dump has not grown.

        Raises:
            OSError: the dump cannot be written.
        """
        claims, self.claims = self.claims, []
        if not claims or self.dump is None:
            return claims, None, None
        self.dump.flush()
        return claims, self.dump.tell(), self.dump.fileno()

    @property
    def shares(self) -> bool:
        """Whether several runs of one spider may be active at the same time."""
        return self._transactions.shares

    @property
    def run(self) -> Run | None:
        """The run; None before it has begun."""
        return self._transactions.run

    async def begin(
        self,
        name: str,
        dump: Path,
        span: tuple[str, str],
        *,
        arguments_hash: str = "",
        anew: bool = False,
    ) -> Begun:
        """Open the ledger, take the run's lock and recover dead runs.

        Raises:
            LedgerError: in one line, what is wrong.
        """
        # With the default of 5 ms the event loop would wait that long for the busy thread.
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
        begun = await self._do(self._transactions.begin, name, dump, span, arguments_hash, anew)
        lock = self._transactions.lock
        assert lock is not None
        self._throttle = throttle.of_run(self._url, lock.application_name)
        return begun

    def share_slots(self, name: str) -> None:
        """Take part in the pace of the hosts without a run; `name` is that of its connections."""
        self._throttle = throttle.of_run(self._url, name)

    async def commit(self, batch: Batch) -> list[Leased]:
        """Commit a batch and return the URLs leased with it."""
        leased = await self._unless_failed(self._transactions.commit, batch)
        self.settled += len(batch.settled)
        if self.pending is not None:
            self.pending = max(0, self.pending - len(leased))
        await self._count_pending(batch.only)
        return leased

    async def _count_pending(self, only: int | None) -> None:
        """Count the pending URLs once a second, and for a hundredth of the time at most."""
        began = time.monotonic()
        if self.counts_pending and began >= self._next_count:
            await self.count_pending(only)
            now = time.monotonic()
            self._next_count = now + max(_COUNT_INTERVAL, _COUNT_PAUSE * (now - began))

    async def count_pending(self, only: int | None) -> None:
        """Count the pending URLs; `only` is that of the batches."""
        articles, sources, leased = await self.read(series_totals.waiting, only)
        self.pending, self.pending_sources = articles + sources, sources
        self.leased_articles = leased

    async def read(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Return what a function of the store reads, given a connection, the run, `arguments`."""
        return await self._unless_failed(self._transactions.read, function, *arguments)

    @property
    def throttle(self) -> Throttle:
        """The slots of the hosts.

        Raises:
            LedgerError: the ledger has failed; nothing more may be fetched.
        """
        self._raise_failure()
        if self._throttle is None or not self.is_whole:
            raise LedgerError(f"the ledger {self.place} has failed")
        return self._throttle

    @asynccontextmanager
    async def slot(
        self,
        host: str,
        delay: float,
        *,
        alone: bool,
        wait: Callable[[float, str], Awaitable[None]] = sleep,
    ) -> AsyncIterator[None]:
        """Wait until a request to a host may be sent; see `Throttle.slot`.

        Raises:
            LedgerError: the ledger has failed; nothing more may be fetched.
        """
        try:
            async with self.throttle.slot(host, delay, alone=alone, wait=wait):
                yield
        except (SQLAlchemyError, OSError) as error:
            raise self._record_failure(error) from error

    async def write(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Have a function of the store write in a transaction; like `read` otherwise."""
        return await self._unless_failed(self._transactions.read, function, *arguments)

    async def take_over(self, only: int | None = None) -> tuple[Recovered, bool]:
        """Recover dead workers; return what was recovered, and whether the crawl is over.

        `only` is that of the batches. URLs that this run has leased do not count.
        """
        return await self._unless_failed(self._transactions.take_over, only)

    async def claim(self, snapshot: ArticleSnapshot) -> ClaimResult:
        """Record a snapshot of an article and claim its line for this run."""
        return await self._claims.submit(snapshot)

    async def _claim_all(self, snapshots: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
        return await self._unless_failed(self._transactions.claim, snapshots)

    async def is_of_address(self, address: str, article: str, url: str) -> bool:
        """Return whether an article that names `url` as its address is that of `address`."""
        return await self._unless_failed(self._transactions.is_of_address, address, article, url)

    async def unchanged(self, url: str) -> UnchangedArticle:
        """Return what is known of the article at a URL, whose page has not changed."""
        return await self._unless_failed(self._transactions.unchanged, url)

    async def missing(self, url: str) -> MissingArticle | None:
        """Record that the page of a known article is missing and return the article."""
        return await self._unless_failed(self._transactions.missing, url)

    async def check_files(self) -> None:
        """Check, before the dump is closed, that nobody else has changed its file.

        Raises:
            LedgerError: in one line, what has happened; nothing more is committed.
        """
        await self._unless_failed(self._transactions.check_files)

    async def finish_dump(self, part: Path, path: Path) -> None:
        """Rename the dump to its final name."""
        await self._unless_failed(self._transactions.finish_dump, part, path)

    async def end(self, reason: str, counts: RunCounts) -> Ended:
        """Record the end of the run; return the complete dumps of its series."""
        # Also after a failure, so that leased URLs are returned at once.
        self._failure = None
        end = partial(self._transactions.end, has_dump=self.dump is not None)
        return await self._do(end, reason, counts)

    async def close(self) -> None:
        """Release the lock and end the thread; a second call does nothing."""
        if self._throttle is not None:
            self._throttle.close()
            self._throttle = None
        await self._do(self._transactions.close)
        self._thread.shutdown(wait=False)

    async def _unless_failed(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        def call() -> _Result:
            self._raise_failure()
            return function(*arguments)

        return await self._do(call)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            # What was lost with it must not appear to be done.
            raise self._failure

    async def _do(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, function, *arguments)
        except SQLAlchemyError as error:
            raise self._record_failure(error) from error

    def _record_failure(self, error: Exception) -> LedgerError:
        if self._failure is None:
            self._failure = LedgerError(database.explain(error, self.place))
        return self._failure
