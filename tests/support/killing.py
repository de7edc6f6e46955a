"""Crawls that are killed at random moments, again and again, until one comes through."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from newscrawl.dumps.files import is_dump
from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Ordeal:
    """What a series of kills came to."""

    kills: int = 0
    at_work: int = 0
    """Kills that hit a run which had begun to write."""
    runs: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    """Files that a finished crawl must not leave."""
    stderr: str = ""

    def doubled(self) -> list[tuple[str, int]]:
        """Return the articles whose revision stands in more than one line."""
        seen = Counter((line["id"], line["revision"]) for line in self.lines)
        return [key for key, count in seen.items() if count > 1]


def command(spider: str, url: str, **settings: object) -> list[str]:
    """Return the command line of a crawl of the twin at `url`."""
    return [sys.executable, "-m", "scrapy", *words(spider, url, **settings)]


def words(spider: str, url: str, **settings: object) -> list[str]:
    """Return what follows `scrapy` in it."""
    given = {
        "DOWNLOAD_DELAY": 0,
        "BACKOFF_START": 0.01,
        "SERVER_ERROR_INTERVAL": 0,
        "RETRY_AFTER_MAX": 0.05,
        "AUTOTHROTTLE_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "LOG_LEVEL": "INFO",
        **settings,
    }
    line = ["crawl", spider, "-a", f"site_url={url}"]
    return line + [f"-s{name}={value}" for name, value in given.items()]


def environment(output: Path, ledger: str | None = None) -> dict[str, str]:
    """Return the environment of a crawl into `output`."""
    more = {"NEWSCRAWL_LEDGER_URL": ledger} if ledger else {}
    return {**os.environ, "NEWSCRAWL_OUTPUT": str(output), **more}


def endure(  # noqa: PLR0913 - what is killed, how often, when
    spider: str,
    url: str,
    output: Path,
    *,
    kills: int,
    seed: int,
    longest: float = 2.6,
    ledger: str | None = None,
    options: tuple[str, ...] = (),
    **settings: object,
) -> Ordeal:
    """Kill a crawl `kills` times at random moments, then let it come to its end.

    A run that ends by itself before it is killed is followed by another, so that runs with
    nothing to do are killed as well.
    """
    random, found = Random(seed), Ordeal()  # noqa: S311 - moments, no secrets
    line = [*command(spider, url, **settings), *options]
    variables = environment(output, ledger)
    while found.kills < kills and found.runs < 5 * kills:
        crawl = subprocess.Popen(
            line, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        found.runs += 1
        begun = time.time()
        try:
            # One in four is hit while it starts; the others when they write.
            if random.random() < 0.25:
                crawl.wait(random.uniform(0.2, longest))
            else:
                while not _writes(output / spider, begun):
                    if crawl.poll() is not None:
                        break
                    time.sleep(0.02)
                crawl.wait(random.uniform(0, longest / 2))
        except subprocess.TimeoutExpired:
            crawl.kill()
            crawl.wait()
            found.kills += 1
            found.at_work += _writes(output / spider, begun)
    done = subprocess.run(
        line, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=HANG, check=False
    )
    found.runs += 1
    found.stderr = done.stderr
    assert done.returncode == 0, done.stderr
    read(output / spider, found)
    return found


def _writes(folder: Path, since: float) -> bool:
    """Return whether a dump has been written to since then."""
    for path in folder.glob("*.part"):
        # It may get its name between the two looks.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= since:
                return True
    return False


def read(folder: Path, found: Ordeal) -> None:
    """Read every line of the dumps in a folder; a torn one raises ValueError."""
    for path in sorted(folder.iterdir()):
        if is_dump(path):
            data = path.read_bytes()
            assert data.endswith(b"\n"), path
            found.lines += [json.loads(text) for text in data.splitlines()]
        elif path.name.endswith(".part"):
            found.left_over.append(path.name)
