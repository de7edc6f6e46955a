"""Copies of robots.txt, one for each scheme, host and port."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.tables import meta

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as a host has sent it."""

    body: bytes
    """Empty if it has none."""
    etag: str | None
    read_at: int
    """When the host has last confirmed it, seconds since 1970."""
    max_age: int
    """For how many seconds it may be used without asking again."""


def read(connection: Connection, run: Any, origin: str) -> RobotsCopy | None:  # noqa: ARG001 - as the store's readers are called
    """Return the copy of an origin's robots.txt; None if it has none."""
    value = connection.execute(select(meta.c.value).where(meta.c.name == _name(origin))).scalar()
    if value is None:
        return None
    try:
        body, etag, read_at, max_age = json.loads(value)
        return RobotsCopy(base64.b64decode(body), etag, int(read_at), int(max_age))
    except (ValueError, TypeError):
        return None


def write(connection: Connection, run: Any, origin: str, copy: RobotsCopy) -> None:  # noqa: ARG001
    """Write the copy of an origin's robots.txt."""
    body = base64.b64encode(copy.body).decode()
    value = json.dumps([body, copy.etag, copy.read_at, copy.max_age])
    statement = insert_into(connection, meta).values(name=_name(origin), value=value)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": value})
    )


def _name(origin: str) -> str:
    return f"robots/{sha256(origin.encode()).hexdigest()[:32]}"
