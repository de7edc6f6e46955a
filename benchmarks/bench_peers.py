"""newscrawl against its peers: `make bench-peers`.

Reads pages side by side with trafilatura, newspaper4k and news-please, crawls side by side with
Scrapy, and writes benchmarks/RESULTS.md. The peers run in .venv-peers, which make sets up from
benchmarks/peers/requirements.txt. `--sizes 1000,10000,100000` adds a site that takes ten minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import newscrawl
from benchmarks.bench_crawl import ROOT
from benchmarks.peers import bulk, crawls, growth, page_sets, reading, results, shares
from benchmarks.peers.results import Facts, Target
from twin.process import TwinProcess

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PEERS = ("trafilatura", "newspaper4k", "news-please", "warcio", "py-spy", "lxml")
_VERSIONS = (
    "import json, sys; from importlib import metadata; "
    "json.dump({name: metadata.version(name) for name in sys.argv[1:]}, sys.stdout)"
)
EXTRACT_LIMIT, EXTRACT_MOST, CRAWL_LIMIT, NOTHING_NEW_LIMIT = 2.0, 2.5, 2.0, 1.5


@dataclass
class Report:
    """The sections and targets so far."""

    lines: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def add(self, lines: list[str]) -> None:
        """Add a section, and print it."""
        self.lines += lines
        print("\n".join(lines), flush=True)


def facts() -> Facts:
    """Return the date, the machine and the versions."""
    model = platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.is_file():
        for line in cpus.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    system, python = platform.system(), platform.python_version()
    command = [str(reading.PEERS_PYTHON), "-c", _VERSIONS, *PEERS]
    peers = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Facts(
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"{os.cpu_count()} cores, {model}, {system}, Python {python}",
        {
            "newscrawl": newscrawl.__version__,
            "Scrapy": metadata.version("Scrapy"),
            "parsel": metadata.version("parsel"),
            **json.loads(peers),
        },
    )


def read_pages(report: Report, given: argparse.Namespace) -> None:
    """Compare the readers on all sets of pages."""
    report.add(["## Reading a page", "", *results.READING_NOTE.splitlines(), ""])
    sets = (
        ("Alanews' theme", "articles of the twin on JNews", page_sets.theme(given.pages)),
        (
            "Stock WordPress",
            "articles of the twin on the themes classic, block and builder, half without metadata",
            page_sets.stock_wordpress(max(given.pages // 6, 1)),
        ),
        (
            "Unknown layouts",
            "invented layouts, half without metadata (`benchmarks/unknown_layouts.py`)",
            page_sets.unknown(max(given.pages // 30, 1)),
        ),
    )
    for position, (name, note, pages) in enumerate(sets):
        with tempfile.TemporaryDirectory(prefix="bench-peers-") as folder:
            compared = reading.compare(pages, Path(folder), given.rounds)
        size = sum(len(page.html) for page in pages) / len(pages) / 1000
        links = sum(page.html.count("<a ") for page in pages) / len(pages)
        described = f"{note}; {size:.0f} kB with {links:.0f} links on average."
        report.add(results.reading(name, described, compared))
        if position == 0:
            ratio = compared["newscrawl"].milliseconds / compared["lxml"].milliseconds
            report.targets += [
                Target("extract / parsing alone, theme pages", ratio, EXTRACT_LIMIT),
                Target("the same, at most", ratio, EXTRACT_MOST),
            ]


def crawl_sites(report: Report, given: argparse.Namespace) -> tuple[float, float]:
    """Compare whole crawls, and the cost by the number of known articles.

    Returns the CPU milliseconds for each request to the twin as it is: those of newscrawl, and
    those of Scrapy that parses nothing.
    """
    compared = [
        crawls.compare(given.size, given.crawls, faults) for faults in ([], crawls.more_links())
    ]
    report.add(results.crawling(compared))
    for comparison in compared:
        ours = comparison.results["newscrawl"].milliseconds
        ratio = ours / comparison.results[results.FLOOR].milliseconds
        name = f"crawl / Scrapy, pages with {comparison.links:.0f} links"
        report.targets.append(Target(name, ratio, CRAWL_LIMIT))
    grown = [growth.grow(size) for size in given.sizes]
    report.add(results.growing(grown))
    report.targets += [
        Target(f"nothing new, {one.size:,} articles", one.nothing_new, NOTHING_NEW_LIMIT, " s")
        for one in grown
    ]
    of_twin = compared[0].results
    return of_twin["newscrawl"].milliseconds, of_twin[results.FLOOR].milliseconds


def explain(report: Report, given: argparse.Namespace, milliseconds: float, floor: float) -> None:
    """Say which targets are reached, and for those missed where the time goes.

    Args:
        report: what is written.
        given: the arguments.
        milliseconds: CPU of a crawl of the twin for each request.
        floor: the same of Scrapy that parses nothing.
    """
    report.add(results.targets(report.targets))
    missed = [target.name for target in report.targets if not target.is_met]
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as name:
        if any(target.startswith("extract") for target in missed):
            pages = Path(name, "pages.jsonl")
            reading.write(page_sets.theme(given.pages), pages)
            title = "`newscrawl.extract` on theme pages"
            report.add(results.profile(title, shares.of_reading(pages)))
        if any(target.startswith(("crawl", "nothing")) for target in missed):
            with TwinProcess(size=given.size) as twin:
                command = crawls.newscrawl_command(twin.url)
                parts = shares.of_crawl(command, Path(name))
                report.add(results.purposes("A whole crawl", parts, milliseconds, "ms a request"))
                left = (CRAWL_LIMIT - 1) * floor
                report.add(results.WITHIN_LIMIT.format(floor=floor, left=left).splitlines())
                nothing = [one for one in report.targets if one.name.startswith("nothing")]
                if any(not target.is_met for target in nothing):
                    again = shares.of_crawl(command, Path(name))
                    seconds = nothing[0].value
                    report.add(results.purposes("A crawl with nothing new", again, seconds, "s"))


def _sizes(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def main() -> int:
    """Measure, print, write; the exit code is 0 also where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60, help="of the theme (60)")
    parser.add_argument("--rounds", type=int, default=7, help="of reading each page (7)")
    parser.add_argument("--size", type=int, default=500, help="articles of a crawled site (500)")
    parser.add_argument("--crawls", type=int, default=3, help="rounds of crawls (3)")
    parser.add_argument(
        "--sizes", type=_sizes, default=[1000, 10_000], help="known articles (1000,10000)"
    )
    parser.add_argument("--warc", type=int, default=400, help="pages of the WARC (400)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="file of results")
    given = parser.parse_args()
    if not reading.PEERS_PYTHON.is_file():
        parser.error("the peers' environment is missing; run `make bench-peers`")
    report = Report()
    report.add(results.head(facts()))
    try:
        read_pages(report, given)
        of_crawls = crawl_sites(report, given)
        report.add(results.bulk(bulk.compare(given.warc, given.crawls)))
        explain(report, given, *of_crawls)
    except (reading.WorkerError, RuntimeError) as error:
        sys.stderr.write(f"bench-peers: {error}\n")
        return 1
    given.out.write_text("\n".join(report.lines).rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
