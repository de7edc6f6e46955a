"""Killed at any instant, a crawl loses nothing and doubles nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.killing import Ordeal, endure
from tests.support.postgres import text_of
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
# In pieces, so that they can be borne side by side.
SEEDS = range(20261124, 20261129)
ORDEALS = [
    (SEEDS[0], 4, 60),
    pytest.param(SEEDS[1], 4, 60, marks=pytest.mark.soak),
    *(pytest.param(seed, 5, 120, marks=pytest.mark.soak) for seed in SEEDS),
]
"""Seed of the moments, number of kills, 4 and 29 more, and number of articles."""


def check(found: Ordeal, size: int) -> None:
    wanted = truth.expected(Content(seed=1, size=size), Switches())
    assert found.doubled() == []
    ids = {line["id"] for line in found.lines}
    assert (sorted({*wanted} - ids), sorted(ids - {*wanted})) == ([], [])
    assert {line["revision"] for line in found.lines} == {1}
    assert found.left_over == []


@pytest.mark.parametrize(("seed", "kills", "size"), ORDEALS)
def test_row_29_kill_9_at_random_moments_loses_nothing_and_doubles_nothing(
    seed: int, kills: int, size: int, tmp_path: Path
) -> None:
    with TwinProcess(size=size) as twin:
        found = endure("alanews", twin.url, tmp_path, kills=kills, seed=seed, DOWNLOAD_DELAY=0.1)
    assert found.kills == kills
    assert found.at_work >= kills // 2
    check(found, size)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kill_9_of_a_run_by_rest(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    ledger = text_of(request.getfixturevalue("postgres")) if kind == "postgresql" else None
    size, kills = 400, 6
    with TwinProcess(size=size) as twin:
        found = endure(
            "alanews",
            twin.url,
            tmp_path,
            kills=kills,
            seed=SEEDS[2],
            ledger=ledger,
            options=("-a", "source=rest"),
            DOWNLOAD_DELAY=0.3,
        )
    assert found.kills == kills
    assert all("from_rest" in line["flags"] for line in found.lines)
    check(found, size)
