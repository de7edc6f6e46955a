"""Folders of sites' files."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from newscrawl.formatting import display_path
from newscrawl.sites.definition_file import DefinitionError, load, one_line
from newscrawl.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newscrawl.sites.definition import Site

ENDING = ".toml"
MAX_FILES = 1_000
"""Files of a folder."""
_MAX_NAMED = 20


def locate(name: str, folders: Sequence[Path]) -> Path:
    """Return the file `NAME.toml`, from the first of some folders that has it.

    Raises:
        DefinitionError: no folder has it; the text names the folders, and the names that are there.
    """
    paths = [path for folder in folders for path in _files(folder)]
    for path in paths:
        if path.stem == name:
            return path
    names = sorted({path.stem for path in paths})
    close = difflib.get_close_matches(name.removesuffix(ENDING), names, n=1, cutoff=0.5)
    hint = f": did you mean {close[0]}?" if close else "."
    looked = [
        f"{display_path(folder)}{'' if folder.is_dir() else ' (no such folder)'}"
        for folder in folders
    ]
    there = ", ".join(names[:_MAX_NAMED]) or "none"
    more = f" and {len(names) - _MAX_NAMED:,} more" if len(names) > _MAX_NAMED else ""
    raise DefinitionError(
        one_line(
            f"there is no definition {shown(name)} of a site{hint} Folders: {', '.join(looked)}. "
            f"Definitions there: {there}{more}"
        )
    )


def load_folder(folder: Path) -> Iterator[tuple[Path, Site]]:
    """Yield the files of a folder with the sites that they define; none without such a folder.

    Raises:
        DefinitionError: a file is wrong, or there are more than a thousand.
    """
    paths = _files(folder)
    if len(paths) > MAX_FILES:
        raise DefinitionError(
            one_line(f"{display_path(folder)} has more than {MAX_FILES:,} definitions of sites")
        )
    for path in paths:
        yield path, load(path)


def _files(folder: Path) -> list[Path]:
    """Return the definitions of a folder by name; hidden files are of editors."""
    try:
        paths = [path for path in folder.iterdir() if path.suffix == ENDING and path.name[0] != "."]
    except FileNotFoundError:
        return []
    except OSError as error:
        text = f"{display_path(folder)} cannot be read: {error.strerror}"
        raise DefinitionError(one_line(text)) from None
    return sorted(paths)
