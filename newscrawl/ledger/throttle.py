"""Sends requests to a host one after another, over all workers that share a ledger.

See decision 43 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Float, String, bindparam, text
from sqlalchemy.exc import OperationalError

from newscrawl.dumps.paths import safe_name
from newscrawl.ledger.store import database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

_SPACE = 0x6E657774
"""First key of the advisory locks of hosts; the second is the hash of the host."""
_MAX_WAIT = 120.0
"""Seconds; a later time was written before a clock was set back."""


class HostSlot(Protocol):
    """The right to send a request to a host: held by one worker at a time, released if it dies."""

    async def take(self, delay: float) -> float:
        """Wait for the slot; return in how many seconds the request may be sent.

        The next request may follow `delay` seconds after it.
        """

    async def give(self) -> None:
        """Release the slot."""

    def close(self) -> None:
        """Close the files or connections."""


class FileSlot:
    """For one machine: a locked file that states when the next request may be sent."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._thread: ThreadPoolExecutor | None = None

    async def take(self, delay: float) -> float:
        """Wait for the slot without blocking the event loop."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="slot")
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, fcntl.flock, self._file, fcntl.LOCK_EX)
        now = time.time()
        start = min(max(now, self._next_time()), now + max(_MAX_WAIT, 2 * delay))
        os.pwrite(self._file, f"{start + delay:.6f}\n".encode(), 0)
        return start - now

    def _next_time(self) -> float:
        try:
            return float(os.pread(self._file, 40, 0).split(b"\n")[0])
        except ValueError:
            return 0.0

    async def give(self) -> None:
        """Unlock the file."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
        if self._thread is not None:
            self._thread.shutdown(wait=False)


class DatabaseSlot:
    """For several machines: an advisory lock, and a time by the database's clock.

    It has its own connection, since waiting for a lock blocks a connection.
    """

    def __init__(self, url: URL, name: str, host: str) -> None:
        """Store the arguments; the first `take()` connects.

        Args:
            url: the ledger's URL.
            name: application name of the worker's connections.
            host: name of the host.
        """
        self._url, self._name = url, name
        self._key = {"space": _SPACE, "host": host}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slot")
        self._connection: Connection | None = None

    async def take(self, delay: float) -> float:
        """Wait in the database's queue for the lock."""
        return await self._do(lambda: self._take(delay))

    def _take(self, delay: float) -> float:
        if self._connection is None:
            engine = database.connect(self._url)
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(_SET_UP, {"name": self._name})
            self._connection = connection
        values = {"delay": delay, "max_wait": max(_MAX_WAIT, 2 * delay)}
        while True:
            try:
                wait = self._connection.execute(_TAKE, {**self._key, **values}).scalar_one()
            except OperationalError as error:
                # With many workers the lock is waited for longer than a server may be silent.
                if getattr(error.orig, "sqlstate", None) != _LOCK_TIMEOUT:
                    raise
            else:
                return max(0.0, float(wait))

    async def give(self) -> None:
        """Release the lock."""
        await self._do(self._give)

    def _give(self) -> None:
        if self._connection is not None:
            self._connection.execute(_UNLOCK, self._key)

    async def _do(self, function: Callable[[], float | None]) -> float:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, function) or 0.0

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()
        self._thread.shutdown(wait=False)


_SET_UP = text("SELECT set_config('application_name', :name, false)")
_LOCK_TIMEOUT = "55P03"
"""SQLSTATE lock_not_available."""
_UNLOCK = text("SELECT pg_advisory_unlock(:space, hashtext(:host))")
# The row is read after the lock is taken, as it is at that time.
_TAKE = text(
    "WITH locked AS MATERIALIZED (SELECT pg_advisory_lock(:space, hashtext(:host))) "
    "INSERT INTO newscrawl.hosts (host, next_at) "
    "SELECT :host, extract(epoch FROM clock_timestamp()) + :delay FROM locked "
    "ON CONFLICT (host) DO UPDATE SET next_at = :delay + least("
    "greatest(hosts.next_at, extract(epoch FROM clock_timestamp())), "
    "extract(epoch FROM clock_timestamp()) + :max_wait) "
    "RETURNING next_at - :delay - extract(epoch FROM clock_timestamp())"
).bindparams(
    bindparam("host", type_=String),
    bindparam("delay", type_=Float),
    bindparam("max_wait", type_=Float),
)


def of_run(url: URL, name: str) -> Throttle:
    """Return the throttle of a run on the ledger at `url`, shared by the ledgers beside it.

    Ledgers are beside each other in one folder, or in one PostgreSQL database. `name` is the
    application name of the run's connections to such a database.
    """
    if url.get_backend_name() != "sqlite":
        return Throttle(lambda host: DatabaseSlot(url, name, host))
    folder = Path(str(url.database)).parent
    return Throttle(lambda host: FileSlot(folder / f"ledger.{safe_name(host)}.turn"))


class Throttle:
    """The slots of one worker, by host."""

    def __init__(self, make: Callable[[str], HostSlot]) -> None:
        self._make = make
        self._slots: dict[str, tuple[HostSlot, asyncio.Lock]] = {}
        self._next: dict[str, float] = {}
        """When this worker may send the next request to a host, by the monotonic clock."""

    @asynccontextmanager
    async def slot(self, host: str, delay: float, *, alone: bool) -> AsyncIterator[None]:
        """Wait until a request to the host may be sent; hold the slot until the block ends.

        Args:
            host: name of the host.
            delay: seconds from this request to the next one.
            alone: whether no other request to the host may be in progress meanwhile.
        """
        if host not in self._slots:
            self._slots[host] = self._make(host), asyncio.Lock()
        slot, lock = self._slots[host]
        async with lock:
            wait = await slot.take(delay)
            try:
                # A busy event loop may have sent the last request later than its time in the slot.
                wait = max(wait, self._next.get(host, 0.0) - time.monotonic())
                if wait > 0:
                    await asyncio.sleep(wait)
                self._next[host] = time.monotonic() + delay
                if alone:
                    yield
                    return
            finally:
                await slot.give()
        yield

    def close(self) -> None:
        """Close all slots."""
        for slot, _ in self._slots.values():
            slot.close()
        self._slots.clear()
        self._next.clear()
