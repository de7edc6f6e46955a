"""Runs `scrapy crawl` as a person does, in a process of its own, and reads what it wrote."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.dumps.files import is_dump
from tests.support import preloaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[2]
# Loopback needs no politeness; three tries keep tests of failures short.
_SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "RETRY_TIMES": "2",
    # Waits that a server asks for are tested by themselves.
    "BACKOFF_START": "0.01",
    "RETRY_AFTER_MAX": "0.05",
    "SERVER_ERROR_INTERVAL": "0",
    # REST would hide what the other channels lose; tests of REST switch it on.
    "REST_DISCOVERY_ENABLED": "False",
    "LOG_LEVEL": "INFO",
    # Tests of an audit switch it on; others count requests.
    "AUDIT_ENABLED": "False",
}


@dataclass(frozen=True)
class Crawl:
    """A finished run."""

    code: int
    stdout: str
    stderr: str
    folder: Path
    """The spider's folder of the output directory."""

    @property
    def dumps(self) -> list[Path]:
        """The dumps, oldest first."""
        found = by_start(self.folder.glob("*.jsonl"))
        return [path for path in found if is_dump(path)]

    @property
    def articles(self) -> list[dict[str, Any]]:
        """The lines of all dumps."""
        return _lines(self.dumps)

    @property
    def rejected(self) -> list[dict[str, Any]]:
        """The lines of all files of the rejected."""
        return _lines(by_start(self.folder.glob("*.rejected.jsonl")))

    @property
    def disagreements(self) -> list[dict[str, Any]]:
        """The lines of all files of audits."""
        return _lines(by_start(self.folder.glob("*.audit.jsonl")))

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The reports of the runs, oldest first."""
        return [json.loads(path.read_bytes()) for path in by_start(self.folder.glob("*.run.json"))]


def by_start(paths: Iterable[Path]) -> list[Path]:
    """Return files of runs in the order of the runs, of which several start in one second."""
    # "…Z-2.jsonl" comes after "…Z.jsonl".
    return sorted(paths, key=lambda path: path.name.partition(".")[0])


def _lines(paths: list[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def words(
    spider: str,
    settings: Mapping[str, str] | None,
    options: tuple[str, ...],
    arguments: Mapping[str, object],
) -> list[str]:
    """Return what follows `scrapy` in the command."""
    line = ["crawl", spider, *options]
    for name, value in arguments.items():
        line += ["-a", f"{name}={value}"]
    for name, value in {**_SETTINGS, **(settings or {})}.items():
        line += ["-s", f"{name}={value}"]
    return line


def crawl(  # noqa: PLR0913 - as many as the command has
    spider: str,
    output: Path,
    *,
    settings: dict[str, str] | None = None,
    options: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    arguments: dict[str, object] | None = None,
    series: str | None = None,
    **more: object,
) -> Crawl:
    """Run a spider with `arguments` and `more` to its end and return what came of it.

    `series` names its folder, by default the spider.
    """
    line = words(spider, settings, options, {**(arguments or {}), **more})
    done = preloaded.run(
        line, {**os.environ, "NEWSCRAWL_OUTPUT": str(output), **(environment or {})}
    )
    return Crawl(done.returncode, done.stdout, done.stderr, output / (series or spider))
