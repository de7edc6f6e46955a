"""Ledgers of several sites in one PostgreSQL database: tables, locks and connections apart."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import insert

from newscrawl.ledger.store import database, postgres_schemas
from newscrawl.ledger.store.locks import AdvisoryLock, name_of
from newscrawl.ledger.store.postgres_schemas import name_for
from newscrawl.ledger.store.runs import lock_claims
from newscrawl.ledger.store.tables import runs
from tests.support.postgres import ask, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

SILENCE = 120


@contextmanager
def opened(url: URL, *sites: str) -> Iterator[list[Engine]]:
    engines = [database.open_ledger(url, site) for site in sites]
    try:
        yield engines
    finally:
        for engine in engines:
            engine.dispose()


def schemas(url: URL) -> dict[str, str]:
    """Return the site of each schema that has a ledger."""
    names = [
        name
        for (name,) in ask(
            url, "SELECT schemaname FROM pg_tables WHERE tablename = 'meta' ORDER BY 1"
        )
    ]
    return {name: ask(url, _site_in(name))[0][0] for name in names}


def _site_in(schema: str) -> sql.Composed:
    statement = sql.SQL("SELECT value FROM {}.meta WHERE name = 'site'")
    return statement.format(sql.Identifier(schema))


@pytest.mark.parametrize(
    "sites",
    [
        ("example.it", "example-it", "example_it"),
        ("a.it-8001", "a.it-8002"),
        (f"{'x' * 60}a.it", f"{'x' * 60}b.it"),
        ("a_0123456789", "a"),
    ],
)
def test_names_are_valid_and_different(sites: tuple[str, ...]) -> None:
    names = [name_for(site) for site in sites]
    assert len({*names}) == len(sites)
    for name in names:
        assert re.fullmatch(r"newscrawl_[a-z0-9_]+", name)
        assert len(name_of(2**31 - 1, name)) <= 63


@pytest.mark.e2e
def test_each_site_has_a_schema_and_keeps_it(postgres: URL) -> None:
    sites = ("example.it", "alanews at loopback", "alanews", "other.it")
    with opened(postgres, *sites):
        pass
    wanted = {name_for(site): site for site in sites if site != "alanews at loopback"}
    wanted["newscrawl"] = "alanews at loopback"
    assert schemas(postgres) == wanted
    with opened(postgres, *sites) as engines:
        for engine, site in zip(engines, sites, strict=True):
            with engine.connect() as connection:
                assert wanted[postgres_schemas.current(connection)] == site
    assert schemas(postgres) == wanted


@pytest.mark.e2e
def test_a_ledger_that_a_site_has_in_the_default_schema_stays_there(postgres: URL) -> None:
    with opened(postgres, "alanews"):
        pass
    ask(postgres, "UPDATE newscrawl.meta SET value = 'example.it' WHERE name = 'site'")
    with opened(postgres, "example.it", "alanews"):
        pass
    assert schemas(postgres) == {"newscrawl": "example.it", "newscrawl_alanews": "alanews"}


@pytest.mark.e2e
def test_runs_of_two_sites_with_one_number_do_not_meet(postgres: URL) -> None:
    sites = ("alanews", "example.it", "other.it")
    now = int(time.time())
    with opened(postgres, *sites) as engines:
        values = {"id": 1, "series": 1, "host": "vm", "pid": 1, "started": 0, "written": 0}
        for engine, beat in zip(engines, (now, now - SILENCE - 5, now), strict=True):
            with engine.begin() as connection:
                connection.execute(insert(runs).values(**values, beat=beat))
        first, second, third = (engine.connect() for engine in engines)
        with first, second, third:
            locks = [AdvisoryLock(SILENCE) for _ in engines]
            with first.begin(), second.begin():
                # The second would wait for the first.
                locks[0].hold(first, 1)
                locks[1].hold(second, 1)
            with third.begin():
                assert locks[2].dead(third, [1]) == [1]
            with engines[0].connect() as watcher, watcher.begin():
                assert AdvisoryLock(SILENCE).dead(watcher, [1]) == []
            # Run 1 of the second site is silent; those of the first and the third are not.
            with engines[1].connect() as own, own.begin():
                other = AdvisoryLock(SILENCE)
                other.hold(own, 2)
                other.disconnect_hung(own)
            assert first.exec_driver_sql("SELECT 1").scalar() == 1
            with pytest.raises(Exception, match="terminating connection"):
                second.exec_driver_sql("SELECT 1")
            second.invalidate()


@pytest.mark.e2e
def test_a_transaction_of_one_site_does_not_keep_another_from_claiming(postgres: URL) -> None:
    with opened(postgres, "alanews", "example.it", "other.it") as engines:
        connections = [engine.connect() for engine in engines]
        for connection in connections:
            # It would end with an error after the time for a lock.
            connection.exec_driver_sql("SET lock_timeout = '1s'")
            lock_claims(connection)
        held = ask(
            postgres,
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        for connection in connections:
            connection.close()
    assert held == [(3,)]


@pytest.mark.e2e
def test_the_times_of_hosts_are_those_of_all_sites(postgres: URL) -> None:
    with opened(postgres, "example.it-news", "example.it-sport"):
        pass
    tables = ask(postgres, "SELECT schemaname FROM pg_tables WHERE tablename = 'hosts'")
    assert ("newscrawl",) in tables
    address = text_of(postgres.set(drivername="postgresql"))
    with psycopg.connect(address) as connection:
        columns = connection.execute("SELECT host, next_at FROM newscrawl.hosts").fetchall()
    assert columns == []
