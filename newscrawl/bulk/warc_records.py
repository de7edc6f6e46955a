"""Reads the records of a WARC file in order, in bounded memory, past what is damaged (ISO 28500).

Records are compressed one by one, all together, or not at all. Parsing is warcio's; what is behind
a damaged record is searched for here, as warcio ends there.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

if TYPE_CHECKING:
    from collections.abc import Iterator

# It warns of each address with a space.
logging.getLogger("warcio").setLevel(logging.ERROR)

MAX_BLOCK = 17 * 1024 * 1024
"""Bytes of a record that are read: a response of `DOWNLOAD_MAXSIZE` and its headers."""
_MAX_LINE = 64 * 1024
_MAX_HEADERS = 128 * 1024
_MAX_LINES = 1_000
_CHUNK = 1 << 16
_SEARCHED = 1 << 20
_MEMBER = b"\x1f\x8b\x08"
_VERSION = b"WARC/"
_STARTS = re.compile(re.escape(_MEMBER) + rb"|\nWARC/")
_HEAD = 4096
"""Bytes of a gzip member in which `WARC/` can be decompressed."""
_MAX_REPEATED = 256 * 1024 * 1024
_REPEATS = 4
"""How often a file is read for records behind damage, on top of these bytes."""
_ARC = b"filedesc://"
_SNIFFED = 4096
IS_ARC = "is an ARC file, which is not read: convert it with warcio recompress"
_TEXTS = ("text/", "application/xhtml+xml", "application/json")
_READ_TYPES = frozenset({"warcinfo", "response", "revisit", "metadata", "conversion"})
"""Types of records whose block is read; of a `resource` it is if that is text."""


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record."""

    offset: int
    """Where it begins in the file, in bytes, before any decompression."""
    kind: str
    """`WARC-Type`."""
    headers: dict[str, str]
    """Named fields by name in lower case; of a repeated one the first."""
    block: bytes
    """Its block; empty for kinds that are not read."""

    def get(self, name: str) -> str | None:
        """Return a named field; None without it."""
        return self.headers.get(name.lower())


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read, or something in its place."""

    offset: int
    reason: str
    """For a counter: `cut_off`, `damaged_gzip`, `wrong_length`, `not_a_record`, `too_large`."""


class _RecordError(Exception):
    """A record cannot be read; the text is the reason."""


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]
    """warcio's reader, which raises for damaged bytes and for endless lines."""

    decompressor: Any
    bytes_left, lines_left = _MAX_HEADERS, _MAX_LINES
    is_gzip = is_in_headers = False

    def allow_lines(self) -> None:
        """Allow as many lines as a record has before its block."""
        self.bytes_left, self.lines_left = _MAX_HEADERS, _MAX_LINES

    def readline(self, length: int | None = None) -> bytes:
        """Return a line of bounded length.

        Raises:
            _RecordError: it is too long, the lines are too many, or another record begins.
        """
        line: bytes = super().readline(min(length or _MAX_LINE, _MAX_LINE))
        self.bytes_left -= len(line)
        self.lines_left -= 1
        is_excessive = len(line) >= _MAX_LINE or min(self.bytes_left, self.lines_left) < 0
        if is_excessive or (self.is_in_headers and line.startswith(_VERSION)):
            raise _RecordError("not_a_record")
        return line

    def _decompress(self, data: bytes) -> bytes:
        if not self.decompressor:
            return data
        try:
            data = self.decompressor.decompress(data)
        except zlib.error:
            if self.is_gzip or self.num_block_read:
                raise _RecordError("damaged_gzip") from None
            self.decompressor = None
            return data
        self.is_gzip = True
        return data

    @property
    def is_cut_off(self) -> bool:
        """Whether the compressed bytes end before their end is marked."""
        return self.decompressor is not None and not self.decompressor.eof


class _Offsets(io.RawIOBase):
    """A stream that counts what is read of it, as a pipe has no position."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.offset = stream.tell() if stream.seekable() else 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.offset += len(data)
        return data

    def tell(self) -> int:
        return self.offset

    @cached_property
    def size(self) -> int | None:
        """Bytes of the whole stream; None of a pipe."""
        if not self._stream.seekable():
            return None
        position = self._stream.tell()
        size = self._stream.seek(0, io.SEEK_END)
        self._stream.seek(position)
        return size


def records(stream: BinaryIO, *, start: int = 0) -> Iterator[WarcRecord | BadRecord]:
    """Yield the records of a file, and what cannot be read of it.

    Args:
        stream: the file, open; what is behind damage is read only if it can seek.
        start: where the first record begins, in bytes.

    Raises:
        OSError: the file cannot be read.
    """
    if start:
        stream.seek(start)
    repeated = furthest = 0
    while True:
        walk = _Walk(stream)
        yield from walk.records()
        resume = walk.damaged_at
        if resume is None or not stream.seekable():
            return
        reached = max(walk.reached, resume + 1)
        repeated, furthest = repeated + reached - resume, max(furthest, reached)
        is_affordable = repeated <= _MAX_REPEATED + _REPEATS * furthest
        following = _next_record(stream, resume + 1 if is_affordable else reached)
        if following is None:
            return
        stream.seek(following)


def is_arc(stream: BinaryIO) -> bool:
    """Return whether an open file that can seek is in ARC, the format before WARC."""
    if not stream.seekable():
        return False
    start = stream.tell()
    data = stream.read(_SNIFFED)
    stream.seek(start)
    if data.startswith(_MEMBER):
        try:
            data = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, len(_ARC))
        except zlib.error:
            return False
    return data.startswith(_ARC)


class _Walk:
    """Follows records up to the first damage behind which the next one must be searched for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._raw = _Offsets(stream)
        self._reader = _Reader(self._raw, block_size=_CHUNK)
        self._loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
        self._next_line: bytes | None = None
        self._member_at = self._raw.offset
        self.damaged_at: int | None = None
        """Offset of the record that is damaged; None where the file has ended."""

    def records(self) -> Iterator[WarcRecord | BadRecord]:
        while True:
            offset = self._offset()
            try:
                record = self._record(offset)
            except EOFError:
                if self._next_member():
                    continue
                if self._reader.is_cut_off and self._raw.offset > offset:
                    yield BadRecord(offset, "cut_off")
                return
            except _RecordError as error:
                yield BadRecord(offset, str(error))
                self.damaged_at = offset
                return
            yield record
            if isinstance(record, BadRecord) and not self._goes_on():
                self.damaged_at = offset
                return

    @property
    def reached(self) -> int:
        """Up to which offset the file was needed, as far as that is known."""
        is_gzip = self._reader.is_gzip
        ahead = len(self._reader.starting_data or b"")
        ahead += len(self._unused()) if is_gzip else self._reader.rem_length()
        return self._raw.offset - ahead

    def _unused(self) -> bytes:
        decompressor = self._reader.decompressor
        return decompressor.unused_data if decompressor is not None else b""

    def _offset(self) -> int:
        """Return where the next record begins; of several in one gzip member, where that does."""
        return (
            self._member_at if self._reader.is_gzip else self.reached - len(self._next_line or b"")
        )

    def _goes_on(self) -> bool:
        """Return whether the reader stands where the next record may begin."""
        return bool(self._next_line) or self._next_member()

    def _next_member(self) -> bool:
        if not self._reader.read_next_member():
            return False
        self._member_at = self.reached
        return True

    def _record(self, offset: int) -> WarcRecord | BadRecord:
        """Return the next record.

        Raises:
            EOFError: this member of the file has no further record.
            _RecordError: it is damaged, and where it ends is not known.
        """
        self._reader.allow_lines()
        line, self._next_line = self._next_line, None
        try:
            if line is None:
                line = self._first_line()
            self._reader.is_in_headers = True
            parsed = self._loader.parse_record_stream(self._reader, line, "warc", True)  # noqa: FBT003 - its only form
        except (ArchiveLoadFailed, StatusAndHeadersParserException, UnicodeDecodeError, ValueError):
            raise _RecordError("not_a_record") from None
        finally:
            self._reader.is_in_headers = False
        fields = _fields(parsed.rec_headers.headers)
        length = fields.get("content-length", "")
        kind = parsed.rec_type
        if not (length.isascii() and length.isdecimal()) or not kind:
            if self._has_broken_off():
                raise _RecordError("cut_off")
            raise _RecordError("wrong_length" if kind else "not_a_record")
        return self._block(offset, kind.lower(), fields, int(length), parsed.raw_stream)

    def _has_broken_off(self) -> bool:
        """Return whether the file ends here, within a record."""
        return self._reader.is_cut_off if self._reader.is_gzip else not self._reader.read(1)

    def _first_line(self) -> bytes:
        while (line := self._reader.readline()) and not line.strip():
            pass
        if not line:
            raise EOFError
        return line

    def _block(
        self, offset: int, kind: str, fields: dict[str, str], length: int, stream: Any
    ) -> WarcRecord | BadRecord:
        is_wanted = kind in _READ_TYPES or (
            kind == "resource" and fields.get("content-type", "").lower().startswith(_TEXTS)
        )
        if self._is_beyond_the_end(length):
            raise _RecordError("cut_off")
        is_read = is_wanted and length <= MAX_BLOCK
        block = stream.read(length) if is_read else b""
        size = len(block) if is_read else _skip(stream)
        if size < length:
            is_whole_member = self._reader.is_gzip and not self._reader.is_cut_off
            return BadRecord(offset, "wrong_length" if is_whole_member else "cut_off")
        is_followed = self._ends()
        if is_wanted and not is_read:
            return BadRecord(offset, "too_large")
        if not is_followed:
            raise _RecordError("wrong_length")
        return WarcRecord(offset, kind, fields, block)

    def _is_beyond_the_end(self, length: int) -> bool:
        """Return whether a block that is not compressed would end behind the file."""
        if self._reader.is_gzip or length <= self._reader.rem_length():
            return False
        size = self._raw.size
        return size is not None and self.reached + length > size

    def _ends(self) -> bool:
        """Return whether a record is followed by blank lines and then by another, or by nothing."""
        self._reader.allow_lines()
        while line := self._reader.readline():
            if line.strip():
                self._next_line = line
                return line.startswith(_VERSION)
        return True


def _fields(headers: list[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), value)
    return fields


def _skip(stream: Any) -> int:
    size = 0
    while data := stream.read(_CHUNK):
        size += len(data)
    return size


def _next_record(stream: BinaryIO, start: int) -> int | None:
    """Return where the next readable record begins from an offset on; None if it does not exist."""
    position, data, size = start, b"", 2 * _HEAD
    stream.seek(start)
    while True:
        chunk = stream.read(size)
        data += chunk
        searched = max(0, len(data) - _HEAD) if chunk else len(data)
        for match in _STARTS.finditer(data):
            if match.start() >= searched:
                break
            found = match.start() + (match[0][:1] == b"\n")
            if match[0] != _MEMBER or _begins_record(data[found : found + _HEAD]):
                return position + found
        if not chunk:
            return None
        position, data = position + searched, data[searched:]
        size = min(2 * size, _SEARCHED)


def _begins_record(member: bytes) -> bool:
    decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        return decompressor.decompress(member, len(_VERSION)) == _VERSION
    except zlib.error:
        return False
