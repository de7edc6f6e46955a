"""The demo: a spider against a twin that lives as long as the crawl."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newscrawl import dumps
from tests.support.crawling import ROOT
from tests.support.waiting import HANG
from twin import demo

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str, output: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "twin.demo", *arguments],
        cwd=ROOT,
        env={
            "NEWSCRAWL_OUTPUT": str(output),
            "NEWSCRAWL_LOG": "file",
            "PYTHONUTF8": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG,
    )


def test_what_is_asked_for_comes_last_and_so_wins() -> None:
    line = demo.command("sport", "http://127.0.0.1:1", ["-s", "DOWNLOAD_DELAY=2"])
    assert line[1:7] == ["-m", "scrapy", "crawl", "sport", "-a", "site_url=http://127.0.0.1:1"]
    assert line.index("-sDOWNLOAD_DELAY=0") < line.index("DOWNLOAD_DELAY=2")


@pytest.mark.e2e
@pytest.mark.soak
def test_the_demo_leaves_a_dump_a_log_and_a_summary_in_a_folder_of_its_own(tmp_path: Path) -> None:
    real = tmp_path / "output"
    done = run("--spider", "sport", "--size", "60", "--", "-a", "pages=1", output=real)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("sport: ")
    demo_output = tmp_path / "output-demo"
    written = sorted(path.suffix for path in (demo_output / "sport").iterdir())
    assert written == [".json", ".jsonl", ".log"]
    articles = [*dumps.latest(demo_output / "sport")]
    assert articles
    assert all("from_twin" in article.flags for article in articles)
    assert not real.exists()


@pytest.mark.soak
@pytest.mark.e2e
def test_the_demo_never_uses_the_ledger_of_real_crawls(tmp_path: Path) -> None:
    real = tmp_path / "real.sqlite"
    done = run(
        "--size",
        "60",
        "--",
        "-a",
        "pages=1",
        output=tmp_path / "output",
        NEWSCRAWL_LEDGER_URL=f"sqlite:///{real}",
    )
    assert done.returncode == 0, done.stderr
    assert not real.exists()
    assert [*(tmp_path / "output-demo").glob("ledger-twin-60-1.sqlite")]


@pytest.mark.e2e
def test_the_exit_code_of_the_crawl_passes_through(tmp_path: Path) -> None:
    done = run("--spider", "sprot", output=tmp_path)
    assert done.returncode == 2
    assert "did you mean sport?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.e2e
def test_a_twin_that_does_not_start_says_why_in_one_line(tmp_path: Path) -> None:
    done = run("--size", "-1", output=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "--size" in done.stderr
