"""Workers on PostgreSQL that hang: what they hold is freed, whichever connection went first."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import insert

from newscrawl.ledger.store import database
from newscrawl.ledger.store.locks import AdvisoryLock, name_of
from newscrawl.ledger.store.tables import DIED, runs
from tests.support.postgres import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy.engine import URL

pytestmark = pytest.mark.e2e
SILENCE = 120


@contextmanager
def connection_of(url: URL, run: int) -> Iterator[psycopg.Connection[Any]]:
    address = text_of(url.set(drivername="postgresql"))
    with psycopg.connect(address, application_name=name_of(run), autocommit=True) as found:
        yield found


def is_cut(connection: psycopg.Connection[Any]) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def test_who_is_taken_for_dead_or_silent_is_cut_off_and_nobody_else(postgres: URL) -> None:
    now = int(time.time())
    fates: dict[int, dict[str, int | str]] = {
        # A transaction that it hung in was ended with the run's lock; the host's turn was left.
        1: {"ended": now, "reason": DIED, "beat": now},
        2: {"beat": now - SILENCE - 5},
        3: {"beat": now},
        4: {"ended": now, "reason": "finished", "beat": now - SILENCE - 5},
        # Who asks.
        5: {"beat": now - SILENCE - 5},
    }
    engine = database.open_ledger(postgres, "alanews")
    lock = AdvisoryLock(SILENCE)
    try:
        with engine.connect() as own:
            with own.begin():
                for number, fate in fates.items():
                    values = {"series": 1, "host": "vm", "pid": 1, "started": 0, "written": 0}
                    own.execute(insert(runs).values(id=number, **values, **fate))
                lock.hold(own, 5)
            with (
                connection_of(postgres, 1) as dead,
                connection_of(postgres, 2) as silent,
                connection_of(postgres, 3) as alive,
                connection_of(postgres, 4) as done,
            ):
                with own.begin():
                    lock.disconnect_hung(own)
                found = [is_cut(one) for one in (dead, silent, alive, done)]
            assert found == [True, True, False, False]
    finally:
        engine.dispose()
