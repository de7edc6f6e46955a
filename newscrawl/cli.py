"""What our commands share: words to a person, checks of what was typed, lines left out."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING, NoReturn

from scrapy.commands import ScrapyCommand

from newscrawl.finish_reasons import USAGE
from newscrawl.text import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection

    from newscrawl.dumps import DumpError

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""
TOLD = 20
"""At most so many lines that are left out are named."""


def say(text: str) -> None:
    """Print one line for a person on standard error."""
    sys.stderr.write(f"newscrawl: {' '.join(text.split())}\n")


def stop(text: str) -> NoReturn:
    """End at once for what was typed wrongly, in one line."""
    say(text)
    raise SystemExit(USAGE)


def tell(text: str) -> None:
    """Print a line of what was asked for, in whatever characters standard output takes."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(f"{printable(text).encode(encoding, 'replace').decode(encoding)}\n")


def check_choice(word: str, choices: Collection[str], what: str) -> None:
    """End at once, in one line that names the nearest, where `word` is none of the choices."""
    if word not in choices:
        close = difflib.get_close_matches(word, choices, n=1)
        hint = f"did you mean {close[0]}?" if close else f"choose among {', '.join(choices)}"
        stop(f"unknown {what} {word[:80]!r}: {hint}")


class ProjectCommand(ScrapyCommand):
    """A command that runs no crawl and says in one line what was typed wrongly."""

    requires_project = True
    requires_crawler_process = False

    @property
    def name(self) -> str:
        """The command as it is typed."""
        return type(self).__module__.rpartition(".")[2]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's own options."""
        super().add_options(parser)
        # argparse would print the usage, and then what is wrong.
        parser.error = stop  # type: ignore[method-assign,assignment]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse unknown options, which are left among the arguments."""
        super().process_options(args, opts)
        for option in [word for word in args if word.startswith("-")]:
            stop(f"unknown option {option[:80]!r}: scrapy {self.name} -h names them all")


class SkippedLines:
    """Counts the lines of dumps that are left out and names the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.texts: list[str] = []
        """What was named."""

    def __call__(self, error: DumpError) -> None:
        """Note a line that cannot be read."""
        self.count += 1
        if self.count <= TOLD:
            say(f"skipped {error}")
            self.texts.append(str(error))

    def sum_up(self) -> None:
        """Say how many there were, where there were any."""
        if self.count:
            rest = f", the first {TOLD} are named" if self.count > TOLD else ""
            say(f"skipped in all: {self.count:,}{rest}")
