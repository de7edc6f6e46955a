"""A crawl by REST against Scrapy that parses nothing: `python -m benchmarks.bench_rest`.

Both request the same lists of the same twin, one request at a time; figures are CPU milliseconds
of the crawling process for each article, start included.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.bench_crawl import FAST, FLOOR, run
from twin.process import TwinProcess

_MAX_MS = 1.6
"""CPU milliseconds that an article may take beyond the floor."""


def main() -> None:
    """Print what an article costs, round by round; code 1 when it costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=3000, help="articles on the twin")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    crawl = [sys.executable, "-m", "scrapy", "crawl", "alanews", "-a", "source=rest"]
    for name, value in {**FAST, "CONCURRENT_REQUESTS_PER_DOMAIN": "1"}.items():
        crawl += ["-s", f"{name}={value}"]
    beyond = []
    with TwinProcess(size=given.size) as twin, tempfile.TemporaryDirectory() as folder:
        crawl += ["-a", f"site_url={twin.url}"]
        print(f"CPU ms for each of {given.size:,} articles, start included")
        print("round   newscrawl   Scrapy, nothing parsed   beyond it   requests")
        for number in range(given.rounds):
            known = len(twin.requests())
            ours = run(crawl, f"{folder}/{number}")
            requested = [path for _, path, _ in twin.requests()[known:]]
            listed = Path(folder, "paths")
            listed.write_text("\n".join(requested), encoding="utf-8")
            floor = run([sys.executable, "-c", FLOOR, twin.url, str(listed)], folder)
            ours, floor = (seconds / given.size * 1000 for seconds in (ours, floor))
            beyond.append(ours - floor)
            print(
                f"{number + 1:5}   {ours:9.2f}   {floor:22.2f}   {ours - floor:9.2f}"
                f"   {len(requested):8}"
            )
    middle = statistics.median(beyond)
    print(f"median {middle:.2f} ms beyond Scrapy (limit {_MAX_MS} on an idle machine)")
    raise SystemExit(middle > _MAX_MS)


if __name__ == "__main__":
    main()
