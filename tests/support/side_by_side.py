"""Many sites crawled at the same time, some of them sick, and what came of each."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.dumps.files import is_dump
from tests.support import preloaded
from tests.support.crawling import by_start
from twin import faces, truth
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SICK: Mapping[str, Mapping[str, Any]] = {
    "hangs": {"kind": "slow", "value": 3600, "path": "."},
    "429": {"kind": "status", "value": 429, "retry_after": "3600", "path": "."},
    "floods": {"kind": "endless", "value": "invented"},
}
"""What is wrong with a sick site, as `twin.faults.KINDS` says."""
SIZE = 50
"""Posts of a site: as few as a twin has."""
LATE = 0.2
"""Seconds that a request may take to arrive, after which the next seems to come early."""
_WINDOW = 12


@dataclass
class Site:
    """A twin of its own, and what is wrong with it."""

    twin: TwinProcess
    face: str
    illness: str = ""

    @property
    def key(self) -> str:
        """The key of the site, which is the name of its series."""
        return self.twin.url.removeprefix("http://").replace(":", "-")


@dataclass
class Report:
    """What came of a crawl of many sites."""

    reasons: dict[str, str] = field(default_factory=dict)
    """Finish reason of each site."""
    seconds: dict[str, float] = field(default_factory=dict)
    """How long the run of each took."""
    requests: int = 0
    wrong: list[str] = field(default_factory=list)
    """What is not as it must be, a line each."""


@contextmanager
def many(count: int, sick: Sequence[str]) -> Iterator[list[Site]]:
    """Serve so many sites with the faces in turn; `sick` says what the first of them have."""
    with ExitStack() as stack:
        sites = []
        for number in range(count):
            face = faces.NAMES[number % len(faces.NAMES)]
            illness = sick[number] if number < len(sick) else ""
            faults = [SICK[illness]] if illness else []
            twin = TwinProcess(size=SIZE, seed=number + 1, switches={"face": face}, faults=faults)
            sites.append(Site(stack.enter_context(twin), face, illness))
        yield sites


def settings(pace: float) -> dict[str, str]:
    """Return the settings of the crawls; `pace` is in seconds from one request to the next."""
    return {
        "DOWNLOAD_DELAY": str(pace),
        "DOWNLOAD_DELAY_JITTER": "0",
        "AUTOTHROTTLE_ENABLED": "False",
        "CONCURRENT_REQUESTS_PER_DOMAIN": "1",
        "DOWNLOAD_TIMEOUT": "4",
        "RETRY_TIMES": "1",
        "RECHECK_AGES": "",
        "CLOSESPIDER_TIMEOUT": "60",
        "LOG_LEVEL": "INFO",
    }


def crawl_all(
    sites: Sequence[Site], output: Path, ledger: str, given: Mapping[str, str], *, at_once: int = 4
) -> None:
    """Crawl each site to its end, so many at the same time, in processes of their own."""
    place = {"NEWSCRAWL_OUTPUT": str(output)}
    if ledger:
        place["NEWSCRAWL_LEDGER_URL"] = ledger
    options = [text for name, value in given.items() for text in ("-s", f"{name}={value}")]

    def run(site: Site) -> None:
        arguments = ["crawl", "wordpress", "-a", f"site_url={site.twin.url}", *options]
        preloaded.run(arguments, {**os.environ, **place})

    # The server of commands is started by the first.
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, sites))


def report_of(sites: Sequence[Site], output: Path, pace: float) -> Report:
    """Compare what the crawls wrote and asked for with what the twins know."""
    report = Report()
    for site in sites:
        folder = output / site.key
        ends = [json.loads(path.read_bytes()) for path in by_start(folder.glob("*.run.json"))]
        report.reasons[site.key] = ends[-1]["reason"] if ends else "no report"
        report.seconds[site.key] = ends[-1]["seconds"] if ends else 0.0
        times = [began for began, _ in site.twin.times()]
        report.requests += len(times)
        report.wrong += _too_fast(site, times, pace)
        if not site.illness:
            report.wrong += _not_complete(site, folder, report.reasons[site.key])
        elif site.illness != "floods" and report.reasons[site.key] == "finished":
            report.wrong.append(f"{site.key} ({site.illness}) has ended as if it were well")
    return report


def _too_fast(site: Site, times: Sequence[float], pace: float) -> list[str]:
    """Return a line if several requests in a row came faster than the pace allows."""
    least = _WINDOW * pace - LATE
    gaps = [times[end + _WINDOW] - times[end] for end in range(len(times) - _WINDOW)]
    early = [gap for gap in gaps if gap < least]
    if not early:
        return []
    return [f"{site.key}: {len(early)} times {_WINDOW} requests in {min(early):.2f} s"]


def _not_complete(site: Site, folder: Path, reason: str) -> list[str]:
    """Return a line for what is wrong with the articles of a site that is well."""
    dumps = [path for path in folder.glob("*.jsonl") if is_dump(path)]
    lines = [json.loads(line) for path in dumps for line in path.read_bytes().splitlines()]
    switches = faces.switches({"face": site.face})
    content = site.twin.content()
    wanted = {
        f"{site.key}:{name.partition(':')[2]}": article.headline
        for name, article in truth.expected(content, switches).items()
    }
    found = sorted((line["id"], line["headline"]) for line in lines)
    if found == sorted(wanted.items()) and reason == "finished":
        return []
    missing = len(wanted.keys() - {name for name, _ in found})
    counts = f"{len(found)} lines, {missing} of {len(wanted)} articles missing"
    return [f"{site.key} ({site.face}, {reason}): {counts}"]


def figures(report: Report, sites: Sequence[Site], seconds: float) -> list[str]:
    """Return the figures of a crawl of many sites, in words."""
    well = [report.seconds[site.key] for site in sites if not site.illness]
    sick = [site for site in sites if site.illness]
    lines = [
        f"{seconds:8.0f}  seconds in all",
        f"{len(well):8}  sites that are well: {min(well):.1f} to {max(well):.1f} s each",
        f"{report.requests:8}  requests",
        *(
            f"{report.seconds[site.key]:8.1f}  seconds of the site that {site.illness}: "
            f"{report.reasons[site.key]}"
            for site in sick
        ),
        f"{len(report.wrong):8}  things wrong",
    ]
    return lines + report.wrong
