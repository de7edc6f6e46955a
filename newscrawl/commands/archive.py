"""`scrapy archive`: lists the archives of what runs were served, and packs them as WACZ."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.archive import series_files
from newscrawl.archive.series_files import ArchiveError
from newscrawl.cli import (
    STOPPED,
    ProgressBar,
    ProjectCommand,
    check_choice,
    print_line,
    print_message,
    usage_error,
)
from newscrawl.dumps import atomic
from newscrawl.dumps.atomic import TargetError, atomic_write
from newscrawl.formatting import (
    counted,
    display_path,
    in_bytes,
    install_command,
    printable_path,
)
from newscrawl.outcomes.finish_reasons import OTHERWISE
from newscrawl.text import without_credentials

if TYPE_CHECKING:
    import argparse

    from newscrawl.archive.series_files import NamedFiles

ACTIONS = ("pack", "list")
_SYNTAX = "pack [SPIDER|FILES ...] [-o OUT.wacz] [--overwrite] | list [SPIDER|FILES ...]"
_ENDING = ".wacz"
_LIBRARY = "wacz"


class Command(ProjectCommand):
    """Lists and packs archives. Exit codes: 0, 1 not written, 2 usage error, 130 interrupted."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return _SYNTAX

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "List archives of what was served (WARC), and pack them as WACZ"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "pack: one file of a series' archive (all its complete WARC files) or of WARC files, "
            "with an index and the list of articles, which ReplayWeb.page opens. By default it is "
            "SPIDER.wacz in this folder. "
            "list: the runs of an archive with their records, files and size. "
            "docs/archive.md describes both."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add("-o", "--output", metavar="OUT.wacz", help="the file to write (pack)")
        add("--overwrite", action="store_true", help="replace OUT.wacz if it exists (pack)")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is read."""
        super().process_options(args, opts)
        assert self.settings is not None
        folder = Path(self.settings["OUTPUT_DIR"])
        if not args:
            usage_error(f"usage: scrapy archive {_SYNTAX}")
        opts.action = args[0]
        check_choice(opts.action, ACTIONS, "action")
        if opts.action == "list" and (opts.output or opts.overwrite):
            usage_error("-o and --overwrite are options of scrapy archive pack")
        try:
            series = series_files.archived_series(folder)
            if opts.action == "pack" and not args[1:]:
                names = series_files.described(series)
                usage_error(f"name a series or WARC files: scrapy archive pack SPIDER; {names}")
            named = args[1:] or [str(folder / name) for name in series]
            opts.files = series_files.find(named, folder, is_list=opts.action == "list")
            if opts.action == "pack":
                opts.out = _target(opts.output, opts.files, overwrite=opts.overwrite)
        except (ArchiveError, TargetError) as error:
            usage_error(str(error))
        except OSError as error:
            usage_error(f"cannot read {display_path(folder)}: {error.strerror}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """List or pack, and set the exit code."""
        if opts.action == "list":
            self.exitcode = _list(opts.files)
            return
        # SIGTERM, which service managers send, cleans up like Ctrl-C.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.exitcode = _pack(opts.files, opts.out)
        except ArchiveError as error:
            print_message(str(error))
            self.exitcode = OTHERWISE
        except OSError as error:
            at = f"{display_path(error.filename)}: " if error.filename else ""
            print_message(f"cannot write {display_path(opts.out)}: {at}{error.strerror or error}")
            self.exitcode = OTHERWISE
        except KeyboardInterrupt:
            print_message(f"stopped: {display_path(opts.out)} was not written")
            self.exitcode = STOPPED
        finally:
            signal.signal(signal.SIGTERM, previous)


def _target(output: str | None, files: NamedFiles, *, overwrite: bool) -> Path:
    """Return the file to write.

    Raises:
        TargetError: it must not or cannot be written.
    """
    if output is None and files.series is None:
        raise TargetError(f"the files are of several series: name the pack with -o OUT{_ENDING}")
    path = Path(output or f"{files.series}{_ENDING}")
    shown_path = without_credentials(str(path))[:80]
    if not path.name.endswith(_ENDING):
        raise TargetError(f"{shown_path} does not end with {_ENDING}, by which readers know it")
    try:
        atomic.check(path)
        if path.exists() and not overwrite:
            raise TargetError(f"{display_path(path)} already exists: --overwrite replaces it")
    except OSError as error:
        raise TargetError(f"cannot write {shown_path}: {error.strerror}") from None
    return path


def _list(files: NamedFiles) -> int:
    runs = series_files.runs_of(files)
    if not runs:
        print_message("there are no archives: -s ARCHIVE=warc keeps what a run is served")
    for run in runs:
        records = "not counted" if run.records is None else counted(run.records, "record")
        state = "" if run.is_complete else ", not complete"
        count = counted(len(run.paths), "file")
        print_line(f"{printable_path(run.name)}: {records}, {count}, {in_bytes(run.size)}{state}")
    return 0


def _pack(files: NamedFiles, out: Path) -> int:
    try:
        # It needs an extra that a crawler does without.
        from newscrawl.archive import captured_pages, wacz_file
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != _LIBRARY:
            raise
        raise ArchiveError(
            f"pack needs {_LIBRARY}, which is not installed: {install_command('archive')}"
        ) from None
    for path in files.unfinished:
        print_message(f"left out {display_path(path)}: its run is active or was killed")
    wacz_file.check(files.paths)
    pages = captured_pages.CapturedPages(files.paths)
    with atomic_write(out) as temporary:
        listed = temporary.with_name("pages.jsonl")
        with ProgressBar(files.paths) as bar:
            count, first = wacz_file.write_pages(pages.read(bar.on_read), listed)
            bar.describe("packing")
            title = files.series or out.name.removesuffix(_ENDING)
            wacz_file.write(temporary, files.paths, listed, title, first)
    if pages.without_payload:
        visits = counted(pages.without_payload, "visit")
        print_message(
            f"left out of the list of pages: {visits} whose page is in a file that is not packed"
        )
    counts = [
        counted(len(files.paths), "file"),
        counted(pages.records, "record"),
        counted(count, "page"),
    ]
    print_line(f"{display_path(out)}: {', '.join(counts)}, {in_bytes(out.stat().st_size)}")
    return 0
