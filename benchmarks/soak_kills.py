"""Kills crawls of the twin at random moments, hundreds of times, and compares with the truth.

`python -m benchmarks.soak_kills [--kills 500] [--side 2]` from the project's folder, or
`make soak`. Ends with code 1 when an article was lost, doubled or torn.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.killing import endure
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

KILLS, SIZE, ROUND = 500, 240, 25


@dataclass
class Figures:
    """What a number of kills came to."""

    kills: int = 0
    at_work: int = 0
    runs: int = 0
    expected: int = 0
    lines: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    strangers: int = 0
    """Lines of articles that are not there."""
    left_over: int = 0
    again: int = 0
    """Pages of articles fetched more than once."""

    def add(self, other: Figures) -> None:
        """Add another's counts."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def is_whole(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.doubled or self.torn or self.strangers or self.left_over)


def endured(kills: int, seed: int) -> Figures:
    """Kill one crawl, from its first run to its last, and compare its dumps with the truth."""
    wanted = truth.expected(Content(seed=1, size=SIZE), Switches())
    with tempfile.TemporaryDirectory() as folder, TwinProcess(size=SIZE) as twin:
        try:
            endurance = endure(
                "alanews", twin.url, Path(folder), kills=kills, seed=seed, DOWNLOAD_DELAY=0.1
            )
        except ValueError:
            return Figures(kills=kills, expected=len(wanted), torn=1)
        pages = {truth.url(post, Switches()).removeprefix("https://www.alanews.it")
                 for post in Content(seed=1, size=SIZE).posts}  # fmt: skip
        asked = Counter(path for _, path, _ in twin.requests() if path in pages)
    ids = {line["id"] for line in endurance.lines}
    return Figures(
        kills=endurance.kills,
        at_work=endurance.at_work,
        runs=endurance.runs,
        expected=len(wanted),
        lines=len(endurance.lines),
        lost=len({*wanted} - ids),
        doubled=len(endurance.doubled()),
        strangers=len(ids - {*wanted}),
        left_over=len(endurance.left_over),
        again=sum(count - 1 for count in asked.values()),
    )


def main() -> int:
    """Kill, compare, print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--side", type=int, default=2, help="crawls side by side")
    given = parser.parse_args()
    rounds = [min(ROUND, given.kills - start) for start in range(0, given.kills, ROUND)]
    total, lock, start = Figures(), threading.Lock(), time.monotonic()

    def run_round(number: int) -> None:
        figures = endured(rounds[number], 20_261_124 + number)
        with lock:
            total.add(figures)
            minutes = (time.monotonic() - start) / 60
            state = "whole" if figures.is_whole else f"BROKEN {figures}"
            print(f"  {total.kills:4} kills in {minutes:.1f} min, {state}", flush=True)

    print(f"kill -9 of crawls of a twin of {SIZE} posts")
    with ThreadPoolExecutor(given.side) as side:
        list(side.map(run_round, range(len(rounds))))
    crawls = len(rounds)
    print(f"{total.kills:8}  kills, {total.at_work} of them while the run wrote its dump")
    print(f"{total.runs:8}  runs, {crawls} crawls from their beginning to their end")
    print(f"{total.expected:8}  articles expected, {total.lines} lines")
    print(f"{total.lost:8}  lost")
    print(f"{total.doubled:8}  doubled")
    print(f"{total.torn:8}  crawls with a torn line")
    print(f"{total.strangers:8}  of articles that are not there")
    print(f"{total.left_over:8}  dumps without their name")
    print(f"{total.again / max(total.kills, 1):8.1f}  pages fetched again a kill")
    print(f"{(time.monotonic() - start) / 60:8.1f}  minutes")
    is_done = total.kills == given.kills and total.is_whole
    print("nothing lost, doubled or torn" if is_done else "NOT WHOLE")
    return 0 if is_done else 1


if __name__ == "__main__":
    sys.exit(main())
