"""What a person may do with a ledger: try again, forget, give space back."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, false, func, or_, select, text, update

from newscrawl.discovery.state import bits
from newscrawl.ledger.admin import status
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import ARTICLE, DiscoveredUrl
from newscrawl.ledger.store import database, duplicates, locks
from newscrawl.ledger.store import enqueue as notes
from newscrawl.ledger.store.tables import (  # fmt: skip
    FAILED,
    PENDING,
    articles,
    lines,
    metadata,
    revisions,
    series,
    urls,
)
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Engine

_EXPLICIT = bits("url")


@dataclass(slots=True)
class Retried:
    """What became of failed addresses."""

    series: dict[str, int] = field(default_factory=dict)
    """Spider to how many of its addresses are pending again."""
    left: dict[str, int] = field(default_factory=dict)
    """Reason to how many addresses stay failed, as they were not asked for."""


@dataclass(slots=True)
class Forgotten:
    """What was forgotten of an address."""

    url: str
    series: list[str]
    """Spiders that will fetch it again."""
    articles: dict[str, int] = field(default_factory=dict)
    """Article to how many revisions of it were known."""
    lines: int = 0
    """Lines of dumps that the ledger no longer knows; they stay where they are."""


def names(engine: Engine) -> list[str]:
    """Return the spiders of which a ledger knows."""
    with database.read_only(engine).begin() as connection:
        return [str(name) for name in connection.scalars(select(series.c.name))]


def retry(
    engine: Engine, only: Collection[str] | None = None, reason: str | None = None
) -> Retried:
    """Make failed addresses pending, as if tried for the first time.

    Args:
        engine: the ledger's.
        only: the spiders whose addresses are meant; all where it is None.
        reason: part of the reason for which they failed, in any case of letters.
    """
    found = Retried()
    with engine.begin() as connection:
        for row in connection.execute(select(series).order_by(series.c.name)).all():
            if only is not None and row.name not in only:
                continue
            is_failed = and_(urls.c.series == row.id, urls.c.state == FAILED)
            statement = update(urls).where(is_failed)
            if reason is not None:
                statement = statement.where(
                    func.lower(urls.c.result).contains(reason.lower(), autoescape=True)
                )
            done = connection.execute(statement.values(state=PENDING, due=None, tries=0))
            if done.rowcount:
                found.series[row.name] = done.rowcount
            for result, count in connection.execute(
                select(urls.c.result, func.count()).where(is_failed).group_by(urls.c.result)
            ):
                found.left[result or ""] = found.left.get(result or "", 0) + count
    return found


def forget(engine: Engine, url: str) -> Forgotten | None:
    """Forget a canonical address: each spider that knew it fetches it and writes it anew.

    Its row stays, as new, or nothing would lead to it: an archive is read only as far as it
    is news. The article at this address goes with its revisions and lines, so that it begins
    again at revision 1 in all series that had it. Dumps stay as they are.

    Returns:
        What was forgotten; None where nothing was known.

    Raises:
        LedgerHeldError: a run of a spider that knew it is at work.
    """
    with database.read_only(engine).begin() as connection:
        knowing = _knowing(connection, url)
    if knowing is None:
        return None
    with locks.block_runs(engine, knowing.values()), engine.begin() as connection:
        return _forget(connection, url)


def _knowing(connection: Connection, url: str) -> dict[int, str] | None:
    """Return the series that know an address or its article; None where nothing is known."""
    key = key_of(url)
    named = {int(row.id): str(row.name) for row in connection.execute(select(series))}
    found = connection.scalars(
        select(urls.c.series).where(urls.c.series.in_(named), urls.c.key == key)
    )
    numbers = {int(number) for number in found}
    at_url = connection.scalars(select(articles.c.id).where(articles.c.url_key == key)).all()
    for article in at_url:
        ours = _lines_of(connection, article)
        numbers |= {
            int(number) for number in connection.scalars(select(lines.c.series).where(ours))
        }
    if not numbers and not at_url:
        return None
    return {number: named[number] for number in sorted(numbers)}


def _lines_of(connection: Connection, article: str) -> Any:
    """Return the condition for all lines of an article, in terms of their key's order."""
    editions = connection.execute(select(series.c.id, series.c.edition)).all()
    return or_(
        false(),
        *(
            and_(lines.c.series == number, lines.c.edition == one, lines.c.article == article)
            for number, last in editions
            for one in range(1, last + 1)
        ),
    )


def _forget(connection: Connection, url: str) -> Forgotten | None:
    knowing = _knowing(connection, url)
    if knowing is None:
        return None
    key, found = key_of(url), Forgotten(url, sorted(knowing.values()))
    for row in connection.execute(select(articles).where(articles.c.url_key == key)).all():
        article = row.id
        found.lines += connection.execute(
            delete(lines).where(_lines_of(connection, article))
        ).rowcount
        found.articles[article] = connection.execute(
            delete(revisions).where(revisions.c.article == article)
        ).rowcount
        duplicates.forget(connection, row)
        connection.execute(delete(articles).where(articles.c.id == article))
    now = int(time.time())
    for number in knowing:
        # A series may have come to the article by another address.
        notes.note(connection, number, now, [DiscoveredUrl(url, ARTICLE, key, channels=_EXPLICIT)])
    connection.execute(
        update(urls)
        .where(urls.c.series.in_(knowing), urls.c.key == key)
        .values(
            state=PENDING, run=None, tries=0,
            **dict.fromkeys(
                ("due", "fetched_at", "status", "result", "etag", "last_modified"),
            ),
        )
    )  # fmt: skip
    return found


def vacuum(engine: Engine) -> tuple[int, int, bool]:
    """Give disk space back.

    Returns:
        Bytes before, bytes after, and whether all of it was gone through: while a run is at
        work on PostgreSQL, space is only made free for what comes.

    Raises:
        LedgerHeldError: a run is at work on an SQLite ledger.
        LedgerError: it failed; the ledger is as it was.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with database.read_only(engine).begin() as connection:
        before = status.size(connection)
        is_quiet = is_sqlite or not locks.live_runs(engine, connection)
    if is_sqlite:
        with locks.block_runs(engine, names(engine)):
            _vacuum_file(engine)
    else:
        options = "FULL, ANALYZE" if is_quiet else "ANALYZE"
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in metadata.tables:
                connection.execute(text(f"VACUUM ({options}) {database.POSTGRES_SCHEMA}.{table}"))
    with database.read_only(engine).begin() as connection:
        return before, status.size(connection), is_quiet


def _vacuum_file(engine: Engine) -> None:
    """Write an SQLite file anew; not within a transaction."""
    raw = engine.raw_connection()
    try:
        connection = raw.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        for line in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.execute(line).fetchall()
    except sqlite3.Error as error:
        raise LedgerError(database.explain(error, database.printable(engine.url))) from None
    finally:
        raw.close()
