"""Crawls the twin: starts it on a free port, runs a spider against it, stops it.

`python -m twin.demo --spider esteri --size 300 -- -a pages=2`; what follows `--`
goes to `scrapy crawl`.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl import settings
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

# The twin runs on this machine: the pauses that protect a newsroom's server only cost time.
FAST_SETTINGS = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 8,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
}


def command(spider: str, site_url: str, further: Sequence[str] = ()) -> list[str]:
    """Return the command that crawls the twin at `site_url`; `further` overrides it."""
    options = [f"-s{name}={value}" for name, value in FAST_SETTINGS.items()]
    line = [sys.executable, "-m", "scrapy", "crawl", spider, "-a", f"site_url={site_url}"]
    return [*line, *options, *further]


def output_folder() -> Path:
    """Return the demo's output folder, beside that of real crawls: `output-demo`."""
    real = Path(settings.OUTPUT_DIR).absolute()
    return real.with_name(f"{real.name}-demo")


def output_options(size: int, seed: int) -> list[str]:
    """Return the options for the demo's own folder, and for a ledger of each twin's own there.

    They take precedence over the environment: invented articles reach no real dump or ledger.
    """
    folder = output_folder()
    ledger = folder / f"ledger-twin-{size}-{seed}.sqlite"
    return [f"-sOUTPUT_DIR={folder}", f"-sLEDGER_URL=sqlite:///{ledger}"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo; return the crawl's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m twin.demo", description="Crawl the offline twin of the site."
    )
    parser.add_argument("--spider", default="esteri", help="which spider to run (esteri)")
    parser.add_argument("--size", type=int, default=300, help="articles on the twin (300)")
    parser.add_argument("--seed", type=int, default=1, help="which twin (1)")
    parser.add_argument("further", nargs="*", help="further arguments of scrapy crawl, after --")
    arguments = parser.parse_args(argv)
    try:
        with TwinProcess(size=arguments.size, seed=arguments.seed) as twin:
            further = [*output_options(arguments.size, arguments.seed), *arguments.further]
            return _run(command(arguments.spider, twin.url, further))
    except RuntimeError as error:
        sys.stderr.write(f"newscrawl: {error}\n")
        return 1


def _run(line: Sequence[str]) -> int:
    """Run a command to its end; return its exit code, 128 and more for a signal."""
    with subprocess.Popen(line) as crawl:  # noqa: S603 - our own interpreter and arguments
        # Ctrl-C reaches the crawl too: it ends its work, and the twin stays up for that long.
        earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
        terminate = signal.signal(signal.SIGTERM, lambda *_: crawl.terminate())
        try:
            code = crawl.wait()
        finally:
            signal.signal(signal.SIGINT, earlier)
            signal.signal(signal.SIGTERM, terminate)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
