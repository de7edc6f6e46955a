"""A dump that is written from files: after a kill it is continued, with every line once.

It grows as `OUT.part`, with `OUT.progress` next to it, which says up to where the files were read
and how many bytes of the dump belong to that. Lines are made durable before it.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import msgspec

from newscrawl.dumps.part_files import extend, part_of, publish

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ENDING = ".progress"
_NEW = ".new"


class ResumeError(ValueError):
    """What was begun cannot be continued; the text is one line that says what to do."""


class InUseError(ResumeError):
    """Another process is writing the dump."""


class Progress(msgspec.Struct):
    """How far an extraction has come."""

    identity: dict[str, Any]
    """What must be the same when it is continued: files, options, version."""
    file: int = 0
    """Position in the list of files of the one that is read."""
    entry: int = 0
    """How many entries of that file are done."""
    length: int = 0
    """Bytes of the dump."""
    checksum: int = 0
    """CRC-32 of these bytes."""
    counts: dict[str, int] = {}
    own_files: list[int] = []
    """Positions of the files before `file` that have records of ours."""
    own_lines: list[tuple[int, int]] = []
    """Where the lines of our own archives are: begin and end in bytes of lines in a row."""


def progress_path(out: Path) -> Path:
    """Return the file that says how far the dump `out` has come."""
    return out.with_name(f"{out.name}{ENDING}")


class ResumableDump:
    """One dump; a context manager, which closes its files and leaves them to be continued."""

    def __init__(self, out: Path, identity: dict[str, Any], *, restart: bool = False) -> None:
        """Open or create it; with `restart` what other files or options have left is discarded.

        Raises:
            InUseError: it is being written.
            ResumeError: it is of other files or options, or is damaged.
            OSError: it cannot be written.
        """
        self._out = out
        self._journal = progress_path(out)
        self.progress = Progress(identity)
        known = self._known()
        if known is not None and known.identity != identity:
            if not restart:
                raise ResumeError(_difference(out, known.identity, identity))
            known = None
        part = part_of(out)
        if known is None and part.exists() and not (restart or self._journal.exists()):
            raise ResumeError(f"{part} exists, and {self._journal} does not: remove or rename it")
        self.is_resumed = known is not None
        self.progress = known or self.progress
        self._file: BinaryIO = part.open("r+b" if known is not None and part.exists() else "a+b")
        try:
            self._begin()
        except BaseException:
            self._file.close()
            raise

    def _begin(self) -> None:
        part = part_of(self._out)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUseError(f"another process is writing {part}: wait for its end") from None
        length = self.progress.length
        try:
            found = extend(0, self._file.fileno(), 0, length)
        except EOFError:
            found = -1
        if found != self.progress.checksum and length:
            raise ResumeError(
                f"{part} was changed since it was written: remove it and {self._journal}, or add "
                "--overwrite to begin again"
            )
        self._save()
        self._file.truncate(length)
        self._file.seek(length)

    def _known(self) -> Progress | None:
        try:
            return msgspec.json.decode(self._journal.read_bytes(), type=Progress)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            raise ResumeError(
                f"{self._journal} cannot be read: remove it and {part_of(self._out)}"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def own_lines(self) -> Iterator[bytes]:
        """Yield the lines of our own archives that were written before."""
        with part_of(self._out).open("rb") as file:
            for begin, end in self.progress.own_lines:
                file.seek(begin)
                while file.tell() < end:
                    yield file.readline()

    def write(self, line: bytes, *, is_own: bool = False) -> None:
        """Append a line, of an archive of ours or not; it counts once `commit` was called."""
        begin, own = self._file.tell(), self.progress.own_lines
        self._file.write(line)
        if not is_own:
            return
        end = begin + len(line)
        if own and own[-1][1] == begin:
            own[-1] = (own[-1][0], end)
        else:
            own.append((begin, end))

    def commit(
        self, file: int, entry: int, counts: dict[str, int], own_files: Iterable[int]
    ) -> None:
        """Make what was written durable, and then the position in the files that it belongs to."""
        self._file.flush()
        os.fsync(self._file.fileno())
        known, length = self.progress, self._file.tell()
        known.checksum = extend(known.checksum, self._file.fileno(), known.length, length)
        known.file, known.entry, known.length, known.counts = file, entry, length, counts
        known.own_files = [position for position in own_files if position < file]
        self._save()

    def _save(self) -> None:
        # Of the same name each time, so that a kill leaves one file at most.
        temporary = self._journal.with_name(f"{self._journal.name}{_NEW}")
        with temporary.open("wb") as file:
            file.write(msgspec.json.encode(self.progress) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._journal)

    def finish(self) -> None:
        """Give the dump its name, and remove the file of its progress."""
        self._file.close()
        publish(part_of(self._out), self._out)
        self._remove_journal()

    def discard(self) -> None:
        """Remove what was written; an earlier dump of this name stays as it is."""
        self._file.close()
        part_of(self._out).unlink()
        self._remove_journal()

    def _remove_journal(self) -> None:
        self._journal.unlink()
        self._journal.with_name(f"{self._journal.name}{_NEW}").unlink(missing_ok=True)


def files_of(out: Path) -> list[Path]:
    """Return the files that an extraction to `out` writes."""
    journal = progress_path(out)
    return [out, part_of(out), journal, journal.with_name(f"{journal.name}{_NEW}")]


def _difference(out: Path, known: dict[str, Any], identity: dict[str, Any]) -> str:
    names = {"files": "FILES have changed", "options": "the options differ"}
    changed = next((name for name in names if known.get(name) != identity.get(name)), "")
    what = names.get(changed, "it was begun by another version of newscrawl")
    return (
        f"{part_of(out)} was begun with something else ({what}): use the same FILES and options to "
        "continue, or add --overwrite to begin again"
    )
