"""The program `newscrawl`, and what the commands share: messages, checks, a progress bar."""

from __future__ import annotations

import difflib
import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn, Self

from scrapy.commands import ScrapyCommand

from newscrawl.outcomes.finish_reasons import USAGE
from newscrawl.text import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from rich.console import Console
    from rich.progress import Progress

    from newscrawl.dumps import DumpError

STOPPED = 130
"""Exit code after Ctrl-C, as in shells."""
MAX_NAMED = 20
"""Skipped lines that are named; the others are only counted."""
_REFRESH = 0.1
"""Seconds between two updates of the progress bar."""


def print_message(text: str) -> None:
    """Print one line for the user on standard error."""
    sys.stderr.write(f"newscrawl: {' '.join(text.split())}\n")


def usage_error(text: str) -> NoReturn:
    """Exit for a usage error, with one line that explains it."""
    print_message(text)
    raise SystemExit(USAGE)


def print_line(text: str) -> None:
    """Print a line of output; characters that standard output cannot encode are replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(f"{printable(text).encode(encoding, 'replace').decode(encoding)}\n")


def check_choice(value: str, choices: Collection[str], what: str) -> None:
    """Exit with a line that suggests the closest choice when `value` is not one of them."""
    if value not in choices:
        close = difflib.get_close_matches(value, choices, n=1)
        hint = f"did you mean {close[0]}?" if close else f"choose among {', '.join(choices)}"
        usage_error(f"unknown {what} {value[:80]!r}: {hint}")


class ProjectCommand(ScrapyCommand):
    """A command that runs no crawl and reports usage errors in one line."""

    requires_project = True
    requires_crawler_process = False

    @property
    def name(self) -> str:
        """Name of the command on the command line."""
        return type(self).__module__.rpartition(".")[2]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's own options."""
        super().add_options(parser)
        # argparse would print the usage before the error.
        parser.error = usage_error  # type: ignore[method-assign,assignment]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reject unknown options, which Scrapy leaves among the arguments."""
        super().process_options(args, opts)
        for option in [arg for arg in args if arg.startswith("-")]:
            usage_error(f"unknown option {option[:80]!r}: scrapy {self.name} -h lists them")


class SkippedLines:
    """Counts the lines of dumps that are skipped and names the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.texts: list[str] = []
        """The lines that were named, with the error of each."""

    def __call__(self, error: DumpError) -> None:
        """Count a line that cannot be read."""
        self.count += 1
        if self.count <= MAX_NAMED:
            print_message(f"skipped {error}")
            self.texts.append(str(error))

    def sum_up(self) -> None:
        """Print how many lines were skipped, if any were."""
        if self.count:
            rest = f", the first {MAX_NAMED} are named" if self.count > MAX_NAMED else ""
            print_message(f"skipped in all: {self.count:,}{rest}")


class ProgressBar:
    """Shows on standard error how much of some dumps has been read; nothing without a terminal.

    A context manager. Until `on_read` is called, the bar moves without an end. Its text is the
    name of the dump that is being read, unless `describe` has set another.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.console: Console | None = None
        """The terminal; None where nothing is shown."""
        self._offsets: dict[Path, int] = {}
        """Bytes of the dumps before each."""
        self._size = 0
        for path in paths:
            self._offsets[path] = self._size
            self._size += path.stat().st_size if path.exists() else 0
        self._completed: int | None = None
        self._name = self._description = ""
        self._next_update = 0.0
        self._progress: Progress | None = None
        if sys.stderr.isatty():
            self._open()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        if not console.is_interactive:
            return
        self.console = console
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            # Output that goes to a file or a pipe must not end up on the terminal.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._next_update = 0.0
        self._update()
        if self._progress:
            self._progress.stop()

    def on_read(self, path: Path, position: int) -> None:
        """Show that a dump was read up to a position in bytes."""
        self._completed = self._offsets.get(path, 0) + position
        self._name = path.name
        self._update()

    def describe(self, text: str) -> None:
        """Show a text before the bar."""
        self._description = text
        self._update()

    def _update(self) -> None:
        if self._progress is None or time.monotonic() < self._next_update:
            return
        self._next_update = time.monotonic() + _REFRESH
        self._progress.update(
            self._task,
            description=printable(self._description or self._name),
            total=None if self._completed is None else self._size,
            completed=self._completed or 0,
        )


def main() -> None:
    """Run a command as `scrapy` does, with this project's settings, in any folder.

    `newscrawl crawl esteri` is `scrapy crawl esteri`; also `python -m newscrawl.cli crawl esteri`.
    """
    from scrapy.cmdline import execute

    os.environ["SCRAPY_SETTINGS_MODULE"] = "newscrawl.settings"
    execute(["scrapy", *sys.argv[1:]])


if __name__ == "__main__":
    main()
