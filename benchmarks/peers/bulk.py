"""Reading a WARC of the twin's articles: `scrapy extract` against trafilatura."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmarks.bench_crawl import run
from benchmarks.bench_generic import f1
from benchmarks.peers import page_sets
from benchmarks.peers.reading import PEERS_PYTHON, ROOT, write

if TYPE_CHECKING:
    from benchmarks.peers.page_sets import Page

_READING = "benchmarks.peers.warc_reading"


@dataclass
class BulkResult:
    """One way to read the WARC, the best of the rounds."""

    seconds: float
    """By the clock, start included."""
    cpu: float
    """CPU seconds of all processes."""
    written: int
    """Lines with a text."""
    headlines: float
    """Share of the articles with the right headline."""
    text: float
    """Mean F1 of the words of all articles' texts; 0 for one that is missing."""


@dataclass
class Bulk:
    """All ways on one WARC."""

    pages: int
    megabytes: float
    results: dict[str, BulkResult] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    """What was not measured, and why."""


def has_extract() -> bool:
    """Return whether this checkout has the command `scrapy extract`."""
    return (ROOT / "newscrawl" / "commands" / "extract.py").is_file()


def _lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def _timed(command: list[str], out: Path, pages: list[Page]) -> BulkResult:
    start = time.perf_counter()
    cpu = run(command, str(out.parent))
    seconds = time.perf_counter() - start
    # Hosts differ: newscrawl writes the canonical address.
    read = {urlsplit(line["url"]).path: line for line in _lines(out)}
    both = [(read.get(urlsplit(page.url).path, {}), page.fields) for page in pages]
    return BulkResult(
        seconds,
        cpu,
        sum(bool(line.get("body")) for line in read.values()),
        fmean(line.get("headline") == true["headline"] for line, true in both),
        fmean(f1(line.get("body") or "", true["text"]) for line, true in both),
    )


def _commands(warc: Path, out: Path, skipped: list[str]) -> dict[str, list[str]]:
    cores = os.cpu_count() or 1
    peers = [str(PEERS_PYTHON), "-m", _READING, "read", str(warc), str(out)]
    commands = {"trafilatura, one process": [*peers, "1"]}
    if cores > 1:
        commands[f"trafilatura, {cores} processes"] = [*peers, str(cores)]
    if has_extract():
        own = [sys.executable, "-m", "scrapy", "extract", str(warc), "-o", str(out)]
        commands["scrapy extract"] = own
    else:
        skipped.append("`scrapy extract`: this version does not have the command")
    return commands


def compare(number: int, rounds: int) -> Bulk:
    """Read a WARC of so many articles in each way, in turns."""
    pages = page_sets.theme(number)
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as name:
        folder = Path(name)
        warc, out, file = folder / "site.warc.gz", folder / "out.jsonl", folder / "pages.jsonl"
        write(pages, file)
        subprocess.run(
            [str(PEERS_PYTHON), "-m", _READING, "write", str(file), str(warc)],
            cwd=ROOT,
            check=True,
        )
        bulk = Bulk(len(pages), warc.stat().st_size / 1e6)
        commands = _commands(warc, out, bulk.skipped)
        for _ in range(rounds):
            for way, command in commands.items():
                out.unlink(missing_ok=True)
                result = _timed(command, out, pages)
                best = bulk.results.setdefault(way, result)
                best.seconds = min(best.seconds, result.seconds)
                best.cpu = min(best.cpu, result.cpu)
    return bulk
