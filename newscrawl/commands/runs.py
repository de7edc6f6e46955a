"""`scrapy runs`: the last runs, newest first, from their run reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.spiderloader import SpiderLoader

from newscrawl.cli import ProjectCommand, check_choice, print_line, print_message, usage_error
from newscrawl.commands import ledger_sites, project_sites, runs_table
from newscrawl.dumps.folders import check_link
from newscrawl.dumps.paths import safe_name
from newscrawl.outcomes.finish_reasons import OTHERWISE
from newscrawl.run import report_files, standard_output
from newscrawl.run.report_files import Unreadable
from newscrawl.text import shown

if TYPE_CHECKING:
    import argparse

_DEFAULT = 10
_MAX = 100_000


class Command(ProjectCommand):
    """Lists runs. Exit codes are those of docs/running.md."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's interface

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "[<spider or series>] [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "List the last runs, newest first"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return "Reads the run reports beside the dumps: how runs ended and what they counted."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument("-n", dest="count", metavar="N", help=f"how many ({_DEFAULT})")
        parser.add_argument(
            "--all", action="store_true", help="the last run of each series, the worst first"
        )
        parser.add_argument("--json", action="store_true", help="the complete reports as JSON")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments."""
        super().process_options(args, opts)
        assert self.settings is not None
        if len(args) > 1:
            usage_error("name one spider or series, or none for the runs of all")
        if opts.all and (args or opts.count):
            usage_error("--all lists each series with its last run: leave out the name and -n")
        opts.count = opts.count or str(_DEFAULT)
        if not opts.count.isascii() or not opts.count.isdecimal() or not int(opts.count[:9]) > 0:
            usage_error(f"-n {shown(opts.count)} is not a number of runs: write 1 or more")
        opts.count = min(int(opts.count[:9]), _MAX)
        if args:
            names = SpiderLoader.from_settings(self.settings).list()
            folder = Path(self.settings["OUTPUT_DIR"]) / safe_name(args[0])
            if not ledger_sites.is_series(args[0]) and not folder.is_dir():
                check_choice(args[0], names, "spider")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the list; name the reports that cannot be read."""
        assert self.settings is not None
        output = Path(self.settings["OUTPUT_DIR"])
        try:
            folders = [output / safe_name(args[0])] if args else _subfolders(output)
            for folder in folders:
                check_link(folder)
        except OSError as error:
            print_message(f"{error.filename}: {error.strerror}")
            self.exitcode = OTHERWISE
            return
        if opts.all:
            paths = [path for folder in folders for path in report_files.latest([folder], 1)]
        else:
            paths = report_files.latest(folders, opts.count)
        reports = []
        for report in report_files.read_all(paths):
            if isinstance(report, Unreadable):
                print_message(f"cannot read {report.path}: {report.why}")
            else:
                reports.append(report)
        if opts.all:
            reports.sort(key=runs_table.severity)
        if opts.json:
            standard_output.write(f"{json.dumps(reports, ensure_ascii=False, indent=2)}\n")
            return
        if not paths:
            whose = f"no run of {args[0]}" if args else "no run"
            print_message(f"{whose} has left a report in {output} yet")
            return
        self._print(reports, shows_site=opts.all)

    def _print(self, reports: list[dict[str, Any]], *, shows_site: bool) -> None:
        rows = [
            runs_table.build_row(report, self._site_of(report) if shows_site else None)
            for report in reports
        ]
        if sys.stdout.isatty():
            from rich.console import Console

            Console().print(runs_table.styled(rows), highlight=False)
            return
        for line in runs_table.plain(rows):
            print_line(line)

    def _site_of(self, report: dict[str, Any]) -> str:
        """Return the key of the site that a report is of."""
        assert self.settings is not None
        series, section = report["spider"], report["arguments"].get("section")
        if series in SpiderLoader.from_settings(self.settings).list():
            return next(iter(project_sites.of_spiders(self.settings, [series])), "-")
        return str(series).removesuffix(f".{section}")


def _subfolders(output: Path) -> list[Path]:
    """Return the folders in which reports may be."""
    if not output.is_dir():
        return []
    return sorted(path for path in output.iterdir() if path.is_dir() or path.is_symlink())
