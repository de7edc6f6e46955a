"""The files that articles are read from: WARC, WACZ, saved pages."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from newscrawl.bulk.packed_archives import ARCHIVE_ENDINGS, PackedArchives, PackError
from newscrawl.dumps.glob_matches import matching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_NOT_IN_NAMES = frozenset("/\\\0")


class Form(Enum):
    """What a file is, by its name."""

    WARC = ARCHIVE_ENDINGS
    WACZ = (".wacz",)
    HTML = (".html", ".htm")


class InputError(ValueError):
    """A file that cannot be read as a whole; the text is one line, "FILE: why"."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One of the files."""

    path: Path
    form: Form
    size: int = 0
    changed_at: int = 0
    """In nanoseconds since 1970."""


def expand(names: Iterable[str]) -> list[InputFile]:
    """Return the files that names of files, folders and globs stand for, each once, in that order.

    Of a folder and its subfolders, and of the matches of a glob, they are those with the usual
    endings, sorted by name. A name of nothing, or of a folder without such files, stands for
    itself: reading it fails.
    """
    paths: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        if _is(Path.is_dir, path):
            inside = sorted(_below(path))
            paths.update(dict.fromkeys(inside or [path]))
        elif (matches := matching(name)) is not None:
            files = [match for match in matches if _form(match) and match.is_file()]
            paths.update(dict.fromkeys(files or [path]))
        else:
            paths[path] = None
    return [_input(path) for path in paths]


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder with the usual endings, and subfolders that cannot be read."""
    unreadable: list[Path] = []
    for parent, _, names in os.walk(
        folder, onerror=lambda error: unreadable.append(Path(error.filename))
    ):
        paths = (Path(parent, name) for name in names)
        yield from (path for path in paths if _form(path) and is_file(path))
    yield from unreadable


def is_file(path: Path) -> bool:
    """Return whether a path is that of a file; False in a folder that cannot be read."""
    return _is(Path.is_file, path)


def _is(test: Callable[[Path], bool], path: Path) -> bool:
    try:
        return test(path)
    except OSError:
        return False


def _form(path: Path) -> Form | None:
    name = path.name.lower()
    return next((form for form in Form if name.endswith(form.value)), None)


def _input(path: Path) -> InputFile:
    form = _form(path) or Form.WARC
    try:
        stated = path.stat()
    except OSError:
        # It is reported when it is its turn.
        return InputFile(path, form)
    return InputFile(path, form, stated.st_size, stated.st_mtime_ns)


class Archives(Protocol):
    """The WARC files that a file consists of."""

    @property
    def names(self) -> Sequence[str]:
        """Their names, in the order in which they are read."""

    def open(self, name: str) -> BinaryIO:
        """Return one of them, open.

        Raises:
            OSError: it cannot be read.
        """

    def sibling(self, name: str) -> BinaryIO | None:
        """Return the archive of a name that one of them refers to, open; None without one."""


@dataclass(frozen=True, slots=True)
class _SingleArchive:
    """A WARC file, and those of its folder."""

    path: Path

    @property
    def names(self) -> Sequence[str]:
        return (self.path.name,)

    def open(self, _: str) -> BinaryIO:
        return self.path.open("rb")

    def sibling(self, name: str) -> BinaryIO | None:
        return sibling(self.path, name)


@contextmanager
def archives_in(path: Path) -> Iterator[Archives]:
    """Yield what a WARC or WACZ consists of.

    Raises:
        InputError: it is not a WACZ though its name says so.
        OSError: it cannot be read.
    """
    if path.is_dir():
        os.scandir(path).close()
        raise InputError(f"{path}: the folder has no .warc, .warc.gz, .wacz or .html")
    if _form(path) is not Form.WACZ:
        yield _SingleArchive(path)
        return
    with path.open("rb") as stream:
        try:
            packed = PackedArchives(stream)
        except PackError as error:
            raise InputError(f"{path}: {error}") from None
        yield packed


def sibling(path: Path, name: str) -> BinaryIO | None:
    """Return an archive of the same folder, open; None if the folder does not have it."""
    if not is_name_of_archive(name):
        return None
    try:
        return (path.parent / name).open("rb")
    except OSError:
        return None


def is_name_of_archive(name: str) -> bool:
    """Return whether what an archive states is the name of one in its folder, and of nothing else.

    >>> is_name_of_archive("2026-11-28T10-00-00Z-00000.warc.gz"), is_name_of_archive("../a.warc")
    (True, False)
    """
    return name.lower().endswith(ARCHIVE_ENDINGS) and _NOT_IN_NAMES.isdisjoint(name)
