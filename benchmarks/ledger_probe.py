"""A Scrapy extension that watches a crawl from within, for `benchmarks.bench_ledger`.

It measures how late the event loop is, how long the ledger's own code holds it, and how much
memory the process took at most, and writes that as JSON to the file that PROBE_FILE names.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
from functools import wraps
from itertools import islice
from pathlib import Path
from threading import get_ident
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any, cast

from scrapy import signals

from benchmarks.ledger_filling import address
from newscrawl.discovery.state import REMEMBERED
from newscrawl.feeds import ArticleLinesExporter
from newscrawl.ledger.scrapy.leases import LeasedDownloadMiddleware, LeaseMiddleware
from newscrawl.ledger.scrapy.scheduler import LedgerScheduler
from newscrawl.pipelines.compare import ComparePipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Self

    from scrapy.crawler import Crawler

    from newscrawl.spiders.base import BaseSpider

TICK = 0.001
"""Seconds between two looks at the clock."""
_FULL = 250_000
"""Addresses that fill every cache a crawl has."""
_STEPS = {
    LedgerScheduler: (
        "enqueue_request", "next_request", "has_pending_requests", "_snapshot",
    ),
    LeaseMiddleware: ("process_spider_input",),
    LeasedDownloadMiddleware: ("process_exception",),
    ArticleLinesExporter: ("export_item",),
}  # fmt: skip
_COROUTINES = {
    LedgerScheduler: ("_commit", "_open", "_close"),
    ComparePipeline: ("process_item",),
}


class Held:
    """How long each part of the ledger's code has held the loop."""

    def __init__(self) -> None:
        self.cpu: dict[str, list[float]] = {}
        """Name to CPU seconds of the loop's thread, one entry a call."""
        self.wall: dict[str, list[float]] = {}
        """Name to seconds on the clock, waits for the interpreter's lock and others' work in."""

        self.collected: list[float] = []
        """CPU seconds of each collection of garbage on the loop's thread."""
        self._collecting = 0.0
        self._garbage = 0.0
        self._thread = get_ident()
        gc.callbacks.append(self._collects)

    def _collects(self, phase: str, _: dict[str, int]) -> None:
        if get_ident() != self._thread:
            return
        if phase == "start":
            self._collecting = thread_time()
        else:
            self.collected.append(thread_time() - self._collecting)
            self._garbage += self.collected[-1]

    def timed(self, name: str, function: Callable[[], Any]) -> Any:
        """Call a function and note how long it took, without the garbage of others.

        Whoever makes the next object pays for collecting what the whole crawl has left.
        """
        wall, cpu, garbage = perf_counter(), thread_time(), self._garbage
        try:
            return function()
        finally:
            used = thread_time() - cpu
            self.cpu.setdefault(name, []).append(used - (self._garbage - garbage))
            self.wall.setdefault(name, []).append(perf_counter() - wall)


class _Steps:
    """A coroutine each of whose steps, from one wait to the next, is timed."""

    def __init__(self, held: Held, name: str, coroutine: Any) -> None:
        self._held, self._name, self._coroutine = held, name, coroutine

    def __await__(self) -> Generator[Any, Any, Any]:
        inner = self._coroutine.__await__()
        step: Callable[[], Any] = lambda: inner.send(None)  # noqa: E731 - changed below
        while True:
            try:
                waits_for = self._held.timed(self._name, step)
            except StopIteration as end:
                return end.value
            try:
                given = yield waits_for
            except BaseException as error:  # noqa: BLE001 - handed on as it is
                step = _thrower(inner, error)
            else:
                step = _sender(inner, given)


def _thrower(inner: Any, error: BaseException) -> Callable[[], Any]:
    return lambda: inner.throw(error)


def _sender(inner: Any, given: Any) -> Callable[[], Any]:
    return lambda: inner.send(given)


def watch(held: Held) -> None:
    """Have the ledger's code on the event loop timed from now on."""
    for owner, names in _STEPS.items():
        for name in names:
            setattr(owner, name, _timed(held, f"{owner.__name__}.{name}", getattr(owner, name)))
    for owner, names in _COROUTINES.items():
        for name in names:
            method = getattr(owner, name)
            setattr(owner, name, _stepped(held, f"{owner.__name__}.{name}", method))


def _timed(held: Held, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
    # Scrapy looks at the signature.
    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        return held.timed(label, lambda: function(*arguments, **options))

    return call


def _stepped(held: Held, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def call(*arguments: Any, **options: Any) -> Any:
        return await _Steps(held, label, function(*arguments, **options))

    return call


class Probe:
    """Watches one crawl. Settings: PROBE_FILE, PROBE_FULL (fill the caches first)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._file = Path(crawler.settings["PROBE_FILE"])
        self._held = Held()
        self._late: list[float] = []
        self._timer: asyncio.TimerHandle | None = None
        self._full = 0.0
        watch(self._held)
        crawler.signals.connect(self.started, signals.engine_started)
        crawler.signals.connect(self.stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawler."""
        return cls(crawler)

    def started(self) -> None:
        """Fill the caches if asked to, then begin to look at the clock."""
        if self._crawler.settings.getbool("PROBE_FULL"):
            spider = cast("BaseSpider", self._crawler.spider)
            for number in range(_FULL):
                url = address(10**9 + number)
                known = spider.context.addresses.understand(f"{url}?utm_source=x").url
                spider.context.discovery.restore(known, 1)
            for url in islice(map(address, range(10**9)), REMEMBERED):
                spider.context.discovery.mark_outside(url)
            # The caches hold no cycles; what filling them left behind is not the crawl's.
            gc.collect()
        self._full = _memory("VmRSS")
        self._look(perf_counter())

    def _look(self, due: float) -> None:
        now = perf_counter()
        self._late.append(now - due)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(TICK, self._look, now + TICK)

    def stopped(self) -> None:
        """Write what was measured."""
        if self._timer is not None:
            self._timer.cancel()
        late = sorted(self._late)
        self._file.write_text(
            json.dumps(
                {
                    "held_cpu": {name: max(all_) for name, all_ in self._held.cpu.items()},
                    "held_wall": {name: max(all_) for name, all_ in self._held.wall.items()},
                    "held_sum": {name: sum(all_) for name, all_ in self._held.cpu.items()},
                    "collected": max(self._held.collected, default=0.0),
                    "late": [late[int(len(late) * share)] for share in (0.5, 0.99, 0.999)],
                    "late_most": late[-1],
                    "looks": len(late),
                    "peak": _memory("VmHWM"),
                    "peak_full": self._full,
                    "pages": self._crawler.stats.get_value("response_received_count", 0),
                }
            ),
            encoding="utf-8",
        )


def _memory(name: str) -> float:
    """Return one of this process's figures in megabytes (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    match = re.search(rf"{name}:\s+(\d+) kB", status)
    return int(match[1]) * 1024 / 1e6 if match else 0.0
