"""`scrapy report`: one HTML page about the articles in dumps and about their runs."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.cli import (
    STOPPED,
    ProgressBar,
    ProjectCommand,
    SkippedLines,
    print_line,
    print_message,
)
from newscrawl.commands import project_sites
from newscrawl.dumps import DumpError
from newscrawl.dumps.atomic import TargetError, atomic_write
from newscrawl.dumps.reading import handler
from newscrawl.formatting import display_path, in_bytes, install_command
from newscrawl.outcomes.finish_reasons import OTHERWISE, USAGE

if TYPE_CHECKING:
    import argparse


class Command(ProjectCommand):
    """Writes the report. Exit codes: 0 written, 1 not written, 2 usage error, 130 interrupted."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "[FILES|FOLDERS|GLOBS] [-o report.html] [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Write an HTML page about the articles in dumps and their runs"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "Reads dumps (by default all in the output folder), with the run reports and "
            "rejected articles beside them. docs/report.md explains each figure."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add("-o", "--output", metavar="FILE", help="the page (report.html in the output folder)")
        add("--skip-bad", action="store_true", help="continue after a line that cannot be read")
        add("--force", action="store_true", help="replace FILE even if it is not a report")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the page and set the exit code."""
        assert self.settings is not None
        project_sites.register(self.settings)
        folder = Path(self.settings["OUTPUT_DIR"])
        path = Path(opts.output) if opts.output else folder / "report.html"
        # SIGTERM, which service managers send, cleans up like Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.exitcode = _report(args, folder, path, opts)
        except TargetError as error:
            print_message(str(error))
            self.exitcode = USAGE
        except DumpError as error:
            print_message(str(error))
            self.exitcode = OTHERWISE
        except OSError as error:
            print_message(f"cannot write {display_path(path)}: {error.strerror or error}")
            self.exitcode = OTHERWISE
        except KeyboardInterrupt:
            print_message(f"stopped: {display_path(path)} was not written")
            self.exitcode = STOPPED


def _report(args: list[str], folder: Path, path: Path, opts: argparse.Namespace) -> int:
    try:
        # They need an extra that a crawler does without.
        from newscrawl.report.collection import Archive
        from newscrawl.report.html_page import ReadFiles, check, page
        from newscrawl.report.inputs import Sources
        from newscrawl.report.run_reports import runs_of
    except ModuleNotFoundError as error:
        if error.name != "vl_convert":
            raise
        print_message(
            f"report needs vl-convert-python, which is not installed: {install_command('report')}"
        )
        return OTHERWISE
    sources = Sources.named(args) if args else Sources.within(folder)
    check(path, force=opts.force)
    skipped = SkippedLines()
    on_bad = handler(skipped, skip_bad=opts.skip_bad)
    archive = Archive()
    with ProgressBar(sources.dumps) as bar:
        for dump in sources.dumps:
            archive.read(dump, on_bad)
            bar.on_read(dump, dump.stat().st_size)
    archive.separate_sites()
    runs = runs_of(sources.dumps, sources.folders, on_bad)
    read = ReadFiles([*map(display_path, sources.dumps)], skipped.texts, skipped.count)
    with atomic_write(path) as temporary:
        html = page(archive, runs, read, made_at=datetime.now(UTC))
        temporary.write_text(html, encoding="utf-8")
    skipped.sum_up()
    articles = "1 article" if len(archive.entries) == 1 else f"{len(archive.entries):,} articles"
    dumps = "1 dump" if len(sources.dumps) == 1 else f"{len(sources.dumps):,} dumps"
    print_line(f"{display_path(path)}: {articles} of {dumps}, {in_bytes(path.stat().st_size)}")
    return 0
