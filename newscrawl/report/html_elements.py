"""What the page is made of: parts with figures, charts, tables and notes, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TEXT = 300
"""Characters; a hostile headline may have megabytes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text from the site, in Italian; `url` makes a link of it."""

    text: str
    url: str | None = None
    code: bool = False
    """Whether it is an address, a file or a name of ours, and not Italian."""

    @property
    def shown(self) -> str:
        """The text, cut where nobody would read on."""
        return clipped(self.text)

    @property
    def href(self) -> str | None:
        """The address, where a browser may be sent there."""
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
    """Whether the rows carry their number, from 1."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it says in words, and the table with the same figures."""

    title: str
    says: str
    """What somebody who does not see it must know."""
    draw: Any
    """Called with a width in pixels, returns the specification of `newscrawl.report.charts`."""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A headline that was changed."""

    article: Cell
    when: str
    pieces: Sequence[tuple[str, str]]
    """Words one after the other, each with "ins", "del" or "" for what stayed."""


@dataclass(slots=True)
class Part:
    """One part of the page."""

    name: str
    """Its address in the page."""
    title: str
    intro: str = ""
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def clipped(text: str, most: int = MAX_TEXT) -> str:
    """Return a text of at most so many characters.

    >>> clipped("uno due tre", 8)
    'uno due…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def counted(count: int, one: str, several: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "article"), counted(2500, "article"), counted(0, "day")
    ('1 article', '2,500 articles', '0 days')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def kept(rows: Sequence[Any], most: int, what: str) -> tuple[Sequence[Any], list[str]]:
    """Return the first rows, and a note that says how many more there are.

    >>> kept([1, 2, 3], 2, "tags")
    ([1, 2], ['Shown are 2 of 3 tags.'])
    """
    if len(rows) <= most:
        return rows, []
    return rows[:most], [f"Shown are {most:,} of {len(rows):,} {what}."]
