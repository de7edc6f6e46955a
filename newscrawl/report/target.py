"""Where the page goes: a file that is whole or is not there."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MARK = '<meta name="generator" content="newscrawl report">'
"""By what a page of ours is known."""
_WITHIN = 2000


class TargetError(ValueError):
    """A file that is not to be written, or cannot be; its text says what to do."""


def check(path: Path, *, force: bool) -> None:
    """Check that a file can be made, before anything is read.

    An earlier report is replaced, any other file only with `force`.

    Raises:
        TargetError: it cannot, or would replace something else.
    """
    if path.is_dir():
        raise TargetError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise TargetError(f"there is no folder {path.parent}: make it, or name another")
    if not force and path.exists() and not _is_ours(path):
        raise TargetError(f"{path} is there and is no report: --force replaces it")
    if not os.access(path.parent, os.W_OK):
        raise TargetError(f"cannot write to {path.parent}: permission denied")


def write(path: Path, text: str) -> int:
    """Write a page at once and durably; return its size in bytes.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    data = text.encode()
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with made.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise
    return len(data)


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARK.encode() in file.read(_WITHIN)
    except OSError:
        return False
