"""The scheduler at a run's end: what was leased is pending again, whatever ended the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newscrawl.ledger.store.tables import LEASED, PENDING
from tests.support.crawling import crawl
from tests.support.ledgers import FILE, change, rows
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60
LIMITED = {"CLOSESPIDER_ITEMCOUNT": "2", "CONCURRENT_REQUESTS": "1"}
# It is exceeded at once, while the spider's first requests are still being made.
STARVED = {"MEMUSAGE_LIMIT_MB": "20", "MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.01"}


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as process:
        yield process


def states(ledger: Path) -> set[object]:
    return {state for (state,) in rows(ledger, "SELECT DISTINCT state FROM urls")}


def test_a_run_that_ends_while_it_begins_leaves_nothing_leased(
    twin: TwinProcess, tmp_path: Path
) -> None:
    assert crawl("cronaca", tmp_path, site_url=twin.url, settings=LIMITED).code == 22
    for _ in range(2):
        assert crawl("cronaca", tmp_path, site_url=twin.url, settings=STARVED).code == 21
        assert LEASED not in states(tmp_path / FILE)
        assert PENDING in states(tmp_path / FILE)
    last = crawl("cronaca", tmp_path, site_url=twin.url)
    assert last.code == 0
    wanted = truth.expected(Content(size=SIZE), Switches(), "cronaca")
    assert sorted(line["id"] for line in last.articles) == sorted(wanted)


def test_what_a_run_that_ended_still_holds_is_returned(twin: TwinProcess, tmp_path: Path) -> None:
    assert crawl("cronaca", tmp_path, site_url=twin.url, settings=LIMITED).code == 22
    # As a run left it whose last commit came after its end.
    change(
        tmp_path / FILE,
        "UPDATE urls SET state = ?, run = (SELECT max(id) FROM runs) WHERE state = ?",
        LEASED,
        PENDING,
    )
    last = crawl("cronaca", tmp_path, site_url=twin.url)
    assert last.code == 0
    wanted = truth.expected(Content(size=SIZE), Switches(), "cronaca")
    assert sorted(line["id"] for line in last.articles) == sorted(wanted)
