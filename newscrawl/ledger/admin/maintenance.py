"""Maintenance of a ledger: retry, forget, vacuum."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, or_, select, text, update

from newscrawl.discovery.state import bits
from newscrawl.ledger.admin import status
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import DiscoveredUrl
from newscrawl.ledger.store import database, duplicates, enqueue, locks, queue
from newscrawl.ledger.store.lines import of_article
from newscrawl.ledger.store.tables import (  # fmt: skip
    FAILED,
    PENDING,
    addresses,
    articles,
    lines,
    metadata,
    revisions,
    series,
    urls,
)
from newscrawl.outcomes.explanations import group_of
from newscrawl.outcomes.task import ARTICLE
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Engine

_EXPLICIT = bits("url")


@dataclass(slots=True)
class Retried:
    """Result of retrying failed addresses."""

    series: dict[str, int] = field(default_factory=dict)
    """Spider to the number of its addresses that are pending again."""
    left: dict[str, int] = field(default_factory=dict)
    """Reason to the number of addresses that stay failed, as they were not selected."""


@dataclass(slots=True)
class Forgotten:
    """Result of forgetting an address."""

    url: str
    series: list[str]
    """Spiders that will fetch it again."""
    articles: dict[str, int] = field(default_factory=dict)
    """Article to the number of its known revisions."""
    lines: int = 0
    """Lines of dumps that the ledger no longer knows; the dumps are not changed."""


def names(engine: Engine) -> list[str]:
    """Return the spiders that a ledger knows."""
    with database.read_only(engine).begin() as connection:
        return [str(name) for name in connection.scalars(select(series.c.name))]


def retry(
    engine: Engine, only: Collection[str] | None = None, reason: str | None = None
) -> Retried:
    """Make addresses pending that were not read as articles, with no tries counted.

    Args:
        engine: the ledger's engine.
        only: spiders whose addresses are retried; all if it is None.
        reason: part of the reason of the failure; upper and lower case are the same.
    """
    retried = Retried()
    with engine.begin() as connection:
        for row in connection.execute(select(series).order_by(series.c.name)).all():
            if only is not None and row.name not in only:
                continue
            is_failed = and_(
                urls.c.series == row.id, or_(urls.c.state == FAILED, queue.is_by_answer())
            )
            statement = update(urls).where(is_failed)
            if reason is not None:
                statement = statement.where(
                    func.lower(urls.c.result).contains(reason.lower(), autoescape=True)
                )
            result = connection.execute(statement.values(state=PENDING, due=None, tries=0))
            if result.rowcount:
                retried.series[row.name] = result.rowcount
            for failure, count in connection.execute(
                select(urls.c.result, func.count()).where(is_failed).group_by(urls.c.result)
            ):
                group = group_of(failure or "")
                retried.left[group] = retried.left.get(group, 0) + count
    return retried


def forget(engine: Engine, url: str) -> Forgotten | None:
    """Forget a canonical address: each spider that knew it fetches and writes it again.

    Its row stays and becomes pending, since an archive is read only down to known articles.
    The article at this address is deleted with its revisions and lines, so that it begins again
    at revision 1 in all series that had it. Dumps are not changed. See decision 38 in
    docs/decisions.md.

    Returns:
        What was forgotten; None if nothing was known.

    Raises:
        LedgerHeldError: a run of a spider that knew it is active.
    """
    with database.read_only(engine).begin() as connection:
        known_by = _series_knowing(connection, url)
    if known_by is None:
        return None
    with locks.block_runs(engine, known_by.values()), engine.begin() as connection:
        return _forget(connection, url)


def _series_knowing(connection: Connection, url: str) -> dict[int, str] | None:
    """Return the series that know an address or its article; None if none does."""
    key = key_of(url)
    names_by_id = {int(row.id): str(row.name) for row in connection.execute(select(series))}
    rows = connection.scalars(
        select(urls.c.series).where(urls.c.series.in_(names_by_id), urls.c.key == key)
    )
    numbers = {int(number) for number in rows}
    at_url = connection.scalars(select(articles.c.id).where(articles.c.url_key == key)).all()
    for article in at_url:
        is_line = of_article(connection, article)
        numbers |= {
            int(number) for number in connection.scalars(select(lines.c.series).where(is_line))
        }
    if not numbers and not at_url:
        return None
    return {number: names_by_id[number] for number in sorted(numbers)}


def _forget(connection: Connection, url: str) -> Forgotten | None:
    known_by = _series_knowing(connection, url)
    if known_by is None:
        return None
    key, forgotten = key_of(url), Forgotten(url, sorted(known_by.values()))
    for row in connection.execute(select(articles).where(articles.c.url_key == key)).all():
        article = row.id
        forgotten.lines += connection.execute(
            delete(lines).where(of_article(connection, article))
        ).rowcount
        forgotten.articles[article] = connection.execute(
            delete(revisions).where(revisions.c.article == article)
        ).rowcount
        duplicates.forget(connection, row)
        connection.execute(delete(addresses).where(addresses.c.article == article))
        connection.execute(delete(articles).where(articles.c.id == article))
    now = int(time.time())
    for number in known_by:
        # A series may have reached the article by another address.
        enqueue.add(connection, number, now, [DiscoveredUrl(url, ARTICLE, key, channels=_EXPLICIT)])
    connection.execute(
        update(urls)
        .where(urls.c.series.in_(known_by), urls.c.key == key)
        .values(
            state=PENDING, run=None, tries=0,
            **dict.fromkeys(
                ("due", "fetched_at", "status", "result", "etag", "last_modified"),
            ),
        )
    )  # fmt: skip
    return forgotten


def vacuum(engine: Engine) -> tuple[int, int, bool]:
    """Return unused disk space to the operating system.

    Returns:
        Bytes before, bytes after, and whether all tables were rewritten: while a run is active
        on PostgreSQL, the space is only made available for reuse.

    Raises:
        LedgerHeldError: a run is active on an SQLite ledger.
        LedgerError: it failed; the ledger is unchanged.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with database.read_only(engine).begin() as connection:
        before = status.size(connection)
        is_unused = is_sqlite or not locks.live_runs(engine, connection)
    if is_sqlite:
        with locks.block_runs(engine, names(engine)):
            _vacuum_file(engine)
    else:
        options = "FULL, ANALYZE" if is_unused else "ANALYZE"
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in metadata.tables:
                with database.patient(connection):
                    connection.execute(text(f"VACUUM ({options}) {table}"))
    with database.read_only(engine).begin() as connection:
        return before, status.size(connection), is_unused


def _vacuum_file(engine: Engine) -> None:
    """Rewrite an SQLite file, outside of a transaction."""
    raw = engine.raw_connection()
    try:
        connection = raw.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.execute(statement).fetchall()
    except sqlite3.Error as error:
        raise LedgerError(database.explain(error, database.printable(engine.url))) from None
    finally:
        raw.close()
