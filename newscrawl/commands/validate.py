"""`scrapy validate`: whether dumps are what they should be, and which lines are not."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from newscrawl.cli import STOPPED, ProjectCommand, say, stop
from newscrawl.commands import project_sites
from newscrawl.dumps import DumpError, expand
from newscrawl.finish_reasons import OTHERWISE
from newscrawl.text import printable

if TYPE_CHECKING:
    import argparse
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TextIO

    from newscrawl.dumps.checking import Check, Fault

    OnRead = Callable[[Path, int], None]

MAX_FAULTS = 50
"""Faults printed when nothing else is asked for."""
_TICK = 200
"""Lines between two looks of the progress bar."""


class Command(ProjectCommand):
    """Checks dumps. Exit codes: 0 all is right, 1 something is wrong, 2 a mistake in the words."""

    def syntax(self) -> str:
        """Return how it is typed."""
        return "[options] FILE|FOLDER|GLOB ..."

    def short_desc(self) -> str:
        """Return what it does, in a line."""
        return "Check dumps line by line (.jsonl, .jsonl.gz, .jsonl.zst)"

    def long_desc(self) -> str:
        """Return what it does."""
        return (
            "Checks dumps against docs/article.schema.json and against what a schema cannot say: "
            "dates, hashes, revisions, ids. Prints FILE:LINE: field: what is wrong. Ends with 0 "
            "when all is right, 1 when something is wrong, 2 for a mistake in what was typed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be typed."""
        super().add_options(parser)
        add = parser.add_argument
        add("--skip-bad", action="store_true", help="count what cannot be read, and let it pass")
        add("--editions", action="store_true", help="allow what -a known=write wrote again")
        add("--max-errors", metavar="N", default=str(MAX_FAULTS),
            help=f"print at most N faults, 0 for all (default {MAX_FAULTS})")  # fmt: skip
        add("--json", action="store_true", help="for machines: one object a fault, then the sum")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was typed before anything is opened."""
        super().process_options(args, opts)
        if not args:
            stop("say which dumps: scrapy validate output/<spider> (files, folders or globs)")
        if not opts.max_errors.isascii() or not opts.max_errors.isdecimal():
            stop(f"--max-errors {opts.max_errors[:80]!r} is no number: 0 prints all")
        opts.most = int(opts.max_errors) or sys.maxsize
        assert self.settings is not None
        project_sites.register(self.settings)
        try:
            opts.paths = expand(args)
        except DumpError as error:
            stop(str(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check them and set the exit code."""
        from newscrawl.dumps.checking import Check

        check, faults = Check(editions=opts.editions), _Printed(opts.most, as_json=opts.json)
        try:
            with _bar(opts.paths) as (on_read, out):
                for fault in check.run(opts.paths, on_read):
                    faults.add(fault, out)
            faults.end(check, len(opts.paths))
        except BrokenPipeError:
            # Whoever read it has seen enough; nothing more can be said, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = OTHERWISE
            return
        except KeyboardInterrupt:
            say(f"stopped after {check.lines:,} lines")
            self.exitcode = STOPPED
            return
        is_amiss = check.wrong or (check.unreadable and not opts.skip_bad)
        # A check that could read nothing has found nothing right.
        self.exitcode = OTHERWISE if is_amiss or not check.lines else 0


class _Printed:
    """Prints faults, the first so many of them, and in the end what it all came to."""

    def __init__(self, most: int, *, as_json: bool) -> None:
        self._most = most
        self._as_json = as_json
        self._count = 0

    def add(self, fault: Fault, out: io.TextIOBase | TextIO) -> None:
        self._count += 1
        if self._count > self._most:
            return
        found = {"file": str(fault.path), "line": fault.line, "field": fault.field or None}
        _tell(_json(**found, what=fault.what) if self._as_json else str(fault), out)

    def end(self, check: Check, files: int) -> None:
        right = check.lines - check.wrong
        if self._as_json:
            total = {"files": files, "lines": check.lines, "right": right, "wrong": check.wrong}
            _tell(_json(**total, unreadable=check.unreadable, faults=dict(check.faults)))
            return
        if self._count > self._most:
            _tell(f"... and {self._count - self._most:,} more (--max-errors 0 prints all)")
        for name, count in check.faults.most_common():
            _tell(f"  {name:<24} {count:,}")
        _tell(_sum(check, files))
        sys.stdout.flush()


def _sum(check: Check, files: int) -> str:
    """Return the last line.

    >>> from newscrawl.dumps.checking import Check
    >>> _sum(Check(lines=3, wrong=1), 1)
    '1 file, 3 lines: 2 right, 1 wrong'
    """
    parts = [f"{check.lines - check.wrong:,} right"]
    parts += [f"{check.wrong:,} wrong"] if check.wrong else []
    parts += [f"{check.unreadable:,} unreadable, left out"] if check.unreadable else []
    what = "1 line" if check.lines == 1 else f"{check.lines:,} lines"
    return f"{'1 file' if files == 1 else f'{files:,} files'}, {what}: {', '.join(parts)}"


def _json(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False)


def _tell(text: str, out: io.TextIOBase | TextIO | None = None) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    clean = printable(text).encode(encoding, "replace").decode(encoding)
    (out or sys.stdout).write(f"{clean}\n")


@contextmanager
def _bar(paths: list[Path]) -> Iterator[tuple[OnRead, io.TextIOBase | TextIO]]:
    """Show how much was read, where standard error is a terminal.

    Gives what is to be told after each line, and where faults are written meanwhile: above the
    bar on a terminal.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from newscrawl.run.progress import AboveLine

    console = Console(stderr=True)
    if not sys.stderr.isatty() or not console.is_interactive:
        yield (lambda *_: None), sys.stdout
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    done, current, ticks = 0, paths[0], 0
    sizes = {path: path.stat().st_size for path in paths if path.exists()}
    # Faults that go to a file or a pipe must not end up on the terminal.
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        task = progress.add_task("checking", total=sum(sizes.values()))

        def on_read(path: Path, position: int) -> None:
            nonlocal done, current, ticks
            if path != current:
                done, current = done + sizes.get(current, 0), path
            ticks += 1
            if ticks % _TICK == 1:
                progress.update(task, completed=done + position, description=printable(path.name))

        yield on_read, AboveLine(console) if sys.stdout.isatty() else sys.stdout
