"""A ledger of schema 1, as a killed run left it, goes on where it stopped."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import sqlalchemy

from newscrawl.items.similarity import FORMAT
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store import database, tables
from tests.support import ledgers
from tests.support.crawling import ROOT, Crawl, crawl
from tests.support.ledgers import files, rows
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

SITE = "alanews at loopback"


def opened(ledger: Path) -> sqlalchemy.Engine:
    return database.open_ledger(database.parse_url(f"sqlite:///{ledger}"), SITE)


def shape(ledger: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return each table's columns and indexes; statements name columns, so order is nothing."""
    engine = opened(ledger)
    found = sqlalchemy.inspect(engine)
    columns_and_indexes = {
        name: (
            sorted(str(column["name"]) for column in found.get_columns(name)),
            sorted(str(index["name"]) for index in found.get_indexes(name)),
        )
        for name in found.get_table_names()
    }
    engine.dispose()
    return columns_and_indexes


def test_a_migrated_ledger_has_the_tables_of_a_new_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = ledgers.unpack(tmp_path / "old")
    with caplog.at_level(logging.INFO):
        assert shape(old) == shape(tmp_path / "new.sqlite")
        opened(old).dispose()
    assert [record.getMessage() for record in caplog.records] == [
        f"Ledger {old} migrated from schema 1 to {tables.VERSION}"
    ]
    for ledger in (old, tmp_path / "new.sqlite"):
        assert sorted(rows(ledger, "SELECT name, value FROM meta")) == [
            ("schema_version", str(tables.VERSION)),
            ("site", SITE),
            ("sketch_format", str(FORMAT)),
        ]


def test_the_schema_of_each_version_has_a_step_that_leads_to_it() -> None:
    from newscrawl.ledger.store.migrations import STEPS  # noqa: PLC0415 - beside what it is about

    assert sorted(STEPS) == list(range(2, tables.VERSION + 1))


KILLED = """
import os, signal, sys
from newscrawl.ledger.store import database, migrations
whole = migrations.STEPS[2]
def step(connection):
    whole(connection)
    os.kill(os.getpid(), signal.SIGKILL)
migrations.STEPS[2] = step
database.open_ledger(database.parse_url("sqlite:///" + sys.argv[1]), "alanews at loopback")
"""


def test_a_kill_in_the_middle_leaves_the_old_ledger_whole(tmp_path: Path) -> None:
    ledger = ledgers.unpack(tmp_path / "output")
    before = rows(ledger, "SELECT * FROM sqlite_master"), rows(ledger, "SELECT * FROM urls")
    done = subprocess.run([sys.executable, "-c", KILLED, str(ledger)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert before == (
        rows(ledger, "SELECT * FROM sqlite_master"),
        rows(ledger, "SELECT * FROM urls"),
    )
    opened(ledger).dispose()
    assert ("schema_version", str(tables.VERSION)) in rows(ledger, "SELECT * FROM meta")


def test_a_step_that_fails_leaves_the_old_ledger_as_it_was(tmp_path: Path) -> None:
    ledger = ledgers.unpack(tmp_path / "output")
    ledgers.change(ledger, "CREATE INDEX urls_failed ON urls (url)")
    before = files(tmp_path)
    with pytest.raises(LedgerError, match="urls_failed already exists"):
        opened(ledger)
    assert files(tmp_path) == before


@pytest.mark.e2e
def test_a_crawl_goes_on_with_an_old_ledger_and_writes_each_article_once(tmp_path: Path) -> None:
    ledgers.unpack(tmp_path)
    with ledgers.twin() as twin:
        runs = [crawl(spider, tmp_path, site_url=twin.url) for spider in ("esteri", "cultura")]
        assert [run.code for run in runs] == [0, 0]
        assert "migrated from schema 1 to" in runs[0].stderr
        fresh = crawl("esteri", tmp_path / "fresh", site_url=twin.url)
    assert not [line for run in runs for line in run.stderr.splitlines() if "WARNING" in line]
    found = [line["id"] for line in runs[0].articles]
    assert len(found) == len(set(found))
    assert set(found) == {line["id"] for line in fresh.articles}
    assert len(runs[0].dumps) == 2
    assert len(Crawl(0, "", "", tmp_path / "cultura").articles) == 4


@pytest.mark.soak
@pytest.mark.e2e
def test_a_kept_request_for_an_archive_page_goes_on_after_the_migration(tmp_path: Path) -> None:
    with TwinProcess(size=300) as twin:
        ledger = ledgers.unpack(tmp_path, version=2, port=urlsplit(twin.url).port or 0)
        (kept,) = rows(ledger, "SELECT request FROM urls WHERE request IS NOT NULL")
        assert '"walk"' in str(kept[0])
        assert '"top"' in str(kept[0])
        run = crawl("esteri", tmp_path, site_url=twin.url)
        fresh = crawl("esteri", tmp_path / "fresh", site_url=twin.url)
    assert (run.code, fresh.code) == (0, 0)
    assert f"migrated from schema 2 to {tables.VERSION}" in run.stderr
    levels = ("WARNING:", "ERROR:")
    assert not [line for line in run.stderr.splitlines() if any(map(line.__contains__, levels))]
    ids = [line["id"] for line in run.articles]
    assert len(ids) == len(set(ids))
    assert set(ids) == {line["id"] for line in fresh.articles}
