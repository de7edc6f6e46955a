"""A crawl of a series, which several workers may share. All functions run in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text, update

from newscrawl.ledger.errors import LedgerHeldError
from newscrawl.ledger.found import insert_into
from newscrawl.ledger.schema import runs, seeds, series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from newscrawl.ledger.locks import RunLock
    from newscrawl.ledger.rows import Found


def join(connection: Connection, name: str, terms: str, lock: RunLock) -> bool:
    """Take part in the series' crawl under way, or begin one; return whether it was under way.

    Args:
        connection: of the transaction, which no other run of the series passes meanwhile.
        name: of the series.
        terms: the run's arguments.
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
        if found.terms != terms:
            raise LedgerHeldError(
                f"another crawl of {name} is at work on this ledger, with other arguments: "
                "wait for it, or give the same ones to share its work"
            )
        return True
    connection.execute(update(series).where(series.c.id == found.id).values(terms=terms))
    connection.execute(delete(seeds).where(seeds.c.series == found.id))
    return False


def take_turn(connection: Connection, series_id: int) -> None:
    """Wait until no other worker writes to the series' URLs.

    Two that note what both have come across would otherwise wait for each other in a circle.
    """
    connection.execute(select(series.c.id).where(series.c.id == series_id).with_for_update())


def unasked(connection: Connection, series_id: int, found: Iterable[Found]) -> list[Found]:
    """Return what was found but for what another worker has begun the crawl with."""
    return [one for one in found if not one.seed or _is_new(connection, series_id, one.key)]


def _is_new(connection: Connection, series_id: int, key: int) -> bool:
    statement = insert_into(connection, seeds).on_conflict_do_nothing().returning(seeds.c.key)
    values = {"series": series_id, "key": key}
    return connection.execute(statement, values).one_or_none() is not None


def take_turn_to_claim(connection: Connection) -> None:
    """Wait until no other worker decides about an article; PostgreSQL only.

    Two that read the same text at once would not see each other's.
    """
    connection.execute(_CLAIMING)


_CLAIMING = text("SELECT pg_advisory_xact_lock(7305798)")
