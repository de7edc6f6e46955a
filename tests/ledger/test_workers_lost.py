"""Workers that die, hang or lose the ledger: others do their work, and nothing is lost."""

from __future__ import annotations

import signal
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import OwnServer
from tests.support.waiting import slow_articles
from tests.support.workers import Team, team
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL

    from tests.support.killing import Ordeal

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SIZE = 100
SLOWLY = {"DOWNLOAD_DELAY": 0.02, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
KILLS = [3, pytest.param(8, marks=pytest.mark.soak)]
SERVER_KILLS = [2, 4]
CUT_OFF = ("terminating connection due to administrator", "server closed the connection")


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as found:
        yield found


@pytest.fixture
def alanews(twin: TwinProcess, tmp_path: Path, postgres: URL) -> Iterator[Team]:
    with team("alanews", twin, tmp_path, postgres, **SLOWLY) as found:
        yield found


def check(found: Ordeal) -> None:
    wanted = truth.expected(Content(seed=1, size=SIZE), Switches())
    assert found.doubled() == []
    ids = {line["id"] for line in found.lines}
    assert (sorted({*wanted} - ids), sorted(ids - {*wanted})) == ([], [])
    assert {line["revision"] for line in found.lines} == {1}
    assert found.left_over == []


@pytest.mark.soak
def test_a_living_worker_takes_over_from_a_killed_one(twin: TwinProcess, alanews: Team) -> None:
    with slow_articles(twin, 1):
        alanews.start(2)
        alanews.at_work(2)
        first, second = alanews.workers
        alanews.kill(first)
    assert second.end().code == 0
    assert "Another run did not end: " in second.stderr
    check(alanews.found())


@pytest.mark.soak
@pytest.mark.parametrize("backend", ["min", "max"])
def test_a_worker_cut_off_from_the_ledger_ends_and_loses_nothing(
    twin: TwinProcess, alanews: Team, backend: str
) -> None:
    with slow_articles(twin, 1):
        # The first connection is the ledger's, the last one that of the turns.
        alanews.start(2)
        alanews.at_work(2)
        first, second = alanews.workers
        alanews.ask(
            f"SELECT pg_terminate_backend({backend}(activity.pid)) "  # noqa: S608 - one of two words
            "FROM pg_stat_activity AS activity JOIN runs "
            "ON application_name = 'newscrawl run ' || runs.id "
            f"WHERE datname = current_database() AND runs.pid = {first.process.pid}"
        )
        assert first.end().code == 14
    [line] = first.complaint
    # Whether the server's last words arrive depends on what the worker was doing.
    assert " does not answer (" in line
    assert any(words in line for words in CUT_OFF)
    assert "Traceback" not in first.stderr
    assert second.end().code == 0
    check(alanews.found())


@pytest.mark.soak
def test_a_worker_taken_for_dead_writes_no_more(twin: TwinProcess, alanews: Team) -> None:
    with slow_articles(twin, 1):
        alanews.start()
        alanews.at_work(1)
        alanews.ask(
            "WITH dead AS (UPDATE runs SET ended = 1, reason = 'died' RETURNING id) "
            "UPDATE urls SET state = 0, run = NULL FROM dead WHERE run = dead.id RETURNING 1"
        )
        worker = alanews.workers[0].end()
    assert worker.code == 14
    [line] = worker.complaint
    assert "another run considered this one dead: this run ends, nothing is lost" in line
    alanews.start()
    assert alanews.workers[1].end().code == 0
    check(alanews.found())


@pytest.mark.soak
def test_a_worker_that_hangs_is_cut_off(twin: TwinProcess, alanews: Team) -> None:
    with slow_articles(twin, 1):
        # Long enough for a worker that only waits for the processor.
        alanews.start(2, WORKER_SILENCE=10)
        alanews.at_work(2)
        first, second = alanews.workers
        first.process.send_signal(signal.SIGSTOP)
    assert second.end().code == 0
    first.process.send_signal(signal.SIGCONT)
    assert first.end().code == 14
    assert len(first.complaint) == 1
    # Its dump was its own as long as it lived: the next run completes it.
    alanews.start()
    assert alanews.workers[2].end().code == 0
    check(alanews.found())


@pytest.mark.parametrize("number", KILLS)
@pytest.mark.soak
def test_two_workers_killed_again_and_again_lose_nothing(alanews: Team, number: int) -> None:
    random, kills = Random(20261124), 0  # noqa: S311 - moments, no secrets
    alanews.start(2)
    while kills < number:
        alive = [worker for worker in alanews.workers if worker.code is None]
        victim = random.choice(alive)
        time.sleep(random.uniform(0.1, 1.4))
        if victim.process.poll() is None:
            kills += 1
        alanews.kill(victim)
        alanews.start()
    codes = [worker.end().code for worker in alanews.workers if worker.code is None]
    assert codes == [0, 0], [worker.complaint for worker in alanews.workers]
    check(alanews.found())


@pytest.fixture
def server() -> Iterator[OwnServer]:
    found = OwnServer()
    try:
        yield found
    finally:
        found.remove()


@pytest.mark.soak
@pytest.mark.parametrize("number", SERVER_KILLS)
def test_a_killed_postgresql_ends_the_crawl_and_loses_nothing(
    twin: TwinProcess, tmp_path: Path, server: OwnServer, number: int
) -> None:
    random, killed = Random(20261125), 0  # noqa: S311 - moments, no secrets
    server.start()
    with team("alanews", twin, tmp_path, server.url, **SLOWLY) as alanews:
        for _ in range(number):
            alanews.start()
            worker = alanews.workers[-1]
            if killed:
                pid = worker.process.pid
                alanews.until(f"SELECT beat FROM runs WHERE pid = {pid}")  # noqa: S608 - a number
            time.sleep(random.uniform(0, 1.5))
            server.kill()
            worker.end()
            if worker.code:
                killed += 1
                assert worker.code == 14, worker.stderr
                assert len(worker.complaint) == 1
                assert "Traceback" not in worker.stderr, worker.stderr[-6000:]
            server.start()
        alanews.start()
        assert alanews.workers[-1].end().code == 0
        check(alanews.found())
    assert killed >= number // 2
