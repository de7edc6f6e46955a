"""The lines of a TOML document on which its entries are: no TOML parser of Python's has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.sites.definition_entries import Place

_STRING = (
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
)
_TEXT = re.compile(_STRING, re.S)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_KEY = re.compile(rf"[ \t]*({_STRING}|[\w-]+)[ \t]*(\.?)")


class _Scanner:
    """Goes through a document that a parser has already accepted."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._text = text
        self._position = 0
        self._line, self._counted = 1, 0
        self._tables: dict[Place, int] = {}
        """Number of the tables of each array of tables."""

    def scan(self) -> None:
        """Find the line of every entry."""
        table: Place = ()
        while self._next():
            if self._text.startswith("[", self._position):
                table = self._header()
            else:
                self._entry(table)

    def _next(self) -> str:
        """Return the next character that is not blank or in a comment."""
        self._skip(_BLANK)
        return self._text[self._position : self._position + 1]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._position)
        if match is None:
            raise ValueError(f"unexpected text at {self._position}")
        self._position = match.end()
        return match[0]

    def _note(self, place: Place) -> None:
        """Remember the line of the place, the first time that it is named."""
        self._line += self._text.count("\n", self._counted, self._position)
        self._counted = self._position
        self.lines.setdefault(place, self._line)

    def _names(self) -> Place:
        """Return the names of a dotted key."""
        names: list[str] = []
        while match := _KEY.match(self._text, self._position):
            names.append(match[1].strip("\"'"))
            self._position = match.end()
            if not match[2]:
                break
        return tuple(names)

    def _header(self) -> Place:
        """Return the table that `[a.b]` or `[[a.b]]` begins."""
        is_array = self._text.startswith("[[", self._position)
        start = self._position
        self._position += 2 if is_array else 1
        names = self._names()
        end, self._position = self._position, start
        place: Place = ()
        for number, name in enumerate(names):
            place = (*place, name)
            if is_array and number == len(names) - 1:
                self._note(place)
                self._tables[place] = self._tables.get(place, 0) + 1
            if place in self._tables:
                place = (*place, self._tables[place] - 1)
        self._note(place)
        self._position = end + (2 if is_array else 1)
        return place

    def _entry(self, table: Place) -> None:
        place = (*table, *self._names())
        self._note(place)
        self._position = self._text.index("=", self._position) + 1
        self._value(place)

    def _value(self, place: Place) -> None:
        first = self._next()
        self._note(place)
        if first == "[":
            self._position += 1
            number = 0
            while self._next() != "]":
                self._value((*place, number))
                number += 1
                self._comma()
            self._position += 1
        elif first == "{":
            self._position += 1
            while self._next() != "}":
                self._entry(place)
                self._comma()
            self._position += 1
        else:
            self._skip(_TEXT if first in {'"', "'"} else _SCALAR)

    def _comma(self) -> None:
        if self._next() == ",":
            self._position += 1


def line_of(place: Place, text: str) -> int | None:
    r"""Return the line, from 1, of an entry in a valid TOML document.

    If it is not there, that of the table or list it belongs to; None where that is the document.

    >>> line_of(("b", 1), 'a = 1\nb = [\n  2,\n  3,\n]')
    4
    """
    scanner = _Scanner(text)
    try:
        scanner.scan()
    except (ValueError, RecursionError):
        return None
    while place:
        if place in scanner.lines:
            return scanner.lines[place]
        place = place[:-1]
    return None
