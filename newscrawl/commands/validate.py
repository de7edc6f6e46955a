"""`scrapy validate`: checks dumps and prints which lines are wrong."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from newscrawl.cli import STOPPED, ProgressBar, ProjectCommand, print_message, usage_error
from newscrawl.commands import project_sites
from newscrawl.dumps import DumpError, expand
from newscrawl.outcomes.finish_reasons import OTHERWISE
from newscrawl.run import standard_output
from newscrawl.text import printable, shown

if TYPE_CHECKING:
    import argparse
    import io
    from typing import TextIO

    from newscrawl.dumps.checking import Check, Fault

MAX_FAULTS = 50
"""Faults printed by default."""


class Command(ProjectCommand):
    """Checks dumps. Exit codes: 0 all is right, 1 something is wrong, 2 usage error."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "[options] FILE|FOLDER|GLOB ..."

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Check dumps line by line (.jsonl, .jsonl.gz, .jsonl.zst)"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "Checks dumps against docs/article.schema.json and against what a schema cannot "
            "express: dates, hashes, revisions, ids. Prints FILE:LINE: field: what is wrong. "
            "Exit codes: 0 all is right, 1 something is wrong, 2 usage error."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add(
            "--skip-bad",
            action="store_true",
            help="count lines that cannot be read, and ignore them",
        )
        add("--editions", action="store_true", help="allow what -a known=write has written again")
        add("--max-errors", metavar="N", default=str(MAX_FAULTS),
            help=f"print at most N faults, 0 for all (default {MAX_FAULTS})")  # fmt: skip
        add("--json", action="store_true", help="one JSON object per fault, then the totals")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is opened."""
        super().process_options(args, opts)
        if not args:
            usage_error("name the dumps: scrapy validate output/<spider> (files, folders or globs)")
        if not opts.max_errors.isascii() or not opts.max_errors.isdecimal():
            usage_error(f"--max-errors {shown(opts.max_errors)} is not a number: 0 prints all")
        opts.limit = int(opts.max_errors) or sys.maxsize
        assert self.settings is not None
        project_sites.register(self.settings)
        try:
            opts.paths = expand(args)
        except DumpError as error:
            usage_error(str(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the dumps and set the exit code."""
        from newscrawl.dumps.checking import Check

        check = Check(editions=opts.editions)
        printer = _FaultPrinter(opts.limit, as_json=opts.json)
        try:
            with ProgressBar(opts.paths) as bar:
                output = _output(bar)
                for fault in check.run(opts.paths, bar.on_read):
                    printer.add(fault, output)
            printer.end(check, len(opts.paths))
        except BrokenPipeError:
            standard_output.discard(sys.stdout)
            self.exitcode = OTHERWISE
            return
        except KeyboardInterrupt:
            print_message(f"stopped after {check.lines:,} lines")
            self.exitcode = STOPPED
            return
        is_faulty = check.wrong or (check.unreadable and not opts.skip_bad)
        # A check that could read nothing has not shown that anything is right.
        self.exitcode = OTHERWISE if is_faulty or not check.lines else 0


class _FaultPrinter:
    """Prints the first faults, and at the end the totals."""

    def __init__(self, limit: int, *, as_json: bool) -> None:
        self._limit = limit
        self._as_json = as_json
        self._count = 0

    def add(self, fault: Fault, output: io.TextIOBase | TextIO) -> None:
        self._count += 1
        if self._count > self._limit:
            return
        position = {"file": str(fault.path), "line": fault.line, "field": fault.field or None}
        line = _json(**position, what=fault.what) if self._as_json else str(fault)
        _print(line, output)

    def end(self, check: Check, files: int) -> None:
        right = check.lines - check.wrong
        if self._as_json:
            total = {"files": files, "lines": check.lines, "right": right, "wrong": check.wrong}
            _print(_json(**total, unreadable=check.unreadable, faults=dict(check.faults)))
            return
        if self._count > self._limit:
            _print(f"... and {self._count - self._limit:,} more (--max-errors 0 prints all)")
        for name, count in check.faults.most_common():
            _print(f"  {name:<24} {count:,}")
        _print(_totals(check, files))
        sys.stdout.flush()


def _totals(check: Check, files: int) -> str:
    """Return the last line.

    >>> from newscrawl.dumps.checking import Check
    >>> _totals(Check(lines=3, wrong=1), 1)
    '1 file, 3 lines: 2 right, 1 wrong'
    """
    counts = [f"{check.lines - check.wrong:,} right"]
    counts += [f"{check.wrong:,} wrong"] if check.wrong else []
    counts += [f"{check.unreadable:,} unreadable, left out"] if check.unreadable else []
    lines = "1 line" if check.lines == 1 else f"{check.lines:,} lines"
    return f"{'1 file' if files == 1 else f'{files:,} files'}, {lines}: {', '.join(counts)}"


def _json(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False)


def _print(text: str, output: io.TextIOBase | TextIO | None = None) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    clean = printable(text).encode(encoding, "replace").decode(encoding)
    (output or sys.stdout).write(f"{clean}\n")


def _output(bar: ProgressBar) -> io.TextIOBase | TextIO:
    """Return where faults are printed: above the progress bar if both are on a terminal."""
    if bar.console is None or not sys.stdout.isatty():
        return sys.stdout
    from newscrawl.run.progress import AboveLine

    return AboveLine(bar.console)
