"""Numbers, times and paths as text for people."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 66
_MINUTE, _HOUR = 60, 3600
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_BASES = {"bulk": ("export",)}
"""Extras whose libraries an extra needs too."""
_BEFORE_NUMBER = re.compile(r" (?=[<\d])")


def printable_path(path: str) -> str:
    """Return a path without control characters; unlike `fold`, with every space it has."""
    return "".join(char for char in path if char.isprintable())


def percent(part: int, total: int) -> str:
    """Return a share in percent: 100% only for all of them, and 0% only for none.

    >>> percent(999, 1000), percent(1, 1000), percent(0, 7), percent(7, 7)
    ('99%', '<1%', '0%', '100%')
    """
    share = 100 * part // total if total else 0
    return "<1%" if part and not share else f"{share}%"


def duration(seconds: float) -> str:
    """Return a duration as text.

    >>> duration(3.21), duration(125), duration(7384)
    ('3.2 s', '2 min 5 s', '2 h 3 min')
    """
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min {int(seconds % _MINUTE)} s"
    return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min"


def display_path(path: str | Path) -> str:
    """Return a path relative to the working directory; absolute if it is outside."""
    absolute = Path(path).absolute()
    cwd = Path.cwd()
    return str(absolute.relative_to(cwd) if absolute.is_relative_to(cwd) else absolute)


def install_command(extra: str) -> str:
    """Return what installs the libraries of an extra, as a person types it.

    In a checkout it is the requirements file, as the package itself is not installed there.
    """
    folder = Path(__file__).parents[1]
    paths = [folder / f"requirements-{name}.txt" for name in (extra, *_BASES.get(extra, ()))]
    if paths[0].is_file():
        files = " ".join(f"-r {shlex.quote(display_path(path))}" for path in paths)
        return f"python -m pip install {files}"
    return f"pip install 'newscrawl[{extra}]'"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "article"), counted(2500, "article"), counted(0, "day")
    ('1 article', '2,500 articles', '0 days')
    """
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"


def in_brackets(counts: Mapping[str, int]) -> str:
    """Return counts in brackets; an empty text if there are none.

    >>> in_brackets({"section": 1200, "robots": 3})
    ' (section 1,200, robots 3)'
    """
    listed = ", ".join(f"{fold(name) or '(none)'} {count:,}" for name, count in counts.items())
    return f" ({listed})" if listed else ""


def wrapped(phrases: list[str]) -> list[str]:
    """Return phrases, separated by commas, in lines that leave room for a label in 80 columns."""
    # textwrap does not break at no-break spaces: a name and its number stay on one line.
    text = _BEFORE_NUMBER.sub("\u00a0", ", ".join(phrases))
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def in_bytes(number: int) -> str:
    """Return a size as text.

    >>> in_bytes(999), in_bytes(131072), in_bytes(2_300_000_000)
    ('999 bytes', '131.1 kB', '2.3 GB')
    """
    size, unit = float(number), 0
    while size >= 1000 and unit + 1 < len(_UNITS):
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{number} {_UNITS[0]}"
