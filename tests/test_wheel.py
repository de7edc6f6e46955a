"""The wheel: it has the sites' files, and works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING
from zipfile import ZipFile

from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
KEY = "from newscrawl import sites; print(sites.__file__, sites.ALANEWS.key)"


def run(code: str, *arguments: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_site_is_read_from_the_wheel(tmp_path: Path) -> None:
    before = {path.name for path in ROOT.iterdir()}
    # Nothing is left in the checkout.
    config = tmp_path / "setup.cfg"
    base = f"[build]\nbuild_base = {tmp_path}/build\n[egg_info]\negg_base = {tmp_path}\n"
    config.write_text(base, encoding="utf-8")
    run(BUILD, tmp_path, cwd=ROOT, DIST_EXTRA_CONFIG=str(config))
    assert {path.name for path in ROOT.iterdir()} == before
    (wheel,) = tmp_path.glob("*.whl")
    content = (ROOT / "newscrawl" / "sites" / "alanews.toml").read_bytes()
    with ZipFile(wheel) as opened:
        assert opened.read("newscrawl/sites/alanews.toml") == content
        opened.extractall(tmp_path / "installed")
    for path in (tmp_path / "installed", wheel):
        said = run(KEY, cwd=tmp_path, PYTHONPATH=str(path), PYTHONDONTWRITEBYTECODE="1")
        assert said == f"{path}/newscrawl/sites/__init__.py alanews\n"
