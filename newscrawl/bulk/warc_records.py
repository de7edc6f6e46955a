"""Reads the records of a WARC file in order, in bounded memory, past what is damaged (ISO 28500).

Records are compressed one by one, all together, or not at all. Parsing is warcio's; what is behind
a damaged record is searched for here, as warcio ends there.
"""

from __future__ import annotations

import logging
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from newscrawl.bulk.record_stream import (
    CHUNK,
    MAX_LINE,
    MEMBER,
    VERSION,
    CountedStream,
    RecordError,
    RecordStream,
    Rereading,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# It warns of each address with a space.
logging.getLogger("warcio").setLevel(logging.ERROR)

MAX_BLOCK = 17 * 1024 * 1024
"""Bytes of a record that are read: a response of `DOWNLOAD_MAXSIZE` and its headers."""
_SEARCHED = 1 << 20
_STARTS = re.compile(re.escape(MEMBER) + rb"|\nWARC/")
_HEAD = 4096
"""Bytes of a gzip member in which `WARC/` can be decompressed."""
_END = b"\r\n\r\n"
CUT_OFF, TOO_LARGE = "cut_off", "too_large"
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


def records(stream: BinaryIO, *, start: int = 0) -> Iterator[WarcRecord | BadRecord]:
    """Yield the records of a file, and what cannot be read of it.

    Args:
        stream: the file, open.
        start: where the first record begins, in bytes.

    Raises:
        OSError: the file cannot be read, or is a pipe and damaged.
    """
    if start:
        stream.seek(start)
    course = _Course()
    while True:
        walk = _Walk(stream, course)
        yield from walk.records()
        damage = walk.damage
        if damage is None:
            return
        if not stream.seekable():
            if damage.reason == CUT_OFF:
                return
            raise OSError("what is behind damage cannot be searched for in a pipe: name a file")
        resume = damage.offset
        reached = max(walk.reached, resume + 1)
        course.file.read = max(course.file.read, reached)
        is_affordable = course.file.allows(reached - resume)
        following = _next_record(stream, resume + 1 if is_affordable else reached)
        if following is None:
            return
        stream.seek(following)


@dataclass(slots=True)
class _Course:
    """What is known of a file while it is read."""

    file: Rereading = field(default_factory=Rereading)
    """Its bytes as they are."""
    members: Rereading = field(default_factory=Rereading)
    """Those of gzip members, decompressed."""
    is_by_record: bool | None = None
    """Whether each record is compressed alone, so that what is in its page is not searched."""


class _Walk:
    """Follows records up to the first damage behind which the next one must be searched for."""

    def __init__(self, stream: BinaryIO, course: _Course) -> None:
        self._course = course
        self._raw = CountedStream(stream)
        self._reader = RecordStream(self._raw, block_size=CHUNK)
        self._loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
        self._next_line: bytes | None = None
        self._member_at = self._raw.offset
        self._records_of_member = 0
        self.damage: BadRecord | None = None
        """The record at which the walk has ended; None where the file has ended."""

    def records(self) -> Iterator[WarcRecord | BadRecord]:
        while True:
            offset = self._offset()
            try:
                record = self._record(offset)
            except EOFError:
                if self._next_member():
                    continue
                if self._reader.is_cut_off and self._raw.offset > offset:
                    yield BadRecord(offset, CUT_OFF)
                return
            except RecordError as error:
                record, self._next_line = BadRecord(offset, str(error)), None
            if isinstance(record, BadRecord) and self._raw.is_damaged:
                record = BadRecord(offset, "damaged_gzip")
            yield record
            if isinstance(record, BadRecord) and not self._goes_on(record):
                self.damage = record
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

    def _goes_on(self, bad: BadRecord) -> bool:
        """Return whether the reader stands where the next record may begin, or can go there."""
        if bad.reason == TOO_LARGE:
            return bool(self._next_line) or self._next_member()
        if not self._reader.is_gzip:
            return False
        try:
            if not self._course.is_by_record and self._reader.find_record(self._course.members):
                return True
        except RecordError:
            return False
        return self._next_member()

    def _next_member(self) -> bool:
        if not self._reader.next_member():
            return False
        if self._course.is_by_record is None and self._records_of_member == 1:
            self._course.is_by_record = True
        self._member_at, self._records_of_member = self.reached, 0
        return True

    def _note_beginning(self) -> None:
        """Keep that a record begins here."""
        self._records_of_member += 1
        if self._reader.is_gzip and self._records_of_member > 1:
            self._course.is_by_record = False
        self._reader.mark()

    def _record(self, offset: int) -> WarcRecord | BadRecord:
        """Return the next record.

        Raises:
            EOFError: this member of the file has no further record.
            RecordError: it is damaged, and where it ends is not known.
        """
        self._reader.allow_lines()
        line, self._next_line = self._next_line, None
        try:
            if line is None:
                line = self._first_line()
            self._note_beginning()
            self._reader.is_in_headers = True
            parsed = self._loader.parse_record_stream(self._reader, line, "warc", True)  # noqa: FBT003 - its only form
        except (ArchiveLoadFailed, StatusAndHeadersParserException, UnicodeDecodeError, ValueError):
            raise RecordError("not_a_record") from None
        finally:
            self._reader.is_in_headers = False
        fields = _fields(parsed.rec_headers.headers)
        length = fields.get("content-length", "")
        kind = parsed.rec_type
        if not (length.isascii() and length.isdecimal()) or not kind:
            if self._has_broken_off():
                raise RecordError(CUT_OFF)
            raise RecordError("wrong_length" if kind else "not_a_record")
        return self._block(offset, kind.lower(), fields, int(length), parsed.raw_stream)

    def _has_broken_off(self) -> bool:
        """Return whether the file ends here, within a record."""
        return not self._reader.read(1) and (self._reader.is_cut_off or not self._reader.is_gzip)

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
            raise RecordError(CUT_OFF)
        is_read = is_wanted and length <= MAX_BLOCK
        block = stream.read(length) if is_read else b""
        size = len(block) if is_read else _skip(stream)
        if size < length:
            is_whole_member = self._reader.is_gzip and not self._reader.is_cut_off
            return BadRecord(offset, "wrong_length" if is_whole_member else CUT_OFF)
        is_followed = self._ends()
        if not is_followed:
            raise RecordError("wrong_length")
        if is_wanted and not is_read:
            return BadRecord(offset, TOO_LARGE)
        return WarcRecord(offset, kind, fields, block)

    def _is_beyond_the_end(self, length: int) -> bool:
        """Return whether a block that is not compressed would end behind the file."""
        if self._reader.is_gzip or length <= self._reader.rem_length():
            return False
        size = self._raw.size
        return size is not None and self.reached + length > size

    def _ends(self) -> bool:
        """Return whether a record is followed by its two line ends, by another, or by nothing."""
        self._reader.allow_lines()
        start = b""
        while line := self._reader.readline(MAX_LINE - 1):
            # Tapes and disks end in zero bytes.
            text = line.lstrip(b"\0")
            if text.strip():
                self._next_line = text
                return start == _END or text.startswith(VERSION)
            start = start if len(start) >= len(_END) else start + line
            if not text:
                self._reader.allow_lines()
        return True


def _fields(headers: list[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in headers:
        fields.setdefault(name.lower(), value)
    return fields


def _skip(stream: Any) -> int:
    size = 0
    while data := stream.read(CHUNK):
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
            if match[0] != MEMBER or _begins_record(data[found : found + _HEAD]):
                return position + found
        if not chunk:
            return None
        position, data = position + searched, data[searched:]
        size = min(2 * size, _SEARCHED)


def _begins_record(member: bytes) -> bool:
    decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        return decompressor.decompress(member, len(VERSION)) == VERSION
    except zlib.error:
        return False
