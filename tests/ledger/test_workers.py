"""Several workers share one crawl on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.workers import Team, team
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL

pytestmark = pytest.mark.e2e
SIZE = 80
WANTED = set(truth.expected(Content(seed=1, size=SIZE), Switches()))


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as found:
        yield found


@pytest.fixture
def alanews(twin: TwinProcess, tmp_path: Path, postgres: URL) -> Iterator[Team]:
    twin.reset()
    with team("alanews", twin, tmp_path, postgres) as found:
        yield found


def check(found: Team, wanted: set[str] = WANTED) -> None:
    written = found.found()
    assert written.doubled() == []
    ids = {line["id"] for line in written.lines}
    assert (sorted(wanted - ids), sorted(ids - wanted)) == ([], [])
    assert written.left_over == []


@pytest.mark.parametrize("number", [pytest.param(1, marks=pytest.mark.soak), 3])
def test_row_30_workers_share_one_crawl(alanews: Team, number: int) -> None:
    # Without a delay, two workers may have read all before the third has joined.
    alanews.start(number, DOWNLOAD_DELAY=0.02)
    assert [(worker.code, worker.stderr) for worker in alanews.end() if worker.code] == []
    assert alanews.asked_twice() == {}
    check(alanews)
    # Each has taken part.
    written = [worker.stdout.split(" articles")[0] for worker in alanews.workers]
    assert "alanews: 0" not in written


@pytest.mark.soak
def test_workers_share_one_crawl_by_rest(alanews: Team) -> None:
    alanews.arguments["source"] = "rest"
    alanews.start(3)
    assert [(worker.code, worker.stderr) for worker in alanews.end() if worker.code] == []
    check(alanews)
    alanews.start(2)
    assert [(worker.code, worker.stderr) for worker in alanews.end() if worker.code] == []
    check(alanews)


@pytest.mark.soak
def test_a_worker_that_comes_later_asks_for_nothing_again(alanews: Team) -> None:
    alanews.start(DOWNLOAD_DELAY=0.1)
    alanews.until("SELECT 1 FROM lines WHERE state = 1")
    alanews.start()
    first, second = alanews.end()
    assert (first.code, second.code) == (0, 0)
    assert "Joining a crawl that other workers have begun" in second.stderr
    assert alanews.asked_twice() == {}
    check(alanews)


@pytest.mark.soak
def test_a_crawl_with_other_arguments_waits_for_the_one_under_way(alanews: Team) -> None:
    alanews.start(DOWNLOAD_DELAY=0.1)
    alanews.until("SELECT 1 FROM lines WHERE state = 1")
    alanews.arguments["pages"] = "1"
    alanews.start()
    second = alanews.workers[1].end()
    assert second.code == 13
    [line] = second.complaint
    assert "other arguments: wait for it, or use the same arguments" in line
    assert alanews.workers[0].end().code == 0
    check(alanews)


def test_a_section_is_shared_as_well(twin: TwinProcess, tmp_path: Path, postgres: URL) -> None:
    twin.reset()
    with team("esteri", twin, tmp_path, postgres) as esteri:
        esteri.start(2)
        assert [worker.code for worker in esteri.end()] == [0, 0]
        assert esteri.asked_twice() == {}
        content = Content(seed=1, size=SIZE)
        check(esteri, set(truth.expected(content, Switches(), section="esteri")))
