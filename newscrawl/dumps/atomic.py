"""Where a file goes that is made of dumps: it is there whole, or as it was before."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TargetError(ValueError):
    """A file that is not to be written, or cannot be; its text is one line that says what to do."""


def check(path: Path) -> None:
    """Check that a file can be made, before anything is read; what stands there is not looked at.

    Raises:
        TargetError: it cannot be made.
    """
    if path.is_dir():
        raise TargetError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise TargetError(f"there is no folder {path.parent}: make it, or name another")
    if not os.access(path.parent, os.W_OK):
        raise TargetError(f"cannot write to {path.parent}: permission denied")


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a place to write to; what is there in the end becomes `path` at once, durably.

    On any error, and on Ctrl-C, nothing of it stays.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    # A folder, since databases lay files of their own beside the one they write.
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        made = Path(folder) / path.name
        yield made
        with made.open("rb") as file:
            os.fsync(file.fileno())
        made.replace(path)
