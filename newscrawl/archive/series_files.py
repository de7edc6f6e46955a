"""Finds the WARC files that are named for a pack: series, folders, files, globs."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.dumps.glob_matches import matching
from newscrawl.dumps.paths import ARCHIVE, RUN_REPORT, stem_of_archive
from newscrawl.formatting import display_path
from newscrawl.text import shown
from newscrawl.warc.other_formats import other_format

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUFFIXES = (ARCHIVE, ".warc", ".warc.zst")
"""The last one cannot be packed, and is reported."""
_PART = ".part"
_MAX_NAMED = 10
"""Series that a message names."""


class ArchiveError(Exception):
    """An archive that cannot be used; the text is one line that says what to do."""


@dataclass(slots=True)
class NamedFiles:
    """The WARC files that were named, those of a run in their order."""

    paths: list[Path] = field(default_factory=list)
    unfinished: list[Path] = field(default_factory=list)
    """Files that a run writes, or has left behind: not part of the above."""

    @property
    def series(self) -> str | None:
        """The name of the folder in which all of them are; None if there are several."""
        names = {path.absolute().parent for path in self.paths}
        return names.pop().name or None if len(names) == 1 else None


def find(names: Iterable[str], folder: Path, *, is_list: bool = False) -> NamedFiles:
    """Return the WARC files that series, folders, files and globs name, each once.

    Args:
        names: a path, else a series in the output folder.
        folder: the output folder.
        is_list: whether they are only listed: then several may have one name, and all may be
            unfinished.

    Raises:
        ArchiveError: a name leads to nothing or to no WARC file, or two files have one name.
    """
    files = NamedFiles()
    for name in names:
        for path in _files_of(name, folder):
            (files.unfinished if path.name.endswith(_PART) else files.paths).append(path)
    if is_list:
        return files
    files.paths = _each_once(files.paths)
    if not files.paths:
        unfinished = ", ".join(map(display_path, files.unfinished[:_MAX_NAMED]))
        raise ArchiveError(f"nothing to pack but what a run has not completed: {unfinished}")
    return files


def archived_series(folder: Path) -> list[str]:
    """Return the names of the series in the output folder that have an archive."""
    if not folder.is_dir():
        return []
    subfolders = (path for path in folder.iterdir() if path.is_dir())
    return sorted(path.name for path in subfolders if any(_in_folder(path)))


def described(series: list[str]) -> str:
    """Return which series have an archive, for a message."""
    if not series:
        return "no series there has an archive (-s ARCHIVE=warc keeps one)"
    more = f" and {len(series) - _MAX_NAMED:,} more" if len(series) > _MAX_NAMED else ""
    return f"those with an archive are {', '.join(series[:_MAX_NAMED])}{more}"


@dataclass(frozen=True, slots=True)
class ArchivedRun:
    """The files of one run's archive."""

    name: str
    """`<series>/<start time>`."""
    paths: list[Path]
    records: int | None
    """As its report states; None without one."""
    is_complete: bool

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(path.stat().st_size for path in self.paths)


def runs_of(files: NamedFiles) -> list[ArchivedRun]:
    """Return the runs that have written some files, in their order."""
    by_stem: dict[Path, list[Path]] = {}
    for path in sorted([*files.paths, *files.unfinished], key=_order):
        by_stem.setdefault(stem_of_archive(path), []).append(path)
    return [
        ArchivedRun(
            f"{stem.absolute().parent.name}/{stem.name}",
            paths,
            _records(stem),
            not {*paths} & {*files.unfinished},
        )
        for stem, paths in by_stem.items()
    ]


def _records(stem: Path) -> int | None:
    try:
        report = json.loads(stem.with_name(f"{stem.name}{RUN_REPORT}").read_bytes())
        records = report["archive"]["records"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return records if isinstance(records, int) else None


def _files_of(name: str, folder: Path) -> list[Path]:
    path = Path(name)
    is_plain = path.name == name
    try:
        if not path.exists() and is_plain and (folder / name).is_dir():
            path = folder / name
        if path.is_dir():
            return _of_folder(path)
        if path.exists():
            return [_checked(path)]
    except OSError as error:
        raise ArchiveError(f"cannot read {display_path(path)}: {error.strerror}") from None
    if (matches := matching(name)) is not None:
        archives = [match for match in matches if _is_archive(match)]
        if not archives:
            raise ArchiveError(f"{shown(name)} matches no WARC file; check the pattern")
        return archives
    if not is_plain or _is_archive(path):
        raise ArchiveError(f"there is no file {shown(name)}; check the name")
    series = archived_series(folder)
    close = difflib.get_close_matches(name, series, n=1)
    hint = f"did you mean {close[0]}?" if close else described(series)
    raise ArchiveError(f"there is no series {shown(name)} in {display_path(folder)}: {hint}")


def _of_folder(folder: Path) -> list[Path]:
    if paths := _in_folder(folder):
        return paths
    raise ArchiveError(
        f"{display_path(folder)} has no WARC files: run the spider with -s ARCHIVE=warc"
    )


def _in_folder(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _is_archive(path) and path.is_file()]


def _is_archive(path: Path) -> bool:
    return path.name.removesuffix(_PART).endswith(_SUFFIXES)


def _checked(path: Path) -> Path:
    if path.is_file() and not _is_archive(path):
        with path.open("rb") as file:
            if (why := other_format(file)) is not None:
                raise ArchiveError(f"{display_path(path)} {why}")
    if not _is_archive(path) or not path.is_file():
        raise ArchiveError(f"{display_path(path)} is not a WARC file (*.warc.gz, *.warc)")
    return path


def _each_once(paths: Iterable[Path]) -> list[Path]:
    """Return files without repetitions, in the order in which they were written.

    Raises:
        ArchiveError: two of them have one name: a pack has one folder for all.
    """
    by_file: dict[str, Path] = {}
    by_name: dict[str, Path] = {}
    for path in sorted(paths, key=_order):
        if by_file.setdefault(os.path.realpath(path), path) is not path:
            continue
        other = by_name.setdefault(path.name, path)
        if other is not path:
            raise ArchiveError(
                f"{display_path(other)} and {display_path(path)} have the same name: "
                "pack them separately, or rename one"
            )
    return list(by_file.values())


def _order(path: Path) -> tuple[str, str, int, str]:
    # By the time and the number alone, so that "…Z-10-00000" comes after "…Z-2-00000".
    start, _, number = stem_of_archive(path).name.partition("Z-")
    start = start.removesuffix("Z")
    return str(path.parent), start, int(number) if number.isdecimal() else 0, path.name
