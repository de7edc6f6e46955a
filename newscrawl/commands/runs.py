"""`scrapy runs`: the last runs, newest first, as their reports tell them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader

from newscrawl.cli import ProjectCommand, check_choice, say, stop, tell
from newscrawl.commands import runs_table
from newscrawl.dumps.paths import safe_name
from newscrawl.run import report_files
from newscrawl.run.report_files import Unreadable

if TYPE_CHECKING:
    import argparse

_DEFAULT = 10
_MOST = 100_000


class Command(ProjectCommand):
    """Lists runs. Exit codes are those of docs/running.md."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's interface

    def syntax(self) -> str:
        """Return how it is typed."""
        return "[<spider>] [options]"

    def short_desc(self) -> str:
        """Return what it does, in a line."""
        return "List the last runs, newest first"

    def long_desc(self) -> str:
        """Return what it does."""
        return "Reads the run reports beside the dumps: how runs ended and what they came to."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be typed."""
        super().add_options(parser)
        parser.add_argument(
            "-n", dest="count", metavar="N", default=str(_DEFAULT), help="so many (10)"
        )
        parser.add_argument("--json", action="store_true", help="whole reports, for machines")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was typed."""
        super().process_options(args, opts)
        assert self.settings is not None
        if len(args) > 1:
            stop("name one spider, or none for the runs of all")
        if not opts.count.isascii() or not opts.count.isdecimal() or not int(opts.count[:9]) > 0:
            stop(f"-n {opts.count[:20]!r} is no number of runs: write 1 or more")
        opts.count = min(int(opts.count[:9]), _MOST)
        if args:
            check_choice(args[0], SpiderLoader.from_settings(self.settings).list(), "spider")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the list; name what cannot be read."""
        assert self.settings is not None
        output = Path(self.settings["OUTPUT_DIR"])
        names = SpiderLoader.from_settings(self.settings).list()
        folders = [output / safe_name(name) for name in args or names]
        paths = report_files.latest(folders, opts.count)
        found = list(report_files.read_all(paths))
        for one in found:
            if isinstance(one, Unreadable):
                say(f"cannot read {one.path}: {one.why}")
        reports = [one for one in found if isinstance(one, dict)]
        if opts.json:
            sys.stdout.write(f"{json.dumps(reports, ensure_ascii=False, indent=2)}\n")
            return
        if not paths:
            say(f"no run has left a report in {output} yet")
            return
        rows = [runs_table.row(report) for report in reports]
        if sys.stdout.isatty():
            from rich.console import Console

            Console().print(runs_table.styled(rows), highlight=False)
            return
        for line in runs_table.plain(rows):
            tell(line)
