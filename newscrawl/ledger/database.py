"""Opens a ledger: SQLite or PostgreSQL by URL, checked before anything is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from newscrawl.ledger import schema
from newscrawl.ledger.errors import LedgerError

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

BUSY_SECONDS = 30
"""How long a transaction waits for another run's."""
POSTGRES_SCHEMA = "newscrawl"
"""The ledger's own corner of a PostgreSQL database."""
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A commit survives kill -9. The dump is synced before it, so that a power cut can only
    # make the ledger forget lines, which are then cut off and written again.
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA cache_size=-16384",
    "PRAGMA temp_store=MEMORY",
)

_POSTGRES_OPTIONS = " ".join(
    f"-c{name}={value}"
    for name, value in {
        "search_path": POSTGRES_SCHEMA,
        # A dump's name is given away after a commit, which must then outlast a power cut.
        "synchronous_commit": "on",
        # Milliseconds.
        "lock_timeout": BUSY_SECONDS * 1000,
        # Seconds: a worker whose machine is gone counts as dead after a minute, not two hours.
        "tcp_keepalives_idle": 30,
        "tcp_keepalives_interval": 10,
        "tcp_keepalives_count": 3,
    }.items()
)
_POSTGRES_ARGUMENTS = {
    "options": _POSTGRES_OPTIONS,
    # Of a database without an encoding, text would come as bytes.
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def parse_url(text: str) -> URL:
    """Return a ledger's URL.

    Raises:
        LedgerError: it names no database that can hold a ledger.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise LedgerError(
            f"LEDGER_URL={text[:80]!r} is no database address: write it as "
            "sqlite:////path/ledger.sqlite or postgresql+psycopg://user@host/database"
        ) from None
    name = url.get_backend_name()
    if name == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if name not in {"sqlite", "postgresql"}:
        raise LedgerError(f"a ledger lives in SQLite or PostgreSQL, not in {name!r}")
    if name == "sqlite" and url.database in {None, "", ":memory:"}:
        raise LedgerError("a ledger in memory would forget: name a file in LEDGER_URL")
    return url


def shown(url: URL) -> str:
    """Return a URL as it may be printed: a file's path, or an address without password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def connect(url: URL) -> Engine:
    """Return an engine whose transactions begin at once, so that none fails half-way.

    Raises:
        LedgerError: no driver for it is installed.
    """
    is_sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
    if is_sqlite:
        options["connect_args"]["check_same_thread"] = False
    else:
        options = {"connect_args": _POSTGRES_ARGUMENTS}
    try:
        engine = sqlalchemy.create_engine(url, **options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerError(f"no driver for {url.drivername}: {error}") from None
    if is_sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediately)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    for line in _SQLITE_PRAGMAS:
        connection.execute(line).close()


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_ledger(url: URL, site: str, *, create: bool = True) -> Engine:
    """Return an engine for the ledger of `site`, its tables made or brought up to date.

    Raises:
        LedgerError: it cannot be opened, is damaged, newer, or another site's.
    """
    place = shown(url)
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        if not create and not path.exists():
            raise LedgerError(f"there is no ledger at {place} yet: run a crawl first")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"cannot open the ledger {place}: {error.strerror}") from None
        if path.is_file() and path.stat().st_size and not _is_sqlite(path):
            raise LedgerError(
                f"the ledger {place} is damaged or no ledger: move it away, or restore a copy"
            )
    engine = connect(url)
    try:
        with engine.begin() as connection:
            _check(connection, place, site, create=create)
    except LedgerError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        raise LedgerError(explain(error, place)) from None
    return engine


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\x00"
    except OSError:
        return True


def _check(connection: Connection, place: str, site: str, *, create: bool) -> None:
    if connection.dialect.name == "postgresql":
        # Two workers that start at once would both make the tables.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305797)")
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {POSTGRES_SCHEMA}")
    found = set(sqlalchemy.inspect(connection).get_table_names())
    if "meta" not in found:
        if found:
            raise LedgerError(f"{place} holds other tables: a ledger needs a file of its own")
        if not create:
            raise LedgerError(f"there is no ledger at {place} yet: run a crawl first")
        schema.metadata.create_all(connection)
        connection.execute(
            schema.meta.insert(),
            [
                {"name": "schema_version", "value": str(schema.VERSION)},
                {"name": "site", "value": site},
            ],
        )
        return
    rows = connection.execute(select(schema.meta.c.name, schema.meta.c.value)).all()
    values = {str(name): str(value) for name, value in rows}
    version = values.get("schema_version", "")
    if not version.isdecimal():
        raise LedgerError(f"the ledger {place} is damaged: it states no schema version")
    if int(version) > schema.VERSION:
        raise LedgerError(
            f"the ledger {place} was written by a newer newscrawl (schema {version}, "
            f"this one knows {schema.VERSION}): update newscrawl"
        )
    if values.get("site") != site:
        raise LedgerError(
            f"the ledger {place} belongs to {values.get('site')}, not to {site}: "
            "set NEWSCRAWL_LEDGER_URL or NEWSCRAWL_OUTPUT"
        )


def explain(error: BaseException, place: str) -> str:
    """Return one line for a database's error."""
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())[:160]
    low = text.lower()
    if "disk is full" in low or "no space left" in low:
        return f"no space is left for the ledger {place}: free some and run again"
    if "locked" in low or "lock timeout" in low:
        return f"the ledger {place} is locked by another program: end it and run again"
    if "malformed" in low or "not a database" in low or "disk image" in low:
        return f"the ledger {place} is damaged: restore a copy, or move it away"
    if "readonly" in low or "read-only" in low or "unable to open" in low:
        return f"cannot write the ledger {place} ({text}): check its permissions"
    if isinstance(error, OperationalError):
        return f"the ledger {place} does not answer ({text})"
    return f"the ledger {place} failed ({text})"
