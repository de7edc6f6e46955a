"""What one run does on its ledger: each method is a transaction or two, all in one thread."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import FINAL
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Begun, Ended
from newscrawl.ledger.store import articles, database, enqueue, lines, queue, runs, sources
from newscrawl.ledger.store.database import Session
from newscrawl.ledger.store.locks import AdvisoryLock, FileLock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import URL

    from newscrawl.ledger.records import (
        ArticleSnapshot,
        Batch,
        ClaimResult,
        Leased,
        MissingArticle,
        Recovered,
        Run,
        RunCounts,
    )


class RunTransactions:
    """One connection to a ledger, and one run's statements over it."""

    def __init__(self, url: URL, site: str, silence: int) -> None:
        """Open nothing yet.

        Args:
            url: where the ledger is.
            site: the site that it must belong to.
            silence: after how many seconds without a sign of life a worker counts as dead.
        """
        self._url, self._site, self._silence = url, site, silence
        self._session: Session | None = None
        self._lock: FileLock | AdvisoryLock | None = None
        self.run: Run | None = None
        self._checksum = self._summed = 0

    @property
    def shares(self) -> bool:
        """Whether several runs of one spider work at once."""
        return self._lock is not None and self._lock.shares

    def begin(
        self,
        name: str,
        dump: Path,
        span: tuple[str, str],
        arguments_hash: str,
        anew: bool,  # noqa: FBT001 - positional through the thread
    ) -> Begun:
        """Open the ledger, take the run's lock, clear up after dead runs.

        Args:
            name: of the series.
            dump: where the run would write to.
            span: the first and the last day that the run is about.
            arguments_hash: of the run's arguments, which workers of one crawl share.
            anew: whether all articles are written again, in a new edition.

        Raises:
            LedgerError: in one line, what is wrong.
        """
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
        with session.begin() as connection:
            recovered = runs.recover(connection, run, lock, now)
            recovered.problems += runs.check_dumps(connection, run)
            recovered.problems += runs.unknown_dumps(connection, run, dump.parent)
            # What others have just failed to fetch is due at once, but not for this crawl.
            revived = 0 if run.joins else queue.revive(connection, run.series, now, span)
            if anew and not run.joins:
                revived += queue.all_again(connection, run.series)
            known_heads = sources.known_heads(connection, run.series)
            heard = sources.heard(connection, run.series)
        return Begun(recovered, known_heads, heard, revived)

    def commit(self, batch: Batch) -> list[Leased]:
        """Make a batch durable and return the URLs leased with it."""
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
            if news := runs.not_yet_seeded(connection, run.series, batch.discovered):
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

    def take_over(self, only: int | None) -> tuple[Recovered, bool]:
        """Give back what dead workers hold; return that, and whether the crawl is over."""
        session, run = self._opened()
        assert self._lock is not None
        if isinstance(self._lock, AdvisoryLock):
            with session.begin() as connection:
                self._lock.disconnect_hung(connection)
        with session.begin() as connection:
            found = runs.recover(connection, run, self._lock, int(time.time()))
            return found, queue.is_over(connection, run.series, run.id, only=only)

    def claim(self, readings: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
        """Note what was read of articles and promise their lines to this run."""
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

    def unchanged(self, url: str) -> int | None:
        """Return when the article known at an address was published, in seconds since 1970."""
        with self._opened()[0].begin() as connection:
            return articles.unchanged(connection, url)

    def missing(self, url: str) -> MissingArticle | None:
        """Return the article known at an address whose page is not there, having noted that."""
        session, run = self._opened()
        with session.begin() as connection:
            return articles.missing(connection, url, int(time.time()), run.series)

    def finish_dump(self, part: Path, path: Path) -> None:
        """Give the dump its final name."""
        session, run = self._opened()
        changed_at = part_files.publish(part, path)
        with session.begin() as connection:
            runs.close_dump(connection, run.dump, FINAL, changed_at)

    def end(self, reason: str, counts: RunCounts, *, has_dump: bool) -> Ended:
        """Note that the run is over; return what the series holds."""
        session, run = self._opened()
        with session.begin() as connection:
            if self.shares:
                runs.lock_series(connection, run.series)
            runs.end(connection, run, int(time.time()), reason, counts)
            if not has_dump:
                runs.close_dump(connection, run.dump, None)
            return Ended(*runs.dumps_of(connection, run))

    def close(self) -> None:
        """Give the lock back and close the connection; harmless twice."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self._session is not None:
            self._session.close()
            self._session = None

    def _opened(self) -> tuple[Session, Run]:
        if self._session is None or self.run is None:
            raise LedgerError(f"the ledger {database.printable(self._url)} is closed")
        return self._session, self.run
