"""The ledger of one run: every statement in one thread, so that the event loop never waits."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from newscrawl.ledger import throttle
from newscrawl.ledger.batching import Batcher
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store import database
from newscrawl.ledger.store.transactions import RunTransactions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
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
    )
    from newscrawl.ledger.throttle import Throttle

_T = TypeVar("_T")
_OF: WeakKeyDictionary[Crawler, Ledger] = WeakKeyDictionary()
_SWITCH_SECONDS = 0.001


def of(crawler: Crawler) -> Ledger | None:
    """Return the ledger of a crawler; None where another scheduler is used."""
    return _OF.get(crawler)


class Ledger:
    """Opened for one run of one spider; closed when it is over."""

    def __init__(self, url: URL, site: str, *, silence: int = 120) -> None:
        """Open nothing yet.

        Args:
            url: where the ledger is.
            site: the site that it must belong to.
            silence: after how many seconds without a sign of life a worker counts as dead.
        """
        self._url = url
        self._transactions = RunTransactions(url, site, silence)
        self.place = database.shown(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._failure: LedgerError | None = None
        self._throttle: Throttle | None = None
        self.dump: Any = None
        """The file of the run's dump while it is open."""
        self.claims: list[Claim] = []
        """Lines written to the dump and not yet committed."""
        self._claims: Batcher[ArticleSnapshot, ClaimResult] = Batcher(self._claim_all)
        self.broken: OSError | None = None
        """What kept a line from being written: the run must end, and commit no more."""
        self.is_whole = True
        """Whether all that the dump holds is committed; false once a commit has failed."""

    def register(self, crawler: Crawler) -> None:
        """Make this the ledger of a crawler."""
        _OF[crawler] = self

    def take_claims(self) -> tuple[list[Claim], int | None, int | None]:
        """Return the lines written since the last commit, the dump's length and its descriptor.

        Length and descriptor are None where the dump has not grown.

        Raises:
            OSError: the dump cannot be written to the disk.
        """
        claims, self.claims = self.claims, []
        if not claims or self.dump is None:
            return claims, None, None
        self.dump.flush()
        return claims, self.dump.tell(), self.dump.fileno()

    @property
    def shares(self) -> bool:
        """Whether several runs of one spider work at once."""
        return self._transactions.shares

    @property
    def run(self) -> Run | None:
        """The run, once it has begun."""
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
        """Open the ledger, take the run's lock, clear up after dead runs.

        Raises:
            LedgerError: in one line, what is wrong.
        """
        # While the thread computes, the event loop must not wait for the usual 5 ms.
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
        begun = await self._do(self._transactions.begin, name, dump, span, arguments_hash, anew)
        assert self.run is not None
        self._throttle = throttle.of_run(self._url, self.run.id)
        return begun

    async def commit(self, batch: Batch) -> list[Leased]:
        """Make a batch durable and return the URLs leased with it."""
        return await self._unless_failed(self._transactions.commit, batch)

    @asynccontextmanager
    async def slot(self, host: str, delay: float, *, alone: bool) -> AsyncIterator[None]:
        """Wait until a host may be asked, after all workers' requests; see `Throttle.slot`.

        Raises:
            LedgerError: the ledger has failed; nothing more is to be fetched.
        """
        self._raise_failure()
        if self._throttle is None or not self.is_whole:
            raise LedgerError(f"the ledger {self.place} has given up")
        try:
            async with self._throttle.slot(host, delay, alone=alone):
                yield
        except (SQLAlchemyError, OSError) as error:
            raise self._failed(error) from error

    async def take_over(self, only: int | None = None) -> tuple[Recovered, bool]:
        """Give back what dead workers hold; return that, and whether the crawl is over.

        `only` is that of the batches. What this run has leased does not count.
        """
        return await self._unless_failed(self._transactions.take_over, only)

    async def claim(self, reading: ArticleSnapshot) -> ClaimResult:
        """Note a reading of an article and promise its line to this run."""
        return await self._claims.submit(reading)

    async def _claim_all(self, readings: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
        return await self._unless_failed(self._transactions.claim, readings)

    async def unchanged(self, url: str) -> int | None:
        """Return when the article known at an address was published, in seconds since 1970."""
        return await self._unless_failed(self._transactions.unchanged, url)

    async def missing(self, url: str) -> MissingArticle | None:
        """Return the article known at an address whose page is not there, having noted that."""
        return await self._unless_failed(self._transactions.missing, url)

    async def finish_dump(self, part: Path, path: Path) -> None:
        """Give the dump its final name."""
        await self._unless_failed(self._transactions.finish_dump, part, path)

    async def end(self, reason: str, counts: RunCounts) -> Ended:
        """Note that the run is over; return what the series holds."""
        # Also after a failure: what is leased is then given back at once.
        self._failure = None
        end = partial(self._transactions.end, has_dump=self.dump is not None)
        return await self._do(end, reason, counts)

    async def close(self) -> None:
        """Give the lock back and end the thread; harmless twice."""
        if self._throttle is not None:
            self._throttle.close()
            self._throttle = None
        await self._do(self._transactions.close)
        self._thread.shutdown(wait=False)

    async def _unless_failed(self, function: Callable[..., _T], *arguments: Any) -> _T:
        def call() -> _T:
            self._raise_failure()
            return function(*arguments)

        return await self._do(call)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            # What was lost with it must not look as if it were done.
            raise self._failure

    async def _do(self, function: Callable[..., _T], *arguments: Any) -> _T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, function, *arguments)
        except SQLAlchemyError as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> LedgerError:
        if self._failure is None:
            self._failure = LedgerError(database.explain(error, self.place))
        return self._failure
