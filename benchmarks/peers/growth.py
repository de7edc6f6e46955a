"""What a page costs when 1,000, 10,000 or 100,000 articles are known.

A site of that size is read by REST first, a hundred articles a request, so that the ledger, its
hashes and its index of near-duplicates know all of them. A crawl by page then reads the site's
lists for the first time. The site publishes `NEW` articles, which a second crawl by page fetches;
a last crawl finds nothing new.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.bench_crawl import run
from benchmarks.peers.crawls import newscrawl_command
from twin import schedule
from twin.process import TwinProcess

NEW = 500
"""Articles that are published after the first crawl, on top of the usual ones of a day."""
# Rechecks of young articles are not what is measured, and REST would take the pages' place.
_BY_PAGE = ["-s", "RECHECK_AGES=", "-s", "AUDIT_ENABLED=False"]


@dataclass
class Growth:
    """The figures of one size."""

    size: int
    known: int
    """Articles that the first crawl wrote."""
    filled: float
    """CPU seconds of that crawl."""
    lists: float
    """CPU seconds of the first crawl by page, beyond a crawl without new articles."""
    new: int
    """Articles that the second crawl by page wrote."""
    milliseconds: float
    """CPU milliseconds for each of these, beyond a crawl without new articles."""
    nothing_new: float
    """CPU seconds of a crawl that finds nothing new."""
    requests: int
    """Of that crawl."""


def _count(folder: Path) -> int:
    dumps = folder.glob("alanews/*T*Z*.jsonl")
    return sum(path.read_bytes().count(b"\n") for path in dumps)


def grow(size: int, new: int = NEW) -> Growth:
    """Measure a site of `size` articles, on which `new` more are published in its last day."""
    before = schedule.EPOCH - timedelta(days=1)
    with (
        TwinProcess(size=size + new, fresh=new, now=before) as twin,
        tempfile.TemporaryDirectory(prefix="bench-peers-") as name,
    ):
        folder = Path(name)
        filled = run([*newscrawl_command(twin.url, "source=rest"), *_BY_PAGE], name)
        known = _count(folder)
        line = [*newscrawl_command(twin.url), *_BY_PAGE]
        first_lists = run(line, name)
        before_new = _count(folder)
        twin.set_now(schedule.EPOCH)
        with_new = run(line, name)
        written = _count(folder) - before_new
        nothing: list[float] = []
        for _ in range(3):
            twin.reset()
            nothing.append(run(line, name))
        requests = len(twin.requests())
    if not written:
        raise RuntimeError(f"no new article was written on a site of {size}")
    added = (with_new - min(nothing)) / written * 1000
    lists = first_lists - min(nothing)
    return Growth(size, known, filled, lists, written, added, min(nothing), requests)
