"""Reads what identifies the lines of a dump, without their text: article, revision, origin."""

from __future__ import annotations

import zlib
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dumps.decoding import StructDecoder
from newscrawl.dumps.reading import decoded
from newscrawl.items import FROM_TWIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.dumps.reading import OnBad

GONE = "gone"
"""Status of an article in the line that reports its removal."""
_ORIGIN_LINES = 1_000


class LineKey(NamedTuple):
    """What identifies a line."""

    article: str
    revision: int
    fetched_at: str
    """UTC, ISO 8601."""


class Content(NamedTuple):
    """The bytes of a dump after decompression, however the file is named and compressed."""

    length: int
    checksum: int
    """CRC-32."""


class KeyReader:
    """Reads the keys of a dump's lines, and afterwards has its content's length and checksum."""

    def __init__(self, path: Path, on_bad: OnBad, site: str) -> None:
        """Store the arguments.

        Args:
            path: its file.
            on_bad: called with the error of each line that cannot be read.
            site: key of a site; lines of other sites are left out.
        """
        self._path, self._on_bad, self._site = path, on_bad, site
        self._length = self._checksum = 0

    def keys(self) -> Iterator[LineKey]:
        """Yield the key of each line of the site."""
        decode = _key_decoder()

        def decode_and_sum(raw: bytes) -> LineKey | None:
            self._length += len(raw)
            self._checksum = zlib.crc32(raw, self._checksum)
            line = decode(raw)
            if line.site != self._site:
                return None
            return LineKey(line.id, line.revision, line.fetched_at or "")

        for _, key, _ in decoded(self._path, self._on_bad, decode_and_sum):
            if key is not None:
                yield key

    @property
    def content(self) -> Content:
        """What was read so far: all of the file once `keys` is exhausted."""
        return Content(self._length, self._checksum)


def is_of_other_origin(path: Path, *, is_twin: bool | None) -> bool:
    """Return whether a dump is the twin's and another one is expected, or the other way round.

    Args:
        path: its file, whose first line of a live article counts: the others have no flags.
        is_twin: whether a dump of the twin is expected; None for either.
    """
    if is_twin is None:
        return False
    lines = decoded(path, lambda _: None, _origin_decoder())
    for _, line, _ in islice(lines, _ORIGIN_LINES):
        if line.status != GONE:
            return (FROM_TWIN in line.flags) != is_twin
    return False


@cache
def _key_decoder() -> StructDecoder:
    return StructDecoder("id", "site", "revision", "fetched_at")


@cache
def _origin_decoder() -> StructDecoder:
    return StructDecoder("status", "flags")
