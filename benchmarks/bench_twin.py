"""Times the twin: processor time per page of a server process, requested by this process.

`python -m benchmarks.bench_twin [PAGES]` from the project's folder, or `make bench`.
The required rate is 300 pages a second on one core.
"""

from __future__ import annotations

import os
import sys
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess
from twin.sections import SECTIONS

SIZE = 3000
PAGES = 3000
WANTED = 300.0


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used (Linux)."""
    numbers = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def measure(twin: TwinProcess, name: str, paths: list[str]) -> float:
    """Request each path once; print and return the pages per second of processor time."""
    connection = HTTPConnection(twin.url.removeprefix("http://"), timeout=60)
    before, start, size = cpu_seconds(twin.pid), perf_counter(), 0
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        size += len(answer.read())
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{answer.status}: {path}")
    used, passed = cpu_seconds(twin.pid) - before, perf_counter() - start
    connection.close()
    count = len(paths)
    rate = count / used
    print(
        f"{name:<22} {count:>5} pages {size / count / 1000:6.1f} kB  "
        f"{used * 1000 / count:5.2f} CPU ms a page  {rate:6.0f} pages per CPU second  "
        f"{count / passed:6.0f} pages per second"
    )
    return rate


def main() -> None:
    """Measure articles requested for the first time, then again, and archives."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    switches = Switches()
    content = Content(size=SIZE)
    articles = [
        addresses.path(card, switches)
        for card in map(content.card, range(min(pages, len(content))))
    ]
    archives = [
        f"{addresses.category_path(section.slug, switches)}{page}"
        for section in SECTIONS
        for page in ("", "page/2/", "page/3/")
    ]
    with TwinProcess(size=SIZE) as twin:
        rates = [
            measure(twin, "articles, first time", articles),
            measure(twin, "articles, once more", articles),
            measure(twin, "archives", list(islice(cycle(archives), max(100, pages // 3)))),
        ]
    slowest = min(rates)
    verdict = "met" if slowest >= WANTED else "MISSED"
    print(f"slowest: {slowest:.0f} pages per CPU second; wanted {WANTED:.0f}: {verdict}")


if __name__ == "__main__":
    main()
