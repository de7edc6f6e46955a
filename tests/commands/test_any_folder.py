"""The program `newscrawl`: Scrapy's commands with this project's settings, in any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import ROOT
from tests.support.waiting import HANG
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


def newscrawl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "SCRAP" not in name}
    return subprocess.run(
        [sys.executable, "-m", "newscrawl.cli", *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG,
    )


@pytest.mark.soak
def test_a_crawl_in_a_folder_without_a_project(tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        address = f"site_url={twin.url}"
        run = newscrawl(tmp_path, "crawl", "sport", "-a", address, "-a", "pages=1")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("sport: ")
    assert [*(tmp_path / "output" / "sport").glob("*.jsonl")]
    checked = newscrawl(tmp_path, "validate", "output/sport")
    assert checked.returncode == 0, checked.stdout


def test_a_crawl_beside_another_project_uses_its_own_settings(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = other.settings\n", encoding="utf-8")
    run = newscrawl(tmp_path, "crawl", "estero")
    assert run.returncode == 2
    assert run.stderr == "newscrawl: unknown section 'estero': did you mean esteri?\n"
