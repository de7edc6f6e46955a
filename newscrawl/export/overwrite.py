"""What an export may replace, and what must not lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.dumps import atomic
from newscrawl.dumps.atomic import TargetError

if TYPE_CHECKING:
    from pathlib import Path

_JOURNALS = ("-wal", "-journal", ".wal")
"""What SQLite and DuckDB lay beside a database that is written to."""


def check(path: Path, dumps: list[Path], *, overwrite: bool) -> None:
    """Check that an export can be made, before anything is read.

    Raises:
        TargetError: it is there already and not to be replaced, or cannot be made.
    """
    atomic.check(path)
    if path.exists():
        if not path.is_file():
            raise TargetError(f"{path} is no file: name another")
        if any(path.samefile(dump) for dump in dumps):
            raise TargetError(f"{path} is one of the dumps to be read: name another file")
        if not overwrite:
            raise TargetError(f"{path} is there already: --force replaces it")
    for journal in (path.with_name(f"{path.name}{end}") for end in _JOURNALS):
        # The database engine would put what it holds into the new file.
        if journal.exists():
            raise TargetError(f"{journal} is of an open database: close it, or name another file")
