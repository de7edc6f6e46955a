"""The elements of the page as plain data: parts with charts, tables and notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TEXT = 300
"""Characters; a hostile headline may have megabytes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text from the site, in Italian; with `url` it is a link."""

    text: str
    url: str | None = None
    code: bool = False
    """Whether it is an address, a file or an identifier, not Italian text."""

    @property
    def shown(self) -> str:
        """The text, shortened."""
        return clipped(self.text)

    @property
    def href(self) -> str | None:
        """The address, if a link may lead there: HTTP and HTTPS only."""
        url = self.url or ""
        return url if url.startswith(("https://", "http://")) else None


Row: TypeAlias = "Sequence[Cell | str | int | None]"


@dataclass(frozen=True, slots=True)
class Table:
    """Figures as a table; the first cell of each row is its heading."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    numbered: bool = False
    """Whether rows are numbered, from 1."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, its description, and a table with the same figures."""

    title: str
    description: str
    """For readers who cannot see the chart."""
    draw: Any
    """Called with a width in pixels, returns the specification of `newscrawl.report.charts`."""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A headline that was changed."""

    article: Cell
    when: str
    pieces: Sequence[tuple[str, str]]
    """Words in order, each with "ins", "del" or "" (unchanged)."""


@dataclass(slots=True)
class Part:
    """One part of the page."""

    name: str
    """Its id in the page."""
    title: str
    intro: str = ""
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def clipped(text: str, most: int = MAX_TEXT) -> str:
    """Return a text shortened to at most `most` characters.

    >>> clipped("uno due tre", 8)
    'uno due…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def limited(rows: Sequence[Any], most: int, what: str) -> tuple[Sequence[Any], list[str]]:
    """Return the first rows, and a note with the number of all if there are more.

    >>> limited([1, 2, 3], 2, "tags")
    ([1, 2], ['Shown are 2 of 3 tags.'])
    """
    if len(rows) <= most:
        return rows, []
    return rows[:most], [f"Shown are {most:,} of {len(rows):,} {what}."]
