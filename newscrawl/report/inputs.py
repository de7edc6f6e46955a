"""Finds the files that a report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newscrawl.dumps import DumpError, expand
from newscrawl.dumps.files import is_dump
from newscrawl.dumps.folders import check_link
from newscrawl.dumps.paths import REJECTED

if TYPE_CHECKING:
    from collections.abc import Iterable

REPORT = ".run.json"
"""Ending of run reports."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Dumps, and the folders with reports of runs that wrote no dump."""

    dumps: list[Path]
    folders: list[Path]

    @classmethod
    def named(cls, names: Iterable[str]) -> Self:
        """Return the sources named on the command line: files, folders and globs.

        Raises:
            DumpError: one of the names is not that of a readable dump.
        """
        paths = [Path(name) for name in names]
        return cls(expand(paths), [path for path in paths if path.is_dir()])

    @classmethod
    def within(cls, folder: Path) -> Self:
        """Return all sources in the spiders' folders of the output folder.

        Raises:
            DumpError: there are none.
        """
        folders = [path for path in sorted(folder.glob("*")) if _is_folder(path)]
        files = [path for spider in folders for path in spider.iterdir() if path.is_file()]
        dumps = [path for path in files if is_dump(path)]
        if not any(path in dumps or path.name.endswith((REPORT, REJECTED)) for path in files):
            raise DumpError(folder, 0, "has no dump yet; scrapy crawl writes one")
        return cls(expand(dumps) if dumps else [], folders)


def _is_folder(path: Path) -> bool:
    try:
        check_link(path)
    except OSError as error:
        raise DumpError(path, 0, f"{error.strerror}") from None
    return path.is_dir()
