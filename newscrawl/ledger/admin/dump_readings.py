"""Reads from dumps what a ledger records of each line."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.dumps import DumpError
from newscrawl.dumps.decoding import decode_article
from newscrawl.dumps.files import SUFFIXES, Source
from newscrawl.dumps.line_keys import GONE, Content, is_of_other_origin
from newscrawl.dumps.reading import decoded
from newscrawl.items import FROM_TWIN
from newscrawl.ledger.records import ArticleSnapshot
from newscrawl.ledger.revisions import epoch_of, snapshot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo
    from pathlib import Path

    from newscrawl.dumps.reading import OnBad
    from newscrawl.items import Article

_CHUNK = 1 << 20
_STARTED = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z")
_HASH = re.compile(r"[0-9a-f]{64}")
_MAX_ID = 80
"""Characters of an id, as in `tables.articles`."""
_MAX_REVISION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A dump as it is on the disk."""

    path: Path
    series: str
    size: int
    changed_at: int
    """When the file was last changed, in nanoseconds since 1970."""

    @property
    def name_uncompressed(self) -> str:
        """The name under which a run wrote it."""
        for suffix in SUFFIXES[1:]:
            if self.path.name.endswith(suffix):
                return f"{self.path.name.removesuffix(suffix)}{SUFFIXES[0]}"
        return self.path.name

    @classmethod
    def at(cls, path: Path, series: str) -> DumpFile:
        """Return the dump at a path.

        Raises:
            OSError: the file cannot be read.
        """
        status = path.stat()
        return cls(path.absolute(), series, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as one line of a dump has it."""

    snapshot: ArticleSnapshot
    first_seen_at: int
    revision: int
    changed_fields: list[str]
    duplicate_of: str | None
    similarity: float | None
    channels: list[str]
    """Channels that led to it."""

    @property
    def at(self) -> int:
        """When it was read, in seconds since 1970."""
        return self.snapshot.fetched_at


class DumpReader:
    """Reads the lines of one dump that belong to a ledger, and reports the others."""

    def __init__(
        self, path: Path, on_bad: OnBad, *, site: str, zone: tzinfo, is_twin: bool | None
    ) -> None:
        """Store the arguments.

        Args:
            path: the dump's file.
            on_bad: called with the error of each line that is left out.
            site: key of the site that the ledger belongs to.
            zone: the site's time zone.
            is_twin: whether the ledger is that of the twin; None if it may be.
        """
        self._path, self._on_bad = path, on_bad
        self._site, self._zone, self._is_twin = site, zone, is_twin

    def readings(self, on_read: Callable[[Path, int], object]) -> Iterator[Reading]:
        """Yield what the ledger records of each line that belongs to it.

        `on_read` is called after each line with the file and how many of its bytes were read.
        """
        if is_of_other_origin(self._path, is_twin=self._is_twin):
            self._on_bad(
                DumpError(
                    self._path, 0, f"is {self._origin()}, so it is left out: {self._remedy()}"
                )
            )
            return
        for _, reading, position in decoded(self._path, self._on_bad, self._decode):
            on_read(self._path, position)
            yield reading

    def _origin(self) -> str:
        return "a dump of the live site" if self._is_twin else "a dump of the twin"

    def _remedy(self) -> str:
        return "leave out site_url" if self._is_twin else "-a site_url=URL names the twin's ledger"

    def _decode(self, raw: bytes) -> Reading:
        article = decode_article(raw)
        if article.site != self._site:
            raise ValueError(f"is of the site {article.site[:_MAX_ID]!r}, not of {self._site}")
        is_from_twin = FROM_TWIN in article.flags
        if article.status != GONE and self._is_twin not in {None, is_from_twin}:
            raise ValueError(f"is a line of {self._origin()}, so it is left out")
        return reading_of(article, self._zone)


def reading_of(article: Article, zone: tzinfo) -> Reading:
    """Return what a ledger records of an article that was written.

    Raises:
        ValueError: it has no id, hash, revision or time, without which nothing can be compared.
    """
    _check(article)
    fetched_at = epoch_of(article.fetched_at, UTC) or 0
    if article.status == GONE:
        snapshot = ArticleSnapshot(
            article.id, article.url, fetched_at, article.content_hash, {}, gone=True
        )
    else:
        snapshot = snapshot_of(article, zone)
    return Reading(
        snapshot,
        epoch_of(article.first_seen_at, UTC) or fetched_at,
        article.revision,
        list(article.changed_fields),
        article.duplicate_of,
        article.similarity,
        list(article.discovered_via),
    )


def _check(article: Article) -> None:
    if not article.id.startswith(f"{article.site}:") or len(article.id) > _MAX_ID:
        raise ValueError("id: is not that of an article; scrapy validate lists all errors")
    if not article.url or "\0" in article.id + article.url:
        raise ValueError("url: is not an address; scrapy validate lists all errors")
    if not _HASH.fullmatch(article.content_hash):
        raise ValueError("content_hash: is not a SHA-256; scrapy validate lists all errors")
    if not 1 <= article.revision <= _MAX_REVISION:
        raise ValueError("revision: is not a number from 1; scrapy validate lists all errors")
    if not article.fetched_at or not article.first_seen_at:
        raise ValueError("fetched_at: is missing; scrapy validate lists all errors")


def content_of(path: Path) -> Content:
    """Return length and checksum of a dump after decompression.

    Raises:
        DumpError: the file cannot be opened.
        OSError: it cannot be read.
        EOFError, gzip.BadGzipFile, zlib.error, zstd.ZstdError: its compressed data are damaged.
    """
    length = checksum = 0
    source = Source(path)
    with source as stream:
        while data := stream.read(_CHUNK):
            length += len(data)
            checksum = zlib.crc32(data, checksum)
    return Content(length, checksum)


def file_checksum(path: Path) -> int:
    """Return the CRC-32 of a file's bytes.

    Raises:
        OSError: it cannot be read.
    """
    checksum = 0
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            checksum = zlib.crc32(data, checksum)
    return checksum


def started_at(path: Path) -> int | None:
    """Return when the run of a dump began, in seconds since 1970, by the file's name.

    >>> from pathlib import Path
    >>> started_at(Path("output/esteri/2026-11-23T23-01-13Z-2.jsonl.gz"))
    1795474873
    """
    match = _STARTED.match(path.name)
    if match is None:
        return None
    try:
        text = f"{match[1]}T{match[2]}:{match[3]}:{match[4]}+00:00"
        return int(datetime.fromisoformat(text).timestamp())
    except ValueError:
        return None
