"""Which runs are alive: each holds a lock that is released when its process ends."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol

from sqlalchemy import select, text

from newscrawl.ledger.errors import LedgerError, LedgerHeldError
from newscrawl.ledger.store import database, postgres_schemas
from newscrawl.ledger.store.database import BUSY_SECONDS
from newscrawl.ledger.store.postgres_schemas import DEFAULT_SCHEMA
from newscrawl.ledger.store.tables import DIED, runs, series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Engine

_SPACE = 0x6E657773
"""First key of the advisory locks of runs in the schema `newscrawl`; the second is the run.

In other schemas the first key is the schema's object id, since runs are numbered in each of them.
"""


class RunLock(Protocol):
    """Held while a run is alive; released by the kernel or the database when it dies."""

    shares: bool
    """Whether several runs of one spider may be active at the same time."""

    def hold(self, connection: Connection, run: int) -> None:
        """Take the lock of a run."""

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        """Return those of `runs`, which have not ended, whose process no longer exists."""

    def release(self) -> None:
        """Release the lock; a second call does nothing."""


class FileLock:
    """SQLite: one run of a spider at a time, by `flock` on a file beside the ledger."""

    shares = False
    application_name = ""

    def __init__(self, ledger: Path, series: str) -> None:
        """Take the lock.

        Raises:
            LedgerHeldError: another run holds it.
            LedgerError: the lock file cannot be written.
        """
        self._path = _lock_path(ledger, series)
        self._own: int | None = None
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise LedgerError(f"cannot write {self._path}: {error.strerror}") from None
        if not _try_lock(self._file):
            holder = self._holder()
            self._file.close()
            raise LedgerHeldError(
                f"another run of {series} is at work on this ledger{holder}: "
                "wait for it, or share a PostgreSQL ledger"
            )

    def _holder(self) -> str:
        try:
            self._file.seek(0)
            holder = json.loads(self._file.read())
            return f" (process {int(holder['pid'])}, since {str(holder['started'])[:20]})"
        except (ValueError, KeyError, TypeError, OSError):
            return ""

    def describe(self, started: str) -> None:
        """Write who holds the lock, for the error message of other runs."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "started": started}, self._file)
        self._file.flush()

    def hold(self, connection: Connection, run: int) -> None:
        """Remember the run; the lock is held already."""
        self._own = run

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        """Return all runs but this one, which holds the only lock of the series."""
        return [run for run in runs if run != self._own]

    def release(self) -> None:
        """Close the file, which releases the lock."""
        self._file.close()


def is_held(ledger: Path, series: str) -> bool:
    """Return whether a run of a series is using an SQLite ledger; creates no file."""
    try:
        with _lock_path(ledger, series).open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _lock_path(ledger: Path, series: str) -> Path:
    name = re.sub(r"[^a-z0-9_]+", "-", series.lower())
    return ledger.with_name(f"{ledger.name}.{name}.lock")


def _try_lock(file: IO[str]) -> bool:
    """Return whether a lock could be taken; `is_held()` holds it for a moment."""
    for wait in (0.05, 0.1, 0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(wait)
        else:
            return True
    return False


def name_of(run: int, schema: str = DEFAULT_SCHEMA) -> str:
    """Return the application name of a run's connections; `schema` is that of its ledger."""
    return f"{schema} run {run}"


class AdvisoryLock:
    """PostgreSQL: an advisory lock for each run, released with its connection."""

    shares = True

    def __init__(self, silence: int) -> None:
        """Take no lock yet.

        Args:
            silence: after how many seconds without a heartbeat a worker is disconnected.
        """
        self._silence = silence
        self._own: int | None = None
        self.application_name = ""
        """That of the run's connections, once the lock is held."""

    def hold(self, connection: Connection, run: int) -> None:
        """Take the run's lock and set the application name of the connection."""
        # Others wait for its transactions: one that hangs must be ended before they time out.
        timeout = min(self._silence, int(BUSY_SECONDS) // 2)
        self.application_name = name_of(run, postgres_schemas.current(connection))
        connection.execute(_SET_UP, {"name": self.application_name, "timeout": f"{timeout}s"})
        connection.execute(_TAKE, {"space": _SPACE, "run": run})
        self._own = run

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        """Return the runs whose lock is not held."""
        others = sorted({*runs} - {self._own})
        if not others:
            return []
        alive = {int(run) for run in connection.execute(_HELD, {"space": _SPACE}).scalars()}
        return [run for run in others if run not in alive]

    def disconnect_hung(self, connection: Connection) -> None:
        """End the connections of workers that hang, which releases their locks.

        Also those of workers considered dead: the server may have ended the connection that was
        in a transaction, with the run's lock, but not the one that holds a host's slot.
        """
        values = {"own": self._own, "died": DIED}
        connection.execute(_DISCONNECT_HUNG, {**values, "silence": self._silence})

    def release(self) -> None:
        """Do nothing: the lock is released when the connection is closed."""


_DISCONNECT_HUNG = text(
    "SELECT pg_terminate_backend(activity.pid) FROM runs JOIN pg_stat_activity AS activity "
    "ON activity.application_name = current_schema() || ' run ' || runs.id "
    "WHERE activity.datname = current_database() AND runs.id <> :own AND (runs.reason = :died "
    "OR runs.ended IS NULL AND runs.beat < extract(epoch FROM clock_timestamp()) - :silence)"
)
_SET_UP = text(
    "SELECT set_config('application_name', :name, false), "
    "set_config('idle_in_transaction_session_timeout', :timeout, false)"
)
_TAKE = text(
    "SELECT pg_advisory_lock(CAST(CASE nspname WHEN 'newscrawl' THEN :space ELSE oid END AS int4), "
    ":run) FROM pg_namespace WHERE nspname = current_schema()"
)
_HELD = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND classid = (SELECT CAST(CASE nspname WHEN 'newscrawl' THEN :space ELSE oid END AS oid) "
    "FROM pg_namespace WHERE nspname = current_schema())"
)


def lock_file(file: IO[bytes]) -> None:
    """Lock a file as long as it is open, so that no other run truncates it while it grows."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def create_locked(path: Path) -> BinaryIO:
    """Create a file that grows, and its folder, and lock it; an existing file is not overwritten.

    Raises:
        OSError: it exists, or cannot be created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("x+b")
    lock_file(file)
    return file


def is_file_locked(path: Path) -> bool:
    """Return whether a process of this machine has locked a file."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def live_runs(engine: Engine, connection: Connection) -> set[int]:
    """Return the runs that are active."""
    rows = connection.execute(
        select(runs.c.id, series.c.name)
        .join(series, series.c.id == runs.c.series)
        .where(runs.c.ended.is_(None))
    ).all()
    if not rows:
        return set()
    if engine.dialect.name == "postgresql":
        numbers = {int(row.id) for row in rows}
        return numbers - {*AdvisoryLock(0).dead(connection, numbers)}
    held = {name for name in {row.name for row in rows} if is_held(_file(engine), name)}
    # Only one run of a spider is active at a time: the others have died.
    return {max(row.id for row in rows if row.name == name) for name in held}


@contextmanager
def block_runs(engine: Engine, names: Iterable[str]) -> Iterator[None]:
    """Prevent runs of these spiders from starting on an SQLite ledger.

    Raises:
        LedgerHeldError: one is active; on PostgreSQL only this is checked.
    """
    spiders = sorted(set(names))
    if engine.dialect.name == "postgresql":
        with database.read_only(engine).begin() as connection:
            active = live_runs(engine, connection)
            holder = connection.execute(
                select(series.c.name, runs.c.host, runs.c.pid)
                .join(series, series.c.id == runs.c.series)
                .where(runs.c.id.in_(active), series.c.name.in_(spiders))
            ).first()
        if holder:
            raise LedgerHeldError(
                f"a run of {holder.name} is at work on this ledger "
                f"(process {holder.pid} on {holder.host}): wait for it"
            )
        yield
        return
    with ExitStack() as stack:
        for name in spiders:
            lock = FileLock(_file(engine), name)
            stack.callback(lock.release)
            lock.describe(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))
        yield


def _file(engine: Engine) -> Path:
    return Path(str(engine.url.database))
