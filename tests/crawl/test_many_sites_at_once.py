"""Six sites at once, one of which is sick: the others are complete, and none is asked too fast."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.support import side_by_side

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.soak]
PACE = 0.05


def test_a_sick_site_costs_the_others_nothing(tmp_path: Path) -> None:
    start = time.monotonic()
    with side_by_side.many(6, ["hangs"]) as sites:
        side_by_side.crawl_all(sites, tmp_path, "", side_by_side.settings(PACE))
        report = side_by_side.report_of(sites, tmp_path, PACE)
    assert report.wrong == []
    assert len(report.reasons) == 6
    assert report.requests > 5 * side_by_side.SIZE
    assert time.monotonic() - start < 120
