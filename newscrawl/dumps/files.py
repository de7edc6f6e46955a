"""Which files are dumps, and their bytes, compressed or not."""

from __future__ import annotations

import glob
import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    Paths = str | Path | Iterable[str | Path]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
"""How the names of dumps end."""
REJECTED = ".rejected.jsonl"
"""How the names of files of rejected articles end, before any `.gz` or `.zst`."""
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError)
"""What reading compressed bytes raises when they are damaged; EOFError when they are cut off."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_MAGIC = "*?["


def expand(paths: Paths) -> list[Path]:
    """Return the dumps that files, folders and globs name, each once, sorted by name.

    A file that is named outright is taken whatever its name. Of a folder (with those below),
    or of what a glob matches (`**` crosses folders), only dumps are: `.jsonl`, `.jsonl.gz`,
    `.jsonl.zst`. `*.rejected.jsonl` and the `*.part` of a run at work are none. Within a folder
    the order of names is that of the runs.

    Args:
        paths: one path, folder or glob, or several; `~` is not expanded.

    Raises:
        DumpError: nothing is named, a file is not there or is none to be read, or a folder or
            glob has no dump.
    """
    found: dict[Path, None] = {}
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if not given:
        raise DumpError(Path("-"), 0, "no dump is named; name a file, a folder or a glob")
    for one in given:
        found.update(dict.fromkeys(_named(Path(one))))
    return sorted(found, key=_order)


def is_dump(path: Path) -> bool:
    """Return whether a file is a complete dump, as far as its name tells.

    >>> [is_dump(Path(name)) for name in ("a.jsonl.gz", "a.rejected.jsonl", "a.jsonl.part")]
    [True, False, False]
    """
    return path.name.endswith(SUFFIXES) and REJECTED not in path.name


def stem_of(path: Path) -> str:
    """Return a dump's name without its ending: the time at which its run began.

    >>> stem_of(Path("output/esteri/2026-11-23T23-01-13Z.jsonl.gz"))
    '2026-11-23T23-01-13Z'
    """
    return path.name.split(".jsonl", 1)[0]


def _named(path: Path) -> list[Path]:
    # "[" may stand in a name: what is there is no glob.
    if path.is_dir():
        return _dumps_of(path, [path], "the folder holds no dump")
    if path.exists():
        if path.name.endswith(".part"):
            raise DumpError(path, 0, "a run still writes it or was killed; run the spider again")
        if REJECTED in path.name:
            raise DumpError(path, 0, "holds what was rejected, not articles; name a dump")
        return [path]
    if not any(character in str(path) for character in _MAGIC):
        raise DumpError(path, 0, "no such file; check the name")
    matches = map(Path, glob.iglob(str(path), recursive=True))  # noqa: PTH207 - absolute ones too
    return _dumps_of(path, matches, f"matches no dump ({', '.join(SUFFIXES)}); check the pattern")


def _dumps_of(path: Path, candidates: Iterable[Path], otherwise: str) -> list[Path]:
    dumps: list[Path] = []
    for one in candidates:
        dumps += filter(is_dump, one.rglob("*") if one.is_dir() else [one])
    if not dumps:
        raise DumpError(path, 0, otherwise)
    return dumps


def _order(path: Path) -> tuple[Path, str, str]:
    # By the time alone, so that "…Z-2.jsonl" comes after "…Z.jsonl".
    return path.parent, stem_of(path), path.name


class Source:
    """The bytes of a dump, decompressed by what they begin with; a context manager.

    Raises:
        DumpError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._raw = _open(path)
        buffered = io.BufferedReader(self._raw, 1 << 17)
        self._streams: list[BinaryIO] = [cast("BinaryIO", buffered)]
        try:
            start = buffered.peek(4)[:4]
        except OSError as error:
            buffered.close()
            raise DumpError(path, 0, f"cannot be read: {error.strerror}") from None
        if start.startswith(_GZIP):
            self._streams.append(cast("BinaryIO", gzip.GzipFile(fileobj=buffered)))
        elif start.startswith(_ZSTD):
            self._streams.append(cast("BinaryIO", zstd.ZstdFile(buffered)))

    @property
    def stream(self) -> BinaryIO:
        """What to read from."""
        return self._streams[-1]

    @property
    def position(self) -> int:
        """How many bytes of the file were taken in, compressed as they are."""
        return self._raw.taken

    def __enter__(self) -> BinaryIO:
        return self.stream

    def __exit__(self, *_: object) -> None:
        for stream in reversed(self._streams):
            stream.close()


class _CountedFile(io.FileIO):
    """A file that counts what was read of it, which a pipe cannot tell."""

    taken = 0

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        self.taken += count
        return count


def _open(path: Path) -> _CountedFile:
    try:
        return _CountedFile(path, "rb")
    except OSError as error:
        raise DumpError(path, 0, f"cannot be opened: {error.strerror}") from None


class DumpError(ValueError):
    """A dump, or a line of one, that cannot be read.

    Its text is one line, "FILE:LINE: what is wrong; what to do". Without a line (a glob that
    matches nothing, a file that cannot be opened) it is "FILE: …".

    >>> from pathlib import Path
    >>> print(DumpError(Path("a.jsonl"), 7, "not JSON"))
    a.jsonl:7: not JSON
    """

    def __init__(self, path: Path, line: int, what: str) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        # A file name, or what a file holds, may hold line ends and terminal sequences.
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in f"{place}: {what}")
        super().__init__(text)
        self.path = path
        """The file, or the glob as it was given."""
        self.line = line
        """Number of the line, from 1; 0 where it is about the file as a whole."""
        self.what = what
        """The text without its place."""
