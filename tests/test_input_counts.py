"""A run in the profile `fuzz` says how many inputs it tried, with and without workers."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CONFTEST = """
from hypothesis import settings
from tests.support.input_counts import InputCounter

settings.register_profile("fuzz", max_examples=7, database=None)

def pytest_configure(config):
    config.pluginmanager.register(InputCounter())
"""
TESTS = """
import pytest
from hypothesis import example, given, strategies as st

@pytest.mark.parametrize("times", [1, 2])
@given(st.integers())
@example(3)
def test_integers(times, number): assert number * times is not None

def test_without_inputs(): pass
"""


def run(folder: Path, *options: str) -> str:
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_some.py").write_text(TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    command += ["--rootdir", str(folder), "-o", f"pythonpath={ROOT}", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "workers"])
@pytest.mark.soak
def test_the_number_of_inputs_is_printed(tmp_path: Path, workers: tuple[str, ...]) -> None:
    # Seven generated inputs and the example, for each of two items.
    shown = run(tmp_path, "--hypothesis-profile=fuzz", *workers)
    assert "fuzz: 16 inputs tried\n" in shown
