"""Opens a ledger: SQLite or PostgreSQL by URL, checked before anything is done with it."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import event, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)  # fmt: skip

from newscrawl import similarity
from newscrawl.ledger.errors import LedgerError, NoLedgerError
from newscrawl.ledger.store import migrations, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

logger = logging.getLogger(__name__)
_LITTLE = 1 << 20
"""Bytes; a disk with less counts as full."""
BUSY_SECONDS = 30.0
"""How long a transaction waits for another run's; `?timeout=` in an SQLite file's URL."""
LOOKED_THROUGH = 64 * 1024 * 1024
"""SQLite files up to this size, in bytes, are checked whole at each opening."""
POSTGRES_SCHEMA = "newscrawl"
"""The ledger's own corner of a PostgreSQL database."""
_SQLITE_PRAGMAS = (
    # A commit survives kill -9. The dump is synced before it, so that a power cut can only
    # make the ledger forget lines, which are then cut off and written again.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-16384",
    "PRAGMA temp_store=MEMORY",
)

_SECRET = re.compile(r":[^/@]*@")
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,6})?")
_POSTGRES_OPTIONS = " ".join(
    f"-c{name}={value}"
    for name, value in {
        "search_path": POSTGRES_SCHEMA,
        # A dump's name is given away after a commit, which must then outlast a power cut.
        "synchronous_commit": "on",
        # Milliseconds.
        "lock_timeout": int(BUSY_SECONDS * 1000),
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
            f"LEDGER_URL={_SECRET.sub(':***@', text)[:80]!r} is no database address: write it as "
            "sqlite:////path/ledger.sqlite or postgresql+psycopg://user@host/database"
        ) from None
    name = url.get_backend_name()
    if name == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if name not in {"sqlite", "postgresql"}:
        raise LedgerError(f"a ledger lives in SQLite or PostgreSQL, not in {name!r}")
    if name == "sqlite" and url.database in {None, "", ":memory:"}:
        raise LedgerError("a ledger in memory would forget: name a file in LEDGER_URL")
    if name == "sqlite" and not _SECONDS.fullmatch(str(url.query.get("timeout", "1"))):
        raise LedgerError("LEDGER_URL: timeout= is a number of seconds")
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
    seconds = float(str(url.query.get("timeout", BUSY_SECONDS)))
    options: dict[str, Any] = {"connect_args": {"timeout": seconds, "check_same_thread": False}}
    if not is_sqlite:
        options = {"connect_args": _POSTGRES_ARGUMENTS}
    try:
        engine = sqlalchemy.create_engine(url, **options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerError(f"no driver for {url.drivername}: {error}") from None
    if is_sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    for line in _SQLITE_PRAGMAS:
        connection.execute(line).close()


def reading(engine: Engine) -> Engine:
    """Return the engine for transactions that only read, all of it as of one moment.

    They keep no run waiting, however long they take.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(reads_only=True)


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def open_ledger(url: URL, site: str, *, create: bool = True) -> Engine:
    """Return an engine for the ledger of `site`, its tables made or brought up to date.

    A ledger that is as it should be is only read for it.

    Raises:
        LedgerError: it cannot be opened, is damaged, newer, or another site's.
    """
    place = shown(url)
    is_small = url.get_backend_name() == "sqlite" and _look_at(url, create=create)
    engine = connect(url)
    try:
        with reading(engine).begin() as connection:
            if is_small:
                _look_through(connection, place)
            version = _version(connection, place, site)
        if version is None and not create:
            raise NoLedgerError(f"there is no ledger at {place} yet: run a crawl first")
        if version != tables.VERSION:
            version = _make(engine, place, site)
        if url.get_backend_name() == "sqlite":
            _log_ahead(engine)
    except LedgerError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        raise LedgerError(explain(error, place)) from None
    if version not in {None, tables.VERSION}:
        logger.info("Ledger %s brought from schema %d to %d", place, version, tables.VERSION)
    return engine


@contextmanager
def opened(url: URL, site: str) -> Iterator[Engine]:
    """Open the ledger of `site`, which must be there, for a while.

    Raises:
        LedgerError: in one line, what is wrong; `NoLedgerError` where there is none.
    """
    engine = open_ledger(url, site, create=False)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise LedgerError(explain(error, shown(url))) from None
    finally:
        engine.dispose()


def _look_at(url: URL, *, create: bool) -> bool:
    """Look at an SQLite file before it is opened; return whether it can be read through."""
    path, place = Path(str(url.database)), shown(url)
    try:
        if not path.exists() and create:
            path.parent.mkdir(parents=True, exist_ok=True)
            return False
        if path.exists() and not path.is_file():
            raise LedgerError(f"cannot open the ledger {place}: it is no file")
        size = path.stat().st_size if path.exists() else 0
        if not size and not create:
            raise NoLedgerError(f"there is no ledger at {place} yet: run a crawl first")
        with path.open("rb") as file:
            if size and file.read(16) != b"SQLite format 3\x00":
                raise LedgerError(_damaged(place))
    except OSError as error:
        raise LedgerError(f"cannot open the ledger {place}: {error.strerror}") from None
    return 0 < size <= LOOKED_THROUGH


def _look_through(connection: Connection, place: str) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise LedgerError(_damaged(place))


def _version(connection: Connection, place: str, site: str) -> int | None:
    """Return a ledger's schema version; None where there is no ledger yet."""
    own = POSTGRES_SCHEMA if connection.dialect.name == "postgresql" else None
    found = set(sqlalchemy.inspect(connection).get_table_names(schema=own))
    if "meta" not in found:
        if found:
            raise LedgerError(f"{place} holds other tables: a ledger needs a file of its own")
        return None
    rows = connection.execute(select(tables.meta.c.name, tables.meta.c.value)).all()
    values = {str(name): str(value) for name, value in rows}
    version = values.get("schema_version", "")
    if not version.isdecimal():
        raise LedgerError(f"the ledger {place} is damaged: it states no schema version")
    if int(version) > tables.VERSION:
        raise LedgerError(
            f"the ledger {place} was written by a newer newscrawl (schema {version}, "
            f"this one knows {tables.VERSION}): update newscrawl"
        )
    if values.get("site") != site:
        raise LedgerError(
            f"the ledger {place} belongs to {values.get('site')}, not to {site}: "
            "set NEWSCRAWL_LEDGER_URL or NEWSCRAWL_OUTPUT"
        )
    return int(version)


def _make(engine: Engine, place: str, site: str) -> int | None:
    """Make the tables or bring them up to date, whole or not at all; return what they were."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two workers that start at once would both make the tables.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305797)")
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {POSTGRES_SCHEMA}")
        version = _version(connection, place, site)
        if version is None:
            tables.metadata.create_all(connection)
            stated = {
                "schema_version": tables.VERSION,
                "site": site,
                "sketch_format": similarity.FORMAT,
            }
            rows = [{"name": name, "value": str(value)} for name, value in stated.items()]
            connection.execute(tables.meta.insert(), rows)
        elif version != tables.VERSION:
            migrations.migrate(connection, version)
        return version


def _log_ahead(engine: Engine) -> None:
    """Have an SQLite file keep a log, so that readers and a writer need not wait for each other.

    The file remembers it: nothing is changed in one that was not yet found to be a ledger.
    """
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise LedgerError(explain(error, shown(engine.url))) from None
    finally:
        raw.close()


def _damaged(place: str) -> str:
    return f"the ledger {place} is damaged or no ledger: restore a copy, or move it away"


def _free_bytes(place: str) -> int:
    try:
        found = os.statvfs(Path(place).parent)
    except (OSError, ValueError):
        return _LITTLE
    return found.f_bavail * found.f_frsize


def explain(error: BaseException, place: str) -> str:
    """Return one line for a database's error."""
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())[:160]
    low = text.lower()
    # Without room for its index of the log, SQLite speaks of an I/O error.
    is_full = "disk i/o error" in low and _free_bytes(place) < _LITTLE
    if is_full or "disk is full" in low or "no space left" in low:
        return f"no space is left for the ledger {place}: free some and run again"
    if "locked" in low or "lock timeout" in low:
        return f"the ledger {place} is locked by another program: end it and run again"
    if any(word in low for word in ("malformed", "not a database", "disk image", "decode")):
        return _damaged(place)
    if "readonly" in low or "read-only" in low or "unable to open" in low:
        return f"cannot write the ledger {place} ({text}): check its permissions"
    if isinstance(error, OperationalError):
        return f"the ledger {place} does not answer ({text})"
    return f"the ledger {place} failed ({text})"


class Session:
    """Holds one connection from the run's beginning to its end.

    A lock that the database ties to the connection is then lost together with the means to
    write: a worker that others take for dead cannot commit.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.connect()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Run a transaction: committed at the end of the block, taken back by an error."""
        with self._connection.begin():
            yield self._connection

    def close(self) -> None:
        """Close the connection, which gives its locks back."""
        self._connection.close()
        self._engine.dispose()
