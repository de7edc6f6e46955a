"""Crawls of the twin for `benchmarks.bench_ledger`, with the ledger and without."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawl import settings

ROOT = Path(__file__).parents[1]
_FAST = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "LOG_LEVEL": "ERROR",
}
# What the ledger brought into the crawl, and what stood there before it.
_IN_MEMORY = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "DUPEFILTER_CLASS": "scrapy.dupefilters.RFPDupeFilter",
    "ITEM_PIPELINES": {
        **settings.ITEM_PIPELINES,
        "newscrawl.pipelines.compare.ComparePipeline": None,
    },
    "SPIDER_MIDDLEWARES": {
        **settings.SPIDER_MIDDLEWARES,
        "newscrawl.ledger.scrapy.leases.LeaseMiddleware": None,
    },
    "DOWNLOADER_MIDDLEWARES": {
        **settings.DOWNLOADER_MIDDLEWARES,
        "newscrawl.ledger.scrapy.leases.LeasedDownloadMiddleware": None,
    },
}


@dataclass(frozen=True)
class Run:
    """A finished crawl."""

    cpu: float
    """CPU seconds of the process, all its threads, start included."""
    lines: int
    """Lines of its dump."""
    probed: dict[str, Any]
    """What `ledger_probe.Probe` measured; nothing without it."""


def crawl(
    url: str,
    folder: Path,
    *,
    in_memory: bool = False,
    probe: bool = False,
    **further: object,
) -> Run:
    """Crawl the whole twin at `url` into a folder of its own.

    Raises:
        RuntimeError: the crawl failed; the text is what it said.
    """
    folder.mkdir(exist_ok=True)
    chosen: dict[str, object] = {**_FAST, **(_IN_MEMORY if in_memory else {}), **further}
    file = folder / "probe.json"
    if probe:
        chosen["EXTENSIONS"] = {**settings.EXTENSIONS, "benchmarks.ledger_probe.Probe": 1}
        chosen["PROBE_FILE"] = str(file)
    line = [sys.executable, "-m", "scrapy", "crawl", "alanews", "-a", f"site_url={url}"]
    for name, value in chosen.items():
        text = json.dumps(value) if isinstance(value, dict) else str(value)
        line += ["-s", f"{name}={text}"]
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(folder), "NEWSCRAWL_LEDGER_URL": ""}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        line, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1} or "Traceback" in done.stderr:
        raise RuntimeError(f"the crawl ended with {done.returncode}: {done.stderr[-2000:]}")
    return Run(
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        sum(path.read_bytes().count(b"\n") for path in (folder / "alanews").glob("*T*Z.jsonl")),
        json.loads(file.read_text(encoding="utf-8")) if probe else {},
    )
