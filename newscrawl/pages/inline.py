"""Runs of inline text: what stands between two blocks, cut into paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Link
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# Text, the links that stand in it, and None for a line break, in reading order.
Run = list["str | Link | None"]


def words(run: Run) -> str:
    """Return a run's text as one line, line breaks as spaces."""
    return fold("".join(piece or " " for piece in run if not isinstance(piece, Link)))


def links(run: Run) -> list[Link]:
    """Return the links of a run."""
    return [piece for piece in run if isinstance(piece, Link)]


def paragraphs(run: Run) -> Iterator[tuple[str, list[Link]]]:
    r"""Yield the paragraphs of a run, each with its links: two line breaks in a row part them.

    >>> list(paragraphs(["a", None, "b", None, None, "c"]))
    [('a\nb', []), ('c', [])]
    """
    lines: list[str] = []
    pieces: list[str] = []
    found: list[Link] = []
    for piece in [*run, None]:
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece is not None:
            found.append(piece)
        else:
            if line := fold("".join(pieces)):
                lines.append(line)
            elif lines:
                yield "\n".join(lines), found
                lines, found = [], []
            pieces = []
    if lines:
        yield "\n".join(lines), found
