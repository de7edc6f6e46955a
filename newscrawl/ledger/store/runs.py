"""Begins, recovers and ends runs and their dumps."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

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
from newscrawl.dumps.part_files import FINAL, OPEN
from newscrawl.ledger.errors import LeaseLostError, LedgerHeldError
from newscrawl.ledger.records import Recovered, Run
from newscrawl.ledger.store import lines, queue, recovered_dumps
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.recovered_dumps import HOST
from newscrawl.ledger.store.tables import DIED, dumps, runs, seeds, series

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection

    from newscrawl.ledger.records import DiscoveredUrl, RunCounts
    from newscrawl.ledger.store.locks import RunLock


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
    """Record a run and the dump that it will write.

    Raises:
        LedgerHeldError: a crawl with other arguments is in progress.
    """
    joins = join(connection, name, arguments_hash, lock)
    if new_edition and not joins:
        connection.execute(
            update(series).where(series.c.name == name).values(edition=series.c.edition + 1)
        )
    row = connection.execute(select(series).where(series.c.name == name)).one()
    earlier = select(runs.c.id).where(runs.c.series == row.id).limit(1)
    if joins:
        # Runs that share its crawl are not earlier ones.
        earlier = earlier.where(runs.c.ended.is_not(None))
    is_first = connection.execute(earlier).scalar() is None
    run = connection.execute(
        insert(runs)
        .values(series=row.id, host=HOST, pid=os.getpid(), started=now, written=0)
        .returning(runs.c.id)
    ).scalar_one()
    lock.hold(connection, run)
    dump = free_path(connection, dump)
    number = connection.execute(
        insert(dumps)
        .values(series=row.id, run=run, host=HOST, path=str(dump), length=0, lines=0, state=OPEN)
        .returning(dumps.c.id)
    ).scalar_one()
    return Run(run, row.id, row.edition, number, dump, joins, is_first)


def move_dump(connection: Connection, number: int, path: Path) -> None:
    """Record another path of a dump."""
    connection.execute(update(dumps).where(dumps.c.id == number).values(path=str(path)))


def free_path(connection: Connection, path: Path) -> Path:
    """Return the path, with a number if a worker that began in the same second uses it."""
    free, number = path, 1
    while connection.execute(select(dumps.c.id).where(dumps.c.path == str(free))).first():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def rescue(connection: Connection, run: Run, file: int, length: int) -> str:
    """Copy the committed lines of an open dump that has lost its name; return what was done.

    Args:
        connection: connection of the transaction.
        run: the run that writes the dump.
        file: descriptor of its file.
        length: number of committed bytes.
    """
    is_free = not part_files.part_of(run.path).exists()
    path = run.path if is_free else free_path(connection, run.path)
    part = part_files.part_of(path)
    try:
        is_whole = part_files.copy_lines(file, length, part)
    except OSError as error:
        return f"its lines could not be copied ({error.strerror})"
    move_dump(connection, run.dump, path)
    return f"its lines are in {part}" if is_whole else "its lines are lost"


def recover(connection: Connection, run: Run, lock: RunLock, now: int) -> Recovered:
    """Return the leases of dead runs of the series to the queue, and complete their dumps.

    Lines of a dump that cannot be completed here are valid before that too.
    """
    recovered = Recovered()
    lock_series(connection, run.series)
    not_ended = connection.execute(
        select(runs.c.id).where(
            runs.c.series == run.series, runs.c.ended.is_(None), runs.c.id != run.id
        )
    ).scalars()
    dead = lock.dead(connection, [int(number) for number in not_ended])
    if dead:
        recovered.runs = len(dead)
        connection.execute(update(runs).where(runs.c.id.in_(dead)).values(ended=now, reason=DIED))
        recovered.given_back = queue.give_back(connection, dead)
        lines.delete_claims(connection, dead)
    leasing = queue.leasing_runs(connection, run.series)
    ended = select(runs.c.id).where(runs.c.id.in_(leasing), runs.c.ended.is_not(None))
    recovered.given_back += queue.give_back(connection, [*connection.execute(ended).scalars()])
    recovered_dumps.complete(connection, run, recovered, shares=lock.shares)
    return recovered


def beat(connection: Connection, run: Run) -> None:
    """Write the run's heartbeat.

    Raises:
        LeaseLostError: another run considered it dead.
    """
    if connection.execute(_BEAT, {"row": run.id}).rowcount != 1:
        raise LeaseLostError(CONSIDERED_DEAD)


_CLOCK = cast(extract("epoch", func.clock_timestamp()), BigInteger)
_BEAT = (
    update(runs).where(runs.c.id == bindparam("row"), runs.c.ended.is_(None)).values(beat=_CLOCK)
)
CONSIDERED_DEAD = "another run considered this one dead"


def grow(  # noqa: PLR0913, PLR0917 - what is durable, and what was promised
    connection: Connection, run: Run, length: int, checksum: int, count: int, expected: int
) -> None:
    """Write the durable length of the run's dump and `count` more lines, which must be `expected`.

    Raises:
        LeaseLostError: the dump no longer belongs to this run.
    """
    dump_update = connection.execute(
        update(dumps)
        .where(dumps.c.id == run.dump, dumps.c.run == run.id, dumps.c.state == OPEN)
        .values(length=length, checksum=checksum, lines=dumps.c.lines + count)
    )
    run_update = connection.execute(
        update(runs)
        .where(runs.c.id == run.id, runs.c.ended.is_(None))
        .values(written=runs.c.written + count)
    )
    if dump_update.rowcount != 1 or run_update.rowcount != 1 or count != expected:
        raise LeaseLostError(CONSIDERED_DEAD)


def end(connection: Connection, run: Run, now: int, reason: str, counts: RunCounts) -> None:
    """Record the end of the run and its counts; return its leases to the queue."""
    queue.give_back(connection, [run.id])
    lines.delete_claims(connection, [run.id])
    connection.execute(
        update(runs)
        .where(runs.c.id == run.id)
        .values(
            ended=now,
            reason=reason[:80],
            requests=counts.requests,
            known=counts.known,
            failed=counts.failed,
        )
    )


def dumps_of(connection: Connection, run: Run) -> tuple[list[str], int]:
    """Return the paths of the series' complete dumps, oldest first, and their total lines."""
    rows = connection.execute(
        select(dumps.c.path, dumps.c.lines)
        .where(dumps.c.series == run.series, dumps.c.state == FINAL)
        .order_by(dumps.c.id)
    ).all()
    return [str(row.path) for row in rows], sum(row.lines for row in rows)


def sync(file: int) -> None:
    """Flush a file to the disk, so that it survives a power failure."""
    os.fsync(file)


def join(connection: Connection, name: str, arguments_hash: str, lock: RunLock) -> bool:
    """Join the series' crawl in progress, or begin one; return whether one was joined.

    Args:
        connection: connection whose transaction excludes other runs of the series.
        name: name of the series.
        arguments_hash: hash of the run's arguments.
        lock: states which runs are alive.

    Raises:
        LedgerHeldError: the crawl in progress has other arguments.
    """
    statement = insert_into(connection, series).on_conflict_do_nothing()
    connection.execute(statement, {"name": name, "edition": 1})
    row = connection.execute(select(series).where(series.c.name == name).with_for_update()).one()
    not_ended = select(runs.c.id).where(runs.c.series == row.id, runs.c.ended.is_(None))
    numbers = {int(number) for number in connection.execute(not_ended).scalars()}
    if numbers.difference(lock.dead(connection, numbers)):
        if row.arguments_hash != arguments_hash:
            raise LedgerHeldError(
                f"another crawl of {name} is at work on this ledger, with other arguments: "
                "wait for it, or use the same arguments to share its work"
            )
        return True
    connection.execute(
        update(series).where(series.c.id == row.id).values(arguments_hash=arguments_hash)
    )
    connection.execute(delete(seeds).where(seeds.c.series == row.id))
    return False


def lock_series(connection: Connection, series_id: int) -> None:
    """Wait until no other worker writes to the series' URLs.

    Two workers that add the same URLs would otherwise deadlock. See decision 42 in
    docs/decisions.md.
    """
    connection.execute(select(series.c.id).where(series.c.id == series_id).with_for_update())


def not_yet_seeded(
    connection: Connection, series_id: int, discovered: Iterable[DiscoveredUrl]
) -> list[DiscoveredUrl]:
    """Return the URLs without the seeds that another worker of the crawl has added already."""
    return [url for url in discovered if not url.seed or _is_new(connection, series_id, url.key)]


def _is_new(connection: Connection, series_id: int, key: int) -> bool:
    statement = insert_into(connection, seeds).on_conflict_do_nothing().returning(seeds.c.key)
    values = {"series": series_id, "key": key}
    return connection.execute(statement, values).one_or_none() is not None


def lock_claims(connection: Connection) -> None:
    """Wait until no other worker claims articles; PostgreSQL only.

    Two workers that read the same text at the same time would not find each other's.
    """
    connection.execute(_LOCK_CLAIMS)


_LOCK_CLAIMS = text(
    # Of another site's runs none waits: for the schema `newscrawl` it is the key of all versions.
    "SELECT pg_advisory_xact_lock(CASE nspname WHEN 'newscrawl' THEN 7305798 "
    "ELSE (CAST(7305798 AS bigint) << 32) | CAST(oid AS bigint) END) "
    "FROM pg_namespace WHERE nspname = current_schema()"
)
