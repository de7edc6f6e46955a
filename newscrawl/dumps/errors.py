"""What is wrong with a dump, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class DumpError(ValueError):
    """A dump, or a line of one, that cannot be read.

    Its text is one line, "FILE:LINE: what is wrong; what to do". Without a line (a glob that
    matches nothing, a file that cannot be opened) it is "FILE: …".

    >>> from pathlib import Path
    >>> print(DumpError(Path("a.jsonl"), 7, "not JSON"))
    a.jsonl:7: not JSON
    """

    def __init__(self, path: Path, line: int, what: str) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        # A file name, or what a file holds, may hold line ends and terminal sequences.
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in f"{place}: {what}")
        super().__init__(text)
        self.path = path
        """The file, or the glob as it was given."""
        self.line = line
        """Number of the line, from 1; 0 where it is about the file as a whole."""
        self.what = what
        """The text without its place."""
