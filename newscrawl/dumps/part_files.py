"""Files of dumps: given their name, finished after a death, compared with how they were left."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

OPEN, FINAL, DAMAGED = range(3)
"""States of a dump: it grows; it is complete; it is not as it was left."""
PART = ".part"
"""Ending of a dump that grows."""
_CHUNK = 1 << 20
GONE, CHANGED = "is gone", "was changed"


@dataclass(frozen=True, slots=True)
class Left:
    """A dump as the ledger knows it."""

    path: Path
    length: int
    """How many bytes of it are committed."""
    lines: int
    checksum: int | None = None
    """CRC-32 of these bytes; None in a dump of an older newscrawl."""
    changed_at: int | None = None
    """When the file was last changed, in nanoseconds since 1970."""


@dataclass(slots=True)
class Finished:
    """What became of the dump of a run that died."""

    state: int | None
    """None for one that held nothing and is no more."""
    cut: int = 0
    """Bytes of lines that were not committed."""
    told: str = ""
    """What a person must know."""


def part_of(path: Path) -> Path:
    """Return the file as which a dump grows."""
    return Path(f"{path}{PART}")


def extend(checksum: int, file: int, start: int, end: int) -> int:
    """Return the checksum of a file's first `end` bytes, given that of its first `start`.

    Raises:
        EOFError: it has no `end` bytes.
    """
    while start < end:
        data = os.pread(file, min(_CHUNK, end - start), start)
        if not data:
            raise EOFError("the dump is shorter than what was written to it: who cut it?")
        checksum = zlib.crc32(data, checksum)
        start += len(data)
    return checksum


def publish(part: Path, path: Path) -> int:
    """Give a complete dump its final name, durably; return when it was last changed."""
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path.stat().st_mtime_ns


def finish(left: Left) -> Finished:
    """Cut a dead run's dump to what was committed and give it its final name.

    A file that is not what the ledger knows is left as it is.
    """
    path, part = left.path, part_of(left.path)
    try:
        if not part.exists():
            return _without_part(left)
        size = part.stat().st_size
        if not _is_whole(part, left):
            return Finished(DAMAGED, told=told(part, left.lines, CHANGED))
        if not left.length:
            part.unlink()
            return Finished(None, cut=size)
        if path.exists():
            text = f"{path} stands where {part} should go: rename one of them"
            return Finished(DAMAGED, told=text)
        if size > left.length:
            os.truncate(part, left.length)
        publish(part, path)
    except OSError as error:
        why = f"cannot be read or finished ({error.strerror})"
        return Finished(DAMAGED, told=told(part, left.lines, why))
    return Finished(FINAL, cut=size - left.length)


def _without_part(left: Left) -> Finished:
    if not left.length:
        return Finished(None)
    what = amiss(left.path, left.length)
    if not what and not _is_whole(left.path, left):
        what = CHANGED
    if what:
        return Finished(DAMAGED, told=told(left.path, left.lines, what))
    return Finished(FINAL)


def amiss(path: Path, length: int) -> str | None:
    """Return what is wrong with a complete dump, as far as a look at the folder tells."""
    try:
        return None if path.stat().st_size == length else CHANGED
    except FileNotFoundError:
        return GONE
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def check(left: Left) -> tuple[str | None, int | None]:
    """Return what is wrong with a complete dump, and when its file was last changed.

    It is read only if it was touched since.
    """
    what = amiss(left.path, left.length)
    if what:
        return what, left.changed_at
    try:
        changed_at = left.path.stat().st_mtime_ns
        if changed_at != left.changed_at and not _is_whole(left.path, left):
            return CHANGED, left.changed_at
    except OSError as error:
        return f"cannot be read ({error.strerror})", left.changed_at
    return None, changed_at


def _is_whole(path: Path, left: Left) -> bool:
    """Return whether a file begins with what the ledger knows."""
    if not left.length:
        return True
    if path.stat().st_size < left.length:
        return False
    with path.open("rb") as file:
        if left.checksum is not None:
            try:
                return extend(0, file.fileno(), 0, left.length) == left.checksum
            except EOFError:
                return False
        file.seek(left.length - 1)
        return file.read(1) == b"\n"


def told(path: Path, count: int, what: str) -> str:
    """Return the line that says what is wrong with a dump and what follows from it."""
    return (
        f"{path} {what} since it was written: its {count} articles count as written and will "
        "not be written again; -a known=write writes all anew"
    )


def unknown(folder: Path) -> str | None:
    """Return the line that says that dumps lie where a ledger knows of none."""
    count = sum(1 for path in folder.glob("*.jsonl*") if ".rejected." not in path.name)
    if not count:
        return None
    are = (
        "a dump that this ledger does not know"
        if count == 1
        else (f"{count} dumps that this ledger does not know")
    )
    return f"{folder} holds {are}: it stays, and all articles are written again beside it"
