"""Standard output, whose reader may close it at any time: `scrapy runs | head -1`."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def write(text: str, stream: TextIO | None = None) -> None:
    """Write a text to standard output, or to another stream, at once.

    Characters that it cannot encode are replaced. Where the reader of a pipe has closed it,
    the text is discarded, and so is what follows.
    """
    stream = sys.stdout if stream is None else stream
    if stream is None:
        # Closed before the start: `scrapy runs >&-`.
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        discard(stream)


def discard(stream: TextIO) -> None:
    """Write nothing more to a stream whose pipe is closed, not even at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
