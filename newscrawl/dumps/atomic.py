"""Writes a file atomically: it is complete, or unchanged."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TargetError(ValueError):
    """A file that must not or cannot be written; the text is one line that says what to do."""


def check(path: Path) -> None:
    """Check that a file can be created, before anything is read; a file there is not checked.

    Raises:
        TargetError: it cannot be created, or what has its name is not a file.
    """
    if path.is_dir():
        raise TargetError(f"{path} is a folder: name a file in it")
    if path.exists() and not path.is_file():
        raise TargetError(f"{path} is not a file: name another")
    if not path.parent.is_dir():
        raise TargetError(f"there is no folder {path.parent}: create it, or name another")
    if not os.access(path.parent, os.W_OK):
        raise TargetError(f"cannot write to {path.parent}: permission denied")


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path; at the end the file there replaces `path` atomically, durably.

    On any error, and on Ctrl-C, it is removed.

    Raises:
        OSError: it cannot be written; an earlier file is unchanged.
    """
    # A folder, since databases create files beside the one they write.
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "it is not a file", str(path))
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
