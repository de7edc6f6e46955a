"""A whole crawl against Scrapy that parses nothing: `python -m benchmarks.bench_crawl`.

Both fetch the same twin; figures are CPU milliseconds of the crawling process a page,
start included.
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
_FAST = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "LOG_LEVEL": "WARNING",
}
# The floor: the same pages, found by nothing but their number in a list, and thrown away.
_FLOOR = """
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


def run(line: list[str], output: str) -> float:
    """Run a command; return the CPU seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": output}
    subprocess.run(line, cwd=ROOT, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="articles on the twin")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    crawl = [sys.executable, "-m", "scrapy", "crawl", "alanews"]
    for name, value in _FAST.items():
        crawl += ["-s", f"{name}={value}"]
    ours, floor = [], []
    with TwinProcess(size=given.size) as twin, tempfile.TemporaryDirectory() as folder:
        crawl += ["-a", f"site_url={twin.url}"]
        run(crawl, folder)
        paths = [path for _, path, _ in twin.requests()]
        listed = Path(folder, "paths.txt")
        listed.write_text("\n".join(paths), encoding="utf-8")
        for number in range(given.rounds):
            # In a folder of its own: a ledger that knows the site would fetch next to nothing.
            ours.append(run(crawl, str(Path(folder, str(number)))) / len(paths) * 1000)
            bare = [sys.executable, "-c", _FLOOR, twin.url, str(listed)]
            floor.append(run(bare, folder) / len(paths) * 1000)
    print(f"{given.size} articles, {len(paths)} pages, best of {given.rounds}")
    print(f"Scrapy, no parsing   {min(floor):6.2f} CPU ms a page")
    print(f"newscrawl            {min(ours):6.2f} CPU ms a page")
    print(f"newscrawl / Scrapy   {min(ours) / min(floor):6.2f}  (at most 10 / 4.6 = 2.17)")


if __name__ == "__main__":
    main()
