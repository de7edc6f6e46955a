"""The ledger of one run: every statement in one thread, so that the event loop never waits."""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import FINAL
from newscrawl.ledger import throttle
from newscrawl.ledger.batching import Batcher
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Begun, Ended
from newscrawl.ledger.store import articles, database, enqueue, lines, queue, runs, sources
from newscrawl.ledger.store.database import Session
from newscrawl.ledger.store.locks import AdvisoryLock, FileLock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from scrapy.crawler import Crawler
    from sqlalchemy.engine import URL

    from newscrawl.ledger.records import (
        ArticleSnapshot,
        Batch,
        Claim,
        ClaimResult,
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
        self._url, self._site, self._silence = url, site, silence
        self.place = database.shown(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._session: Session | None = None
        self._failure: LedgerError | None = None
        self._throttle: Throttle | None = None
        self._lock: FileLock | AdvisoryLock | None = None
        self.run: Run | None = None
        self.dump: Any = None
        """The file of the run's dump while it is open."""
        self.claims: list[Claim] = []
        """Lines written to the dump and not yet committed."""
        self._claims: Batcher[ArticleSnapshot, ClaimResult] = Batcher(self._claim_all)
        self._checksum = self._summed = 0
        self.broken: OSError | None = None
        """What kept a line from being written: the run must end, and commit no more."""
        self.is_whole = True
        """Whether all that the dump holds is committed; false once a commit has failed."""

    def register(self, crawler: Crawler) -> None:
        """Make this the ledger of a crawler."""
        _OF[crawler] = self

    @property
    def shares(self) -> bool:
        """Whether several runs of one spider work at once."""
        return self._lock is not None and self._lock.shares

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
        return await self._do(self._begin, name, dump, span, arguments_hash, anew)

    def _begin(
        self,
        name: str,
        dump: Path,
        span: tuple[str, str],
        arguments_hash: str,
        anew: bool,  # noqa: FBT001 - positional through the thread
    ) -> Begun:
        engine = database.open_ledger(self._url, self._site)
        if self._url.get_backend_name() == "sqlite":
            lock: FileLock | AdvisoryLock = FileLock(Path(str(self._url.database)), name)
            lock.describe(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))  # type: ignore[union-attr]
        else:
            lock = AdvisoryLock(self._silence)
        self._lock = lock
        session = self._session = Session(engine)
        now = int(time.time())
        with session.begin() as connection:
            run = runs.begin(
                connection, name, dump, now, lock, arguments_hash=arguments_hash, new_edition=anew
            )
        self.run = run
        self._throttle = throttle.of_run(self._url, run.id)
        with session.begin() as connection:
            recovered = runs.recover(connection, run, lock, now)
            recovered.amiss += runs.check_dumps(connection, run)
            recovered.amiss += runs.unknown_dumps(connection, run, dump.parent)
            # What others have just failed to fetch is due at once, but not for this crawl.
            revived = 0 if run.joins else queue.revive(connection, run.series, now, span)
            if anew and not run.joins:
                revived += queue.all_again(connection, run.series)
            known_heads = sources.known_heads(connection, run.series)
            heard = sources.heard(connection, run.series)
        return Begun(recovered, known_heads, heard, revived)

    async def commit(self, batch: Batch) -> list[Leased]:
        """Make a batch durable and return the URLs leased with it."""
        return await self._do(self._commit, batch)

    def _commit(self, batch: Batch) -> list[Leased]:
        session, run = self._opened()
        if batch.file is not None and batch.length is not None:
            runs.sync(batch.file)
            try:
                self._checksum = part_files.extend(
                    self._checksum, batch.file, self._summed, batch.length
                )
            except EOFError as error:
                raise LedgerError(str(error)) from None
            self._summed = batch.length
        now = int(time.time())
        with session.begin() as connection:
            if self.shares:
                runs.lock_series(connection, run.series)
                runs.beat(connection, run)
            if batch.settled:
                queue.settle(connection, run.id, now, batch.settled)
            if news := runs.not_yet_seeded(connection, run.series, batch.found):
                enqueue.note(connection, run.series, now, news)
            if batch.known_heads:
                sources.note_known_heads(connection, run.series, batch.known_heads)
            sources.note(connection, run.series, batch.sources)
            if batch.length is not None:
                count = lines.write(
                    connection,
                    batch.claims,
                    series=run.series,
                    edition=run.edition,
                    run=run.id,
                    dump=run.dump,
                )
                runs.grow(connection, run, batch.length, self._checksum, count, len(batch.claims))
            if not batch.lease:
                return []
            return queue.lease(connection, run.series, run.id, batch.lease, only=batch.only)

    @asynccontextmanager
    async def slot(self, host: str, delay: float, *, alone: bool) -> AsyncIterator[None]:
        """Wait until a host may be asked, after all workers' requests; see `Throttle.slot`.

        Raises:
            LedgerError: the ledger has failed; nothing more is to be fetched.
        """
        self._opened()
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
        return await self._do(self._take_over, only)

    def _take_over(self, only: int | None) -> tuple[Recovered, bool]:
        session, run = self._opened()
        assert self._lock is not None
        if isinstance(self._lock, AdvisoryLock):
            with session.begin() as connection:
                self._lock.cut_off(connection)
        with session.begin() as connection:
            found = runs.recover(connection, run, self._lock, int(time.time()))
            return found, queue.is_over(connection, run.series, run.id, only=only)

    async def claim(self, reading: ArticleSnapshot) -> ClaimResult:
        """Note a reading of an article and promise its line to this run."""
        return await self._claims.ask(reading)

    async def _claim_all(self, readings: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
        return await self._do(self._claim, readings)

    def _claim(self, readings: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
        session, run = self._opened()
        assert self._lock is not None
        with session.begin() as connection:
            if self.shares:
                runs.lock_claims(connection)
            return [
                articles.claim(
                    connection,
                    reading,
                    series=run.series,
                    edition=run.edition,
                    run=run.id,
                    lock=self._lock,
                )
                for reading in readings
            ]

    async def unchanged(self, url: str) -> int | None:
        """Return when the article known at an address was published, in seconds since 1970."""
        return await self._do(self._unchanged, url)

    def _unchanged(self, url: str) -> int | None:
        with self._opened()[0].begin() as connection:
            return articles.unchanged(connection, url)

    async def missing(self, url: str) -> MissingArticle | None:
        """Return the article known at an address whose page is not there, having noted that."""
        return await self._do(self._missing, url)

    def _missing(self, url: str) -> MissingArticle | None:
        session, run = self._opened()
        with session.begin() as connection:
            return articles.missing(connection, url, int(time.time()), run.series)

    async def finish_dump(self, part: Path, path: Path) -> None:
        """Give the dump its final name."""
        await self._do(self._finish_dump, part, path)

    def _finish_dump(self, part: Path, path: Path) -> None:
        session, run = self._opened()
        changed_at = part_files.publish(part, path)
        with session.begin() as connection:
            runs.close_dump(connection, run.dump, FINAL, changed_at)

    async def end(self, reason: str, tally: RunCounts) -> Ended:
        """Note that the run is over; return what the series holds."""
        return await self._do(self._end, reason, tally)

    def _end(self, reason: str, tally: RunCounts) -> Ended:
        # Also after a failure: what is leased is then given back at once.
        self._failure = None
        session, run = self._opened()
        with session.begin() as connection:
            if self.shares:
                runs.lock_series(connection, run.series)
            runs.end(connection, run, int(time.time()), reason, tally)
            if self.dump is None:
                runs.close_dump(connection, run.dump, None)
            return Ended(*runs.dumps_of(connection, run))

    async def close(self) -> None:
        """Give the lock back and end the thread; harmless twice."""
        await self._do(self._close)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        if self._throttle is not None:
            self._throttle.close()
            self._throttle = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._session is not None:
            self._session.close()
            self._session = None

    def _opened(self) -> tuple[Session, Run]:
        if self._failure is not None:
            # What was lost with it must not look as if it were done.
            raise self._failure
        if self._session is None or self.run is None:
            raise LedgerError(f"the ledger {self.place} is closed")
        return self._session, self.run

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
