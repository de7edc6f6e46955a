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
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Float, String, bindparam, text
from sqlalchemy.exc import OperationalError

from newscrawl.dumps.paths import safe_name
from newscrawl.ledger.host_state import BackoffPolicy, HostState
from newscrawl.ledger.store import database, postgres_schemas

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

_Result = TypeVar("_Result")
_SPACE = 0x6E657774
"""First key of the advisory locks of hosts; the second is the hash of the host."""
_MAX_WAIT = 120.0
"""Seconds; a later time was written before a clock was set back."""


_STATE_AT, _MAX_STATE = 32, 400
"""Where in a slot's file the host's state begins, and its longest length."""
_CLEAR_SECONDS = 1.0
"""For how long requests without a delay are sent without a look at the host's shared state."""


class HostSlot(Protocol):
    """The right to send a request to a host: held by one worker at a time, released if it dies."""

    async def take(self, delay: float) -> tuple[float, float, str]:
        """Wait for the slot; return in how many seconds the request may be sent.

        The next request may follow `delay` seconds after it. Also returns the time by the clock
        that all workers use, in seconds since 1970, and the encoded `HostState`.
        """

    async def write(self, state: str) -> None:
        """Write the encoded `HostState`; the slot is held."""

    async def give(self) -> None:
        """Release the slot."""

    def close(self) -> None:
        """Close the files or connections."""


class FileSlot:
    """For one machine: a locked file that states when the next request may be sent."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._thread: ThreadPoolExecutor | None = None

    async def take(self, delay: float) -> tuple[float, float, str]:
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
        text = f"{start + delay:.6f}".ljust(_STATE_AT - 1) + "\n"
        os.pwrite(self._file, text.encode(), 0)
        state = os.pread(self._file, _MAX_STATE, _STATE_AT).partition(b"\n")[0]
        return start - now, now, state.decode("ascii", "replace")

    async def write(self, state: str) -> None:
        """Write the state behind the time."""
        os.ftruncate(self._file, _STATE_AT)
        os.pwrite(self._file, f"{state}\n".encode(), _STATE_AT)

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

    async def take(self, delay: float) -> tuple[float, float, str]:
        """Wait in the database's queue for the lock."""
        return await self._do(lambda: self._take(delay))

    def _take(self, delay: float) -> tuple[float, float, str]:
        if self._connection is None:
            engine = database.connect(self._url)
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(_SET_UP, {"name": self._name})
            postgres_schemas.add_host_state(connection)
            self._connection = connection
        values = {"delay": delay, "max_wait": max(_MAX_WAIT, 2 * delay)}
        while True:
            try:
                row = self._connection.execute(_TAKE, {**self._key, **values}).one()
            except OperationalError as error:
                # With many workers the lock is waited for longer than a server may be silent.
                if getattr(error.orig, "sqlstate", None) != _LOCK_TIMEOUT:
                    raise
            else:
                return max(0.0, float(row[0])), float(row[1]), str(row[2] or "")

    async def write(self, state: str) -> None:
        """Write the state into the host's row."""
        await self._do(lambda: self._write(state))

    def _write(self, state: str) -> None:
        if self._connection is not None:
            self._connection.execute(_WRITE, {"host": self._key["host"], "state": state})

    async def give(self) -> None:
        """Release the lock."""
        await self._do(self._give)

    def _give(self) -> None:
        if self._connection is not None:
            self._connection.execute(_UNLOCK, self._key)

    async def _do(self, function: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()
        self._thread.shutdown(wait=False)


_WRITE = text("UPDATE newscrawl.hosts SET state = :state WHERE host = :host")
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
    "RETURNING next_at - :delay - extract(epoch FROM clock_timestamp()), "
    "extract(epoch FROM clock_timestamp()), state"
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


async def sleep(seconds: float, cause: str) -> None:  # noqa: ARG001 - what others count by
    """Wait."""
    await asyncio.sleep(seconds)


class Throttle:
    """The slots of one worker, by host, and what it knows of the hosts' states."""

    def __init__(self, make: Callable[[str], HostSlot]) -> None:
        self.policy = BackoffPolicy()
        self._make = make
        self._slots: dict[str, tuple[HostSlot, asyncio.Lock]] = {}
        self._next: dict[str, float] = {}
        """When this worker may send the next request to a host, by the monotonic clock."""
        self._states: dict[str, HostState] = {}
        """As last read or written, with the changes that are not written yet."""
        self._changes: dict[str, list[Callable[[HostState], HostState]]] = {}
        """What this worker's answers change of the states, not yet written."""
        self._clear_until: dict[str, float] = {}
        self._offset = 0.0
        """Seconds by which the clock of the slots is ahead of this machine's."""

    def state(self, host: str) -> HostState:
        """Return the state of a host as this worker knows it."""
        return self._states.get(host) or HostState()

    def is_clear(self, host: str) -> bool:
        """Return whether a request without a delay may be sent without taking the slot."""
        return time.monotonic() < self._clear_until.get(host, 0.0)

    def answered(
        self, host: str, *, refuses: bool, stated: float | None = None, is_redirect: bool = False
    ) -> HostState:
        """Record an answer of a host and return its state; it is written with the slot.

        Args:
            host: name of the host.
            refuses: whether it asks to come back later.
            stated: after how many seconds; None if it does not say.
            is_redirect: whether it is a redirect.
        """
        state = self.state(host)
        if not refuses and state.after_answer() is state:
            return state

        now, policy = time.time() + self._offset, self.policy

        def change(before: HostState) -> HostState:
            if not refuses:
                return before.after_answer()
            return before.after_refusal(now, stated, policy, is_redirect=is_redirect)

        self._changes.setdefault(host, []).append(change)
        self._clear_until.pop(host, None)
        self._states[host] = state = change(state)
        return state

    @asynccontextmanager
    async def slot(
        self,
        host: str,
        delay: float,
        *,
        alone: bool,
        wait: Callable[[float, str], Awaitable[None]] = sleep,
    ) -> AsyncIterator[None]:
        """Wait until a request to the host may be sent; hold the slot until the block ends.

        Args:
            host: name of the host.
            delay: seconds from this request to the next one.
            alone: whether no other request to the host may be in progress meanwhile.
            wait: waits for some seconds, for a cause of `host_state` or, for the delay, "".
        """
        if host not in self._slots:
            self._slots[host] = self._make(host), asyncio.Lock()
        slot, lock = self._slots[host]
        async with lock:
            delay *= self.state(host).slowdown
            seconds, stored = await self._take(host, slot, delay, wait)
            try:
                # A busy event loop may have sent the last request later than its time in the slot.
                seconds = max(seconds, self._next.get(host, 0.0) - time.monotonic())
                if seconds > 0:
                    await wait(seconds, "")
                self._next[host] = time.monotonic() + delay
                if alone:
                    yield
                    await self._write(host, slot, stored)
                    return
            finally:
                await slot.give()
        yield

    async def _take(
        self,
        host: str,
        slot: HostSlot,
        delay: float,
        wait: Callable[[float, str], Awaitable[None]],
    ) -> tuple[float, HostState]:
        """Take the slot once the host may be asked again; return in how many seconds.

        Also returns the stored state.
        """
        while True:
            seconds, now, text = await slot.take(delay)
            self._offset = now - time.time()
            is_held = False
            try:
                state = await self._write(host, slot, HostState.decode(text))
                left = state.left(now, 2 * self.policy.longest)
                is_held = left <= 0
            finally:
                if not is_held:
                    # Others may look at the host meanwhile, and wait for themselves.
                    await slot.give()
            if is_held:
                self._clear_until[host] = time.monotonic() + _CLEAR_SECONDS
                return seconds, state
            await wait(left, state.cause)

    async def _write(self, host: str, slot: HostSlot, stored: HostState) -> HostState:
        """Apply this worker's changes to the stored state of a host, and write it if it differs."""
        state = stored
        for change in self._changes.pop(host, ()):
            state = change(state)
        self._states[host] = state
        if state != stored:
            await slot.write(state.encode())
        return state

    def close(self) -> None:
        """Close all slots."""
        for slot, _ in self._slots.values():
            slot.close()
        self._slots.clear()
        self._next.clear()
