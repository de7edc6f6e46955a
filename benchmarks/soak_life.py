"""A year of three spiders on the twin, with faults and kills: `python -m benchmarks.soak_life`.

From the project's folder, or `make soak-life SEED=7`. Ends with code 1 when an article was lost
or doubled, a revision or a `gone` is false, or a run with nothing new sent too many requests.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.life import YEAR, Life, report_lines, why
from twin import schedule
from twin.process import TwinProcess

if TYPE_CHECKING:
    from tests.support.life_check import LifeRun

RUNS, SIZE = 200, 140


def main() -> int:
    """Live through the year, print, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, help="by default another one each time")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--size", type=int, default=SIZE, help="posts at the end of the year")
    given = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}: {given.runs} runs over a year", flush=True)
    output = Path(tempfile.mkdtemp(prefix="soak-life-"))
    start = time.monotonic()

    def progress(run: LifeRun) -> None:
        if run.number % 10 == 0:
            minutes = (time.monotonic() - start) / 60
            print(f"  {run.number:4} runs, {run.started:%F}, {minutes:.1f} min", flush=True)

    with TwinProcess(size=given.size, now=schedule.EPOCH - YEAR) as twin:
        report = Life(twin, output, seed, given.runs).live(progress)
        print(*report_lines(report), sep="\n")
        examples = "\n".join(report.findings.examples(3))
        for article in dict.fromkeys(re.findall(r"\balanews:\w+", examples)):
            print(f"-- scrapy ledger why {article}", why(output, twin.url, article), sep="\n")
    print(f"{(time.monotonic() - start) / 60:8.1f}  minutes")
    print(f"seed {seed}: {'whole' if report.is_whole else f'NOT WHOLE, see {output}'}")
    return 0 if report.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
