"""Checks what an export may replace, and which files must not exist beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.dumps import atomic
from newscrawl.dumps.atomic import TargetError

if TYPE_CHECKING:
    from pathlib import Path

_JOURNALS = ("-wal", "-journal", ".wal")
"""Endings of files that SQLite and DuckDB keep beside an open database."""


def check(path: Path, dumps: list[Path], *, overwrite: bool) -> None:
    """Check that an export can be written, before anything is read.

    Raises:
        TargetError: the file exists and must not be replaced, or cannot be created.
    """
    atomic.check(path)
    if path.exists():
        if any(path.samefile(dump) for dump in dumps):
            raise TargetError(f"{path} is one of the dumps to be read: name another file")
        if not overwrite:
            raise TargetError(f"{path} already exists: --force replaces it")
    for journal in (path.with_name(f"{path.name}{end}") for end in _JOURNALS):
        # The database engine would apply it to the new file.
        if journal.exists():
            raise TargetError(
                f"{journal} belongs to an open database: close it, or name another file"
            )
