"""A ledger of Alanews in each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newscrawl.ledger.store import database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.e2e)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = database.parse_url(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    else:
        url = request.getfixturevalue("postgres")
    opened = database.open_ledger(url, "alanews")
    yield opened
    opened.dispose()
