"""The WARC files in a WACZ, read where they are.

A member that is stored, as the format demands, is read without its checksum in the ZIP: damage then
costs one record, as in a WARC file.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class _WritableBuffer(Protocol):
        def __len__(self) -> int: ...
        def __setitem__(self, key: slice, value: bytes, /) -> None: ...


ARCHIVE_ENDINGS = (".warc", ".warc.gz", ".warc.zst")
"""The last one is not read, and is reported."""
_FOLDER = "archive/"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
"""Signature, length of the name, length of the extra field (APPNOTE.TXT, 4.3.7)."""
_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 1
_BUFFER = 1 << 17
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip
"""What zipfile raises for damage, which it does not document in full."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""The others decompress without a bound."""
_MAX_DIRECTORY = 64 * 1024 * 1024
"""Bytes of the directory of a ZIP: half a million members, which zipfile keeps in memory."""
_MAX_REPEATED = 1024 * 1024 * 1024


class PackError(ValueError):
    """A file that is not a WACZ, or one without archives; the text says why."""


class PackedArchives:
    """The WARC files of a WACZ that is open."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the directory of the ZIP.

        Raises:
            PackError: the file is not a WACZ with archives.
            OSError: it cannot be read.
        """
        self._stream = stream
        try:
            self._packed = zipfile.ZipFile(cast("BinaryIO", _Bounded(stream)))
        except _ZIP_ERRORS as error:
            raise PackError(f"the WACZ cannot be read: {error}") from None
        self.names = sorted({*filter(_is_archive, self._packed.namelist())})
        """Of its members that are archives."""
        if not self.names:
            raise PackError("the WACZ has no archive/*.warc.gz")
        starts = sorted({info.header_offset for info in self._packed.infolist()})
        self._ends = dict(zip(starts, [*starts[1:], self._packed.start_dir], strict=True))
        self._owners: dict[int, str] = {}
        for info in self._packed.infolist():
            self._owners.setdefault(info.header_offset, info.filename)
        self._repeated = 0

    def open(self, name: str) -> BinaryIO:
        """Return a member, open; its reading raises nothing but OSError.

        Raises:
            OSError: it cannot be opened.
        """
        info = self._packed.getinfo(name)
        if info.flag_bits & _ENCRYPTED:
            raise OSError("it is encrypted")
        if info.compress_type not in _METHODS:
            raise OSError("the ZIP has compressed it by another method than deflate")
        start = self._start_of(info)
        if start + info.compress_size > self._ends[info.header_offset]:
            raise OSError("it is longer in the directory of the ZIP than in the file")
        if self._owners[info.header_offset] != name:
            raise OSError(f"it is the same bytes as {self._owners[info.header_offset]}")
        if info.compress_type == zipfile.ZIP_STORED:
            raw: io.RawIOBase = _StoredMember(self._stream, start, info.compress_size)
            return io.BufferedReader(raw, _BUFFER)
        try:
            member = self._packed.open(info)
        except _ZIP_ERRORS as error:
            raise OSError(str(error)) from None
        return io.BufferedReader(_CompressedMember(member, self._repeat), _BUFFER)

    def _repeat(self, size: int) -> None:
        """Count bytes that are decompressed again.

        Raises:
            OSError: they are too many.
        """
        self._repeated += size
        if self._repeated > _MAX_REPEATED:
            raise OSError("the ZIP has compressed it, and too much of it is needed more than once")

    def sibling(self, name: str) -> BinaryIO | None:
        """Return the archive of a name without folders, open; None if it does not exist."""
        if f"{_FOLDER}{name}" not in self.names:
            return None
        return self.open(f"{_FOLDER}{name}")

    def _start_of(self, info: zipfile.ZipInfo) -> int:
        """Return where the bytes of a member begin in the file."""
        header = b""
        if info.header_offset >= 0:
            self._stream.seek(info.header_offset)
            header = self._stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(_SIGNATURE):
            raise OSError("its header in the ZIP is damaged")
        _, name, extra = _LOCAL_HEADER.unpack(header)
        return info.header_offset + _LOCAL_HEADER.size + int(name) + int(extra)


def _is_archive(name: str) -> bool:
    return name.startswith(_FOLDER) and name.lower().endswith(ARCHIVE_ENDINGS)


class _Bounded:
    """A file of which zipfile reads the directory in one piece, if that is not too large."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_DIRECTORY:
            raise zipfile.BadZipFile("its directory is too large")
        return self._file.read(size)


class _StoredMember(io.RawIOBase):
    """A range of a file that others read too."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, origin + offset)
        return self._position

    def readinto(self, buffer: _WritableBuffer) -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self._size - self._position))
        self._file.seek(self._start + self._position)
        data = self._file.read(wanted)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


class _CompressedMember(io.RawIOBase):
    """A member that the ZIP has compressed, whose damage is an OSError."""

    def __init__(self, member: object, on_repeat: Callable[[int], object]) -> None:
        self._member = cast("BinaryIO", member)
        self._on_repeat = on_repeat

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._member.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            # To go back it decompresses from the start.
            position = self._member.tell()
            self._on_repeat(offset if offset < position else offset - position)
        try:
            return self._member.seek(offset, whence)
        except _ZIP_ERRORS as error:
            raise OSError(str(error)) from None

    def readinto(self, buffer: _WritableBuffer) -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except _ZIP_ERRORS as error:
            raise OSError(str(error)) from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._member.close()
        super().close()
