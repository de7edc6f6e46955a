"""Packs WARC files, their index and a list of pages as WACZ 1.1.1.

https://specs.webrecorder.net/wacz/1.1.1/; see decision 157 in docs/decisions.md.
"""

from __future__ import annotations

import io
import json
import tempfile
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

from newscrawl.archive.series_files import ArchiveError
from newscrawl.formatting import display_path
from newscrawl.text import fold, key_of
from newscrawl.warc import brotli_bodies

with warnings.catch_warnings():
    # A library that it imports warns about its own use of setuptools.
    warnings.simplefilter("ignore")
    from wacz.main import main as run_wacz

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from newscrawl.archive.captured_pages import CapturedPage

_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": "Articles"}
_EARLIEST = 315_619_200
"""2 January 1980: times in a ZIP file begin the day before, in local time."""


def check(paths: Iterable[Path]) -> None:
    """Check that files can be part of a ZIP file.

    Raises:
        ArchiveError: one has a name or a time that ZIP cannot state.
    """
    for path in paths:
        if not path.name.isprintable():
            raise ArchiveError(
                f"{path.parent / ascii(path.name)[1:-1]} has characters in its name that a WACZ "
                "cannot state: rename it"
            )
        if path.stat().st_mtime < _EARLIEST:
            raise ArchiveError(
                f"{display_path(path)} was last changed before 1980, which a ZIP file cannot "
                f"state: touch {display_path(path)}"
            )


def write_pages(pages: Iterable[CapturedPage], path: Path) -> tuple[int, CapturedPage | None]:
    """Write the list of pages; return how many there are, and the first.

    Raises:
        OSError: it cannot be written.
    """
    count, first = 0, None
    with path.open("w", encoding="ascii") as file:
        file.write(f"{json.dumps(_HEADER)}\n")
        for page in pages:
            first = first or page
            count += 1
            record = f"{page.record.file}/{page.record.offset} {page.url}"
            identifier = f"{key_of(record) & (1 << 64) - 1:016x}"
            line = {"id": identifier, "url": page.url, "title": page.title, "ts": page.date}
            file.write(f"{json.dumps(line)}\n")
    return count, first


def write(
    path: Path, archives: Sequence[Path], pages: Path, title: str, first: CapturedPage | None
) -> None:
    """Write the WACZ file.

    Args:
        path: the new file.
        archives: the WARC files, which are copied as they are, without being compressed again.
        pages: the list of pages.
        title: of the whole.
        first: the page that a reader opens first.

    Raises:
        ArchiveError: the files cannot be indexed or packed.
        OSError: a file cannot be read or written.
    """
    line = ["create", "-o", str(path), "-p", str(pages), "-c", "--title", title]
    if first is not None:
        digits = "".join(filter(str.isdigit, first.date))
        line += ["--url", first.url, "--ts", digits]
    failure = _failure_of([*line, "--", *map(str, archives)], path.parent)
    if failure is not None:
        raise failure


def _failure_of(line: list[str], folder: Path) -> BaseException | None:
    """Run `wacz`; return why it has failed.

    The error itself is not kept: with it the ZIP file is closed that was not completed, about
    which Python would complain.
    """
    brotli_bodies.enable()
    with _temporary_files_in(folder), redirect_stdout(io.StringIO()) as text:
        with redirect_stderr(text):
            try:
                code = run_wacz(line)
            except OSError as error:
                return OSError(error.errno, error.strerror or str(error))
            except KeyboardInterrupt:
                return KeyboardInterrupt()
            except SystemExit:
                code = 2
            except Exception as error:  # noqa: BLE001 - it documents none
                return ArchiveError(f"the archive cannot be packed: {fold(str(error))[:160]}")
        if code:
            return ArchiveError(f"the archive cannot be packed: {fold(text.getvalue())[-160:]}")
    return None


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Have large indexes sorted in a folder that is removed in any case."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
