"""The lag of a simulated day: `python -m benchmarks.bench_day`, or `make bench-day`.

The twin publishes 288 articles between one afternoon and the next, about one each five
minutes; its clock is set on from run to run, a quarter of an hour each. Runs are
`scrapy crawl` without delay, so that the day takes minutes. What politeness costs is added
afterwards: an article counts as captured one second per request, and the start, after the
simulated moment at which its run began. Ends with code 1 and names the bounds that were missed.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from newscrawl.settings import DOWNLOAD_DELAY
from newscrawl.twin import schedule, truth
from newscrawl.twin.content import Content
from newscrawl.twin.model import Switches
from newscrawl.twin.process import TwinProcess
from tests.support.crawling import ROOT
from tests.support.killing import command, environment

ARTICLES, EVERY, SIZE = 288, timedelta(minutes=15), 500
MEDIAN, MISSED = 8.0, 0
START = 3.0
"""Seconds from a run's moment to its first request, beyond what the delay says."""


@dataclass
class Day:
    """What a day of runs came to."""

    lags: dict[str, float] = field(default_factory=dict)
    """Minutes from publication to capture, by article."""
    requests: list[int] = field(default_factory=list)
    """Of each run."""
    doubled: int = 0


def busy() -> int:
    """Return how many posts more than usual make the day's new articles as many as wanted."""
    fresh = 0
    while (found := len(of_the_day(fresh))) < ARTICLES:
        fresh += ARTICLES - found
    return fresh


def of_the_day(fresh: int) -> set[str]:
    """Return the ids of what is published in the day."""
    after, before = (
        {*truth.expected(Content(size=SIZE, fresh=fresh, now=now), Switches())}
        for now in (schedule.EPOCH, schedule.EPOCH - timedelta(days=1))
    )
    return after - before


def run(twin: TwinProcess, spider: str, output: Path) -> list[str]:
    """Crawl once; return the paths that were asked for, in their order."""
    twin.reset()
    done = subprocess.run(
        command(spider, twin.url, CONCURRENT_REQUESTS_PER_DOMAIN=1, LOG_LEVEL="ERROR"),
        cwd=ROOT, env=environment(output), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"a run ended with {done.returncode}: {done.stderr}")
    return [path for _, path, _ in twin.requests()]


def lines(output: Path, spider: str) -> dict[Path, list[dict[str, str]]]:
    """Return each dump's articles as first written."""
    dumps = sorted((output / spider).glob("*.jsonl"))
    return {
        dump: [
            line
            for line in map(json.loads, dump.read_text(encoding="utf-8").splitlines())
            if line["revision"] == 1
        ]
        for dump in dumps
        if not dump.name.endswith(".rejected.jsonl")
    }


def live(twin: TwinProcess, spider: str, output: Path) -> Day:
    """Run the spider every quarter of an hour of the day."""
    day, began = Day(), time.monotonic()
    run(twin, spider, output)
    read = {*lines(output, spider)}
    seen = {line["id"] for found in lines(output, spider).values() for line in found}
    moment, last = schedule.EPOCH - timedelta(days=1), schedule.EPOCH
    while moment < last:
        moment = min(moment + EVERY, last)
        twin.set_now(moment)
        asked = run(twin, spider, output)
        day.requests.append(len(asked))
        for dump, found in lines(output, spider).items():
            if dump in read:
                continue
            read.add(dump)
            for line in found:
                day.doubled += line["id"] in seen
                seen.add(line["id"])
                path = line["url"].removeprefix("https://www.alanews.it")
                after = START + (asked.index(path) + 1) * DOWNLOAD_DELAY
                published = datetime.fromisoformat(line["date_published"])
                day.lags[line["id"]] = ((moment - published).total_seconds() + after) / 60
        took = (time.monotonic() - began) / 60
        print(f"  {moment:%a %H:%M}  {len(day.lags):4} new, {took:.1f} min", flush=True)
    return day


def main() -> int:
    """Live through the day, print, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spider", default="alanews", help="which one runs (alanews)")
    given = parser.parse_args()
    fresh = busy()
    start = schedule.EPOCH - timedelta(days=1)
    section = None if given.spider == "alanews" else given.spider
    with (
        tempfile.TemporaryDirectory() as folder,
        TwinProcess(size=SIZE, fresh=fresh, now=start) as twin,
    ):
        known = {*truth.expected(twin.content(), Switches(), section)}
        day = live(twin, given.spider, Path(folder))
        wanted = {*truth.expected(twin.content(), Switches(), section)} - known
    lags = sorted(day.lags.values())
    late = lags[math.ceil(len(lags) * 0.95) - 1]
    missed = len(wanted - {*day.lags})
    print(f"{len(wanted):8}  articles published in the day, {len(day.requests)} runs")
    print(f"{median(lags):8.1f}  minutes of lag, median (at most {MEDIAN:.0f})")
    print(f"{late:8.1f}  95th percentile")
    print(f"{lags[-1]:8.1f}  most")
    print(f"{missed:8}  missed (at most {MISSED})")
    print(f"{day.doubled:8}  written twice (none)")
    print(f"{median(day.requests):8.0f}  requests a run, median")
    bounds = {
        "median lag": median(lags) <= MEDIAN,
        "missed": missed <= MISSED,
        "written twice": not day.doubled,
    }
    failed = [name for name, is_met in bounds.items() if not is_met]
    print(f"bounds missed: {', '.join(failed)}" if failed else "all bounds met")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
