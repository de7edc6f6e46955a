"""Runs `scrapy crawl` in a fresh interpreter and measures its largest memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from tests.support.crawling import Crawl, words
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEMORY = 250 << 20
"""Bytes that the process of a crawl may take, Chromium aside (issue: the hostile web)."""
_PEAK = re.compile(rb"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Measured(Crawl):
    """A finished run, and what it took."""

    peak: int = 0
    """Largest resident memory of the process, in bytes."""
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of processor time, which other programs do not lengthen."""


def crawl(  # noqa: PLR0913 - as many as the command has
    spider: str,
    output: Path,
    *,
    settings: Mapping[str, str] | None = None,
    options: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    started: Callable[[int], object] = lambda _: None,
    **arguments: object,
) -> Measured:
    """Run a spider as `crawling.crawl` does, in a process that has imported nothing before.

    `started` is called with the number of the process.
    """
    line = [sys.executable, "-m", "scrapy", *words(spider, settings, options, arguments)]
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(output), **(environment or {})}
    began, peak, processor = time.monotonic(), 0, 0.0
    with TemporaryFile() as stdout, TemporaryFile() as stderr:
        process = subprocess.Popen(line, env=environment, stdout=stdout, stderr=stderr)
        started(process.pid)
        try:
            while process.poll() is None:
                assert time.monotonic() - began < HANG, "the crawl hangs"
                peak = max(peak, _peak(process.pid))
                processor = max(processor, _processor(process.pid))
                time.sleep(0.01)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        written, logged = _text(stdout), _text(stderr)
    seconds = time.monotonic() - began
    return Measured(process.returncode, written, logged, output / spider, peak, seconds, processor)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _peak(pid: int) -> int:
    """Return the largest resident memory of a process so far, in bytes."""
    # The process may end meanwhile; what it inherited from its parent does not count here.
    with suppress(OSError):
        if match := _PEAK.search(Path(f"/proc/{pid}/status").read_bytes()):
            return int(match[1]) << 10
    return 0


def _processor(pid: int) -> float:
    """Return the processor time of a process so far, in seconds (proc(5), `stat`)."""
    with suppress(OSError, ValueError):
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0
