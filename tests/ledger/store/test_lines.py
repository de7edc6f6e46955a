"""A line is promised to one run, on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newscrawl.ledger.records import Claim
from newscrawl.ledger.store import database
from newscrawl.ledger.store.lines import LineOwner, claim_line, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection, Engine


class OneIsDead:
    """Run 9 is dead, all others are alive."""

    shares = True

    def hold(self, connection: Connection, run: int) -> None:
        raise AssertionError

    def dead(self, _: Connection, runs: Iterable[int]) -> list[int]:
        return [run for run in runs if run == 9]

    def release(self) -> None:
        raise AssertionError


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.e2e)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "sqlite":
        url = database.parse_url(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    else:
        url = request.getfixturevalue("postgres")
    return database.open_ledger(url, "alanews")


def test_a_line_is_one_run_s(engine: Engine) -> None:
    def told(article: str, run: int) -> str:
        with engine.begin() as connection:
            return claim_line(connection, article, 1, LineOwner(1, 1, run, OneIsDead()))

    def written(article: str, run: int) -> int:
        with engine.begin() as connection:
            line = [Claim(article, 1)]
            return write(connection, line, series=1, edition=1, run=run, dump=1)

    try:
        assert told("a", 1) == ""
        assert told("a", 1) == "same_article"
        assert told("a", 2) == "another_worker"
        assert (written("a", 2), written("a", 1)) == (0, 1)
        assert told("a", 2) == "unchanged"
        assert told("b", 9) == ""
        assert told("b", 2) == "", "what a dead run had promised is taken over"
        assert (written("b", 9), written("b", 2)) == (0, 1)
    finally:
        engine.dispose()
