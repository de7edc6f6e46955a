"""What happened to each address of an article: where it was found, and each look at it.

`scrapy ledger why` reads it. All functions run within a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from newscrawl.discovery.state import names
from newscrawl.items.channel_table import TABLE
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import discoveries, origins, visits
from newscrawl.outcomes.task import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from newscrawl.ledger.records import DiscoveredUrl, Settled, SettledByList

_BITS = {row.name: row.bit for row in TABLE}


def record(
    connection: Connection, series: int, run: int, now: int, settled: Sequence[Settled]
) -> None:
    """Record the looks at articles that a run has finished."""
    keys = [article.key for article in settled if article.kind == ARTICLE]
    values = {"number": series, "keys": keys, "now": now}
    # Two short runs may look at an address in the same second.
    latest = {row.key: row.at for row in connection.execute(_SAME_SECOND, values)} if keys else {}
    rows = [
        {
            "series": series,
            "key": article.key,
            "at": latest.get(article.key, now - 1) + 1,
            "run": run,
            "status": article.status,
            "outcome": article.outcome,
            "reason": article.result,
            "due": article.due,
        }
        for article in settled
        if article.kind == ARTICLE
    ]
    if rows:
        connection.execute(insert_new(connection, visits), rows)


_SAME_SECOND = (
    select(visits.c.key, func.max(visits.c.at).label("at"))
    .where(
        visits.c.series == bindparam("number"),
        visits.c.key.in_(bindparam("keys", expanding=True)),
        # What is later was written by a clock that was wrong.
        visits.c.at.between(bindparam("now"), bindparam("now") + 60),
    )
    .group_by(visits.c.key)
)


def record_channels(
    connection: Connection, series: int, now: int, listed: Iterable[SettledByList]
) -> None:
    """Record by which channels articles were found that lists hold, the first time each."""
    rows = [
        {"series": series, "key": row.result.key, "channel": _BITS[name], "at": now}
        for row in sorted(listed, key=lambda row: row.result.key)
        for name in names(row.channels)
    ]
    if rows:
        connection.execute(insert_new(connection, discoveries), rows)


def record_discoveries(
    connection: Connection, series: int, now: int, discovered: Iterable[DiscoveredUrl]
) -> None:
    """Record by which channel and on which page articles were found, the first time each."""
    rows: list[dict[str, int | None]] = []
    pages: dict[int, str] = {}
    for url in discovered:
        if url.kind != ARTICLE or not url.channels:
            continue
        if url.found_on is not None and url.found_on_url is not None:
            pages[url.found_on] = url.found_on_url
        rows += (
            {
                "series": series,
                "key": url.key,
                "channel": _BITS[name],
                "at": now,
                "found_on": url.found_on,
            }
            for name in names(url.channels)
        )
    if pages:
        # The same order in all workers prevents deadlocks.
        connection.execute(
            insert_new(connection, origins),
            [{"key": key, "url": pages[key]} for key in sorted(pages)],
        )
    if rows:
        rows.sort(key=lambda row: (row["key"], row["channel"]))
        connection.execute(insert_new(connection, discoveries), rows)
