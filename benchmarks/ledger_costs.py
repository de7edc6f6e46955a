"""What a page's links, and a batch of leases, cost in ledgers of two sizes."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from benchmarks.ledger_filling import NOW, address
from newscrawl.ledger.records import DiscoveredUrl, Settled
from newscrawl.ledger.store import queue
from newscrawl.ledger.store.enqueue import add
from newscrawl.ledger.store.tables import DONE
from newscrawl.outcomes.task import ARTICLE
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

LINKS, FRESH, RECENT = 170, 20, 5_000
"""Links of a page; those of them that are new; how far back the recent ones lie."""
BATCH = 64
RUN = 1


@dataclass(frozen=True)
class Cost:
    """Medians over all rounds."""

    cpu: float
    """CPU milliseconds of the process, the kernel's work for it included."""
    statements: float
    rows: float
    """Rows that the statements were given or have returned."""
    read: float
    """Kilobytes read, from the disk or from the kernel's cache of it."""


class Filled:
    """A ledger of `count` URLs, and what is done with it."""

    def __init__(self, engine: Engine, count: int, file: Path | None = None) -> None:
        self.engine, self.count, self.file = engine, count, file
        self._dice = random.Random(count)  # noqa: S311 - made to be repeatable
        self._next = 10**9
        self.statements = self.rows = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *arguments: Any) -> None:
        self.statements += 1
        self.rows += len(arguments[3]) if arguments[5] else 1

    def links(self, fresh: int, recent: bool) -> list[DiscoveredUrl]:  # noqa: FBT001 - one of two columns
        """Return a page's links, all but `fresh` of them known."""
        first = max(0, self.count - RECENT) if recent else 0
        numbers = self._dice.sample(range(first, self.count), LINKS - fresh)
        numbers += range(self._next, self._next + fresh)
        self._next += fresh
        self._dice.shuffle(numbers)
        urls = map(address, numbers)
        return [DiscoveredUrl(url, ARTICLE, key_of(url), channels=1) for url in urls]

    def note(self, links: list[DiscoveredUrl]) -> None:
        """Do what the crawl does with links: look them up and add what is new, in one go."""
        with self.engine.begin() as connection:
            add(connection, 1, NOW, links)

    def nothing(self) -> None:
        """Prepare nothing."""

    def lease_and_settle(self, _: object = None) -> None:
        """Lease a batch, and settle it as read."""
        with self.engine.begin() as connection:
            leased = queue.lease(connection, 1, RUN, BATCH)
        settled = [
            Settled(lease.id, ARTICLE, DONE, "written", 200, NOW + 3_600) for lease in leased
        ]
        with self.engine.begin() as connection:
            queue.settle(connection, RUN, NOW, settled)

    def forget_cache(self) -> None:
        """Have SQLite and the kernel forget what they hold of the file."""
        self.engine.dispose()
        if self.file is None:
            return
        descriptor = os.open(self.file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


OPERATIONS: dict[str, tuple[Callable[[Filled], Any], Callable[[Filled, Any], None]]] = {
    "add 20 links, 150 known at random": (
        lambda ledger: ledger.links(FRESH, recent=False),
        Filled.note,
    ),
    "add 20 links, 150 known and recent": (
        lambda ledger: ledger.links(FRESH, recent=True),
        Filled.note,
    ),
    "add 170 links": (lambda ledger: ledger.links(LINKS, recent=False), Filled.note),
    "look up 170 links at random": (lambda ledger: ledger.links(0, recent=False), Filled.note),
    "look up 170 recent links": (lambda ledger: ledger.links(0, recent=True), Filled.note),
    "lease and settle 64": (Filled.nothing, Filled.lease_and_settle),
}


def read_bytes() -> tuple[int, int]:
    """Return how many bytes this process has read, and of these from the disk itself."""
    numbers = dict(
        line.split(": ") for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    )
    return int(numbers["rchar"]), int(numbers["read_bytes"])


def compare(ledgers: list[Filled], rounds: int) -> dict[str, list[Cost]]:
    """Return what each operation costs in each of the ledgers, which take turns."""
    costs: dict[str, list[Cost]] = {}
    for name, (prepare, act) in OPERATIONS.items():
        taken: dict[int, list[tuple[float, ...]]] = defaultdict(list)
        for number in range(rounds + rounds // 5):
            for place, ledger in enumerate(ledgers):
                given = prepare(ledger)
                ledger.statements = ledger.rows = 0
                read, start = read_bytes()[0], process_time()
                act(ledger, given)
                used = process_time() - start
                # The first fifth only warms the caches up.
                if number >= rounds // 5:
                    taken[place].append((
                        used * 1e3, ledger.statements, ledger.rows, (read_bytes()[0] - read) / 1e3
                    ))  # fmt: skip
        costs[name] = [
            Cost(*map(median, zip(*taken[place], strict=True))) for place in range(len(ledgers))
        ]
    return costs


def cold(ledger: Filled, rounds: int = 5) -> tuple[float, float]:
    """Return CPU milliseconds, and kilobytes from the disk, of a page's links, nothing cached."""
    used, read = [], []
    for _ in range(rounds):
        given = ledger.links(FRESH, recent=False)
        ledger.forget_cache()
        before, start = read_bytes()[1], process_time()
        ledger.note(given)
        used.append((process_time() - start) * 1e3)
        read.append((read_bytes()[1] - before) / 1e3)
    return median(used), median(read)
