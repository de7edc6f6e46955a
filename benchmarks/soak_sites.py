"""Fifty sites, three of them sick, four at a time by a real Scrapyd: `make soak-sites`.

Once with a ledger in files, once with one PostgreSQL for all sites. Ends with code 1 when a site
that is well is not complete, or one was asked faster than its pace.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import side_by_side
from tests.support.nodes import Node, build, node
from tests.support.postgres import database
from tests.support.preloaded_twin import PreloadedLauncher
from tests.support.waiting import wait_for
from twin.process import TwinProcess

SITES, PACE, AT_ONCE = 50, 0.2, 4
_PATIENCE = 3600.0


def main() -> int:
    """Crawl the sites on both ledgers, print, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--pace", type=float, default=PACE, help="seconds between two requests")
    parser.add_argument("--ledger", choices=("sqlite", "postgresql"), help="by default both")
    given = parser.parse_args()
    TwinProcess.launcher = PreloadedLauncher()
    folder = Path(tempfile.mkdtemp(prefix="soak-sites-"))
    egg = build(folder)
    ledgers = [given.ledger] if given.ledger else ["sqlite", "postgresql"]
    results = [_soak(folder / name, egg, name, given) for name in ledgers]
    is_right = all(results)
    print(f"{'right' if is_right else f'WRONG, see {folder}'}")
    return 0 if is_right else 1


def _soak(folder: Path, egg: Path, name: str, given: argparse.Namespace) -> bool:
    """Crawl the sites with one kind of ledger; return whether all is as it must be."""
    print(f"{name}: {given.sites} sites, {AT_ONCE} at a time, {given.pace} s", flush=True)
    with ExitStack() as stack:
        ledger = stack.enter_context(database()) if name == "postgresql" else None
        host = stack.enter_context(node(folder, ledger))
        host.take(egg)
        sites = stack.enter_context(side_by_side.many(given.sites, list(side_by_side.SICK)))
        start = time.monotonic()
        _crawl(host, sites, side_by_side.settings(given.pace))
        seconds = time.monotonic() - start
        report = side_by_side.report_of(sites, host.output, given.pace)
    print(*side_by_side.figures(report, sites, seconds), sep="\n", flush=True)
    return not report.wrong


def _crawl(host: Node, sites: list[side_by_side.Site], settings: dict[str, str]) -> None:
    """Schedule a job for each series, twice: the second is left out; wait until all have ended."""
    options = [("setting", f"{name}={value}") for name, value in settings.items()]
    for site in sites:
        arguments = [("site_url", site.twin.url), ("series", site.key), *options]
        jobs = {host.client.schedule("newscrawl", "wordpress", arguments) for _ in range(2)}
        if len(jobs) != 1:
            raise RuntimeError(f"{site.key} has two jobs at a time: {', '.join(jobs)}")

    def are_over() -> bool:
        time.sleep(1)
        states = host.client.jobs("newscrawl")
        return not states["pending"] and not states["running"]

    wait_for(are_over, "the end of all crawls", _PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
