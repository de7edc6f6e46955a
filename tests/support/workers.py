"""Several workers at once: started, watched, killed, and what they wrote together."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.killing import Ordeal, environment, read, words
from tests.support.postgres import ask, text_of
from tests.support.preloaded import PreloadedProcess
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL

    from twin.process import TwinProcess

OWN = re.compile(r"/robots\.txt$|/\.well-known/tdmrep\.json$|.*/wp/v2/(categories|tags|users)\?")
"""What each worker reads for itself: the last are the names in what its audit compares."""


@dataclass
class Worker:
    """A crawl in a process of its own."""

    process: PreloadedProcess
    code: int | None = None
    stdout: str = ""
    stderr: str = ""

    @property
    def complaint(self) -> list[str]:
        """What it says to whoever started it."""
        lines = self.stderr.splitlines()
        return [line for line in lines if line.startswith("newscrawl:")]

    def end(self) -> Worker:
        """Wait until it ends."""
        self.stdout, self.stderr = self.process.communicate(timeout=HANG)
        self.code = self.process.returncode
        return self


@dataclass
class Team:
    """Workers of one spider on one ledger."""

    spider: str
    twin: TwinProcess
    output: Path
    ledger: URL | None
    settings: dict[str, object]
    arguments: dict[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)

    def start(self, number: int = 1, **settings: object) -> None:
        """Start so many workers at once."""
        line = words(self.spider, self.twin.url, **{**self.settings, **settings})
        for name, value in self.arguments.items():
            line += ["-a", f"{name}={value}"]
        for _ in range(number):
            given = environment(self.output, text_of(self.ledger) if self.ledger else None)
            self.workers.append(Worker(PreloadedProcess(line, given)))

    def kill(self, worker: Worker) -> None:
        """Kill -9."""
        worker.process.kill()
        worker.end()

    def at_work(self, number: int) -> None:
        """Wait until so many workers have pages in hand and lines in their dumps."""
        self.until(
            f"SELECT count(*) >= {number} FROM runs WHERE ended IS NULL "  # noqa: S608 - a number
            "AND EXISTS (SELECT 1 FROM urls WHERE urls.run = runs.id) "
            "AND EXISTS (SELECT 1 FROM dumps WHERE dumps.run = runs.id AND length > 0)"
        )

    def end(self) -> list[Worker]:
        """Wait for all that still run; return all."""
        return [worker if worker.code is not None else worker.end() for worker in self.workers]

    def stop(self) -> None:
        """Kill what a failed test has left."""
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.process.kill()
                worker.process.communicate()

    def until(self, statement: str) -> None:
        """Wait until a query of the ledger gives a true value."""
        wait_for(lambda: bool(self.ask(statement)), statement)

    def ask(self, statement: str) -> object:
        """Return the first value that a query of the ledger gives; None for no row."""
        assert self.ledger is not None
        if not ask(self.ledger, "SELECT to_regclass('newscrawl.series')")[0][0]:
            return None
        url = self.ledger.update_query_dict({"options": "-csearch_path=newscrawl"})
        rows = ask(url, statement)
        return rows[0][0] if rows else None

    def found(self) -> Ordeal:
        """Read what all workers wrote."""
        found = Ordeal()
        read(self.output / self.spider, found)
        return found

    def asked_twice(self) -> dict[str, int]:
        """Return what the site was asked for more than once, but for what is each worker's own."""
        counted = Counter(
            f"{method} {path}" for method, path, _ in self.twin.requests() if not OWN.match(path)
        )
        return {name: count for name, count in counted.items() if count > 1}


@contextmanager
def team(
    spider: str,
    twin: TwinProcess,
    output: Path,
    ledger: URL | None,
    **settings: object,
) -> Iterator[Team]:
    """Give a team without workers; kill what is left of it."""
    found = Team(spider, twin, output, ledger, settings)
    try:
        yield found
    finally:
        found.stop()
