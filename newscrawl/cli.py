"""The program `newscrawl`, and what the commands share: messages, checks, a progress bar."""

from __future__ import annotations

import difflib
import io
import os
import pkgutil
import re
import shlex
import sys
import time
from contextlib import redirect_stdout, suppress
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from scrapy.commands import ScrapyCommand
from scrapy.utils.project import get_project_settings, inside_project

from newscrawl.outcomes.finish_reasons import USAGE
from newscrawl.run import standard_output
from newscrawl.text import printable, shown, without_credentials
from newscrawl.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable

    from rich.console import Console
    from rich.progress import Progress
    from scrapy.settings import Settings

    from newscrawl.dumps import DumpError

STOPPED = 130
"""Exit code after Ctrl-C, as in shells."""
MAX_NAMED = 20
"""Skipped lines that are named; the others are only counted."""
_REFRESH = 0.1
"""Seconds between two updates of the progress bar."""
_PROGRAM = "newscrawl"
_TYPED = re.compile(r"(?<![\w./-])scrapy (?=[a-z<])")
"""How messages and help texts name a command."""
_WRITES_MODULES = frozenset({"edit", "genspider"})
"""Commands of Scrapy that change the modules of a project, here those of the installed package."""
_HELP = frozenset({"-h", "--help"})


def as_typed(text: str) -> str:
    """Return a text whose commands are those of the program that the user has typed."""
    return _TYPED.sub(f"{_PROGRAM} ", text) if sys.argv[0] == _PROGRAM else text


def print_message(text: str) -> None:
    """Print one line for the user on standard error, without passwords of addresses."""
    line = printable(as_typed(" ".join(without_credentials(text).split())))
    standard_output.write(f"newscrawl: {line}\n", sys.stderr)


def usage_error(text: str) -> NoReturn:
    """Exit for a usage error, with one line that explains it."""
    print_message(text)
    raise SystemExit(USAGE)


def print_line(text: str) -> None:
    """Print a line of output; characters that standard output cannot encode are replaced."""
    standard_output.write(f"{printable(as_typed(text))}\n")


def check_choice(value: str, choices: Collection[str], what: str) -> None:
    """Exit with a line that suggests the closest choice when `value` is not one of them."""
    if value not in choices:
        close = difflib.get_close_matches(value, choices, n=1)
        hint = f"did you mean {close[0]}?" if close else f"choose among {', '.join(choices)}"
        usage_error(f"unknown {what} {shown(value)}: {hint}")


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
        """Reject unknown options, which Scrapy leaves among the arguments, and wrong settings."""
        from newscrawl.run import setting_values

        super().process_options(args, opts)
        for option in [arg for arg in args if arg.startswith("-")]:
            usage_error(f"unknown option {shown(option)}: scrapy {self.name} -h lists them")
        assert self.settings is not None
        if error := setting_values.error_of(self.settings):
            usage_error(error)


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
            with suppress(OSError):
                self._size += path.stat().st_size
        self._completed: int | None = None
        self._name = self._description = ""
        self._next_update = 0.0
        self._progress: Progress | None = None
        if sys.stderr is not None and sys.stderr.isatty():
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

        # As it is now: a command may redirect standard error while it calls a library.
        console = Console(file=sys.stderr)
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


class Redirect(ScrapyCommand):
    """Says to use `newscrawl` when `scrapy crawl …` is typed in a folder without a project.

    An entry point of the group `scrapy.commands`: Scrapy makes an instance at each start, before
    it looks up what was typed. See decision 125 in docs/decisions.md.
    """

    requires_crawler_process = False

    def __init__(self) -> None:
        super().__init__()
        program = Path(sys.argv[0])
        # A program that calls Scrapy's `execute` has arguments of its own.
        is_scrapy = program.stem == "scrapy" or program.parts[-2:] == ("scrapy", "__main__.py")
        if is_scrapy and not inside_project():
            _redirect(sys.argv[1:])

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Say how to run newscrawl's commands in any folder"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Say how the command is typed."""
        usage_error(f"newscrawl is a program: type {shlex.join(['newscrawl', *args])[:200]}")


def _redirect(arguments: list[str]) -> None:
    """Exit with a line if a command of ours was typed that is not a command outside projects."""
    name = _command_name(arguments)
    scrapys = _commands("scrapy.commands")
    others = {entry.name for entry in entry_points(group="scrapy.commands")}
    if name is None or name in others or (name in scrapys and not scrapys[name].requires_project):
        return
    if name in scrapys or name in _commands("newscrawl.commands"):
        line = shlex.join(["newscrawl", *arguments])[:200]
        usage_error(
            f"this folder is not part of a Scrapy project (there is no scrapy.cfg): type {line}"
        )


def _command_name(arguments: Iterable[str]) -> str | None:
    """Return what Scrapy takes for the name of the command: the first that is not an option."""
    return next((argument for argument in arguments if not argument.startswith("-")), None)


def _commands(package: str) -> dict[str, ScrapyCommand]:
    """Return the commands that the modules of a package define, by name."""
    names = [module.name for module in pkgutil.iter_modules(import_module(package).__path__)]
    classes = {name: vars(import_module(f"{package}.{name}")).get("Command") for name in names}
    return {
        name: command()
        for name, command in classes.items()
        if isinstance(command, type)
        and issubclass(command, ScrapyCommand)
        and command.__module__ == f"{package}.{name}"
    }


def main() -> None:
    """Run a command as `scrapy` does, with this project's settings, in any folder.

    `newscrawl crawl esteri` is `scrapy crawl esteri`; also `python -m newscrawl.cli crawl esteri`.
    """
    os.environ["SCRAPY_SETTINGS_MODULE"] = "newscrawl.settings"
    arguments = sys.argv[1:]
    sys.argv[0] = _PROGRAM
    commands = _commands("scrapy.commands") | _commands("newscrawl.commands")
    commands = {key: value for key, value in commands.items() if key not in _WRITES_MODULES}
    name = _command_name(arguments)
    if name in {None, "help"}:
        _answer_options(arguments, commands)
        return
    assert name is not None
    if name in _WRITES_MODULES:
        usage_error(
            f"{name} changes the modules of a project, and newscrawl is an installed package: "
            "it is a command of Scrapy for a project of your own"
        )
    others = {entry.name for entry in entry_points(group="scrapy.commands")}
    check_choice(name, sorted({*commands, *others}), "command")
    settings = get_project_settings()
    if _HELP & {*arguments}:
        _print_help(arguments, settings)
    else:
        _execute(arguments, settings)


def _answer_options(arguments: list[str], commands: dict[str, ScrapyCommand]) -> None:
    """Do what is asked for without a command."""
    if arguments == ["--version"]:
        print_line(f"newscrawl {__version__}")
        return
    for option in arguments:
        if option.startswith("-") and option not in _HELP:
            usage_error(f"unknown option {shown(option)}: newscrawl -h lists the commands")
    lines = [f"  {name:<13} {command.short_desc()}" for name, command in sorted(commands.items())]
    print_line(
        "usage: newscrawl COMMAND [options] [arguments]\n\n"
        f"newscrawl {__version__}: Italian news sites as JSON Lines. Dumps go to output/ beside "
        "the nearest\nscrapy.cfg, else in this folder; NEWSCRAWL_OUTPUT names another folder.\n\n"
        "commands:\n" + "\n".join(lines) + "\n\n"
        "newscrawl COMMAND -h describes one, newscrawl list names the sections."
    )


def _print_help(arguments: list[str], settings: Settings) -> None:
    """Print the help of a command, which names the program as Scrapy does."""
    text = io.StringIO()
    try:
        with redirect_stdout(text):
            _execute(arguments, settings)
    finally:
        standard_output.write(as_typed(text.getvalue()))


def _execute(arguments: list[str], settings: Settings) -> None:
    from scrapy.cmdline import execute

    execute(["scrapy", *arguments], settings)


if __name__ == "__main__":
    main()
