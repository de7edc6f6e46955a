"""Compares the text of an article with that of another reading of the same article.

A line is what one blank line separates from the next in `Article.body`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAME = (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("…", "..."))
_MAX_LINES = 2_000
"""Lines up to which two texts are aligned; aligning takes quadratic time in the worst case."""
_SHORT = 100
"""Characters up to which a line that only the page has is taken for an insertion of the theme."""


@dataclass(slots=True)
class TextDifference:
    """The lines that only one of two texts has, as they are written."""

    page: list[str] = field(default_factory=list)
    witness: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.page or self.witness)


def squeezed(text: str) -> str:
    """Return a text without white space, with plain quotation marks and dashes.

    >>> squeezed("L’intesa – firmata") == squeezed("L'intesa - firmata ")
    True
    """
    # A table for `str.translate` takes four times as long where a text is not ASCII.
    for written, plain in _SAME:
        text = text.replace(written, plain)
    return "".join(unicodedata.normalize("NFKC", text).split())


def difference(page: str, witness: str) -> TextDifference:
    r"""Return what only one of two texts has; how lines are divided does not count.

    >>> difference("Uno due.\n\nQuattro.", "Uno\n\ndue.\n\nTre.\n\nQuattro.").witness
    ['Tre.']
    """
    found = TextDifference()
    first, second = page.split("\n\n"), witness.split("\n\n")
    keys = [[squeezed(line) for line in lines] for lines in (first, second)]
    if "".join(keys[0]) == "".join(keys[1]):
        return found
    if max(len(first), len(second)) > _MAX_LINES:
        return TextDifference([page], [witness])
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        own, other = keys[0][start:end], keys[1][other_start:other_end]
        shared = _shared(own, other)
        found.page += first[start + shared[0] : end - shared[2]]
        found.witness += second[other_start + shared[1] : other_end - shared[3]]
    return found


def _shared(own: Sequence[str], other: Sequence[str]) -> tuple[int, int, int, int]:
    """Return how many lines at the beginning, and at the end, have the same text on both sides.

    The numbers are those of `own` and of `other` at the beginning, then at the end.
    """
    first = _same_start(own, other)
    left, right = own[first[0] :][::-1], other[first[1] :][::-1]
    last = _same_start([line[::-1] for line in left], [line[::-1] for line in right])
    return (*first, *last)


def _same_start(own: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Return how many lines of each side have the same text, where the division differs.

    >>> _same_start(["ab", "c"], ["a", "b", "d"])
    (1, 2)
    """
    counts, best, texts = [0, 0], (0, 0), ["", ""]
    sides = (own, other)
    while True:
        side = 0 if len(texts[0]) <= len(texts[1]) else 1
        if counts[side] == len(sides[side]):
            return best
        texts[side] += sides[side][counts[side]]
        counts[side] += 1
        shorter, longer = sorted(texts, key=len)
        if not longer.startswith(shorter):
            return best
        if len(shorter) == len(longer):
            best = (counts[0], counts[1])
            texts = ["", ""]


def is_insertion(line: str) -> bool:
    """Return whether a line that only the page has may be an insertion of its theme."""
    return len(line) <= _SHORT
