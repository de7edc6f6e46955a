"""Commands of the project: `scrapy crawl` with clear errors and exit codes."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from importlib import import_module

from newscrawl.outcomes import finish_reasons
from newscrawl.scrapy_internals import exit_at_once

_STOPPED = (
    b"newscrawl: stopped before the crawl began: nothing was fetched, nothing is lost; "
    b"run it again to continue\n"
)


def _stopped_at_start(*_: object) -> None:
    """End the process: there is no run yet that could be closed."""
    os.write(2, _STOPPED)
    exit_at_once(finish_reasons.code(finish_reasons.SHUTDOWN))


def handle_signals() -> None:
    """Let SIGINT and SIGTERM end the process with one line, until Scrapy can close the run."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped_at_start)


# What is imported stays until the end: to look for unused objects in it took a third of the CPU
# time of a run with nothing new.
gc.set_threshold(50_000, 20, 10)
atexit.register(gc.freeze)

if sys.argv[1:2] == ["crawl"]:
    # Scrapy imports all commands first, which takes a moment.
    handle_signals()
    # It looks through the stack and through all modules three times; here both are short.
    import_module("scrapy.core.downloader.contextfactory")
