"""In a PostgreSQL database each site's ledger has a schema of its own.

See decision 129 in docs/decisions.md.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, text

from newscrawl.ledger.store import tables
from newscrawl.sites import DEFAULT

if TYPE_CHECKING:
    from sqlalchemy import Connection

DEFAULT_SCHEMA = "newscrawl"
"""Schema of the default site's ledger, and of the table `hosts`, which all sites share."""
_MAX_LENGTH = 48
"""Characters of a name: an application name, of at most 63, has a run's number behind it."""
_HASH_DIGITS = 10
_UNSAFE = re.compile(r"[^a-z0-9_]+")
_LIKE_HASHED = re.compile(rf".*_[0-9a-f]{{{_HASH_DIGITS}}}")


def name_for(site: str) -> str:
    """Return the name of the schema that a new ledger of `site` gets beside other ledgers.

    A hash is added when the site's name has to be changed or cut.

    >>> name_for("notizienord"), name_for("example.it")
    ('newscrawl_notizienord', 'newscrawl_example_it_5479e9459a')
    """
    safe = _UNSAFE.sub("_", site.lower())
    name = f"{DEFAULT_SCHEMA}_{safe}"
    if safe == site and len(name) <= _MAX_LENGTH and not _LIKE_HASHED.fullmatch(safe):
        return name
    digits = sha256(site.encode()).hexdigest()[:_HASH_DIGITS]
    return f"{name[: _MAX_LENGTH - _HASH_DIGITS - 1]}_{digits}"


def of_site(connection: Connection, site: str) -> str:
    """Return the schema of the ledger of `site` in a database, whether it exists or not.

    The schema `newscrawl` is that of the site whose ledger is there already, else that of the
    default site.
    """
    holder = None
    if _has_table(connection, DEFAULT_SCHEMA, "meta"):
        holder = connection.execute(_SITE).scalar()
        if holder == site:
            return DEFAULT_SCHEMA
    name = name_for(site)
    is_free = holder is None and not _has_table(connection, name, "meta")
    is_default = site.partition(" at ")[0] == DEFAULT.key
    return DEFAULT_SCHEMA if is_default and is_free else name


def create(connection: Connection, name: str) -> None:
    """Create a schema that is missing, and the table that all schemas of a database share."""
    for schema in {DEFAULT_SCHEMA, name}:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    if not _has_table(connection, DEFAULT_SCHEMA, tables.hosts.name):
        tables.hosts.to_metadata(MetaData(), schema=DEFAULT_SCHEMA).create(connection)


def add_host_state(connection: Connection) -> None:
    """Add what hosts have answered to their table, where an older newscrawl has made it."""
    if not connection.execute(_HAS_STATE).scalar_one():
        connection.exec_driver_sql(
            f"ALTER TABLE {DEFAULT_SCHEMA}.hosts ADD COLUMN IF NOT EXISTS state TEXT"
        )


def current(connection: Connection) -> str:
    """Return the schema of a connection's ledger, which need not exist."""
    return str(connection.execute(_SEARCH_PATH).scalar_one())


def _has_table(connection: Connection, schema: str, table: str) -> bool:
    values = {"table": f"{schema}.{table}"}
    return connection.execute(_EXISTS, values).scalar_one() is not None


_HAS_STATE = text(
    "SELECT count(*) FROM information_schema.columns "  # noqa: S608 - a constant
    f"WHERE table_schema = '{DEFAULT_SCHEMA}' AND table_name = 'hosts' AND column_name = 'state'"
)
_EXISTS = text("SELECT to_regclass(:table)")
_SEARCH_PATH = text("SELECT current_setting('search_path')")
_SITE = text(f"SELECT value FROM {DEFAULT_SCHEMA}.meta WHERE name = 'site'")  # noqa: S608 - a constant
