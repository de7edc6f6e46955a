"""Writes files of a folder, local or remote, that are there when they are whole."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from newscrawl.dumps.atomic import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatrove.io import DataFolder


@contextmanager
def whole_file(folder: DataFolder, name: str) -> Iterator[Path]:
    """Yield a temporary path; what is written there is given its name at the end.

    On any error there is no such file, or an earlier one is unchanged. What a killed process has
    left of it is removed.

    Raises:
        OSError: it cannot be written.
    """
    if folder.is_local():
        target = Path(folder.resolve_paths(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as path:
            yield path
        return
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / Path(name).name
        yield path
        # An object store shows an object when all of it is there.
        folder.put_file(str(path), name)
