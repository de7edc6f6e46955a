"""`scrapy rights`: what the articles of dumps state on rights, and which are reserved by what."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.cli import (
    STOPPED,
    ProgressBar,
    ProjectCommand,
    check_choice,
    print_message,
    usage_error,
)
from newscrawl.commands import project_sites
from newscrawl.dumps import DumpError, expand
from newscrawl.outcomes.finish_reasons import OTHERWISE
from newscrawl.run import standard_output
from newscrawl.text import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from newscrawl.commands.reserved_articles import RightsOfDumps

GROUPS = ("source", "use")


class Command(ProjectCommand):
    """Lists what articles state on rights. Exit codes: 0, 1 unreadable lines, 2 usage error."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "[options] FILE|FOLDER|GLOB|SERIES ..."

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Show which articles of dumps are reserved, and by which statement"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "Counts the statements on rights of the articles in dumps, each article in its newest "
            "line, and lists those that are reserved: by a statement to all crawlers or to "
            "newscrawl that denies a use. Exit codes: 0 everything was read, 1 some lines could "
            "not be read, 2 usage error."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument(
            "--by", metavar="source|use", default=GROUPS[0],
            help="group by the source of a statement (default) or by the use that it is about",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="the same as one JSON object")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is opened."""
        super().process_options(args, opts)
        if not args:
            usage_error("name the dumps: scrapy rights output/<spider> (or files, globs, a series)")
        check_choice(opts.by, GROUPS, "--by")
        assert self.settings is not None
        project_sites.register(self.settings)
        folder = Path(self.settings["OUTPUT_DIR"])
        try:
            opts.paths = expand([_dumps_of(name, folder) for name in args])
        except DumpError as error:
            usage_error(str(error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the dumps, print the figures and set the exit code."""
        from newscrawl.commands.reserved_articles import RightsOfDumps

        figures = RightsOfDumps()
        try:
            with ProgressBar(opts.paths) as bar:
                figures.read(opts.paths, bar.on_read, lambda error: print_message(str(error)))
            _print(figures, opts.by, is_json=opts.json)
            sys.stdout.flush()
        except BrokenPipeError:
            standard_output.discard(sys.stdout)
            self.exitcode = OTHERWISE
            return
        except KeyboardInterrupt:
            print_message(f"stopped after {figures.lines:,} lines")
            self.exitcode = STOPPED
            return
        self.exitcode = OTHERWISE if figures.unreadable or not figures.lines else 0


def _dumps_of(name: str, folder: Path) -> str:
    """Return a path as typed, or the folder of the series with that name."""
    is_series = not Path(name).exists() and Path(name).name == name and (folder / name).is_dir()
    return str(folder / name) if is_series else name


def _print(figures: RightsOfDumps, by: str, *, is_json: bool) -> None:
    if is_json:
        sys.stdout.write(f"{json.dumps(figures.as_json(by), ensure_ascii=False, indent=2)}\n")
        return
    encoding = sys.stdout.encoding or "utf-8"
    for line in _lines(figures, by):
        sys.stdout.write(f"{printable(line).encode(encoding, 'replace').decode(encoding)}\n")


def _lines(figures: RightsOfDumps, by: str) -> Iterable[str]:
    total, reserved = len(figures.articles), len(figures.reserved)
    articles = "1 article" if total == 1 else f"{total:,} articles"
    yield f"{articles}: {figures.stating:,} with statements, {reserved:,} reserved"
    if figures.older:
        yield (
            f"{figures.older:,} lines of schema versions before 1.3 have only the outcomes of "
            "TDMRep and of rules for robots"
        )
    for group, rows in figures.groups(by).items():
        yield ""
        yield group
        for (other, value), count in rows.items():
            yield f"  {other:<24} {value[:60]:<32} {count:,}"
    if reserved:
        yield ""
        yield "reserved"
    for article in figures.reserved.values():
        by_what = "; ".join(f"{s.source} {s.scope}: {s.use}" for s in article.denials)
        yield f"  {article.id}  {article.url}  {by_what}"
