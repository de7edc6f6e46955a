"""`scrapy report`: one HTML page of what dumps hold and how their runs went."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.cli import STOPPED, ProjectCommand, SkippedLines, say, tell
from newscrawl.commands import project_sites
from newscrawl.dumps import DumpError
from newscrawl.dumps.atomic import TargetError, atomic_write
from newscrawl.dumps.reading import handler
from newscrawl.finish_reasons import OTHERWISE, USAGE
from newscrawl.formatting import in_bytes, shown

if TYPE_CHECKING:
    import argparse

    from rich.progress import Progress


class Command(ProjectCommand):
    """Writes the report. Exit codes: 0, 1 (something cannot be read or written), 2 (mistyped)."""

    def syntax(self) -> str:
        """Return how it is typed."""
        return "[FILES|FOLDERS|GLOBS] [-o report.html] [options]"

    def short_desc(self) -> str:
        """Return what it does, in a line."""
        return "Write one HTML page of what dumps hold and how their runs went"

    def long_desc(self) -> str:
        """Return what it does."""
        return (
            "Reads dumps (all of the output folder where none is named), with the run reports and "
            "rejected articles beside them. docs/report.md says how each figure is made."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be typed."""
        super().add_options(parser)
        add = parser.add_argument
        add("-o", "--output", metavar="FILE", help="the page (report.html in the output folder)")
        add("--skip-bad", action="store_true", help="go on behind a line that cannot be read")
        add("--force", action="store_true", help="replace FILE even where it is no report")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the page and set the exit code."""
        assert self.settings is not None
        project_sites.register(self.settings)
        folder = Path(self.settings["OUTPUT_DIR"])
        path = Path(opts.output) if opts.output else folder / "report.html"
        # The end that a service manager asks for cleans up like that by Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.exitcode = _report(args, folder, path, opts)
        except TargetError as error:
            say(str(error))
            self.exitcode = USAGE
        except DumpError as error:
            say(str(error))
            self.exitcode = OTHERWISE
        except OSError as error:
            say(f"cannot write {shown(path)}: {error.strerror or error}")
            self.exitcode = OTHERWISE
        except KeyboardInterrupt:
            say(f"stopped: {shown(path)} was not written")
            self.exitcode = STOPPED


def _bar() -> Progress:
    """Return a progress bar of dumps on standard error; nothing without a terminal."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # rich takes FORCE_COLOR for a terminal.
    silent = not (sys.stderr.isatty() and console.is_interactive)
    return Progress(*columns, console=console, transient=True, disable=silent)


def _report(args: list[str], folder: Path, path: Path, opts: argparse.Namespace) -> int:
    from newscrawl.report.html_page import check
    from newscrawl.report.inputs import Sources

    sources = Sources.named(args) if args else Sources.within(folder)
    check(path, force=opts.force)
    try:
        # An extra, which a crawler does without.
        from newscrawl.report.collection import Archive
        from newscrawl.report.html_page import Read, page
        from newscrawl.report.run_reports import runs_of
    except ModuleNotFoundError as error:
        say(f"{error.name} is missing: pip install -r requirements-report.txt")
        return OTHERWISE
    skipped = SkippedLines()
    told = handler(skipped, skip_bad=opts.skip_bad)
    archive = Archive()
    with _bar() as bar:
        for dump in bar.track(sources.dumps, description="reading"):
            archive.read(dump, told)
    runs = runs_of(sources.dumps, sources.folders, told)
    read = Read([*map(shown, sources.dumps)], skipped.texts, skipped.count)
    with atomic_write(path) as made:
        made.write_text(page(archive, runs, read, made_at=datetime.now(UTC)), encoding="utf-8")
    skipped.sum_up()
    articles = "1 article" if len(archive.entries) == 1 else f"{len(archive.entries):,} articles"
    dumps = "1 dump" if len(sources.dumps) == 1 else f"{len(sources.dumps):,} dumps"
    tell(f"{shown(path)}: {articles} of {dumps}, {in_bytes(path.stat().st_size)}")
    return 0
