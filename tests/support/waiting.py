"""Waiting for conditions; the only limit is one that a test meets when something hangs."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from subprocess import Popen

    from tests.support.preloaded import PreloadedProcess
    from twin.process import TwinProcess

HANG = 300.0
"""Seconds after which something hangs; on a busy machine nothing takes a third of it."""


def wait_for(is_so: Callable[[], bool], what: str, seconds: float = HANG) -> None:
    """Wait until something is so; fail when it does not come in some seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.02)


def wait_for_lines(
    folder: Path, run: Popen[str] | Popen[bytes] | PreloadedProcess, lines: int = 1
) -> None:
    """Wait until a run has written lines to its dump."""

    def has_written() -> bool:
        assert run.poll() is None, f"ended with code {run.returncode} before it was interrupted"
        return sum(path.read_bytes().count(b"\n") for path in folder.glob("*.part")) >= lines

    wait_for(has_written, f"{lines} lines in {folder}")


@contextmanager
def slow_articles(twin: TwinProcess, seconds: float) -> Iterator[None]:
    """Keep crawls at work: each article takes its time as long as this lasts, and not longer."""
    twin.set_faults([{"kind": "slow", "value": seconds, "path": r"^/\d{4}/\d\d/\d\d/"}])
    try:
        yield
    finally:
        twin.set_faults([])
