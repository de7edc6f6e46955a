"""The files that articles are read from: WARC, WACZ, saved pages."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from newscrawl.bulk.responses import fields_of
from newscrawl.bulk.warc_records import WarcRecord, records
from newscrawl.dumps.glob_matches import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OURS = "newscrawl/"
_IN_WACZ = "archive/"
_WARC_ENDINGS = (".warc", ".warc.gz")


class Form(Enum):
    """What a file is, by its name."""

    WARC = _WARC_ENDINGS
    WACZ = (".wacz",)
    HTML = (".html", ".htm")


class InputError(ValueError):
    """A file that cannot be read as a whole; the text is one line, "FILE: why"."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One of the files."""

    path: Path
    form: Form
    is_ours: bool = False
    """Whether it begins as an archive of ours."""
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
        if path.is_dir():
            inside = sorted(found for found in path.rglob("*") if _form(found) and found.is_file())
            paths.update(dict.fromkeys(inside or [path]))
        elif (matches := matching(name)) is not None:
            files = [match for match in matches if _form(match) and match.is_file()]
            paths.update(dict.fromkeys(files or [path]))
        else:
            paths[path] = None
    return [_input(path) for path in paths]


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
    return InputFile(path, form, _is_ours(path, form), stated.st_size, stated.st_mtime_ns)


def _is_ours(path: Path, form: Form) -> bool:
    # What is read of a pipe is read once.
    if form is not Form.WARC or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            first = next(records(file), None)
    except OSError:
        return False
    if not isinstance(first, WarcRecord) or first.kind != "warcinfo":
        return False
    return fields_of(first).get("software", [""])[0].startswith(_OURS)


@contextmanager
def archives_in(file: InputFile) -> Iterator[Iterator[BinaryIO]]:
    """Yield the WARC files of a WARC or WACZ, open one after the other.

    Raises:
        InputError: it is not such a file.
        OSError: it cannot be read.
    """
    if file.path.is_dir():
        raise InputError(f"{file.path}: the folder has no .warc, .warc.gz, .wacz or .html")
    if file.form is Form.WARC:
        with file.path.open("rb") as stream:
            yield iter([cast("BinaryIO", stream)])
        return
    try:
        with zipfile.ZipFile(file.path) as packed:
            yield archives_packed_in(packed, str(file.path))
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise InputError(f"{file.path}: the WACZ cannot be read: {error}") from None


def archives_packed_in(packed: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """Return the WARC files of a WACZ, open one after the other; `name` is its own.

    Raises:
        InputError: it has none.
    """
    names = sorted(filter(_is_archive, packed.namelist()))
    if not names:
        raise InputError(f"{name}: the WACZ has no archive/*.warc.gz")
    return _members(packed, names)


def _is_archive(name: str) -> bool:
    return name.startswith(_IN_WACZ) and name.lower().endswith(_WARC_ENDINGS)


def _members(packed: zipfile.ZipFile, names: list[str]) -> Iterator[BinaryIO]:
    for name in names:
        with packed.open(name) as member:
            yield cast("BinaryIO", member)


def beside(path: Path, name: str) -> BinaryIO | None:
    """Return a file of the same folder, open; None if there is none of this name."""
    if "/" in name or "\\" in name or name in {"", ".", ".."}:
        return None
    try:
        return (path.parent / name).open("rb")
    except OSError:
        return None
