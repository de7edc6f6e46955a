"""Runs of inline text between two blocks, and how they are split into paragraphs.

See decision 23 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Link
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# Text, the links in it, and None for a line break, in reading order.
Run = list["str | Link | None"]


def line(run: Run) -> str:
    """Return a run's text as one line, line breaks as spaces."""
    return fold("".join([piece or " " for piece in run if not isinstance(piece, Link)]))


def links(run: Run) -> list[Link]:
    """Return the links of a run."""
    return [piece for piece in run if isinstance(piece, Link)]


def paragraphs(run: Run) -> Iterator[tuple[str, list[Link]]]:
    r"""Yield the paragraphs of a run, which two line breaks separate, each with its links.

    >>> list(paragraphs(["a", None, "b", None, None, "c"]))
    [('a\nb', []), ('c', [])]
    """
    lines: list[str] = []
    pieces: list[str] = []
    paragraph_links: list[Link] = []
    for piece in [*run, None]:
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece is not None:
            paragraph_links.append(piece)
        else:
            if text := fold("".join(pieces)):
                lines.append(text)
            elif lines:
                yield "\n".join(lines), paragraph_links
                lines, paragraph_links = [], []
            pieces = []
    if lines:
        yield "\n".join(lines), paragraph_links
