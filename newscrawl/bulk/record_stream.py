"""Reads the bytes of WARC records, decompressed, past damage within a gzip member (RFC 1952).

Reading by lines and members is warcio's; what is added is bounded lines, errors for damaged bytes,
and a position to which reading can return.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from warcio.bufferedreaders import DecompressingBufferedReader

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBER = b"\x1f\x8b\x08"
"""Beginning of a gzip member."""
VERSION = b"WARC/"
"""Beginning of a record."""
CHUNK = 1 << 16
MAX_LINE = 64 * 1024
_MAX_HEADERS = 128 * 1024
_MAX_LINES = 1_000
_MAX_REPEATED = 256 * 1024 * 1024
_REPEATS = 4
"""How often a file is read for records behind damage, on top of these bytes."""
_PIECES = (256, 1)
"""Bytes that are decompressed at a time up to damage."""


class RecordError(Exception):
    """A record cannot be read; the text is the reason."""


@dataclass(slots=True)
class Rereading:
    """How much was read again of a file to find records behind damage."""

    repeated: int = 0
    read: int = 0
    """Bytes read for the first time."""

    def allows(self, size: int) -> bool:
        """Count bytes that would be read again; return whether they may be."""
        self.repeated += size
        return self.repeated <= _MAX_REPEATED + _REPEATS * self.read


class CountedStream(io.RawIOBase):
    """A stream that counts what is read of it, as a pipe has no position."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.offset = stream.tell() if stream.seekable() else 0
        self.is_damaged = False
        """Whether what was read last is damaged, so that what follows has no meaning."""

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes.

        Raises:
            RecordError: they are behind damage.
        """
        if self.is_damaged:
            raise RecordError("damaged_gzip")
        data = self._stream.read(size)
        self.offset += len(data)
        return data

    def tell(self) -> int:
        """Return the position in bytes; of a pipe, how many were read."""
        return self.offset

    def seekable(self) -> bool:
        """Return whether it is not a pipe."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position and return it."""
        self.offset = self._stream.seek(offset, whence)
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


@dataclass(frozen=True, slots=True)
class _Mark:
    """A position within a gzip member, and the state in which it was reached."""

    raw_offset: int
    decompressor: Any
    buffer: io.BytesIO | None
    buffer_position: int
    starting_data: bytes | None
    position: int
    is_damaged: bool


class RecordStream(DecompressingBufferedReader):  # type: ignore[misc]
    """warcio's reader, which raises for damaged bytes and for endless lines."""

    buff: io.BytesIO | None
    decompressor: Any
    starting_data: bytes | None
    stream: CountedStream
    bytes_left, lines_left = _MAX_HEADERS, _MAX_LINES
    is_gzip = is_in_headers = False
    _mark: _Mark | None = None

    def allow_lines(self) -> None:
        """Allow as many lines as a record has before its block."""
        self.bytes_left, self.lines_left = _MAX_HEADERS, _MAX_LINES

    def readline(self, length: int | None = None) -> bytes:
        """Return a line of bounded length.

        Raises:
            RecordError: it is too long, the lines are too many, or another record begins.
        """
        line: bytes = super().readline(min(length or MAX_LINE, MAX_LINE))
        self.bytes_left -= len(line)
        self.lines_left -= 1
        is_excessive = len(line) >= MAX_LINE or min(self.bytes_left, self.lines_left) < 0
        if is_excessive or (self.is_in_headers and line.startswith(VERSION)):
            raise RecordError("not_a_record")
        return line

    def next_member(self) -> bool:
        """Go to the next gzip member, past zero bytes, which gzip allows behind one."""
        data: bytes = self.decompressor.unused_data if self.decompressor else b""
        while data and not (data := data.lstrip(b"\0")):
            data = self.stream.read(CHUNK)
        if not data:
            return False
        self._init_decomp(self.decomp_type)
        self.starting_data, self.buff, self._mark = data, None, None
        return True

    def _decompress(self, data: bytes) -> bytes:
        if not self.decompressor:
            return data
        before = self.decompressor.copy()
        try:
            data = self.decompressor.decompress(data)
        except zlib.error:
            if not (self.is_gzip or self.num_block_read or data.startswith(MEMBER)):
                self.decompressor = None
                return data
            # What is in front of the damage may be other records.
            data = b"".join(self._pieces(before, data))
            self.stream.is_damaged = True
            if not data:
                raise RecordError("damaged_gzip") from None
        self.is_gzip = True
        return data

    def _pieces(self, decompressor: Any, data: bytes) -> Iterator[bytes]:
        """Yield what can be decompressed of damaged bytes."""
        position = 0
        for size in _PIECES:
            while position < len(data):
                following = decompressor.copy()
                try:
                    yield following.decompress(data[position : position + size])
                except zlib.error:
                    break
                decompressor, position = following, position + size
        self.decompressor = decompressor

    @property
    def is_cut_off(self) -> bool:
        """Whether the compressed bytes end before their end is marked."""
        return self.decompressor is not None and not self.decompressor.eof

    @property
    def position(self) -> int:
        """How many bytes were read, decompressed."""
        return int(self.num_read) - (self.buff_size - self.buff.tell() if self.buff else 0)

    def mark(self) -> None:
        """Keep this position in a gzip member, behind the first line of a record."""
        if self.decompressor is None:
            return
        self._mark = _Mark(
            self.stream.offset,
            self.decompressor.copy(),
            self.buff,
            self.buff.tell() if self.buff else 0,
            self.starting_data,
            self.position,
            self.stream.is_damaged,
        )

    def find_record(self, rereading: Rereading) -> bool:
        """Go to the next line of this member that begins a record; return whether there is one.

        It is searched for from the mark on, or from here where that cannot or must not be read
        again.

        Raises:
            RecordError: the compressed bytes are damaged before one.
        """
        data = b"\n" if self._return_to_mark(rereading) else b""
        while True:
            self._fillbuff()
            if self.buff is None or self.empty():
                return False
            data += self.buff.read()
            start = data.find(b"\n" + VERSION) + 1
            if start:
                self.buff = io.BytesIO(data[start:])
                self.buff_size = len(data) - start
                return True
            data = data[-len(VERSION) :]

    def _return_to_mark(self, rereading: Rereading) -> bool:
        mark, self._mark = self._mark, None
        rereading.read = max(rereading.read, self.position)
        if mark is None or not rereading.allows(self.position - mark.position):
            return False
        if self.stream.offset != mark.raw_offset:
            if not self.stream.seekable():
                return False
            self.stream.seek(mark.raw_offset)
        self.decompressor, self.starting_data = mark.decompressor, mark.starting_data
        self.stream.is_damaged = mark.is_damaged
        self.buff, self.buff_size = mark.buffer, 0
        if mark.buffer is not None:
            self.buff_size = len(mark.buffer.getbuffer())
            mark.buffer.seek(mark.buffer_position)
        self.num_read = self.num_block_read = mark.position + self.buff_size - mark.buffer_position
        return True
