"""Finds the files that are dumps, and opens them, compressed or not."""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from newscrawl.dumps.folders import check_link, files_below, matches_below
from newscrawl.dumps.glob_matches import MAGIC
from newscrawl.dumps.paths import AUDIT, REJECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Paths = str | Path | Iterable[str | Path]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
"""Endings of the names of dumps."""
_OTHER_FILES = {
    REJECTED: "has rejected articles, which are not read; name a dump",
    AUDIT: "has the disagreements of an audit, not articles; name a dump",
}
"""Endings of files beside a dump, and the message about one that is named as a dump."""
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError)
"""What reading damaged compressed bytes raises; EOFError when they are cut off."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


def expand(paths: Paths) -> list[Path]:
    """Return the dumps that files, folders and globs name, each once, sorted by name.

    A file that is named itself is taken whatever its name. Of a folder (and its subfolders), or
    of the matches of a glob (`**` crosses folders), only dumps are taken: `.jsonl`, `.jsonl.gz`,
    `.jsonl.zst`. Symbolic links are followed, and each file is taken once. `*.rejected.jsonl`,
    `*.audit.jsonl` and the `*.part` of a running crawl are not dumps. Within a folder the order of
    names is that of the runs.

    Args:
        paths: one path, folder or glob, or several; `~` is not expanded.

    Raises:
        DumpError: nothing is named, a file does not exist or is not a dump, or a folder or glob
            has no dump, or a folder cannot be read.
    """
    dumps: dict[Path, None] = {}
    names = [paths] if isinstance(paths, str | Path) else list(paths)
    if not names:
        raise DumpError(Path("-"), 0, "no dump is named; name a file, a folder or a glob")
    for name in names:
        dumps.update(dict.fromkeys(_dumps_at(Path(name))))
    by_file: dict[str, Path] = {}
    for path in sorted(dumps, key=_order):
        # A link may give a dump another name.
        by_file.setdefault(os.path.realpath(path), path)
    return list(by_file.values())


def is_dump(path: Path) -> bool:
    """Return whether a file is a complete dump, judged by its name.

    >>> [is_dump(Path(name)) for name in ("a.jsonl.gz", "a.rejected.jsonl", "a.audit.jsonl.gz")]
    [True, False, False]
    """
    is_other = any(ending in path.name for ending in _OTHER_FILES)
    return path.name.endswith(SUFFIXES) and not is_other


def stem_of(path: Path) -> str:
    """Return a dump's name without its ending: the time at which its run began.

    >>> stem_of(Path("output/esteri/2026-11-23T23-01-13Z.jsonl.gz"))
    '2026-11-23T23-01-13Z'
    """
    return path.name.split(".jsonl", 1)[0]


def _dumps_at(path: Path) -> list[Path]:
    # A name may contain "[": an existing path is not a glob.
    if path.is_dir():
        return _dumps_in(path, [path], "the folder has no dump")
    if path.exists():
        if path.name.endswith(".part"):
            raise DumpError(path, 0, "its run is active or was killed; run the spider again")
        for ending, message in _OTHER_FILES.items():
            if ending in path.name:
                raise DumpError(path, 0, message)
        if path.is_char_device() or path.is_block_device():
            raise DumpError(path, 0, "is a device; name a dump")
        return [path]
    if not any(character in str(path) for character in MAGIC):
        raise DumpError(path, 0, "no such file; check the name")
    if "**" in path.parts:
        matches: Iterator[Path] = matches_below(str(path))
    else:
        matches = map(Path, glob.iglob(str(path)))  # noqa: PTH207 - absolute ones too
    return _dumps_in(path, matches, f"matches no dump ({', '.join(SUFFIXES)}); check the pattern")


def _dumps_in(path: Path, candidates: Iterable[Path], message: str) -> list[Path]:
    dumps: list[Path] = []
    try:
        for candidate in candidates:
            check_link(candidate)
            dumps += filter(is_dump, files_below(candidate) if candidate.is_dir() else [candidate])
    except OSError as error:
        raise DumpError(Path(error.filename), 0, f"{error.strerror}") from None
    if not dumps:
        raise DumpError(path, 0, message)
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
        """The stream of uncompressed bytes."""
        return self._streams[-1]

    @property
    def position(self) -> int:
        """How many bytes of the file were read, before any decompression."""
        return self._raw.bytes_read

    def __enter__(self) -> BinaryIO:
        return self.stream

    def __exit__(self, *_: object) -> None:
        for stream in reversed(self._streams):
            stream.close()


class _CountedFile(io.FileIO):
    """A file that counts the bytes read, as a pipe has no position."""

    bytes_read = 0

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer) or 0
        self.bytes_read += count
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
        # A file name or content may contain line ends and terminal sequences.
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in f"{place}: {what}")
        super().__init__(text)
        self.path = path
        """The file, or the glob as it was given."""
        self.line = line
        """Number of the line, from 1; 0 where it is about the file as a whole."""
        self.what = what
        """The text without its place."""
