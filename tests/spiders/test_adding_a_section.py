"""docs/adding-a-section.md: its three changes, made in a copy, and what follows by itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newscrawl.sites import ALANEWS
from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "adding-a-section.md").read_text(encoding="utf-8")
COPIED = ("newscrawl", "twin", "tests", "deploy", "docs", "scrapy.cfg", "pyproject.toml")


def insert(path: Path, before: str, text: str) -> None:
    """Write `text` before the one place in a file that `before` matches."""
    whole = path.read_text(encoding="utf-8")
    (match,) = re.finditer(before, whole)
    path.write_text(whole[: match.start()] + text + whole[match.start() :], encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project with the section that the page adds."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    blocks = re.findall(r"^ *```(?:python|toml)\n(.*?)^ *```", PAGE, re.M | re.S)
    section, spider = (re.sub(r"^   ", "", block, flags=re.M) for block in blocks)
    lines = spider.splitlines()
    before = r'\[\[sections\]\]\nslug = "spettacoli"'
    insert(tmp_path / "newscrawl/sites/alanews.toml", before, f"{section}\n")
    insert(
        tmp_path / "newscrawl/spiders/alanews.py",
        r"class AlanewsSpider",
        "\n".join([*lines, "", "", ""]),
    )
    crontab = tmp_path / "deploy/crontab"
    video = re.search(r"^11-59.*\n", crontab.read_text(encoding="utf-8"), re.M)
    assert video
    line = video[0].replace("11-59", f"{len(ALANEWS.sections)}-59").replace("video", "motori")
    insert(crontab, r"10 3 \* \* \*", line)
    insert(tmp_path / "docs/operating.md", r"spettacoli,salute", "motori,")
    return tmp_path


@pytest.mark.soak
@pytest.mark.e2e
@pytest.mark.slow
def test_a_section_is_added_as_its_page_says_and_all_else_follows(project: Path) -> None:
    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(project)},
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    assert "motori" in run("scrapy", "list").splitlines()
    pytest_options = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    # The spider against the twin's truth: all fields of all of its articles.
    crawled = run(
        "pytest", *pytest_options, "tests/crawl/test_crawl.py", "-k", "each_spider and motori"
    )
    assert "1 passed" in crawled
    scheduled = run(
        "pytest", *pytest_options, "tests/deploy/test_schedules.py", "-k", "crontab or operators"
    )
    assert "2 passed" in scheduled
