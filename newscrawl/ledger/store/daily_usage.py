"""How many requests and bytes the crawls of a site have used on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, cast, delete

from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.tables import meta

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PREFIX = "used/"


def add(
    connection: Connection,
    run: Any,  # noqa: ARG001 - as the store's functions are called
    day: str,
    requests: int,
    size: int,
) -> tuple[int, int]:
    """Add requests and bytes to those of a day; return those of all workers."""
    connection.execute(
        delete(meta).where(meta.c.name.like(f"{_PREFIX}%"), ~meta.c.name.like(f"{_PREFIX}{day}/%"))
    )
    used = (_add(connection, f"{_PREFIX}{day}/{name}", number) for name, number in (
        ("requests", requests), ("bytes", size)
    ))  # fmt: skip
    first, second = used
    return first, second


def _add(connection: Connection, name: str, number: int) -> int:
    statement = insert_into(connection, meta).values(name=name, value=str(number))
    total = cast(cast(meta.c.value, BigInteger) + number, String)
    statement = statement.on_conflict_do_update(
        index_elements=[meta.c.name], set_={"value": total}
    ).returning(meta.c.value)
    return int(connection.execute(statement).scalar_one())
