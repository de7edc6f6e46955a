"""Restores the addresses of articles from readings of dumps: read, and when they are due again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func

from newscrawl.discovery.state import bits
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.tables import DONE, FAILED, urls
from newscrawl.outcomes.outcome import Kind, Outcome
from newscrawl.outcomes.task import ARTICLE
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from newscrawl.ledger.admin.dump_readings import Reading
    from newscrawl.outcomes.retries import Retries

_NEWER = (
    "state", "status", "result", "due", "tries", "fetched_at", "etag", "last_modified", "run",
    "request",
)  # fmt: skip
"""Columns that a later reading replaces."""


def restore(
    connection: Connection, series: int, readings: Iterable[Reading], now: int, retries: Retries
) -> None:
    """Record that the addresses of articles were read, unless they were read later than that.

    Args:
        connection: connection of the transaction.
        series: the series whose dump has the lines.
        readings: the lines.
        now: seconds since 1970; what was due before is not, or all would be due at once.
        retries: when an address is read again.
    """
    latest: dict[int, dict[str, Any]] = {}
    for reading in readings:
        row = _row_of(series, reading, now, retries)
        earlier = latest.get(row["key"])
        if earlier is None or row["fetched_at"] >= earlier["fetched_at"]:
            latest[row["key"]] = row
    if not latest:
        return
    statement = insert_into(connection, urls)
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[urls.c.series, urls.c.key],
            set_={
                "channels": urls.c.channels.op("|")(new.channels),
                **{name: new[name] for name in _NEWER},
            },
            where=new.fetched_at > func.coalesce(urls.c.fetched_at, 0),
        ),
        # In the order in which they were found, as the queue has them.
        sorted(latest.values(), key=lambda row: (row["found_at"], row["key"])),
    )


def _row_of(series: int, reading: Reading, now: int, retries: Retries) -> dict[str, Any]:
    snapshot = reading.snapshot
    row: dict[str, Any] = {
        "series": series,
        "key": key_of(snapshot.url),
        "url": snapshot.url,
        "kind": ARTICLE,
        "rank": 0,
        "channels": bits(*reading.channels),
        "depth": 0,
        "found_at": reading.first_seen_at,
        "fetched_at": reading.at,
        "etag": None,
        "last_modified": None,
        "run": None,
        "request": None,
    }
    if snapshot.gone:
        due, tries = _next_look_at_missing(reading.at, now, retries)
        return row | {
            "state": FAILED, "status": 404, "result": "HTTP 404", "due": due, "tries": tries,
        }  # fmt: skip
    due = retries.due(Outcome(Kind.WRITTEN), now, 0, snapshot.published)
    return row | {"state": DONE, "status": 200, "result": None, "due": due, "tries": 0}


def _next_look_at_missing(at: int, now: int, retries: Retries) -> tuple[int | None, int]:
    """Return when a missing page is looked at again, and how many looks count as made by then."""
    due: int | None = at
    tries = 0
    while due is not None and due <= now:
        due = retries.due(Outcome(Kind.GONE), due, tries, None)
        tries += 1
    return due, tries
