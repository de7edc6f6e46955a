"""The lag of a simulated day: `python -m benchmarks.bench_day`, or `make bench-day`.

The twin publishes 288 articles between one afternoon and the next, about one each five
minutes. Each section's spider runs every quarter of an hour at its minute of deploy/crontab,
for which the twin's clock is set on; runs for which nothing new stands in the section are left
out, as they capture nothing. `--spider alanews` has one spider run at each full quarter instead.

Runs are `scrapy crawl` without delay. What politeness costs is added afterwards: an article
counts as captured one second per request, and the start, after the simulated moment at which
its run began. Ends with code 1 and names the bounds that were missed.
"""

from __future__ import annotations

import argparse
import json
import math
import re
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

from newscrawl.dumps.files import is_dump
from newscrawl.settings import DOWNLOAD_DELAY
from tests.support.crawling import ROOT
from tests.support.killing import command, environment
from twin import schedule, truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

ARTICLES, EVERY, SIZE = 288, timedelta(minutes=15), 500
BEGIN, END = schedule.EPOCH - timedelta(days=1), schedule.EPOCH
MEDIAN, MISSED = 8.0, 0
START = 3.0
"""Seconds from a run's moment to its first request, beyond what the delay says."""
_LINE = re.compile(r"^(\d+)-59/15 .* (\w+) >/dev/null$", re.M)


@dataclass
class Day:
    """What a day of runs came to."""

    lags: dict[str, float] = field(default_factory=dict)
    """Minutes from publication to capture by any spider, by article."""
    requests: list[int] = field(default_factory=list)
    """Of each run."""
    seen: set[tuple[str, str]] = field(default_factory=set)
    """Spider and article."""
    doubled: int = 0
    left_out: int = 0


def published(content: Content, section: str | None) -> dict[str, datetime]:
    """Return when each article of a section, or of the site, was published."""
    items = truth.expected(content, Switches(), section).items()
    return {name: datetime.fromisoformat(item.date_published or "") for name, item in items}


def busy() -> int:
    """Return how many posts more than usual make the day's new articles as many as wanted."""
    fresh = 0
    while (count := len(of_the_day(Content(size=SIZE, fresh=fresh)))) < ARTICLES:
        fresh += ARTICLES - count
    return fresh


def of_the_day(content: Content, section: str | None = None) -> dict[str, datetime]:
    """Return what is published in the day."""
    times = published(content, section).items()
    return {name: moment for name, moment in times if BEGIN < moment <= END}


def crontab() -> dict[str, timedelta]:
    """Return the minute of each section's spider."""
    text = (ROOT / "deploy" / "crontab").read_text(encoding="utf-8")
    return {spider: timedelta(minutes=int(minute)) for minute, spider in _LINE.findall(text)}


def run(twin: TwinProcess, spider: str, output: Path, moment: datetime, day: Day) -> None:
    """Crawl once, and note what was captured."""
    twin.reset()
    before = {*(output / spider).glob("*.jsonl")}
    done = subprocess.run(
        command(spider, twin.url, CONCURRENT_REQUESTS_PER_DOMAIN=1, LOG_LEVEL="ERROR"),
        cwd=ROOT, env=environment(output), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"a run ended with {done.returncode}: {done.stderr}")
    asked = [path for _, path, _ in twin.requests()]
    day.requests.append(len(asked))
    for dump in {*(output / spider).glob("*.jsonl")} - before:
        if not is_dump(dump):
            continue
        for line in map(json.loads, dump.read_text(encoding="utf-8").splitlines()):
            if line["revision"] > 1:
                continue
            day.doubled += (spider, line["id"]) in day.seen
            day.seen.add((spider, line["id"]))
            path = line["url"].removeprefix("https://www.alanews.it")
            after = START + (asked.index(path) + 1) * DOWNLOAD_DELAY
            waited = moment - datetime.fromisoformat(line["date_published"])
            day.lags.setdefault(line["id"], (waited.total_seconds() + after) / 60)


def live(twin: TwinProcess, content: Content, minutes: dict[str, timedelta], output: Path) -> Day:
    """Run each spider every quarter of an hour from the day's begin to a quarter after it."""
    day, began = Day(), time.monotonic()
    for spider in minutes:
        run(twin, spider, output, BEGIN, day)
    day.lags.clear()
    day.requests.clear()
    last = dict.fromkeys(minutes, BEGIN)
    sections = {spider: None if spider == "alanews" else spider for spider in minutes}
    wanted = {name: of_the_day(content, section).values() for name, section in sections.items()}
    moments = sorted(
        (BEGIN + minute + EVERY * number, spider)
        for spider, minute in minutes.items()
        for number in range(97)
    )
    hour = -1
    for moment, spider in moments:
        if not any(last[spider] < time <= moment for time in wanted[spider]):
            day.left_out += 1
            continue
        last[spider] = moment
        twin.set_now(moment)
        run(twin, spider, output, moment, day)
        if moment.hour != hour:
            hour, took = moment.hour, (time.monotonic() - began) / 60
            print(f"  {moment:%a %H:%M}  {len(day.lags):4} new, {took:.1f} min", flush=True)
    return day


def main() -> int:
    """Live through the day, print, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spider", help="this one alone, at each full quarter")
    given = parser.parse_args()
    minutes = {given.spider: timedelta()} if given.spider else crontab()
    fresh = busy()
    content = Content(size=SIZE, fresh=fresh)
    section = None if given.spider == "alanews" else given.spider
    wanted = of_the_day(content, section)
    with (
        tempfile.TemporaryDirectory() as folder,
        TwinProcess(size=SIZE, fresh=fresh, now=BEGIN) as twin,
    ):
        day = live(twin, content, minutes, Path(folder))
    lags = sorted(day.lags.values())
    missed = len({*wanted} - {*day.lags})
    runs = f"{len(day.requests)} runs, {day.left_out} left out"
    print(f"{len(wanted):8}  articles published in the day, {runs}")
    print(f"{median(lags):8.1f}  minutes of lag, median (at most {MEDIAN:.0f})")
    print(f"{lags[math.ceil(len(lags) * 0.95) - 1]:8.1f}  95th percentile")
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
