"""Operations of one run on its ledger: each is one or two transactions, all in one thread."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import FINAL
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Begun, Ended
from newscrawl.ledger.store import (  # fmt: skip
    archive_files,
    article_addresses,
    articles,
    claims,
    database,
    enqueue,
    feed_terms,
    history,
    lines,
    queue,
    recovered_dumps,
    runs,
    sources,
    unknown_dumps,
)
from newscrawl.ledger.store.archive_files import ArchiveFiles
from newscrawl.ledger.store.database import Session
from newscrawl.ledger.store.lines import LineOwner
from newscrawl.ledger.store.locks import AdvisoryLock, FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection
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
        UnchangedArticle,
    )

_Result = TypeVar("_Result")


class RunTransactions:
    """One connection to a ledger, and the transactions of one run."""

    def __init__(self, url: URL, site: str, silence: int, latest_due: int = 0) -> None:
        """Store the arguments; `begin()` opens the ledger.

        Args:
            url: the ledger's URL.
            site: the site that it must belong to.
            silence: after how many seconds without a heartbeat a worker counts as dead.
            latest_due: longest time in seconds from one look at an address to the next; 0 if
                any is believed.
        """
        self._latest_due = latest_due
        self._url, self._site, self._silence = url, site, silence
        self._session: Session | None = None
        self.lock: FileLock | AdvisoryLock | None = None
        self.run: Run | None = None
        self._checksum = self._summed = 0
        self._file: int | None = None
        self.archive = ArchiveFiles()
        """The files of the run's archive."""
        self._ledger_file: tuple[int, int] | None = None

    @property
    def shares(self) -> bool:
        """Whether several runs of one spider may be active at the same time."""
        return self.lock is not None and self.lock.shares

    def begin(
        self,
        name: str,
        dump: Path,
        span: tuple[str, str],
        arguments_hash: str,
        anew: bool,  # noqa: FBT001 - positional through the thread
    ) -> Begun:
        """Open the ledger, take the run's lock and recover dead runs.

        Args:
            name: name of the series.
            dump: path of the run's dump; a number is added if it is in use.
            span: the first and the last day that the run covers.
            arguments_hash: hash of the run's arguments, which workers of one crawl share.
            anew: whether all articles are written again, in a new edition.

        Raises:
            LedgerError: in one line, what is wrong.
        """
        engine = database.open_ledger(self._url, self._site)
        lock = self.lock = _lock_of(self._url, name, self._silence)
        session = self._session = Session(engine)
        self._ledger_file = database.file_identity(self._url)
        # Also what a run records of itself must not be written.
        unknown_dumps.check(engine, self._site, name, dump.parent)
        now = int(time.time())
        with session.begin() as connection:
            run = runs.begin(
                connection, name, dump, now, lock, arguments_hash=arguments_hash, new_edition=anew
            )
            revived = 0
            if anew and not run.joins:
                # With the new edition: killed in between, the run would leave it without articles.
                with database.patient(connection):
                    revived = queue.all_again(connection, run.series)
        self.run = run
        with session.begin() as connection:
            recovered = runs.recover(connection, run, lock, now)
            archive_files.complete(connection, run, recovered, shares=lock.shares)
            recovered.problems += recovered_dumps.check(connection, run, shares=lock.shares)
            # What other workers of this crawl have just failed to fetch must not be due again.
            if not run.joins:
                revived += queue.revive(
                    connection, run.series, now, span, latest_due=self._latest_due
                )
            known_heads = sources.known_heads(connection, run.series)
            source_states = sources.read(connection, run.series)
            known_addresses = queue.size(connection)
            facts = sources.site_facts(connection)
            known = known_addresses, facts, run.edition, feed_terms.has_any(connection)
        return Begun(recovered, known_heads, source_states, revived, *known)

    def commit(self, batch: Batch) -> list[Leased]:
        """Commit a batch and return the URLs leased with it."""
        session, _ = self._opened()
        _check_file_of(self._url, self._ledger_file)
        if batch.file is not None and batch.length is not None:
            runs.sync(batch.file)
            self._check_dump(batch.file, batch.length)
            try:
                self._checksum = part_files.extend(
                    self._checksum, batch.file, self._summed, batch.length
                )
            except EOFError as error:
                raise LedgerError(str(error)) from None
            self._summed, self._file = batch.length, batch.file
        self.archive.sync(batch.archive_files)
        leased = self._write(batch)
        if any(progress.is_complete for progress in batch.archive_files):
            with session.begin() as connection:
                self.archive.publish(connection, batch.archive_files)
        return leased

    def _write(self, batch: Batch) -> list[Leased]:
        """Write a batch, whose lines and records are durable, in one transaction."""
        session, run = self._opened()
        now = int(time.time())
        with session.begin() as connection:
            if self.shares:
                runs.lock_series(connection, run.series)
                runs.beat(connection, run)
            _settle(connection, run, now, batch)
            if discovered := runs.not_yet_seeded(connection, run.series, batch.discovered):
                enqueue.add(connection, run.series, now, discovered)
                history.record_discoveries(connection, run.series, now, discovered)
            if batch.known_heads:
                sources.write_known_heads(connection, run.series, batch.known_heads)
            feed_terms.write(connection, now, batch.feed_readings)
            sources.write(connection, run.series, batch.sources)
            if batch.site_facts is not None:
                sources.write_site_facts(connection, batch.site_facts)
            self.archive.write(connection, run, batch.archive_files, batch.archived)
            if batch.length is not None:
                _write_lines(connection, run, batch, batch.length, self._checksum)
            if not batch.lease:
                return []
            count, only, waits = batch.lease, batch.only, batch.waits
            return queue.lease(
                connection, run.series, run.id, count, only=only, is_idle=batch.is_idle, waits=waits
            )

    def take_over(self, only: int | None) -> tuple[Recovered, bool]:
        """Recover dead workers; return what was recovered, and whether the crawl is over."""
        session, run = self._opened()
        assert self.lock is not None
        if isinstance(self.lock, AdvisoryLock):
            with session.begin() as connection:
                self.lock.disconnect_hung(connection)
        with session.begin() as connection:
            recovered = runs.recover(connection, run, self.lock, int(time.time()))
            archive_files.complete(connection, run, recovered, shares=self.lock.shares)
            return recovered, queue.is_over(connection, run.series, run.id, only=only)

    def read(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Return what a function of the store reads, given a connection, the run, `arguments`."""
        session, run = self._opened()
        with session.begin() as connection:
            return function(connection, run, *arguments)

    def claim(self, snapshots: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
        """Record snapshots of articles and claim their lines for this run."""
        session, run = self._opened()
        assert self.lock is not None
        with session.begin() as connection:
            if self.shares:
                runs.lock_claims(connection)
            owner = LineOwner(run.series, run.edition, run.id, self.lock)
            return claims.claim_all(connection, snapshots, owner)

    def is_of_address(self, address: str, article: str, url: str) -> bool:
        """Return whether an article that names `url` as its address is that of `address`."""
        with self._opened()[0].begin() as connection:
            return article_addresses.is_of_address(connection, address, article, url)

    def unchanged(self, url: str) -> UnchangedArticle:
        """Return what is known of the article at a URL, whose page has not changed."""
        with self._opened()[0].begin() as connection:
            return articles.unchanged(connection, url)

    def missing(self, url: str) -> MissingArticle | None:
        """Record that the page of a known article is missing and return the article."""
        session, run = self._opened()
        with session.begin() as connection:
            return articles.missing(
                connection,
                url,
                int(time.time()),
                series=run.series,
                edition=run.edition,
                run=run.id,
            )

    def check_files(self) -> None:
        """Check that nobody else has changed the dump or the ledger's file.

        Raises:
            LedgerError: in one line, what has happened; the dump must not get its final name.
        """
        _check_file_of(self._url, self._ledger_file)
        if self._file is None:
            return
        self._check_dump(self._file, self._summed)
        size = os.fstat(self._file).st_size
        is_same = size == self._summed and self._checksum == part_files.extend(
            0, self._file, 0, self._summed
        )
        if not is_same:
            part = part_files.part_of(self._opened()[1].path)
            raise LedgerError(f"{part} was changed while it was written: it stays there; run again")

    def _check_dump(self, file: int, length: int) -> None:
        _, run = self._opened()
        part = part_files.part_of(run.path)
        problem = part_files.damage_while_open(part, file, length)
        if problem is None:
            return
        then = "what it holds stays there"
        if problem.endswith(("removed", "replaced")) and self._summed:
            session, _ = self._opened()
            with session.begin() as connection:
                then = runs.rescue(connection, run, file, self._summed)
        raise LedgerError(f"{part} {problem} while it was written: {then}; run again")

    def finish_dump(self, part: Path, path: Path) -> None:
        """Rename the dump to its final name."""
        session, run = self._opened()
        try:
            changed_at = part_files.publish(part, path)
        except OSError as error:
            raise LedgerError(f"cannot rename {part} to {path}: {error.strerror}") from None
        with session.begin() as connection:
            recovered_dumps.close(connection, run.dump, FINAL, changed_at)

    def end(self, reason: str, counts: RunCounts, *, has_dump: bool) -> Ended:
        """Record the end of the run; return the complete dumps of its series."""
        session, run = self._opened()
        with session.begin() as connection:
            if self.shares:
                runs.lock_series(connection, run.series)
            runs.end(connection, run, int(time.time()), reason, counts)
            if not has_dump:
                recovered_dumps.close(connection, run.dump, None)
            return Ended(*runs.dumps_of(connection, run))

    def close(self) -> None:
        """Release the lock and close the connection; a second call does nothing."""
        if self.lock is not None:
            self.lock.release()
            self.lock = None
        if self._session is not None:
            self._session.close()
            self._session = None

    def _opened(self) -> tuple[Session, Run]:
        if self._session is None or self.run is None:
            raise LedgerError(f"the ledger {database.printable(self._url)} is closed")
        return self._session, self.run


def _write_lines(
    connection: Connection, run: Run, batch: Batch, length: int, checksum: int
) -> None:
    """Record the lines that were written, and the dump's durable length."""
    count = lines.write(
        connection,
        batch.claims,
        series=run.series,
        edition=run.edition,
        run=run.id,
        dump=run.dump,
    )
    runs.grow(connection, run, length, checksum, count, len(batch.claims))


def _settle(connection: Connection, run: Run, now: int, batch: Batch) -> None:
    """Record what became of leased URLs, and of articles that lists hold."""
    if batch.settled:
        queue.settle(connection, run.id, now, batch.settled)
        history.record(connection, run.series, run.id, now, batch.settled)
        article_addresses.settle(connection, batch.settled)
    if batch.listed:
        results = [listed.result for listed in batch.listed]
        enqueue.add_settled(connection, run.series, now, batch.listed)
        history.record(connection, run.series, run.id, now, results)
        history.record_channels(connection, run.series, now, batch.listed)
        article_addresses.settle(connection, results)


def _check_file_of(url: URL, identity: tuple[int, int] | None) -> None:
    """Check that an SQLite ledger is still the file that was opened."""
    if identity != database.file_identity(url):
        raise LedgerError(
            f"the ledger {database.printable(url)} was removed or replaced during the "
            "run, which ends: its dump stays as .part; put the ledger back, or run again"
        )


def _lock_of(url: URL, name: str, silence: int) -> FileLock | AdvisoryLock:
    """Return the lock that the runs of a series take on a ledger."""
    if url.get_backend_name() != "sqlite":
        return AdvisoryLock(silence)
    lock = FileLock(Path(str(url.database)), name)
    lock.describe(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))
    return lock
