"""The egg: whole, and at work from the zip."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.support.crawling import ROOT
from tests.support.nodes import build, push

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.soak
def test_the_egg_holds_the_package_and_runs_from_the_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name for path in ROOT.iterdir()}
    egg = build(tmp_path, TMPDIR=str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    assert {path.name for path in ROOT.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == [egg.name]
    with ZipFile(egg) as opened:
        held = {name for name in opened.namelist() if name.startswith("newscrawl/")}
        entry_points = opened.read("EGG-INFO/entry_points.txt")
    assert b"settings = newscrawl.settings" in entry_points
    assert b"newscrawl = newscrawl.cli:main" in entry_points
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "newscrawl").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"newscrawl/py.typed", "newscrawl/sites/alanews.toml"} <= package
    compiled = {name for name in held if name.endswith(".pyc")}
    assert held - compiled == package
    assert len(compiled) == sum(name.endswith(".py") for name in package)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.setenv("PYTHONPATH", str(egg))
    answers = {
        ("scrapy", "list"): (0, "alanews\nambiente\n"),
        # A near miss is told by the egg's own command.
        ("scrapy", "crawl", "estero"): (2, "did you mean esteri?"),
        ("newscrawl.twin", "--size", "60"): (1, "it is the folder twin/ of the repository"),
    }
    for line, (code, text) in answers.items():
        done = subprocess.run(
            [sys.executable, "-m", *line], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        assert text in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({}, "say which Scrapyd, without a password: make deploy SCRAPYD=http://host:6800"),
        ({"SCRAPYD": "host:6800"}, "say which Scrapyd"),
        ({"SCRAPYD": "http://u:p@host:6800"}, "say which Scrapyd, without a password"),
        ({"SCRAPYD": "http://host:6800"}, "set SCRAPYD_USERNAME and SCRAPYD_PASSWORD"),
        ({"SCRAPYD": "http://host:6800", "SCRAPYD_USERNAME": "x"}, "set SCRAPYD_USERNAME and"),
    ],
)
def test_a_deployment_that_cannot_be_is_one_line(told: dict[str, str], text: str) -> None:
    done = push(**told)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"newscrawl: {text}")
    assert done.stderr.count("\n") == 1
