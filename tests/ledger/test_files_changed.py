"""Somebody removes, replaces or cuts the files of a run while it writes them."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers
from tests.support.crawling import ROOT, Crawl, crawl
from tests.support.killing import command, environment
from tests.support.waiting import HANG, slow_articles, wait_for
from twin import truth
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


def run_while(twin: TwinProcess, output: Path, spoil: Callable[[Path], object]) -> Crawl:
    """Run Esteri; once it has committed lines, do something to its `.part`."""
    ledger = output / ledgers.FILE

    def has_committed() -> bool:
        parts = [*(output / "esteri").glob("*.part")]
        return bool(parts) and bool(ledgers.rows(ledger, "SELECT 1 FROM dumps WHERE length > 0"))

    line = command("esteri", twin.url, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    with subprocess.Popen(
        line, cwd=ROOT, env=environment(output), stderr=subprocess.PIPE, text=True
    ) as run:
        with slow_articles(twin, 0.7):
            wait_for(has_committed, "committed lines")
            (part,) = (output / "esteri").glob("*.part")
            spoil(part)
        _, stderr = run.communicate(timeout=HANG)
    return Crawl(run.returncode, "", stderr, output / "esteri")


def remove(part: Path) -> None:
    part.unlink()


def replace(part: Path) -> None:
    other = part.with_name("other")
    other.write_text("mine\n", encoding="utf-8")
    other.rename(part)


def cut(part: Path) -> None:
    with part.open("r+b") as file:
        file.truncate(10)


def change(part: Path) -> None:
    with part.open("r+b") as file:
        file.seek(30)
        file.write(b"#")


@pytest.mark.parametrize(
    ("spoil", "says", "is_lost"),
    [
        pytest.param(remove, "was removed", False, marks=pytest.mark.soak),
        pytest.param(replace, "was replaced", False, marks=pytest.mark.soak),
        pytest.param(cut, "was ", True, marks=pytest.mark.soak),
        (change, "was changed", True),
    ],
)
@pytest.mark.soak
def test_a_growing_dump_that_is_spoilt_is_noticed_before_it_gets_its_name(
    spoil: Callable[[Path], None],
    says: str,
    is_lost: bool,  # noqa: FBT001 - a parameter of the test
    twin: TwinProcess,
    tmp_path: Path,
) -> None:
    run = run_while(twin, tmp_path, spoil)
    assert run.code == 14, run.stderr
    assert "Traceback" not in run.stderr
    (line,) = (text for text in run.stderr.splitlines() if text.startswith("newscrawl: "))
    assert f".part {says}" in line
    assert "while it was written" in line
    assert run.dumps == []
    again = crawl("esteri", tmp_path, site_url=twin.url)
    assert again.code == 0
    ids = Counter(item["id"] for item in again.articles)
    wanted = truth.expected(twin.content(), Switches(), "esteri")
    assert ids <= Counter(wanted.keys())
    if not is_lost:
        assert ids == Counter(wanted.keys())
    if spoil is replace:
        assert [path.read_text("utf-8") for path in run.folder.glob("*.part")] == ["mine\n"]


@pytest.mark.soak
def test_a_ledger_that_is_removed_during_a_run_is_noticed(
    twin: TwinProcess, tmp_path: Path
) -> None:
    run = run_while(twin, tmp_path, lambda _: (tmp_path / ledgers.FILE).unlink())
    assert run.code == 14, run.stderr
    (line,) = (text for text in run.stderr.splitlines() if text.startswith("newscrawl: "))
    assert "was removed or replaced during the run" in line
    (part,) = run.folder.glob("*.part")
    assert [json.loads(text)["id"] for text in part.read_bytes().splitlines()]
    assert run.dumps == []
