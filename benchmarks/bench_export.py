"""What `scrapy export` costs: seconds, lines a second, memory and size of each shape.

`python -m benchmarks.bench_export [LINES]` from the project's folder, or `make bench`. The lines
are what a crawl of the twin writes, about 13 kB each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from newscrawl import feeds
from newscrawl.export import FORMATS
from twin import truth
from twin.content import Content
from twin.model import Switches

ROOT = Path(__file__).resolve().parents[1]
LINES = 10_000
_PART = 5_000
"""Articles of each twin that lines are taken from; every twin differs by its seed."""


def fill(path: Path, lines: int) -> None:
    """Write a dump of so many lines."""
    left, seed = lines, 1
    with path.open("wb") as file:
        while left > 0:
            articles = truth.expected(Content(size=_PART, seed=seed), Switches())
            for article in list(articles.values())[:left]:
                article.id = f"alanews:{seed}{article.id.partition(':')[2]}"
                file.write(feeds.line(article))
            left, seed = left - len(articles), seed + 1


def measure(shape: str, dump: Path, *options: str) -> str:
    """Return what an export costs, in words."""
    out = dump.with_name(f"out.{shape}")
    line = [sys.executable, "-m", "scrapy", "export", "--to", shape, str(dump), "-o", str(out)]
    start = perf_counter()
    with subprocess.Popen([*line, "--force", *options], cwd=ROOT, stdout=subprocess.DEVNULL) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    seconds = perf_counter() - start
    assert run.returncode == 0
    return (
        f"{seconds:7.1f} s {used.ru_utime + used.ru_stime:7.1f} s of processor "
        f"{used.ru_maxrss / 1024:7.0f} MiB of memory {out.stat().st_size / 1e6:8.1f} MB"
    )


def main() -> None:
    """Measure each shape."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "2026-11-23T11-00-00Z.jsonl"
        # In a process of its own: the memory of those after it counts from this one's.
        filling = get_context("spawn").Process(target=fill, args=(dump, lines))
        filling.start()
        filling.join()
        print(f"{lines:,} lines, {dump.stat().st_size / 1e6:.0f} MB")
        for shape in FORMATS:
            print(f"  {shape:<18}{measure(shape, dump)}")
        print(f"  {'parquet --latest':<18}{measure('parquet', dump, '--latest')}")


if __name__ == "__main__":
    main()
