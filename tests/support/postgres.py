"""A PostgreSQL for tests: a database for each, on a server that runs, and servers of one's own."""

from __future__ import annotations

import os
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = make_url(
    os.environ.get("NEWSCRAWL_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
)
_MUST = os.environ.get("CI") == "true"


def ask(url: URL, statement: str | sql.Composed) -> list[tuple[Any, ...]]:
    """Run one statement on a server, outside of any transaction, and return its rows."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


@pytest.fixture
def postgres() -> Iterator[URL]:
    """Give a database of the test's own; skip where no server answers, but never on CI."""
    name = f"newscrawl_{token_hex(6)}"
    try:
        ask(SERVER, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.OperationalError as error:
        shown = SERVER.render_as_string(hide_password=True)
        why = f"no PostgreSQL at {shown} (NEWSCRAWL_TEST_POSTGRES): {str(error).splitlines()[0]}"
        if _MUST:
            pytest.fail(why)
        pytest.skip(why)
    yield SERVER.set(database=name)
    ask(SERVER, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def text_of(url: URL) -> str:
    """Return a ledger's URL as it is given to a crawl."""
    return url.render_as_string(hide_password=False)
