"""Killed at a chosen moment: what was promised and not written leaves no trace."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers
from tests.support.crawling import ROOT, crawl
from tests.support.killing import command, environment
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
KILL = """
import os, signal, sys
from scrapy.cmdline import execute
{patch}
execute(["scrapy", *sys.argv[1:]])
"""
BEFORE_A_LINE = """
from newscrawl import feeds
feeds.ArticleLinesExporter.export_item = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""
BEFORE_RECOVERY = """
from newscrawl.ledger.store import runs
runs.recover = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


def kill(patch: str, twin: TwinProcess, output: Path, *arguments: str) -> None:
    line = [*command("esteri", twin.url, CONCURRENT_REQUESTS_PER_DOMAIN=1)[3:], *arguments]
    done = subprocess.run(
        [sys.executable, "-c", KILL.format(patch=patch), *line],
        cwd=ROOT,
        env=environment(output),
        capture_output=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.soak
def test_an_article_edited_after_its_line_was_promised_begins_with_revision_1(
    twin: TwinProcess, tmp_path: Path
) -> None:
    kill(BEFORE_A_LINE, twin, tmp_path)
    promised, *_ = ledgers.rows(tmp_path / ledgers.FILE, "SELECT id FROM articles")
    twin.edit(int(str(promised[0]).partition(":")[2]), "headline")
    run = crawl("esteri", tmp_path, site_url=twin.url)
    assert run.code == 0
    first = {line["id"]: line for line in run.articles}
    assert {(line["revision"], line["previous_hash"]) for line in run.articles} == {(1, None)}
    assert "aggiornamento 1" in first[str(promised[0])]["headline"]


@pytest.mark.soak
def test_killed_at_the_start_of_a_new_edition_all_is_written_again(
    twin: TwinProcess, tmp_path: Path
) -> None:
    known = [line["id"] for line in crawl("esteri", tmp_path, site_url=twin.url).articles]
    kill(BEFORE_RECOVERY, twin, tmp_path, "-a", "known=write")
    run = crawl("esteri", tmp_path, site_url=twin.url)
    assert run.code == 0
    assert Counter(line["id"] for line in run.articles) == Counter(dict.fromkeys(known, 2))
