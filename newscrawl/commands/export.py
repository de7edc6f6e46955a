"""`scrapy export`: dumps as Parquet, CSV, SQLite or DuckDB.

See decisions 59 and 60 in docs/decisions.md.
"""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl import dumps
from newscrawl.cli import (
    STOPPED,
    ProgressBar,
    ProjectCommand,
    SkippedLines,
    check_choice,
    print_line,
    print_message,
    usage_error,
)
from newscrawl.dumps.atomic import TargetError, atomic_write
from newscrawl.export import FORMATS, ExportError, load, overwrite
from newscrawl.formatting import display_path, in_bytes
from newscrawl.outcomes.finish_reasons import OTHERWISE
from newscrawl.text import without_credentials

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

_STEP = 100
"""Rows between two updates of the progress bar."""


class Command(ProjectCommand):
    """Exports dumps. Exit codes: 0 written, 1 not written, 2 usage error, 130 interrupted."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "--to FORMAT FILES -o OUT [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Write dumps as Parquet, CSV, SQLite or DuckDB"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "FILES are dumps (.jsonl, .jsonl.gz, .jsonl.zst), globs or folders. "
            f"FORMAT is {', '.join(FORMATS)}. docs/exporting.md describes each."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add("--to", metavar="FORMAT", help=", ".join(FORMATS))
        add("-o", "--output", metavar="OUT", help="the file to write")
        add("--latest", action="store_true", help="only each article's newest revision, none gone")
        add("--skip-bad", action="store_true", help="continue after a line that cannot be read")
        add("--force", action="store_true", help="replace OUT if it exists")
        add("--bom", action="store_true", help="start with a byte order mark, for Excel (csv)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is read."""
        super().process_options(args, opts)
        if not opts.to:
            usage_error(f"name a format: --to {', '.join(FORMATS)}")
        check_choice(opts.to, FORMATS, "format")
        if not opts.output:
            usage_error(f"name the file to write: -o articles.{opts.to}")
        if opts.bom and opts.to != "csv":
            usage_error("--bom is an option of --to csv")
        if not args:
            usage_error(
                f"name the dumps: scrapy export --to {opts.to} 'output/<spider>/*.jsonl' -o …"
            )
        opts.out = Path(opts.output)
        try:
            opts.paths = dumps.expand(args)
            overwrite.check(opts.out, opts.paths, overwrite=opts.force)
        except (dumps.DumpError, TargetError) as error:
            usage_error(str(error))
        except OSError as error:
            usage_error(f"cannot write {without_credentials(opts.output)[:80]}: {error.strerror}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the export and set the exit code."""
        # SIGTERM, which service managers send, cleans up like Ctrl-C.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.exitcode = _export(opts)
        except (ExportError, dumps.DumpError) as error:
            print_message(str(error))
            self.exitcode = OTHERWISE
        except OSError as error:
            print_message(f"cannot write {opts.output}: {error.strerror or error}")
            self.exitcode = OTHERWISE
        except KeyboardInterrupt:
            print_message(f"stopped: {opts.output} was not written")
            self.exitcode = STOPPED
        finally:
            signal.signal(signal.SIGTERM, previous)


class _RowCounter:
    """Counts rows on their way to the export and shows their number."""

    def __init__(self, bar: ProgressBar) -> None:
        self._bar = bar
        self.count = 0

    def through(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the rows and count them."""
        for row in rows:
            self.count += 1
            if self.count % _STEP == 0:
                self._bar.describe(f"{self.count:,} rows")
            yield row


def _export(opts: argparse.Namespace) -> int:
    from newscrawl.export.rows import latest_rows, rows

    out: Path = opts.out
    write = load(opts.to)
    if opts.bom:
        write = partial(write, encoding="utf-8-sig")
    skipped = SkippedLines()
    on_bad = skipped if opts.skip_bad else None
    with atomic_write(out) as temporary:
        with ProgressBar(opts.paths) as bar:
            counter = _RowCounter(bar)
            bar.describe("0 rows")
            if opts.latest:
                exported = latest_rows(opts.paths, on_bad=on_bad)
            else:
                exported = rows(opts.paths, on_bad=on_bad, on_read=bar.on_read)
            write(counter.through(exported), temporary)
        skipped.sum_up()
        if not counter.count:
            raise ExportError(f"no article is left: {out} was not written")
    count = "1 row" if counter.count == 1 else f"{counter.count:,} rows"
    print_line(f"{display_path(out)}: {count}, {in_bytes(out.stat().st_size)}")
    return 0
