"""Opens a ledger in SQLite or PostgreSQL, given by its URL, and checks it before it is used."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from contextlib import contextmanager
from functools import partial
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

from newscrawl.items import similarity
from newscrawl.ledger.errors import LedgerError, NoLedgerError, OtherSiteError
from newscrawl.ledger.store import migrations, postgres_schemas, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

logger = logging.getLogger(__name__)
_MIN_FREE_BYTES = 1 << 20
"""A disk with less free space counts as full."""
BUSY_SECONDS = 30.0
"""How long a transaction waits for another run's; `?timeout=` in an SQLite file's URL."""
ANSWER_SECONDS = 60.0
"""How long a PostgreSQL server may be silent; `?timeout=` in its URL."""
_PATIENCE = 10
"""So many times as long for a statement over a whole table."""
MAX_CHECKED_BYTES = 64 * 1024 * 1024
"""SQLite files up to this size are checked completely each time they are opened."""
_SQLITE_PRAGMAS = (
    # A commit survives kill -9. The dump is synced first, so that after a power failure the
    # ledger can only lack lines, which are then cut off and written again.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-16384",
    "PRAGMA temp_store=MEMORY",
)

_SECRET = re.compile(r":[^/@]*@")
_SECONDS = re.compile(r"\d{1,6}(\.\d{1,6})?")
_POSTGRES_OPTIONS = " ".join(
    f"-c{name}={value}"
    for name, value in {
        # A dump is renamed after a commit, which must then survive a power failure.
        "synchronous_commit": "on",
        # Seconds: a worker whose machine is gone counts as dead after a minute, not two hours.
        "tcp_keepalives_idle": 30,
        "tcp_keepalives_interval": 10,
        "tcp_keepalives_count": 3,
    }.items()
)
_POSTGRES_ARGUMENTS = {
    "options": _POSTGRES_OPTIONS,
    # From a database without an encoding, text would be returned as bytes.
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
            f"LEDGER_URL={_SECRET.sub(':***@', text)[:80]!r} is not a database URL: write it as "
            "sqlite:////path/ledger.sqlite or postgresql+psycopg://user@host/database"
        ) from None
    name = url.get_backend_name()
    if name == "postgresql" and url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if name not in {"sqlite", "postgresql"}:
        raise LedgerError(f"a ledger is stored in SQLite or PostgreSQL, not in {name!r}")
    if name == "sqlite" and url.database in {None, "", ":memory:"}:
        raise LedgerError("a ledger in memory is lost with the process: name a file in LEDGER_URL")
    if not _SECONDS.fullmatch(str(url.query.get("timeout", "1"))):
        raise LedgerError("LEDGER_URL: timeout= must be a number of seconds")
    return url


def printable(url: URL) -> str:
    """Return a URL for messages: a file's path, or a URL without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def connect(url: URL, schema: str = postgres_schemas.DEFAULT_SCHEMA) -> Engine:
    """Return an engine whose transactions take their lock when they begin, not half-way.

    Args:
        url: the ledger's URL.
        schema: that of the ledger's tables in a PostgreSQL database.

    Raises:
        LedgerError: its driver is not installed.
    """
    is_sqlite = url.get_backend_name() == "sqlite"
    seconds = float(str(url.query.get("timeout", BUSY_SECONDS if is_sqlite else ANSWER_SECONDS)))
    options: dict[str, Any] = {"connect_args": {"timeout": seconds, "check_same_thread": False}}
    if not is_sqlite:
        url = url.difference_update_query(["timeout"])
        milliseconds = int(lock_seconds(seconds) * 1000)
        own = f"{_POSTGRES_OPTIONS} -csearch_path={schema} -clock_timeout={milliseconds}"
        options = {"connect_args": {**_POSTGRES_ARGUMENTS, "options": own}}
    try:
        engine = sqlalchemy.create_engine(url, **options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerError(f"no driver for {url.drivername} is installed: {error}") from None
    if is_sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "do_connect", partial(_connect_bounded, seconds))
    return engine


def lock_seconds(answer_seconds: float) -> float:
    """Return how long a statement may wait for a lock, so that the server answers in time."""
    return min(BUSY_SECONDS, answer_seconds / 2)


def _connect_bounded(
    seconds: float, _dialect: object, _record: object, arguments: Any, parameters: Any
) -> Any:
    # Not needed by a ledger in SQLite.
    from newscrawl.ledger.store.bounded_connection import BoundedConnection  # noqa: PLC0415 - psycopg

    parameters["connect_timeout"] = max(2, min(parameters["connect_timeout"], int(seconds)))
    connection = BoundedConnection.connect(*arguments, **parameters)
    connection.answer_seconds = seconds
    return connection


@contextmanager
def patient(connection: Connection) -> Iterator[None]:
    """Allow statements more time, which write whole tables."""
    driver = connection.connection.driver_connection
    seconds = getattr(driver, "answer_seconds", None)
    if seconds is None:
        yield
        return
    assert driver is not None
    driver.answer_seconds = seconds * _PATIENCE
    try:
        yield
    finally:
        driver.answer_seconds = seconds


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma).close()


def read_only(engine: Engine) -> Engine:
    """Return the engine for read-only transactions, each of which sees one snapshot.

    They do not block a run, however long they take.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(read_only=True)


def _begin(connection: Connection) -> None:
    is_read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if is_read_only else "BEGIN IMMEDIATE")


def open_ledger(url: URL, site: str, *, create: bool = True) -> Engine:
    """Return an engine for the ledger of `site`, its tables created or migrated.

    Nothing is written to a ledger that is up to date.

    Raises:
        LedgerError: it cannot be opened, is damaged, newer, or belongs to another site.
    """
    place = printable(url)
    is_small = url.get_backend_name() == "sqlite" and _check_file(url, create=create)
    engine = _connect_to(url, site)
    try:
        with read_only(engine).begin() as connection:
            if is_small:
                _check_integrity(connection, place)
            version = _version(connection, place, site)
        if version is None and not create:
            raise NoLedgerError(f"there is no ledger at {place} yet: run a crawl first")
        if version != tables.VERSION:
            version = _create_or_migrate(engine, place, site)
        if url.get_backend_name() == "sqlite":
            _enable_wal(engine)
    except LedgerError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        raise LedgerError(explain(error, place)) from None
    if version not in {None, tables.VERSION}:
        logger.info("Ledger %s migrated from schema %d to %d", place, version, tables.VERSION)
    return engine


def _connect_to(url: URL, site: str) -> Engine:
    """Return an engine for the ledger of `site`; in PostgreSQL, for its schema."""
    engine = connect(url)
    if engine.dialect.name != "postgresql":
        return engine
    try:
        with read_only(engine).begin() as connection:
            schema = postgres_schemas.of_site(connection, site)
    except DatabaseError as error:
        raise LedgerError(explain(error, printable(url))) from None
    finally:
        engine.dispose()
    return connect(url, schema)


@contextmanager
def opened(url: URL, site: str, *, create: bool = False) -> Iterator[Engine]:
    """Open the ledger of `site`, an existing one unless `create`, for the duration of the block.

    Raises:
        LedgerError: in one line, what is wrong; `NoLedgerError` if it does not exist.
    """
    engine = open_ledger(url, site, create=create)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise LedgerError(explain(error, printable(url))) from None
    finally:
        engine.dispose()


def file_identity(url: URL) -> tuple[int, int] | None:
    """Return device and inode of an SQLite file; None for PostgreSQL and for a missing file."""
    if url.get_backend_name() != "sqlite":
        return None
    try:
        status = Path(str(url.database)).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _check_file(url: URL, *, create: bool) -> bool:
    """Check an SQLite file before it is opened; return whether it is small enough to read."""
    path, place = Path(str(url.database)), printable(url)
    try:
        if not path.exists() and create:
            path.parent.mkdir(parents=True, exist_ok=True)
            return False
        if path.exists() and not path.is_file():
            raise LedgerError(f"cannot open the ledger {place}: it is not a file")
        size = path.stat().st_size if path.exists() else 0
        if not size and not create:
            raise NoLedgerError(f"there is no ledger at {place} yet: run a crawl first")
        with path.open("rb") as file:
            if size and file.read(16) != b"SQLite format 3\x00":
                raise LedgerError(_damage_message(place))
    except OSError as error:
        raise LedgerError(f"cannot open the ledger {place}: {error.strerror}") from None
    return 0 < size <= MAX_CHECKED_BYTES


def _check_integrity(connection: Connection, place: str) -> None:
    result = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if result != "ok":
        raise LedgerError(_damage_message(place))


def _version(connection: Connection, place: str, site: str) -> int | None:
    """Return a ledger's schema version; None if there is no ledger yet."""
    is_file = connection.dialect.name == "sqlite"
    schema = None if is_file else postgres_schemas.current(connection)
    names = set(sqlalchemy.inspect(connection).get_table_names(schema=schema))
    if not is_file and names == {tables.hosts.name}:
        # Made by the ledger of another site.
        return None
    if "meta" not in names:
        if names:
            raise LedgerError(f"{place} contains other tables: a ledger needs its own database")
        return None
    rows = connection.execute(select(tables.meta.c.name, tables.meta.c.value)).all()
    values = {str(name): str(value) for name, value in rows}
    version = values.get("schema_version", "")
    if not version.isdecimal():
        raise LedgerError(f"the ledger {place} is damaged: it does not state its schema version")
    if int(version) > tables.VERSION:
        raise LedgerError(
            f"the ledger {place} was written by a newer newscrawl (schema {version}, "
            f"this one reads {tables.VERSION}): update newscrawl"
        )
    if values.get("site") != site:
        raise OtherSiteError(
            f"the ledger {place} belongs to {values.get('site')}, not to {site}: "
            "give each site its own with {site} in NEWSCRAWL_LEDGER_URL "
            "(sqlite:////data/ledger-{site}.sqlite), or set NEWSCRAWL_OUTPUT"
        )
    return int(version)


def _create_or_migrate(engine: Engine, place: str, site: str) -> int | None:
    """Create or migrate the tables in one transaction; return their version before."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two workers that start at the same time would both create the tables.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305797)")
            postgres_schemas.create(connection, postgres_schemas.current(connection))
        version = _version(connection, place, site)
        if version is None:
            tables.metadata.create_all(connection)
            values = {
                "schema_version": tables.VERSION,
                "site": site,
                "sketch_format": similarity.FORMAT,
            }
            rows = [{"name": name, "value": str(value)} for name, value in values.items()]
            connection.execute(tables.meta.insert(), rows)
        elif version != tables.VERSION:
            with patient(connection):
                migrations.migrate(connection, version)
        return version


def _enable_wal(engine: Engine) -> None:
    """Switch an SQLite file to a write-ahead log, so that readers and a writer do not wait.

    The setting is stored in the file, so it is changed only in a file known to be a ledger.
    """
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise LedgerError(explain(error, printable(engine.url))) from None
    finally:
        raw.close()


def _damage_message(place: str) -> str:
    return f"the ledger {place} is damaged or not a ledger: restore a copy, or move it away"


def _free_bytes(place: str) -> int:
    try:
        usage = os.statvfs(Path(place).parent)
    except (OSError, ValueError):
        return _MIN_FREE_BYTES
    return usage.f_bavail * usage.f_frsize


def explain(error: BaseException, place: str) -> str:
    """Return a one-line message for a database's error."""
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())[:160]
    lower = text.lower()
    # Without space for the index of its log, SQLite reports an I/O error.
    is_full = "disk i/o error" in lower and _free_bytes(place) < _MIN_FREE_BYTES
    if is_full or "disk is full" in lower or "no space left" in lower:
        return f"no space is left for the ledger {place}: free some and run again"
    if "locked" in lower or "lock timeout" in lower:
        return f"the ledger {place} is locked by another program: end it and run again"
    if any(part in lower for part in ("malformed", "not a database", "disk image", "decode")):
        return _damage_message(place)
    if "readonly" in lower or "read-only" in lower or "unable to open" in lower:
        return f"cannot write the ledger {place} ({text}): check its permissions"
    if isinstance(error, OperationalError):
        return f"the ledger {place} does not answer ({text})"
    return f"the ledger {place} failed ({text})"


class Session:
    """Holds one connection for the whole run.

    A lock that belongs to the connection is then lost together with the ability to write: a
    worker that others consider dead cannot commit. See decision 40 in docs/decisions.md.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.connect()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Run a transaction: committed at the end of the block, rolled back after an error."""
        with self._connection.begin():
            yield self._connection

    def close(self) -> None:
        """Close the connection, which releases its locks."""
        self._connection.close()
        self._engine.dispose()
