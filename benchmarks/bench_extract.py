"""Reading a page against parsing it, and against trafilatura: `python -m benchmarks.bench_extract`.

Pages are articles of the twin. Figures are CPU milliseconds a page, the best of several
rounds that take turns, so that a slow moment of the machine meets all three alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

import lxml.html
import trafilatura

import newscrawl
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN = "http://127.0.0.1:8000"


def pages(number: int) -> list[tuple[str, str]]:
    """Return (HTML, URL) of so many articles."""
    content, switches = Content(size=max(number, 50)), Switches()
    site = Site(content, switches, ORIGIN, Index(content))
    pages = []
    for post in content.posts[:number]:
        path = addresses.path(post, switches)
        pages.append((answer(site, Asked(path)).encoded().decode(), ORIGIN + path))
    return pages


def cost(work: Callable[[str, str], object], page: tuple[str, str]) -> float:
    """Return the CPU milliseconds of one call."""
    start = time.process_time()
    work(*page)
    return (time.process_time() - start) * 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    works: dict[str, Callable[[str, str], object]] = {
        "lxml.html, parsing alone": lambda html, _: lxml.html.fromstring(html),
        "newscrawl.extract": newscrawl.extract,
        "trafilatura, precision": lambda html, url: trafilatura.bare_extraction(
            html, url=url, favor_precision=True
        ),
    }
    corpus = pages(given.pages)
    best = {name: [float("inf")] * len(corpus) for name in works}
    for _ in range(given.rounds):
        for name, work in works.items():
            for position, page in enumerate(corpus):
                best[name][position] = min(best[name][position], cost(work, page))
    parsing, ours, theirs = (statistics.fmean(values) for values in best.values())
    size = statistics.fmean(len(html) for html, _ in corpus) / 1000
    print(f"{len(corpus)} articles of the twin, {size:.0f} kB on average")
    for name, values in best.items():
        print(f"{name:26} {statistics.fmean(values):7.2f} CPU ms a page")
    print(f"extract / parsing alone    {ours / parsing:7.2f}  (at most 2.5, wanted 2.0)")
    print(f"extract / trafilatura      {ours / theirs:7.3f}  (below 0.25)")


if __name__ == "__main__":
    main()
