"""Files of dumps: published, finished after a killed run, compared with the ledger."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path

OPEN, FINAL, DAMAGED = range(3)
"""States of a dump: being written; complete; not what was written."""
PART = ".part"
"""Ending of a dump that is being written."""
_CHUNK = 1 << 20
GONE, CHANGED = "is gone", "was changed"


@dataclass(frozen=True, slots=True)
class KnownDump:
    """A dump as the ledger knows it."""

    path: Path
    length: int
    """How many bytes of it are committed."""
    lines: int | None
    """None in a file of an archive."""
    checksum: int | None = None
    """CRC-32 of these bytes; None in a dump of an older newscrawl."""
    changed_at: int | None = None
    """When the file was last changed, in nanoseconds since 1970."""


@dataclass(slots=True)
class FinishedDump:
    """The outcome for the dump of a run that was killed."""

    state: int | None
    """None for one that was empty and has been removed."""
    cut: int = 0
    """Bytes of uncommitted lines that were cut off."""
    message: str = ""
    """What to report to the operator."""


def part_of(path: Path) -> Path:
    """Return the file that a dump is written to until it is complete."""
    return Path(f"{path}{PART}")


def extend(checksum: int, file: int, start: int, end: int) -> int:
    """Return the checksum of a file's first `end` bytes, given that of its first `start`.

    Raises:
        EOFError: it is shorter than `end` bytes.
    """
    while start < end:
        data = os.pread(file, min(_CHUNK, end - start), start)
        if not data:
            raise EOFError("the dump is shorter than what was written to it: was it truncated?")
        checksum = zlib.crc32(data, checksum)
        start += len(data)
    return checksum


def damage_while_open(part: Path, file: int, length: int) -> str | None:
    """Return what somebody else did to a growing dump, given its descriptor and length."""
    own = os.fstat(file)
    try:
        at_path = part.stat()
    except FileNotFoundError:
        return "was removed"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if (at_path.st_dev, at_path.st_ino) != (own.st_dev, own.st_ino):
        return "was replaced"
    # It may be longer: the run writes while what it wrote before is committed.
    return "was truncated" if own.st_size < length else None


def copy_lines(file: int, length: int, target: Path) -> bool:
    """Copy a dump's committed bytes, which only its descriptor still has, to a new file.

    Returns:
        False if they are no longer there.

    Raises:
        OSError: the file exists or cannot be written.
    """
    with target.open("xb") as copy:
        start = 0
        while start < length:
            data = os.pread(file, min(_CHUNK, length - start), start)
            if not data:
                return False
            copy.write(data)
            start += len(data)
        copy.flush()
        os.fsync(copy.fileno())
    return True


def publish(part: Path, path: Path) -> int:
    """Rename a complete dump to its final name, durably; return when it was last changed."""
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path.stat().st_mtime_ns


def finish(dump: KnownDump) -> FinishedDump:
    """Truncate a dead run's dump to what was committed and give it its final name.

    A file that is not what the ledger knows is not touched.
    """
    path, part = dump.path, part_of(dump.path)
    try:
        if not part.exists():
            return _without_part(dump)
        size = part.stat().st_size
        if not _is_intact(part, dump):
            return FinishedDump(DAMAGED, message=damage_message(part, dump.lines, CHANGED))
        if not dump.length:
            part.unlink()
            return FinishedDump(None, cut=size)
        if path.exists():
            text = f"{path} already exists, so {part} cannot be renamed to it: rename one of them"
            return FinishedDump(DAMAGED, message=text)
        if size > dump.length:
            os.truncate(part, dump.length)
        publish(part, path)
    except OSError as error:
        damage = f"cannot be read or finished ({error.strerror})"
        return FinishedDump(DAMAGED, message=damage_message(part, dump.lines, damage))
    return FinishedDump(FINAL, cut=size - dump.length)


def is_present(dump: KnownDump) -> bool:
    """Return whether the file of a dump exists, under its final name or as `.part`."""
    return dump.path.exists() or part_of(dump.path).exists()


def is_found(dump: KnownDump) -> bool:
    """Return whether a file holds what was committed, under its final name or as `.part`."""
    try:
        if part_of(dump.path).exists():
            return _is_intact(part_of(dump.path), dump)
        return not damage_of(dump.path, dump.length) and _is_intact(dump.path, dump)
    except OSError:
        return False


def _without_part(dump: KnownDump) -> FinishedDump:
    if not dump.length:
        return FinishedDump(None)
    damage = damage_of(dump.path, dump.length)
    if not damage and not _is_intact(dump.path, dump):
        damage = CHANGED
    if damage:
        return FinishedDump(DAMAGED, message=damage_message(dump.path, dump.lines, damage))
    return FinishedDump(FINAL)


def damage_of(path: Path, length: int) -> str | None:
    """Return what is wrong with a complete dump, judged by its presence and size."""
    try:
        return None if path.stat().st_size == length else CHANGED
    except FileNotFoundError:
        return GONE
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def check(dump: KnownDump) -> tuple[str | None, int | None]:
    """Return what is wrong with a complete dump, and when its file was last changed.

    It is read only if it was changed since.
    """
    damage = damage_of(dump.path, dump.length)
    if damage:
        return damage, dump.changed_at
    try:
        changed_at = dump.path.stat().st_mtime_ns
        if changed_at != dump.changed_at and not _is_intact(dump.path, dump):
            return CHANGED, dump.changed_at
    except OSError as error:
        return f"cannot be read ({error.strerror})", dump.changed_at
    return None, changed_at


def _is_intact(path: Path, dump: KnownDump) -> bool:
    """Return whether a file begins with the bytes that were committed."""
    if not dump.length:
        return True
    if path.stat().st_size < dump.length:
        return False
    with path.open("rb") as file:
        if dump.checksum is not None:
            try:
                return extend(0, file.fileno(), 0, dump.length) == dump.checksum
            except EOFError:
                return False
        file.seek(dump.length - 1)
        return file.read(1) == b"\n"


def damage_message(path: Path, count: int | None, damage: str) -> str:
    """Return the message about a damaged dump or file of an archive: what is wrong, what follows.

    `count` is that of the articles in a dump; None for a file of an archive.
    """
    if count is None:
        return f"{path} {damage} since it was written: lines name records of it that may be lost"
    return (
        f"{path} {damage} since it was written: its {count} articles count as written and will "
        "not be written again; -a known=write writes all anew"
    )
