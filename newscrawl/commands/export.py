"""`scrapy export`: dumps as Parquet, CSV, SQLite or DuckDB."""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl import dumps
from newscrawl.cli import STOPPED, ProjectCommand, SkippedLines, check_choice, say, stop, tell
from newscrawl.dumps.atomic import TargetError, atomic_write
from newscrawl.export import SHAPES, ExportError, load, overwrite
from newscrawl.finish_reasons import OTHERWISE
from newscrawl.formatting import in_bytes, shown

if TYPE_CHECKING:
    import argparse


class Command(ProjectCommand):
    """Writes dumps in another shape. Exit codes: 0 written, 1 not, 2 mistyped, 130 stopped."""

    def syntax(self) -> str:
        """Return how it is typed."""
        return "--to SHAPE FILES -o OUT [options]"

    def short_desc(self) -> str:
        """Return what it does, in a line."""
        return "Write dumps as Parquet, CSV, SQLite or DuckDB"

    def long_desc(self) -> str:
        """Return what it does."""
        return (
            "FILES are dumps (.jsonl, .jsonl.gz, .jsonl.zst), globs or folders. "
            f"SHAPE is {', '.join(SHAPES)}. docs/exporting.md says what is in each."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be typed."""
        super().add_options(parser)
        add = parser.add_argument
        add("--to", metavar="SHAPE", help=", ".join(SHAPES))
        add("-o", "--output", metavar="OUT", help="the file to write")
        add("--latest", action="store_true", help="only each article's newest revision, none gone")
        add("--skip-bad", action="store_true", help="go on behind a line that cannot be read")
        add("--force", action="store_true", help="replace OUT where it is there already")
        add("--bom", action="store_true", help="begin with the mark that Excel asks for (csv)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was typed before anything is read."""
        super().process_options(args, opts)
        if not opts.to:
            stop(f"say which shape: --to {', '.join(SHAPES)}")
        check_choice(opts.to, SHAPES, "shape")
        if not opts.output:
            stop(f"say where to: -o articles.{opts.to}")
        if opts.bom and opts.to != "csv":
            stop("--bom belongs to --to csv")
        if not args:
            stop(f"say which dumps: scrapy export --to {opts.to} 'output/<spider>/*.jsonl' -o …")
        opts.out = Path(opts.output)
        try:
            opts.paths = dumps.expand(args)
            overwrite.check(opts.out, opts.paths, overwrite=opts.force)
        except (dumps.DumpError, TargetError) as error:
            stop(str(error))
        except OSError as error:
            stop(f"cannot write {opts.output[:80]}: {error.strerror}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the export and set the exit code."""
        # The end that a service manager asks for cleans up like that by Ctrl-C.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.exitcode = _export(opts)
        except (ExportError, dumps.DumpError) as error:
            say(str(error))
            self.exitcode = OTHERWISE
        except OSError as error:
            say(f"cannot write {opts.output}: {error.strerror or error}")
            self.exitcode = OTHERWISE
        except KeyboardInterrupt:
            say(f"stopped: {opts.output} was not written")
            self.exitcode = STOPPED
        finally:
            signal.signal(signal.SIGTERM, before)


def _export(opts: argparse.Namespace) -> int:
    from newscrawl.export.progress_bar import Bar
    from newscrawl.export.rows import latest_rows, rows

    out: Path = opts.out
    write = load(opts.to)
    if opts.bom:
        write = partial(write, encoding="utf-8-sig")
    skipped = SkippedLines()
    on_bad = skipped if opts.skip_bad else None
    with atomic_write(out) as made:
        with Bar(opts.paths) as bar:
            if opts.latest:
                found = latest_rows(opts.paths, on_bad=on_bad)
            else:
                found = rows(opts.paths, on_bad=on_bad, on_read=bar.read)
            write(bar.watch(found), made)
        skipped.sum_up()
        if not bar.rows:
            raise ExportError(f"no article is left: {out} was not written")
    count = "1 row" if bar.rows == 1 else f"{bar.rows:,} rows"
    tell(f"{shown(out)}: {count}, {in_bytes(out.stat().st_size)}")
    return 0
