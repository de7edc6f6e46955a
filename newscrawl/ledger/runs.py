"""Runs and their dumps: begun, recovered after a death, ended."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, cast, delete, extract, func, insert, select, update

from newscrawl.ledger import crawls, dumpfiles, lines, queue
from newscrawl.ledger.dumpfiles import Left, part_of
from newscrawl.ledger.errors import LeaseLostError
from newscrawl.ledger.locks import is_kept
from newscrawl.ledger.schema import AMISS, DIED, FINAL, OPEN, dumps, runs, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.locks import RunLock

HOST = socket.gethostname()


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way."""

    id: int
    series: int
    edition: int
    dump: int
    """Number of its dump in the ledger."""
    path: Path
    """Where the dump goes."""
    joins: bool = False
    """Whether it takes part in a crawl that other workers have begun."""
    is_first: bool = False
    """Whether the series had no run before."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run came to, beside the lines that it wrote."""

    requests: int = 0
    known: int = 0
    """Articles looked at of which no line was due."""
    failed: int = 0
    """Addresses that it could not read."""

    @classmethod
    def of(cls, stats: Mapping[str, Any]) -> Tally:
        """Return what a run's stats tell."""
        return cls(
            requests=stats.get("downloader/request_count", 0),
            known=sum(count for key, count in stats.items() if key.startswith("known/")),
            failed=stats.get("ledger/failed", 0),
        )


@dataclass(slots=True)
class Recovered:
    """What dead runs had left, and what is not as the ledger left it."""

    runs: int = 0
    given_back: int = 0
    """URLs that were leased."""
    cut: int = 0
    """Bytes of lines that were not committed."""
    finished: list[Path] = field(default_factory=list)
    """Dumps that got their final name."""
    amiss: list[str] = field(default_factory=list)
    """What a person must know, a line each."""


def begin(  # noqa: PLR0913 - who runs what, where
    connection: Connection,
    name: str,
    dump: Path,
    now: int,
    lock: RunLock,
    *,
    terms: str,
    new_edition: bool = False,
) -> Run:
    """Note a run and the dump that it will write.

    Raises:
        LedgerHeldError: a crawl with other arguments is under way.
    """
    joins = crawls.join(connection, name, terms, lock)
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
    crawls.take_turn(connection, run.series)
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
        if is_kept(part_of(left.path)):
            continue
        finished = dumpfiles.finish(left)
        found.cut += finished.cut
        if finished.told:
            found.amiss.append(finished.told)
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
        what, changed_at = dumpfiles.check(_left(row))
        if what:
            told.append(dumpfiles.told(Path(row.path), row.lines, what))
            close_dump(connection, row.id, AMISS)
        elif changed_at != row.changed_at:
            close_dump(connection, row.id, FINAL, changed_at)
    return told


def unknown_dumps(connection: Connection, run: Run, folder: Path) -> list[str]:
    """Return the line for a series that begins where dumps lie already: its ledger was removed."""
    earlier = select(runs.c.id).where(runs.c.series == run.series, runs.c.id != run.id).limit(1)
    if connection.execute(earlier).first():
        return []
    text = dumpfiles.unknown(folder)
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


def end(connection: Connection, run: Run, now: int, reason: str, tally: Tally) -> None:
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
