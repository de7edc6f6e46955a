"""Which runs are at work on a ledger, and keeping new ones away for a while."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from newscrawl.ledger import database, locks
from newscrawl.ledger.errors import LedgerHeldError
from newscrawl.ledger.schema import runs, series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Engine


def living(engine: Engine, connection: Connection) -> set[int]:
    """Return the runs that are at work."""
    opened = connection.execute(
        select(runs.c.id, series.c.name)
        .join(series, series.c.id == runs.c.series)
        .where(runs.c.ended.is_(None))
    ).all()
    if not opened:
        return set()
    if engine.dialect.name == "postgresql":
        numbers = {int(row.id) for row in opened}
        return numbers - {*locks.AdvisoryLock(0).dead(connection, numbers)}
    held = {name for name in {row.name for row in opened} if locks.is_held(_file(engine), name)}
    # One run of a spider at a time: the others of it have died.
    return {max(row.id for row in opened if row.name == name) for name in held}


@contextmanager
def kept_away(engine: Engine, names: Iterable[str]) -> Iterator[None]:
    """Keep runs of these spiders from starting on an SQLite ledger.

    Raises:
        LedgerHeldError: one is at work; on PostgreSQL that is all that is seen to.
    """
    wanted = sorted(set(names))
    if engine.dialect.name == "postgresql":
        with database.reading(engine).begin() as connection:
            at_work = living(engine, connection)
            found = connection.execute(
                select(series.c.name, runs.c.host, runs.c.pid)
                .join(series, series.c.id == runs.c.series)
                .where(runs.c.id.in_(at_work), series.c.name.in_(wanted))
            ).first()
        if found:
            raise LedgerHeldError(
                f"a run of {found.name} is at work on this ledger "
                f"(process {found.pid} on {found.host}): wait for it"
            )
        yield
        return
    with ExitStack() as stack:
        for name in wanted:
            lock = locks.FileLock(_file(engine), name)
            stack.callback(lock.release)
            lock.describe(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ"))
        yield


def _file(engine: Engine) -> Path:
    return Path(str(engine.url.database))
