"""Where an export goes: a file that is whole or is not there."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from newscrawl.export.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOURNALS = ("-wal", "-journal", ".wal")
"""What SQLite and DuckDB lay beside a database that is written to."""


def check(path: Path, dumps: list[Path], *, overwrite: bool) -> None:
    """Check that a file can be made, before anything is read.

    Raises:
        ExportError: it is there already and not to be replaced, or cannot be made.
    """
    if path.is_dir():
        raise ExportError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise ExportError(f"there is no folder {path.parent}: make it, or name another")
    if path.exists():
        if not path.is_file():
            raise ExportError(f"{path} is no file: name another")
        if any(path.samefile(dump) for dump in dumps):
            raise ExportError(f"{path} is one of the dumps to be read: name another file")
        if not overwrite:
            raise ExportError(f"{path} is there already: --force replaces it")
    for journal in (path.with_name(f"{path.name}{end}") for end in _JOURNALS):
        # The database engine would put what it holds into the new file.
        if journal.exists():
            raise ExportError(f"{journal} is of an open database: close it, or name another file")
    if not os.access(path.parent, os.W_OK):
        raise ExportError(f"cannot write to {path.parent}: permission denied")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place to write to; what is there in the end becomes `path` at once.

    On any error, and on Ctrl-C, nothing of it stays.
    """
    # A folder, since databases lay files of their own beside the one they write.
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        made = Path(folder) / path.name
        yield made
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(path)
