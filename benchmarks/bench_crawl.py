"""A whole crawl against Scrapy that parses nothing: `python -m benchmarks.bench_crawl`.

Both fetch the same twin; figures are CPU milliseconds of the crawling process a page,
start included. `--before FOLDER` adds another checkout of newscrawl, whose crawls alternate
with those of this one, so that both meet the same load of the machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from twin.process import TwinProcess

ROOT = Path(__file__).parents[1]
FAST = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "LOG_LEVEL": "WARNING",
}
# The floor: the same pages, found by nothing but their number in a list, and thrown away.
FLOOR = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

class Floor(Spider):
    name = "floor"
    async def start(self):
        for path in open(sys.argv[2]):
            yield Request(sys.argv[1] + path.strip())
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "WARNING",
    "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
})
process.crawl(Floor)
process.start()
"""


def run(line: list[str], output: str, checkout: Path = ROOT) -> float:
    """Run a command in the folder `checkout`; return the CPU seconds that it took.

    Raises:
        RuntimeError: it failed; the text ends with its last messages.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": output}
    # Compiled modules are kept, as in any installation.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        line, cwd=checkout, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        command = " ".join(line[1:4])
        raise RuntimeError(f"{command} ended with code {done.returncode}: {done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(twin: TwinProcess, crawl: list[str], output: Path, checkout: Path) -> float:
    """Crawl the twin with a checkout; return the CPU milliseconds for each request."""
    known = len(twin.requests())
    seconds = run(crawl, str(output), checkout)
    return seconds / (len(twin.requests()) - known) * 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="articles on the twin")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--before", type=Path, metavar="FOLDER", help="another checkout, to compare with"
    )
    given = parser.parse_args()
    if given.before and not (given.before / "scrapy.cfg").is_file():
        parser.error(f"{given.before} is not a checkout of newscrawl: it has no scrapy.cfg")
    crawl = [sys.executable, "-m", "scrapy", "crawl", "alanews"]
    for name, value in FAST.items():
        crawl += ["-s", f"{name}={value}"]
    ours, floor, before = [], [], []
    with TwinProcess(size=given.size) as twin, tempfile.TemporaryDirectory() as folder:
        crawl += ["-a", f"site_url={twin.url}"]
        run(crawl, folder)
        paths = [path for _, path, _ in twin.requests()]
        listed = Path(folder, "paths.txt")
        listed.write_text("\n".join(paths), encoding="utf-8")
        for number in range(given.rounds):
            # In a folder of its own: a ledger that knows the site would fetch next to nothing.
            ours.append(measured(twin, crawl, Path(folder, str(number)), ROOT))
            if given.before:
                output = Path(folder, f"before-{number}")
                before.append(measured(twin, crawl, output, given.before))
            bare = [sys.executable, "-c", FLOOR, twin.url, str(listed)]
            floor.append(run(bare, folder) / len(paths) * 1000)
    print(f"{given.size} articles, {len(paths)} pages, best of {given.rounds}")
    print(f"Scrapy, no parsing   {min(floor):6.2f} CPU ms a page")
    print(f"newscrawl            {min(ours):6.2f} CPU ms a page")
    if before:
        print(f"before               {min(before):6.2f} CPU ms a page")
        print(f"newscrawl / before   {min(ours) / min(before):6.2f}  (at most 1)")
    print(f"newscrawl / Scrapy   {min(ours) / min(floor):6.2f}  (at most 10 / 4.6 = 2.17)")


if __name__ == "__main__":
    main()
