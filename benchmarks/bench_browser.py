"""What a page in the browser costs, and what is left of it: python -m benchmarks.bench_browser.

A crawl of the twin's video posts, whose text a script fetches, against the same posts when the
server sends it. Memory is that of all processes below the crawler (PSS), looked at while it runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from newscrawl.browser import executable
from tests.support.chromium import descendants, memory
from tests.support.killing import command, environment
from twin.process import TwinProcess

LONGEST = 1.2
"""Seconds that a page may take."""
GROWTH = 1.15
"""How much more memory the browser may have after its last pages than after its first."""


class Watch(threading.Thread):
    """Notes the memory of all that runs below a process."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.seen: list[tuple[float, float]] = []

    def run(self) -> None:
        """Look until nothing is there any more."""
        while Path(f"/proc/{self._pid}").exists():
            if below := descendants(self._pid):
                self.seen.append((time.monotonic(), memory(below)))
            time.sleep(0.2)


def crawl(size: int, *, scripted: bool) -> tuple[float, int, Watch]:
    """Crawl the video posts; return seconds, articles and the memory seen."""
    switches = {"script_pages": scripted, "related": "off"}
    with TwinProcess(size=size, switches=switches) as twin, tempfile.TemporaryDirectory() as folder:
        line = command("video", twin.url, BROWSER_MAX_PAGES=10_000)
        running = subprocess.Popen(
            line,
            env=environment(Path(folder)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        watch = Watch(running.pid)
        watch.start()
        began = time.monotonic()
        if running.wait():
            sys.exit(f"the crawl ended with {running.returncode}")
        seconds = time.monotonic() - began
        watch.join()
        dumps = Path(folder).glob("video/*.jsonl")
        lines = sum(len(dump.read_bytes().splitlines()) for dump in dumps)
    return seconds, lines, watch


def main() -> None:
    """Print both, and name a bound that is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=700, help="articles of the twin")
    options = parser.parse_args()
    if (path := executable.find(os.environ.get("NEWSCRAWL_BROWSER", ""))) is None:
        print(f"nothing is timed: no Chromium ({executable.ADVICE})")
        return
    plain, articles, idle = crawl(options.size, scripted=False)
    seconds, scripted, watch = crawl(options.size, scripted=True)
    page = (seconds - plain) / scripted
    sizes = [size for _, size in watch.seen]
    # The first tenth has the start in it.
    tenth = max(1, len(sizes) // 10)
    early = statistics.median(sizes[tenth : 3 * tenth])
    late = statistics.median(sizes[-2 * tenth : -1])
    print(f"browser                 {path}")
    print(
        f"plain                   {articles} articles in {plain:.1f} s, {len(idle.seen)} children"
    )
    print(f"in the browser          {scripted} articles in {seconds:.1f} s")
    print(f"a page                  {page:.2f} s, the browser's start and end included")
    print(
        f"memory                  {early:.0f} MB early, {late:.0f} MB late, {max(sizes):.0f} most"
    )
    print("processes left          none: the crawl waits for them")
    missed = []
    if scripted != articles:
        missed.append(f"{articles - scripted} articles lost")
    if idle.seen:
        missed.append("a crawl without such pages started processes")
    if page > LONGEST:
        missed.append(f"a page took {page:.2f} s, more than {LONGEST} s")
    if late > GROWTH * early:
        missed.append(f"memory grew from {early:.0f} to {late:.0f} MB")
    if missed:
        sys.exit("MISSED: " + "; ".join(missed))


if __name__ == "__main__":
    main()
