"""A command's process does not look for unused objects among what it has imported."""

from __future__ import annotations

import subprocess
import sys

from tests.support.crawling import ROOT

LIST = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count(), file=sys.stderr))
from scrapy.cmdline import execute
execute(["scrapy", "list"])
"""


def test_what_was_imported_is_frozen_when_a_command_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stderr) > 10_000
