"""Turns to ask a host: one request after another, over all workers that share a ledger."""

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

from newscrawl.dumps.paths import safe_name
from newscrawl.ledger.store import database
from newscrawl.ledger.store.locks import name_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

_SPACE = 0x6E657774
"""First key of the advisory locks of turns; the second is the host's hash."""
_LONGEST = 120.0
"""Seconds; a turn further off comes from a clock that was set back."""


class HostSlot(Protocol):
    """The right to ask one host, which one worker has at a time; it goes with its process."""

    async def take(self, delay: float) -> float:
        """Wait for the turn; return in how many seconds the request may go out.

        The next one may follow `delay` seconds after that.
        """

    async def give(self) -> None:
        """Pass the turn on."""

    def close(self) -> None:
        """Leave the host."""


class FileSlot:
    """On one machine: a locked file that holds when the host may be asked next."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._thread: ThreadPoolExecutor | None = None

    async def take(self, delay: float) -> float:
        """Wait for the turn without holding up the event loop."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="turn")
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, fcntl.flock, self._file, fcntl.LOCK_EX)
        now = time.time()
        start = min(max(now, self._next()), now + max(_LONGEST, 2 * delay))
        os.pwrite(self._file, f"{start + delay:.6f}\n".encode(), 0)
        return start - now

    def _next(self) -> float:
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
    """Over all machines: an advisory lock, and a time by the database's clock.

    It has a connection of its own, since waiting for a lock keeps a connection busy.
    """

    def __init__(self, url: URL, name: str, host: str) -> None:
        """Open nothing yet.

        Args:
            url: the ledger's.
            name: the worker's, by which its connections are known.
            host: which is asked.
        """
        self._url, self._name = url, name
        self._key = {"space": _SPACE, "host": host}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="turn")
        self._connection: Connection | None = None

    async def take(self, delay: float) -> float:
        """Wait in line, which the database keeps."""
        return await self._do(lambda: self._take(delay))

    def _take(self, delay: float) -> float:
        if self._connection is None:
            engine = database.connect(self._url)
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Many workers and a long delay make a long line.
            connection.execute(_SET_UP, {"name": self._name})
            self._connection = connection
        values = {"delay": delay, "longest": max(_LONGEST, 2 * delay)}
        wait = self._connection.execute(_TAKE, {**self._key, **values}).scalar_one()
        return max(0.0, float(wait))

    async def give(self) -> None:
        """Unlock."""
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


_SET_UP = text(
    "SELECT set_config('application_name', :name, false), set_config('lock_timeout', '0', false)"
)
_UNLOCK = text("SELECT pg_advisory_unlock(:space, hashtext(:host))")
# The row is only looked at once the lock is there, and then as it is by that time.
_TAKE = text(
    "WITH line AS MATERIALIZED (SELECT pg_advisory_lock(:space, hashtext(:host))) "
    "INSERT INTO hosts (host, next_at) "
    "SELECT :host, extract(epoch FROM clock_timestamp()) + :delay FROM line "
    "ON CONFLICT (host) DO UPDATE SET next_at = :delay + least("
    "greatest(hosts.next_at, extract(epoch FROM clock_timestamp())), "
    "extract(epoch FROM clock_timestamp()) + :longest) "
    "RETURNING next_at - :delay - extract(epoch FROM clock_timestamp())"
).bindparams(
    bindparam("host", type_=String),
    bindparam("delay", type_=Float),
    bindparam("longest", type_=Float),
)


def of_run(url: URL, run: int) -> Throttle:
    """Return the turns of a run on the ledger at `url`."""
    if url.get_backend_name() != "sqlite":
        return Throttle(lambda host: DatabaseSlot(url, name_of(run), host))
    ledger = Path(str(url.database))
    return Throttle(
        lambda host: FileSlot(ledger.with_name(f"{ledger.name}.{safe_name(host)}.turn"))
    )


class Throttle:
    """The turns of one worker, by host."""

    def __init__(self, make: Callable[[str], HostSlot]) -> None:
        self._make = make
        self._throttle: dict[str, tuple[HostSlot, asyncio.Lock]] = {}

    @asynccontextmanager
    async def slot(self, host: str, delay: float, *, alone: bool) -> AsyncIterator[None]:
        """Wait until the host may be asked; have the turn until the block's end.

        Args:
            host: its name.
            delay: seconds from this request to the next one.
            alone: whether no other request to the host may be under way meanwhile.
        """
        if host not in self._throttle:
            self._throttle[host] = self._make(host), asyncio.Lock()
        slot, lock = self._throttle[host]
        async with lock:
            wait = await slot.take(delay)
            try:
                if wait > 0:
                    await asyncio.sleep(wait)
                if alone:
                    yield
                    return
            finally:
                await slot.give()
        yield

    def close(self) -> None:
        """Leave all hosts."""
        for slot, _ in self._throttle.values():
            slot.close()
        self._throttle.clear()
