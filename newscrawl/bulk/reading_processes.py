"""Processes that read batches of pages; each has one batch at a time."""

from __future__ import annotations

import subprocess
import sys
from multiprocessing.connection import Connection, Pipe, wait
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from newscrawl.bulk.archived_page import ArchivedPage, ArchivedPosts
    from newscrawl.bulk.batch_reading import ReadingOptions, TaskResult

# Python's own would import the program that was started, and with it Scrapy.
_PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = sys.argv[2:]
from newscrawl.bulk.batch_reading import serve
serve(int(sys.argv[1]))
"""
_END = 10
"""Seconds in which an idle process ends."""


class ReadingProcess:
    """One process."""

    def __init__(self, options: ReadingOptions) -> None:
        self.connection, theirs = Pipe()
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-c", _PROGRAM, str(number), *sys.path],
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
            )
        self.is_busy = False
        self._send(options)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def send(self, tasks: list[ArchivedPage | ArchivedPosts]) -> None:
        """Have it read some tasks."""
        self.is_busy = True
        self._send(tasks)

    def _send(self, message: object) -> None:
        try:
            self.connection.send(message)
        except OSError:
            # It has died: so does `receive` report it.
            return

    def receive(self) -> list[TaskResult] | None:
        """Return the results of its tasks, after waiting; None if it has died."""
        self.is_busy = False
        try:
            results: list[TaskResult] = self.connection.recv()
        except (EOFError, OSError):
            return None
        return results

    def close(self) -> None:
        """End it."""
        self.connection.close()
        try:
            self._process.wait(timeout=0 if self.is_busy else _END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ReadingProcesses:
    """As many processes as are needed, up to a number; a context manager."""

    def __init__(self, options: ReadingOptions, most: int) -> None:
        self._options = options
        self._most = most
        self._processes: list[ReadingProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.close()

    def idle(self) -> ReadingProcess | None:
        """Return a process without a batch, a new one if needed; None if all are busy."""
        for process in self._processes:
            if not process.is_busy:
                return process
        if len(self._processes) >= self._most:
            return None
        self._processes.append(ReadingProcess(self._options))
        return self._processes[-1]

    def ready(self, timeout: float | None) -> list[ReadingProcess]:
        """Return the processes that have results or have died, after waiting for the first."""
        busy = {process.connection: process for process in self._processes if process.is_busy}
        connections = wait([*busy], timeout)
        return [busy[entry] for entry in connections if isinstance(entry, Connection)]

    def remove(self, dead: ReadingProcess) -> None:
        """Remove a process that has died; another one is started when it is needed."""
        dead.close()
        self._processes.remove(dead)
