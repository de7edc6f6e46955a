"""One request at a time, and a delay between two, over all crawls on one ledger."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from newscrawl.ledger import throttle
from newscrawl.ledger.store.database import parse_url
from tests.support.workers import team
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL

pytestmark = pytest.mark.e2e
DELAY = 0.05
POLITE = {
    "DOWNLOAD_DELAY": DELAY,
    "DOWNLOAD_DELAY_JITTER": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
}


@pytest.fixture
def slow_twin() -> Iterator[TwinProcess]:
    """Give a site whose answers take so long that two at once would be seen."""
    with TwinProcess(size=50, faults=[{"path": ".", "kind": "slow", "value": 0.03}]) as twin:
        yield twin


def is_polite(twin: TwinProcess) -> bool:
    times = twin.times()
    at_once = [(one, two) for one, two in pairwise(times) if two[0] < one[1]]
    assert at_once == []
    # A request may arrive late, but not all of them more and more early.
    return times[-1][0] - times[0][0] > (len(times) - 2) * DELAY


def test_a_request_that_was_sent_late_delays_the_next(tmp_path: Path) -> None:
    sent: list[float] = []

    async def send(slots: throttle.Throttle) -> None:
        async with slots.slot("example.it", 4 * DELAY, alone=True):
            sent.append(time.monotonic())

    async def run() -> None:
        slots = throttle.of_run(parse_url(f"sqlite:///{tmp_path}/ledger.sqlite"), "")
        await send(slots)
        second = asyncio.create_task(send(slots))
        await asyncio.sleep(DELAY)
        # Reading a page keeps the event loop busy beyond the second's time.
        time.sleep(6 * DELAY)  # noqa: ASYNC251 - so that it is late
        await second
        await send(slots)
        slots.close()

    asyncio.run(run())
    assert sent[2] - sent[1] >= 4 * DELAY


@pytest.mark.soak
def test_workers_of_one_crawl_take_turns(
    slow_twin: TwinProcess, tmp_path: Path, postgres: URL
) -> None:
    with team("alanews", slow_twin, tmp_path, postgres, **POLITE) as workers:
        workers.start(2)
        assert [worker.code for worker in workers.end()] == [0, 0]
    robots = [path for _, path, _ in slow_twin.requests() if path == "/robots.txt"]
    assert len(robots) == 2
    assert is_polite(slow_twin)


@pytest.mark.parametrize("is_shared", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_crawls_of_two_sections_take_turns(
    slow_twin: TwinProcess, tmp_path: Path, request: pytest.FixtureRequest, *, is_shared: bool
) -> None:
    ledger = request.getfixturevalue("postgres") if is_shared else None
    with (
        team("esteri", slow_twin, tmp_path, ledger, **POLITE) as esteri,
        team("cronaca", slow_twin, tmp_path, ledger, **POLITE) as cronaca,
    ):
        esteri.start()
        cronaca.start()
        assert [worker.code for worker in (*esteri.end(), *cronaca.end())] == [0, 0]
        assert esteri.found().lines
        assert cronaca.found().lines
    assert is_polite(slow_twin)
