"""The ledger of one run: every statement in one thread, so that the event loop never waits."""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from newscrawl.ledger import database, dumpfiles, found, history, lines, queue, runs, sources
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.locks import AdvisoryLock, FileLock
from newscrawl.ledger.schema import FINAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

    from newscrawl.frontier import Source
    from newscrawl.ledger.readings import Claim, Missing, Reading, Verdict
    from newscrawl.ledger.rows import Found, Leased, Settled
    from newscrawl.ledger.runs import Recovered, Run, Tally

_T = TypeVar("_T")
_OF: WeakKeyDictionary[Crawler, Ledger] = WeakKeyDictionary()
_SWITCH_SECONDS = 0.001


def of(crawler: Crawler) -> Ledger | None:
    """Return the ledger of a crawler; None where another scheduler is used."""
    return _OF.get(crawler)


@dataclass(slots=True)
class Batch:
    """What is made durable together."""

    settled: list[Settled] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    tops: dict[str, list[int]] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)
    length: int | None = None
    """Length of the dump in bytes; None when it has not grown."""
    file: int | None = None
    """Its file descriptor."""
    lease: int = 0
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun, and what was found of those before."""

    recovered: Recovered
    tops: dict[str, list[int]]
    sources: dict[int, Source]
    revived: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What a series holds when a run is over."""

    dumps: list[str]
    """Complete dumps, the run's own not among them, oldest first."""
    lines: int
    """How many lines they have."""


class Ledger:
    """Opened for one run of one spider; closed when it is over."""

    def __init__(self, url: URL, site: str) -> None:
        self._url, self._site = url, site
        self.place = database.shown(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._engine: Engine | None = None
        self._lock: FileLock | AdvisoryLock | None = None
        self.run: Run | None = None
        self.dump: Any = None
        """The file of the run's dump while it is open."""
        self.claims: list[Claim] = []
        """Lines written to the dump and not yet committed."""
        self._checksum = self._summed = 0
        self._failure: LedgerError | None = None
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
        self, name: str, dump: Path, span: tuple[str, str], *, anew: bool = False
    ) -> Begun:
        """Open the ledger, take the run's lock, clear up after dead runs.

        Raises:
            LedgerError: in one line, what is wrong.
        """
        # While the thread computes, the event loop must not wait for the usual 5 ms.
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
        return await self._do(self._begin, name, dump, span, anew)

    def _begin(self, name: str, dump: Path, span: tuple[str, str], anew: bool) -> Begun:  # noqa: FBT001 - positional through the thread
        engine = self._engine = database.open_ledger(self._url, self._site)
        if self._url.get_backend_name() == "sqlite":
            lock: FileLock | AdvisoryLock = FileLock(Path(str(self._url.database)), name)
            lock.describe(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))  # type: ignore[union-attr]
        else:
            lock = AdvisoryLock(database.connect(self._url))
        self._lock = lock
        now = int(time.time())
        with engine.begin() as connection:
            run = runs.begin(connection, name, dump, now, lock, new_edition=anew)
        self.run = run
        with engine.begin() as connection:
            recovered = runs.recover(connection, run, lock, now)
            recovered.amiss += runs.check_dumps(connection, run)
            recovered.amiss += runs.unknown_dumps(connection, run, dump.parent)
            revived = queue.revive(connection, run.series, now, span)
            if anew:
                revived += queue.all_again(connection, run.series)
            tops = sources.tops(connection, run.series)
            heard = sources.heard(connection, run.series)
        return Begun(recovered, tops, heard, revived)

    async def commit(self, batch: Batch) -> list[Leased]:
        """Make a batch durable and return the URLs leased with it."""
        return await self._do(self._commit, batch)

    def _commit(self, batch: Batch) -> list[Leased]:
        engine, run = self._opened()
        if batch.file is not None and batch.length is not None:
            runs.sync(batch.file)
            self._checksum = dumpfiles.extend(
                self._checksum, batch.file, self._summed, batch.length
            )
            self._summed = batch.length
        now = int(time.time())
        with engine.begin() as connection:
            if batch.settled:
                queue.settle(connection, run.id, now, batch.settled)
            if batch.found:
                found.note(connection, run.series, now, batch.found)
            if batch.tops:
                sources.note_tops(connection, run.series, batch.tops)
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

    async def take_over(self) -> int | None:
        """Give back what dead workers hold; return how many URLs living ones still have.

        None when no other worker has any.
        """
        return await self._do(self._take_over)

    def _take_over(self) -> int | None:
        engine, run = self._opened()
        assert self._lock is not None
        with engine.begin() as connection:
            runs.recover(connection, run, self._lock, int(time.time()))
            return queue.leased_elsewhere(connection, run.series, run.id) or None

    async def claim(self, reading: Reading) -> Verdict:
        """Note a reading of an article and promise its line to this run."""
        return await self._do(self._claim, reading)

    def _claim(self, reading: Reading) -> Verdict:
        engine, run = self._opened()
        assert self._lock is not None
        with engine.begin() as connection:
            return history.claim(
                connection,
                reading,
                series=run.series,
                edition=run.edition,
                run=run.id,
                lock=self._lock,
            )

    async def unchanged(self, url: str) -> int | None:
        """Return when the article known at an address was published, in seconds since 1970."""
        return await self._do(self._unchanged, url)

    def _unchanged(self, url: str) -> int | None:
        with self._opened()[0].begin() as connection:
            return history.unchanged(connection, url)

    async def missing(self, url: str) -> Missing | None:
        """Return the article known at an address whose page is not there, having noted that."""
        return await self._do(self._missing, url)

    def _missing(self, url: str) -> Missing | None:
        engine, run = self._opened()
        with engine.begin() as connection:
            return history.missing(connection, url, int(time.time()), run.series)

    async def finish_dump(self, part: Path, path: Path) -> None:
        """Give the dump its final name."""
        await self._do(self._finish_dump, part, path)

    def _finish_dump(self, part: Path, path: Path) -> None:
        engine, run = self._opened()
        changed_at = dumpfiles.publish(part, path)
        with engine.begin() as connection:
            runs.close_dump(connection, run.dump, FINAL, changed_at)

    async def end(self, reason: str, tally: Tally) -> Ended:
        """Note that the run is over; return what the series holds."""
        return await self._do(self._end, reason, tally)

    def _end(self, reason: str, tally: Tally) -> Ended:
        # Also after a failure: what is leased is then given back at once.
        self._failure = None
        engine, run = self._opened()
        with engine.begin() as connection:
            runs.end(connection, run, int(time.time()), reason, tally)
            if self.dump is None:
                runs.close_dump(connection, run.dump, None)
            return Ended(*runs.dumps_of(connection, run))

    async def close(self) -> None:
        """Give the lock back and end the thread; harmless twice."""
        await self._do(self._close)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _opened(self) -> tuple[Engine, Run]:
        if self._failure is not None:
            raise LedgerError(str(self._failure))
        if self._engine is None or self.run is None:
            raise LedgerError(f"the ledger {self.place} is closed")
        return self._engine, self.run

    async def _do(self, function: Callable[..., _T], *arguments: Any) -> _T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, function, *arguments)
        except SQLAlchemyError as error:
            # What failed once is not committed after all: the article of a claim would be lost.
            self._failure = LedgerError(database.explain(error, self.place))
            raise self._failure from error
