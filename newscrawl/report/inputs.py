"""Which files a report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newscrawl.dumps import DumpError, expand
from newscrawl.dumps.files import REJECTED, is_dump

if TYPE_CHECKING:
    from collections.abc import Iterable

REPORT = ".run.json"
"""How the names of run reports end."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Dumps, and the folders in which runs without a dump have left their reports."""

    dumps: list[Path]
    folders: list[Path]

    @classmethod
    def named(cls, words: Iterable[str]) -> Self:
        """Return what a person named: files, folders and globs.

        Raises:
            DumpError: one of them names nothing that can be read.
        """
        names = [*words]
        return cls(expand(names), [Path(name) for name in names if Path(name).is_dir()])

    @classmethod
    def within(cls, folder: Path) -> Self:
        """Return all that runs have left in the spiders' folders of the output folder.

        Raises:
            DumpError: they have left nothing.
        """
        folders = [path for path in sorted(folder.glob("*")) if path.is_dir()]
        left = [path for spider in folders for path in spider.iterdir() if path.is_file()]
        dumps = [path for path in left if is_dump(path)]
        if not any(path in dumps or path.name.endswith((REPORT, REJECTED)) for path in left):
            raise DumpError(folder, 0, "holds no dump yet; scrapy crawl writes one")
        return cls(expand(dumps) if dumps else [], folders)
