"""Writes a file atomically: it is complete, or unchanged.

See decision 168 in docs/decisions.md.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDING = ".newscrawl"
"""Of the names of temporary folders: `.NAME.XXXXXXXX.newscrawl`, with what `mkdtemp` chose."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


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
        why = "it is read-only" if _is_on_read_only_system(path.parent) else "permission denied"
        raise TargetError(f"cannot write to {path.parent}: {why}")


def _is_on_read_only_system(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path; at the end the file there replaces `path` atomically, durably.

    On any error, and on Ctrl-C, it is removed. What a killed process has left of the same target
    is removed before.

    Raises:
        OSError: it cannot be written; an earlier file is unchanged.
    """
    # A folder, since databases create files beside the one they write.
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "it is not a file", str(path))
    _remove_leftovers(path)
    with _locked_folder(path) as folder:
        temporary = folder / path.name
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)


@contextmanager
def _locked_folder(target: Path) -> Iterator[Path]:
    """Create a temporary folder that is locked while it exists.

    Raises:
        OSError: it cannot be created.
    """
    folder, descriptor = _new_folder(target)
    try:
        yield folder
    finally:
        # Locked until it is gone, so that only one process removes it.
        try:
            shutil.rmtree(folder)
        finally:
            os.close(descriptor)


def _new_folder(target: Path) -> tuple[Path, int]:
    """Return a new temporary folder and the descriptor that holds its lock."""
    while True:
        prefix = f".{target.name}."
        folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=_ENDING, dir=target.parent))
        # Before it is locked, another writer may take it for a leftover and remove it.
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, _FOLDER)
            if _lock(descriptor) is not False and _is_still_at(folder, descriptor):
                return folder, descriptor
            os.close(descriptor)


def _remove_leftovers(target: Path) -> None:
    """Remove the temporary folders of the same target whose processes no longer exist.

    What cannot be removed does not keep the file from being written.
    """
    pattern = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}{re.escape(_ENDING)}")
    with suppress(OSError), os.scandir(target.parent) as entries:
        for name in [entry.name for entry in entries if pattern.fullmatch(entry.name)]:
            with suppress(OSError):
                _remove_if_unlocked(target.parent / name)


def _remove_if_unlocked(folder: Path) -> None:
    descriptor = os.open(folder, _FOLDER)
    try:
        if _lock(descriptor) and _is_still_at(folder, descriptor):
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool | None:
    """Lock a folder; return whether it was free, and None where folders cannot be locked.

    The kernel releases the lock when the process ends, also by SIGKILL.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _is_still_at(folder: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(folder.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
