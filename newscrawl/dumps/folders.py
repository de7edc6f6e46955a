"""Finds the files below a folder, also behind symbolic links."""

from __future__ import annotations

import glob
import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and its subfolders; links to folders are followed.

    A folder that is reached several times, as by a loop of links, is read once, by a name without
    a link if it has one in its parent.

    Raises:
        OSError: a folder cannot be read, or a link that has no suffix, as folders have none,
            leads nowhere.
    """
    read: set[tuple[int, int]] = set()
    folders = [folder]
    while folders:
        current = folders.pop()
        identity = current.stat()
        if (identity.st_dev, identity.st_ino) in read:
            continue
        read.add((identity.st_dev, identity.st_ino))
        subfolders = []
        for entry in sorted(os.scandir(current), key=lambda entry: entry.name):
            path = current / entry.name
            if path.is_dir():
                subfolders.append(path)
                continue
            check_link(path)
            yield path
        # The last is read first.
        folders += sorted(subfolders, key=lambda path: (not path.is_symlink(), path), reverse=True)


def check_link(path: Path) -> None:
    """Check that what looks like a folder's link leads somewhere.

    Raises:
        OSError: it does not.
    """
    if not path.suffix and path.is_symlink() and not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for a loop
        target = os.readlink(path)  # noqa: PTH115 - as it is written
        raise OSError(0, f"is a link to {target}, which cannot be reached", str(path))


def matches_below(pattern: str) -> Iterator[Path]:
    """Yield the files that a glob with `**` matches, or that are in folders that it matches.

    Raises:
        OSError: as for `files_below`.
    """
    # `glob` follows loops of links until the file system refuses.
    parts = Path(pattern).parts
    first = parts.index("**")
    start = str(Path(*parts[:first])) if first else "."
    for folder in map(Path, glob.iglob(start)):  # noqa: PTH207 - absolute ones too
        if not folder.is_dir():
            continue
        for path in files_below(folder):
            names = path.relative_to(folder).parts
            if any(_matches(names[:end], parts[first:]) for end in range(1, len(names) + 1)):
                yield path


def _matches(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether the parts of a path match those of a glob; hidden names only by their dot.

    >>> _matches(("a", "b", "c.jsonl"), ("**", "*.jsonl")), _matches(("a",), ("**", "b"))
    (True, False)
    """
    if not pattern:
        return not names
    if pattern[0] == "**":
        is_further = bool(names) and not names[0].startswith(".") and _matches(names[1:], pattern)
        return is_further or _matches(names, pattern[1:])
    return (
        bool(names)
        and (not names[0].startswith(".") or pattern[0].startswith("."))
        and fnmatchcase(names[0], pattern[0])
        and _matches(names[1:], pattern[1:])
    )
