"""Which runs are alive: each holds a lock that vanishes with its process."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from typing import IO, TYPE_CHECKING, Protocol

from sqlalchemy import text

from newscrawl.ledger.errors import LedgerError, LedgerHeldError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_SPACE = 0x6E657773
"""First key of our PostgreSQL advisory locks; the second is the run's number."""


class RunLock(Protocol):
    """Held while a run lives; freed by the kernel or the database when it dies."""

    shares: bool
    """Whether several runs of one spider may work at once."""

    def hold(self, run: int) -> None:
        """Take the lock of a run."""

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        """Return those of `runs`, begun and not ended, whose process is gone."""

    def release(self) -> None:
        """Give the lock back; harmless twice."""


class FileLock:
    """SQLite: one run of a spider at a time, by `flock` on a file beside the ledger."""

    shares = False

    def __init__(self, ledger: Path, series: str) -> None:
        """Take the lock.

        Raises:
            LedgerHeldError: another run has it.
            LedgerError: the file cannot be written.
        """
        self._path = _lock_path(ledger, series)
        self._own: int | None = None
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise LedgerError(f"cannot write {self._path}: {error.strerror}") from None
        if not _taken(self._file):
            holder = self._holder()
            self._file.close()
            raise LedgerHeldError(
                f"another run of {series} is at work on this ledger{holder}: "
                "wait for it, or share a PostgreSQL ledger"
            )

    def _holder(self) -> str:
        try:
            self._file.seek(0)
            found = json.loads(self._file.read())
            return f" (process {int(found['pid'])}, since {str(found['started'])[:20]})"
        except (ValueError, KeyError, TypeError, OSError):
            return ""

    def describe(self, started: str) -> None:
        """Note who holds the lock, for whoever finds it taken."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "started": started}, self._file)
        self._file.flush()

    def hold(self, run: int) -> None:
        """Note the run; the lock is held already."""
        self._own = run

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        """Return all runs but our own: we hold the series' one lock."""
        return [run for run in runs if run != self._own]

    def release(self) -> None:
        """Close the file, which frees the lock."""
        self._file.close()


def is_held(ledger: Path, series: str) -> bool:
    """Return whether a run of a series is at work on an SQLite ledger; makes no file."""
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


def _taken(file: IO[str]) -> bool:
    """Take a lock; whoever only looks whether it is held has it for a moment."""
    for wait in (0.05, 0.1, 0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(wait)
        else:
            return True
    return False


class AdvisoryLock:
    """PostgreSQL: a session's advisory lock for each run, on a connection of its own."""

    shares = True

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._own: int | None = None

    def hold(self, run: int) -> None:
        """Take the run's lock."""
        self._connection.execute(_TAKE, {"space": _SPACE, "run": run})
        self._own = run

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        """Return the runs whose lock is free."""
        free: list[int] = []
        for run in runs:
            if run == self._own:
                continue
            if self._connection.execute(_TRY, {"space": _SPACE, "run": run}).scalar():
                self._connection.execute(_FREE, {"space": _SPACE, "run": run})
                free.append(run)
        return free

    def release(self) -> None:
        """Close the connection, which frees the lock."""
        self._connection.close()
        self._connection.engine.dispose()


_TAKE = text("SELECT pg_advisory_lock(:space, :run)")
_TRY = text("SELECT pg_try_advisory_lock(:space, :run)")
_FREE = text("SELECT pg_advisory_unlock(:space, :run)")
