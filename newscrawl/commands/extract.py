"""`scrapy extract`: the articles of archives and saved pages, as lines of a dump.

See decisions 154, 942 and 943 in docs/decisions.md.
"""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.cli import (
    STOPPED,
    ProgressBar,
    ProjectCommand,
    print_line,
    print_message,
    usage_error,
)
from newscrawl.commands import project_sites
from newscrawl.dumps.atomic import TargetError, check
from newscrawl.formatting import counted, display_path, in_brackets, printable_path
from newscrawl.outcomes.finish_reasons import OTHERWISE, USAGE
from newscrawl.text import shown
from newscrawl.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections import Counter

    from newscrawl.bulk.input_files import InputFile

_MAX_MESSAGES = 100
"""Lines about what is not read; the others are only counted."""
_ENDING = ".jsonl"


class Command(ProjectCommand):
    """Extracts articles. Exit codes: 0 written, 1 a file was not read, 2 usage, 130 interrupted."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "FILES -o OUT [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Read articles from WARC, WACZ or saved pages into a dump"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "FILES are archives (.warc, .warc.gz, .wacz), saved pages (.html, .htm) or folders of "
            "them. OUT is a new dump (.jsonl). The same command again continues what was stopped. "
            "docs/extract.md says what is read. Exit codes: 0 written, 1 a file was not read, "
            "2 usage error."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add("-o", "--output", metavar="OUT", help="the dump to write")
        add("--site", metavar="KEY", action="append", default=[],
            help="only pages of this site, or of several: a,b")  # fmt: skip
        add("--url", help="the address of a saved page that does not state it")
        add("--since", metavar="DAY", help="only articles published on this day or later")
        add("--until", metavar="DAY", help="only articles published on this day or earlier")
        add("--jobs", metavar="N", help="processes that read pages (default: one for each core)")
        add("--overwrite", action="store_true",
            help="replace OUT, and begin again where OUT.part is of something else")  # fmt: skip
        add("--strict", action="store_true", help="exit code 1 if a record was not readable")
        add("--json", action="store_true", help="print the totals as one JSON object")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is read."""
        super().process_options(args, opts)
        if not args:
            usage_error("name the files: scrapy extract output/SPIDER/*.warc.gz -o articles.jsonl")
        if not opts.output:
            usage_error("name the dump to write: -o articles.jsonl")
        opts.out = Path(opts.output)
        if not opts.out.name.endswith(_ENDING):
            usage_error(f"{shown(opts.output)} is not a name of a dump: it must end in {_ENDING}")
        try:
            check(opts.out)
        except TargetError as error:
            usage_error(str(error))
        opts.files = _files(args, opts)
        if opts.out.exists() and not opts.overwrite:
            usage_error(f"{opts.out} exists: name another file, or add --overwrite to replace it")
        opts.since, opts.until = _day(opts.since, "since"), _day(opts.until, "until")
        if opts.since and opts.until and opts.since > opts.until:
            usage_error(f"--since {opts.since} is after --until {opts.until}")
        opts.jobs = _jobs(opts.jobs)
        assert self.settings is not None
        project_sites.register(self.settings)
        opts.keys = _keys(opts.site)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the dump and set the exit code."""
        from newscrawl.bulk.resumable_dump import InUseError, ResumeError

        assert self.settings is not None
        # SIGTERM, which service managers send, ends it like Ctrl-C.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        messages = _Messages()
        try:
            self.exitcode = _extract(opts, self.settings, messages)
        except ResumeError as error:
            print_message(str(error))
            self.exitcode = OTHERWISE if isinstance(error, InUseError) else USAGE
        except OSError as error:
            print_message(f"cannot write {opts.output}: {error.strerror or error}")
            self.exitcode = OTHERWISE
        except KeyboardInterrupt:
            print_message("stopped: run the same command again to continue")
            self.exitcode = STOPPED
        finally:
            signal.signal(signal.SIGTERM, previous)


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        usage_error(f"--{name} {shown(text or '')} is not a day such as 2026-11-28")


def _jobs(text: str | None) -> int:
    if text is None:
        return max(1, len(os.sched_getaffinity(0)))
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 256:
        usage_error(f"--jobs {shown(text)} is not a number from 1 to 256")
    return int(text)


def _keys(given: list[str]) -> frozenset[str] | None:
    """Return the keys of the sites that are named by their keys or hosts; None without any."""
    keys: set[str] = set()
    for text in given:
        names = [name.strip() for name in text.split(",") if name.strip()]
        if not names:
            usage_error("--site is empty: name a host, or leave it out")
        keys.update(map(_key, names))
    return frozenset(keys) or None


def _key(name: str) -> str:
    from newscrawl import sites
    from newscrawl.bulk.archived_site import key_of_host

    key = name.lower()
    if sites.by_key(key) is not None:
        return key
    # A key such as that of a site in a folder is not a host.
    key = key_of_host(key) or key
    if sites.by_key(key) is None and sites.site_of_key(key) is None:
        known = ", ".join(site.key for site in sites.registered())
        usage_error(f"--site {shown(name)} is not a site: name a host, or one of {known}")
    return key


def _files(args: list[str], opts: argparse.Namespace) -> list[InputFile]:
    from newscrawl.arguments import has_credentials, is_web_address
    from newscrawl.bulk.input_files import Form, expand, is_file
    from newscrawl.bulk.resumable_dump import files_of

    try:
        files = expand(args)
    except OSError as error:
        usage_error(str(error))
    for path in filter(Path.exists, files_of(opts.out)):
        for file in files:
            if is_file(file.path) and file.path.samefile(path):
                usage_error(
                    f"{shown(str(file.path))} is a file to read, and {path} is written: name "
                    "another dump"
                )
    pages = sum(file.form is Form.HTML for file in files)
    if opts.url is not None and (pages != 1 or len(files) != 1):
        usage_error("--url is the address of one saved page: name one .html file")
    if opts.url is not None and has_credentials(opts.url):
        usage_error("--url has a user name or a password: give the address without them")
    if opts.url is not None and not is_web_address(opts.url):
        usage_error(
            f"--url {shown(opts.url)} is not a web address: write it as https://www.example.it/a/"
        )
    return files


class _Messages:
    """Prints what is not read, one line each, up to a number."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, text: str) -> None:
        self._count += 1
        if self._count <= _MAX_MESSAGES:
            print_message(text)
        elif self._count == _MAX_MESSAGES + 1:
            print_message("further records that are not read are only counted")


@dataclass(frozen=True, slots=True)
class _Totals:
    """What an extraction has read and written."""

    counts: Counter[str]

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    def by_reason(self, prefix: str) -> dict[str, int]:
        """Return the counters with a prefix, the largest first."""
        found = {k.removeprefix(prefix): n for k, n in self.counts.items() if k.startswith(prefix)}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _extract(opts: argparse.Namespace, settings: Any, messages: _Messages) -> int:
    from newscrawl import sites
    from newscrawl.bulk.archived_parts import ArchivedParts
    from newscrawl.bulk.batch_reading import ReadingOptions
    from newscrawl.bulk.extraction_run import Extraction
    from newscrawl.bulk.extraction_steps import BAD, FILES, PAGES, UNREADABLE, FileSteps
    from newscrawl.bulk.resumable_dump import ResumableDump

    files: list[InputFile] = opts.files
    max_size = settings.getint("DOWNLOAD_MAXSIZE")
    reading = ReadingOptions(
        sites.registered(), settings["RIGHTS_POLICY"], opts.since, opts.until, opts.keys
    )
    with (
        ResumableDump(opts.out, _identity(opts, reading), restart=opts.overwrite) as dump,
        ProgressBar([file.path for file in files]) as bar,
    ):
        if dump.is_resumed:
            print_message(
                f"continuing {opts.out}.part, which has {counted(dump.progress.length, 'byte')}"
            )
        progress = dump.progress
        steps = FileSteps(
            files,
            sites=opts.keys,
            url=opts.url,
            max_size=max_size,
            on_message=messages,
            on_read=bar.on_read,
            own_files=progress.own_files,
        )
        parts = ArchivedParts(files, steps.own_files, max_size)
        extraction = Extraction(
            dump, parts, reading, own_files=steps.own_files, on_message=messages
        )
        extraction.run(steps.batches(progress.file, progress.entry), opts.jobs)
        totals = _Totals(extraction.counts)
        is_written = totals[PAGES] or totals[UNREADABLE] < totals[FILES]
        (dump.finish if is_written else dump.discard)()
    if not is_written:
        print_message(f"{opts.out} is not written: none of FILES could be read")
    try:
        _print_totals(totals, opts)
    except OSError as error:
        print_message(f"{opts.out} is complete, but not the output: {error.strerror or error}")
        return OTHERWISE
    is_incomplete = totals[UNREADABLE] or (opts.strict and totals.by_reason(BAD))
    return OTHERWISE if is_incomplete else 0


def _as_text(path: Path) -> str:
    """Return a path as text that UTF-8 can encode, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _identity(opts: argparse.Namespace, reading: Any) -> dict[str, Any]:
    """Return what must be the same when an extraction is continued."""
    return {
        "version": __version__,
        "files": [[_as_text(file.path), file.size, file.changed_at] for file in opts.files],
        "options": {
            "sites": sorted(opts.keys) if opts.keys is not None else None,
            "url": opts.url,
            "since": str(opts.since),
            "until": str(opts.until),
            "rights": reading.policy,
        },
    }


def _print_totals(totals: _Totals, opts: argparse.Namespace) -> None:
    from newscrawl.bulk.extraction_run import ARTICLES, NOT_ARTICLES, REPEATED
    from newscrawl.bulk.extraction_steps import BAD, FILES, LEFT_OUT, PAGES, RECORDS, UNREADABLE

    reasons = {
        "not_articles": totals.by_reason(NOT_ARTICLES),
        "left_out": totals.by_reason(LEFT_OUT),
        "bad": totals.by_reason(BAD),
    }
    numbers = {
        name: totals[name] for name in (FILES, UNREADABLE, RECORDS, PAGES, ARTICLES, REPEATED)
    }
    if opts.json:
        print_line(json.dumps({"output": str(opts.out), **numbers, **reasons}))
        return
    print_line(
        f"{printable_path(display_path(opts.out))}: {counted(numbers[ARTICLES], 'article')} from "
        f"{counted(numbers[PAGES], 'page')} in {counted(numbers[FILES], 'file')}, "
        f"{counted(numbers[RECORDS], 'record')}"
    )
    texts = {"not_articles": "not articles", "left_out": "left out", "bad": "not readable"}
    for name, by_reason in reasons.items():
        if by_reason:
            print_line(f"  {texts[name]}: {sum(by_reason.values()):,}{in_brackets(by_reason)}")
    if numbers[REPEATED]:
        pages = counted(numbers[REPEATED], "page")
        print_line(f"  repeated: {pages} fetched again without a change")
    if numbers[UNREADABLE]:
        print_line(f"  files not read, or not to their end: {numbers[UNREADABLE]:,}")
