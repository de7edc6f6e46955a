"""Runs a command whose standard error is a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(words: Sequence[str]) -> tuple[int, bytes, bytes]:
    """Run `scrapy`; return its code, what it prints, and what the terminal shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"},
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        # Linux answers with an error when the other end is closed.
        with suppress(OSError):
            while piece := os.read(ours, 65536):
                shown += piece
        printed, _ = process.communicate(timeout=HANG)
    os.close(ours)
    return process.returncode, printed, shown
