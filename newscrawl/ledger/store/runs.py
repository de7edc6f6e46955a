"""Runs and their dumps: begun, recovered after a death, ended."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    bindparam,
    cast,
    delete,
    extract,
    func,
    insert,
    select,
    text,
    update,
)

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import DAMAGED, FINAL, OPEN, Left, part_of
from newscrawl.ledger.errors import LeaseLostError, LedgerHeldError
from newscrawl.ledger.records import Recovered, Run
from newscrawl.ledger.store import lines, queue
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.locks import is_file_locked
from newscrawl.ledger.store.tables import DIED, dumps, runs, seeds, series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.records import DiscoveredUrl, RunCounts
    from newscrawl.ledger.store.locks import RunLock

HOST = socket.gethostname()


def begin(  # noqa: PLR0913 - who runs what, where
    connection: Connection,
    name: str,
    dump: Path,
    now: int,
    lock: RunLock,
    *,
    arguments_hash: str,
    new_edition: bool = False,
) -> Run:
    """Note a run and the dump that it will write.

    Raises:
        LedgerHeldError: a crawl with other arguments is under way.
    """
    joins = join(connection, name, arguments_hash, lock)
    if new_edition and not joins:
        connection.execute(
            update(series).where(series.c.name == name).values(edition=series.c.edition + 1)
        )
    found = connection.execute(select(series).where(series.c.name == name)).one()
    before = select(runs.c.id).where(runs.c.series == found.id).limit(1)
    if joins:
        # Those that share its crawl were not before it.
        before = before.where(runs.c.ended.is_not(None))
    is_first = connection.execute(before).scalar() is None
    run = connection.execute(
        insert(runs)
        .values(series=found.id, host=HOST, pid=os.getpid(), started=now, written=0)
        .returning(runs.c.id)
    ).scalar_one()
    lock.hold(connection, run)
    dump = _free_path(connection, dump)
    number = connection.execute(
        insert(dumps)
        .values(series=found.id, run=run, host=HOST, path=str(dump), length=0, lines=0, state=OPEN)
        .returning(dumps.c.id)
    ).scalar_one()
    return Run(run, found.id, found.edition, number, dump, joins, is_first)


def _free_path(connection: Connection, path: Path) -> Path:
    """Return the path, or one with a number if a worker that began in the same second has it."""
    free, number = path, 1
    while connection.execute(select(dumps.c.id).where(dumps.c.path == str(free))).first():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def recover(connection: Connection, run: Run, lock: RunLock, now: int) -> Recovered:
    """Give back what dead runs of the series had leased, and finish their dumps.

    A dump of another machine is finished there; its lines stand whoever finishes it.
    """
    found = Recovered()
    lock_series(connection, run.series)
    opened = connection.execute(
        select(runs.c.id).where(
            runs.c.series == run.series, runs.c.ended.is_(None), runs.c.id != run.id
        )
    ).scalars()
    dead = lock.dead(connection, [int(number) for number in opened])
    if dead:
        found.runs = len(dead)
        connection.execute(update(runs).where(runs.c.id.in_(dead)).values(ended=now, reason=DIED))
        found.given_back = queue.give_back(connection, dead)
        lines.forget_claims(connection, dead)
    ours = connection.execute(
        select(dumps)
        .join(runs, runs.c.id == dumps.c.run)
        .where(
            dumps.c.series == run.series,
            dumps.c.state == OPEN,
            dumps.c.host == HOST,
            dumps.c.id != run.dump,
            runs.c.ended.is_not(None),
        )
    ).all()
    for row in ours:
        left = _left(row)
        # Its process may not know yet that it counts as dead.
        if is_file_locked(part_of(left.path)):
            continue
        finished = part_files.finish(left)
        found.cut += finished.cut
        if finished.told:
            found.problems.append(finished.told)
        if finished.state == FINAL:
            found.finished.append(left.path)
        close_dump(connection, row.id, finished.state)
    return found


def _left(row: Row[Any]) -> Left:
    return Left(Path(row.path), row.length, row.lines, row.checksum, row.changed_at)


def close_dump(
    connection: Connection, number: int, state: int | None, changed_at: int | None = None
) -> None:
    """Note a dump's end; None for one that holds nothing and is no more."""
    if state is None:
        connection.execute(delete(dumps).where(dumps.c.id == number))
    else:
        values: dict[str, int | None] = {"state": state, "changed_at": changed_at}
        connection.execute(update(dumps).where(dumps.c.id == number).values(values))


def check_dumps(connection: Connection, run: Run) -> list[str]:
    """Return a line for each complete dump of this machine that is not as it was left.

    Each is told once.
    """
    told: list[str] = []
    rows = connection.execute(
        select(dumps).where(
            dumps.c.series == run.series, dumps.c.state == FINAL, dumps.c.host == HOST
        )
    ).all()
    for row in rows:
        what, changed_at = part_files.check(_left(row))
        if what:
            told.append(part_files.told(Path(row.path), row.lines, what))
            close_dump(connection, row.id, DAMAGED)
        elif changed_at != row.changed_at:
            close_dump(connection, row.id, FINAL, changed_at)
    return told


def unknown_dumps(connection: Connection, run: Run, folder: Path) -> list[str]:
    """Return the line for a series that begins where dumps lie already: its ledger was removed."""
    earlier = select(runs.c.id).where(runs.c.series == run.series, runs.c.id != run.id).limit(1)
    if connection.execute(earlier).first():
        return []
    text = part_files.unknown(folder)
    return [text] if text else []


def beat(connection: Connection, run: Run) -> None:
    """Note that the run is alive.

    Raises:
        LeaseLostError: another one has taken it for dead.
    """
    if connection.execute(_BEAT, {"row": run.id}).rowcount != 1:
        raise LeaseLostError(_TAKEN)


_CLOCK = cast(extract("epoch", func.clock_timestamp()), BigInteger)
_BEAT = (
    update(runs).where(runs.c.id == bindparam("row"), runs.c.ended.is_(None)).values(beat=_CLOCK)
)
_TAKEN = "another run took this one for dead"


def grow(  # noqa: PLR0913, PLR0917 - what is durable, and what was promised
    connection: Connection, run: Run, length: int, checksum: int, count: int, wanted: int
) -> None:
    """Note how far the run's dump is durable, and `count` more lines, which must be `wanted`.

    Raises:
        LeaseLostError: the dump is no longer this run's.
    """
    done = connection.execute(
        update(dumps)
        .where(dumps.c.id == run.dump, dumps.c.run == run.id, dumps.c.state == OPEN)
        .values(length=length, checksum=checksum, lines=dumps.c.lines + count)
    )
    alive = connection.execute(
        update(runs)
        .where(runs.c.id == run.id, runs.c.ended.is_(None))
        .values(written=runs.c.written + count)
    )
    if done.rowcount != 1 or alive.rowcount != 1 or count != wanted:
        raise LeaseLostError(_TAKEN)


def end(connection: Connection, run: Run, now: int, reason: str, tally: RunCounts) -> None:
    """Note that the run is over and what it came to; give back what it had leased."""
    queue.give_back(connection, [run.id])
    lines.forget_claims(connection, [run.id])
    connection.execute(
        update(runs)
        .where(runs.c.id == run.id)
        .values(
            ended=now,
            reason=reason[:80],
            requests=tally.requests,
            known=tally.known,
            failed=tally.failed,
        )
    )


def dumps_of(connection: Connection, run: Run) -> tuple[list[str], int]:
    """Return where the series' complete dumps are, oldest first, and their lines."""
    rows = connection.execute(
        select(dumps.c.path, dumps.c.lines)
        .where(dumps.c.series == run.series, dumps.c.state == FINAL)
        .order_by(dumps.c.id)
    ).all()
    return [str(row.path) for row in rows], sum(row.lines for row in rows)


def sync(file: int) -> None:
    """Make what was written to a file outlast a power cut."""
    os.fsync(file)


def join(connection: Connection, name: str, arguments_hash: str, lock: RunLock) -> bool:
    """Take part in the series' crawl under way, or begin one; return whether it was under way.

    Args:
        connection: of the transaction, which no other run of the series passes meanwhile.
        name: of the series.
        arguments_hash: of the run's arguments.
        lock: tells which runs are alive.

    Raises:
        LedgerHeldError: the crawl under way has other arguments.
    """
    statement = insert_into(connection, series).on_conflict_do_nothing()
    connection.execute(statement, {"name": name, "edition": 1})
    found = connection.execute(select(series).where(series.c.name == name).with_for_update()).one()
    opened = select(runs.c.id).where(runs.c.series == found.id, runs.c.ended.is_(None))
    numbers = {int(number) for number in connection.execute(opened).scalars()}
    if numbers.difference(lock.dead(connection, numbers)):
        if found.arguments_hash != arguments_hash:
            raise LedgerHeldError(
                f"another crawl of {name} is at work on this ledger, with other arguments: "
                "wait for it, or give the same ones to share its work"
            )
        return True
    connection.execute(
        update(series).where(series.c.id == found.id).values(arguments_hash=arguments_hash)
    )
    connection.execute(delete(seeds).where(seeds.c.series == found.id))
    return False


def lock_series(connection: Connection, series_id: int) -> None:
    """Wait until no other worker writes to the series' URLs.

    Two that note what both have come across would otherwise wait for each other in a circle.
    """
    connection.execute(select(series.c.id).where(series.c.id == series_id).with_for_update())


def not_yet_seeded(
    connection: Connection, series_id: int, found: Iterable[DiscoveredUrl]
) -> list[DiscoveredUrl]:
    """Return what was found but for what another worker has begun the crawl with."""
    return [one for one in found if not one.seed or _is_new(connection, series_id, one.key)]


def _is_new(connection: Connection, series_id: int, key: int) -> bool:
    statement = insert_into(connection, seeds).on_conflict_do_nothing().returning(seeds.c.key)
    values = {"series": series_id, "key": key}
    return connection.execute(statement, values).one_or_none() is not None


def lock_claims(connection: Connection) -> None:
    """Wait until no other worker decides about an article; PostgreSQL only.

    Two that read the same text at once would not see each other's.
    """
    connection.execute(_CLAIMING)


_CLAIMING = text("SELECT pg_advisory_xact_lock(7305798)")
