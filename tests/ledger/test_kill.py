"""Killed at any instant, a crawl loses nothing and doubles nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.killing import Ordeal, endure
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KILLS = 5
SEEDS = range(20261124, 20261129)
"""25 kills in all; in pieces, so that they can be borne side by side."""
SIZE = 120


def check(found: Ordeal, size: int = SIZE) -> None:
    wanted = truth.expected(Content(seed=1, size=size), Switches())
    assert found.doubled() == []
    ids = {line["id"] for line in found.lines}
    assert (sorted({*wanted} - ids), sorted(ids - {*wanted})) == ([], [])
    assert {line["revision"] for line in found.lines} == {1}
    assert found.left_over == []


@pytest.mark.parametrize("seed", SEEDS)
def test_kill_9_at_random_moments_loses_nothing_and_doubles_nothing(
    seed: int, tmp_path: Path
) -> None:
    with TwinProcess(size=SIZE) as twin:
        found = endure("alanews", twin.url, tmp_path, kills=KILLS, seed=seed, DOWNLOAD_DELAY=0.1)
    assert found.kills == KILLS
    assert found.at_work >= KILLS // 2
    check(found)
