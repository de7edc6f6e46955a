"""Completes dumps of runs that have died, and checks complete ones.

All functions run within a transaction. See decision 78 in docs/decisions.md.
"""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import DAMAGED, FINAL, OPEN, KnownDump, part_of
from newscrawl.ledger.store.locks import is_file_locked
from newscrawl.ledger.store.tables import dumps, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from newscrawl.ledger.records import Recovered, Run

HOST = socket.gethostname()


def complete(connection: Connection, run: Run, recovered: Recovered, *, shares: bool) -> None:
    """Complete the dumps of ended runs of the series; those that are not here stay open.

    Who holds the lock of an SQLite file may complete all of them. Workers on other machines may
    share PostgreSQL (`shares`): of theirs, only those that this machine sees too.
    """
    rows = connection.execute(
        select(dumps)
        .join(runs, runs.c.id == dumps.c.run)
        .where(
            dumps.c.series == run.series,
            dumps.c.state.in_([OPEN, DAMAGED]),
            dumps.c.id != run.dump,
            runs.c.ended.is_not(None),
        )
    ).all()
    for row in rows:
        dump = _located(connection, row, run)
        is_elsewhere = shares and row.host != HOST and not part_files.is_present(dump)
        # Its process may not yet have noticed that it is considered dead.
        if is_elsewhere or is_file_locked(part_of(dump.path)):
            continue
        if row.state == DAMAGED and not part_files.is_found(dump):
            # Reported before.
            continue
        finished = part_files.finish(dump)
        recovered.cut += finished.cut
        if finished.message and row.state == OPEN:
            recovered.problems.append(finished.message)
        if finished.state == FINAL:
            recovered.finished.append(dump.path)
        close(connection, row.id, finished.state)


def close(
    connection: Connection, number: int, state: int | None, changed_at: int | None = None
) -> None:
    """Write the final state of a dump; None for an empty one, whose file was deleted."""
    if state is None:
        connection.execute(delete(dumps).where(dumps.c.id == number))
    else:
        values: dict[str, int | None] = {"state": state, "changed_at": changed_at}
        connection.execute(update(dumps).where(dumps.c.id == number).values(values))


def check(connection: Connection, run: Run, *, shares: bool) -> list[str]:
    """Return a message for each complete dump that is damaged, each once.

    Of a ledger that machines share (`shares`), only dumps of this machine are checked.
    """
    messages: list[str] = []
    statement = select(dumps).where(dumps.c.series == run.series, dumps.c.state == FINAL)
    if shares:
        statement = statement.where(dumps.c.host == HOST)
    for row in connection.execute(statement).all():
        dump = _located(connection, row, run)
        problem, changed_at = part_files.check(dump)
        if problem:
            messages.append(part_files.damage_message(dump.path, row.lines, problem))
            close(connection, row.id, DAMAGED)
        elif changed_at != row.changed_at:
            close(connection, row.id, FINAL, changed_at)
    return messages


def _located(connection: Connection, row: Row[Any], run: Run) -> KnownDump:
    """Return a dump at its path, or where the output folder is mounted now, which is recorded."""
    dump = KnownDump(Path(row.path), row.length, row.lines, row.checksum, row.changed_at)
    if part_files.is_present(dump):
        return dump
    for folder in _folders(connection, dump.path, run):
        moved = replace(dump, path=folder / dump.path.name)
        if moved.path == dump.path or not dump.length or not part_files.is_found(moved):
            continue
        is_other = select(dumps.c.id).where(dumps.c.path == str(moved.path), dumps.c.id != row.id)
        if connection.execute(is_other).first() is None:
            connection.execute(
                update(dumps).where(dumps.c.id == row.id).values(path=str(moved.path))
            )
            return moved
    return dump


def _folders(connection: Connection, path: Path, run: Run) -> list[Path]:
    """Return where the dumps of a series may lie: the run's folder, and beside an SQLite file."""
    folders = [run.path.parent]
    database = connection.engine.url.database
    if connection.dialect.name == "sqlite" and database:
        folders.append(Path(database).absolute().parent / path.parent.name)
    return folders
