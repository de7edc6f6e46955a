"""Each run in a new container: another host name, the output folder mounted elsewhere."""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from newscrawl.dumps.part_files import DAMAGED, FINAL
from tests.support import ledgers
from tests.support.crawling import ROOT, crawl
from tests.support.killing import command, environment
from tests.support.ledgers import FILE, change, rows
from tests.support.waiting import slow_articles, wait_for
from twin import truth
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


def kill_a_run(twin: TwinProcess, output: Path) -> None:
    """Kill a run of Esteri that has committed lines, on a host of another name."""
    with (
        slow_articles(twin, 0.4),
        subprocess.Popen(
            command("esteri", twin.url, CONCURRENT_REQUESTS_PER_DOMAIN=2),
            cwd=ROOT,
            env=environment(output),
            stderr=subprocess.DEVNULL,
        ) as run,
    ):
        ledger = output / FILE
        wait_for(lambda: ledger.exists() and bool(_committed(ledger)), "lines that are committed")
        run.kill()
    for table in ("runs", "dumps"):
        change(ledger, f"UPDATE {table} SET host = 'container-1'")  # noqa: S608 - one of two names


def _committed(ledger: Path) -> list[tuple[object, ...]]:
    has_tables = rows(ledger, "SELECT 1 FROM sqlite_master WHERE name = 'hosts'")
    return rows(ledger, "SELECT 1 FROM dumps WHERE length > 0") if has_tables else []


@pytest.mark.parametrize("mounted", ["output", pytest.param("elsewhere", marks=pytest.mark.soak)])
@pytest.mark.soak
def test_a_killed_run_of_another_container_is_recovered(
    mounted: str, twin: TwinProcess, tmp_path: Path
) -> None:
    kill_a_run(twin, tmp_path / "output")
    output = (tmp_path / "output").rename(tmp_path / mounted)
    run = crawl("esteri", output, site_url=twin.url)
    assert run.code == 0, run.stderr
    assert "WARNING" not in run.stderr
    wanted = truth.expected(twin.content(), Switches(), "esteri")
    assert Counter(line["id"] for line in run.articles) == Counter(wanted.keys())
    assert not [*run.folder.glob("*.part")]
    assert {path for (path,) in rows(output / FILE, "SELECT path FROM dumps")} == {
        str(path) for path in run.dumps
    }


@pytest.mark.soak
def test_a_dump_that_comes_back_is_completed(twin: TwinProcess, tmp_path: Path) -> None:
    output = tmp_path / "output"
    kill_a_run(twin, output)
    (part,) = (output / "esteri").glob("*.part")
    away = part.rename(tmp_path / part.name)
    run = crawl("esteri", output, site_url=twin.url)
    (warning,) = (line for line in run.stderr.splitlines() if "WARNING" in line)
    assert f"{part.with_suffix('')} is gone since it was written" in warning
    assert (DAMAGED,) in rows(output / FILE, "SELECT state FROM dumps")
    away.rename(part)
    again = crawl("esteri", output, site_url=twin.url)
    assert "WARNING" not in again.stderr
    wanted = truth.expected(twin.content(), Switches(), "esteri")
    assert Counter(line["id"] for line in again.articles) == Counter(wanted.keys())
    assert rows(output / FILE, "SELECT DISTINCT state FROM dumps") == [(FINAL,)]


def test_a_dump_removed_by_another_container_is_reported(twin: TwinProcess, tmp_path: Path) -> None:
    run = crawl("esteri", tmp_path, site_url=twin.url)
    change(tmp_path / FILE, "UPDATE dumps SET host = 'container-1'")
    run.dumps[0].unlink()
    again = crawl("esteri", tmp_path, site_url=twin.url)
    (warning,) = (line for line in again.stderr.splitlines() if "WARNING" in line)
    assert "is gone since it was written" in warning
