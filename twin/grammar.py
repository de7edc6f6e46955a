"""Sentence patterns: alternatives in brackets and slots in braces.

`[a|b]` is one of the alternatives, which may nest; `{name}` or `{name.form}` is a slot.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from random import Random


class Slot(NamedTuple):
    """A place to be filled."""

    name: str
    form: str


class Choice(NamedTuple):
    """Alternatives."""

    options: tuple[Pattern, ...]


Pattern = tuple[str | Slot | Choice, ...]


class Filler(Protocol):
    """Fills slots."""

    def slot(self, name: str, form: str) -> str:
        """Return the words of a slot."""
        ...


def _read(text: str, at: int) -> tuple[list[Pattern], int]:
    """Read up to the closing bracket; return the alternatives and where reading stopped."""
    options: list[Pattern] = []
    pieces: list[str | Slot | Choice] = []
    start = at
    while at < len(text) and text[at] != "]":
        if text[at] not in "[{|":
            at += 1
            continue
        if start < at:
            pieces.append(text[start:at])
        if text[at] == "|":
            options.append(tuple(pieces))
            pieces = []
            at += 1
        elif text[at] == "[":
            inner, at = _read(text, at + 1)
            pieces.append(Choice(tuple(inner)))
            at += 1
        else:
            end = text.index("}", at)
            name, _, form = text[at + 1 : end].partition(".")
            pieces.append(Slot(name, form))
            at = end + 1
        start = at
    if start < at:
        pieces.append(text[start:at])
    options.append(tuple(pieces))
    return options, at


@cache
def pattern(text: str) -> Pattern:
    """Return the pattern a text describes.

    >>> pattern("{ev.il} [piace|manca]")
    (Slot(name='ev', form='il'), ' ', Choice(options=(('piace',), ('manca',))))
    """
    options, end = _read(text, 0)
    if end != len(text) or len(options) != 1:
        raise ValueError(f"bracket or bar out of place: {text}")
    return options[0]


def expand(text: str, filler: Filler, random: Random) -> str:
    """Return one sentence of a pattern's text."""
    words: list[str] = []
    _expand(pattern(text), filler, random, words)
    return "".join(words)


def _expand(pieces: Pattern, filler: Filler, random: Random, words: list[str]) -> None:
    for piece in pieces:
        if type(piece) is str:
            words.append(piece)
        elif type(piece) is Slot:
            words.append(filler.slot(piece.name, piece.form))
        elif type(piece) is Choice:
            options = piece.options
            _expand(options[int(random.random() * len(options))], filler, random, words)
