"""Recognises files of web archives in formats that are not read, by their first bytes."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

_SNIFFED = 4096
_GZIP = b"\x1f\x8b\x08"
_ARC = b"filedesc://"
_ZSTD = b"\x28\xb5\x2f\xfd"
_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""https://iipc.github.io/warc-specifications/specifications/warc-zstd/"""
_SKIPPABLE = b"\x2a\x4d\x18"
"""Behind a byte from 0x50 to 0x5f: a skippable frame (RFC 8878)."""
_IS_ARC = "is an ARC file, which is not read: convert it with warcio recompress"
_IS_ZSTD = "is compressed with Zstandard, which is not read: decompress it with zstd -d"
_HAS_DICTIONARY = (
    "is compressed with Zstandard and a dictionary of its own, which is not read: decompress it as "
    "docs/extract.md describes"
)


class OtherFormatError(OSError):
    """A file is of another format; the text says what and what to do: "is …, which is not read"."""


def check_format(stream: BinaryIO) -> None:
    """Check that an open file may be WARC; its position is kept.

    Raises:
        OtherFormatError: it is of a format that is known and not read.
        OSError: it cannot be read.
    """
    if (why := other_format(stream)) is not None:
        raise OtherFormatError(why)


def other_format(stream: BinaryIO) -> str | None:
    r"""Return what an open file is and what to do, if that is not WARC; its position is kept.

    >>> other_format(io.BytesIO(b"(\xb5/\xfd..."))
    'is compressed with Zstandard, which is not read: decompress it with zstd -d'
    """
    data = _first_bytes(stream)
    if data.startswith(_DICTIONARY):
        return _HAS_DICTIONARY
    if data.startswith(_ZSTD) or (data[:1] and data[0] >> 4 == 5 and data[1:4] == _SKIPPABLE):
        return _IS_ZSTD
    if data.startswith(_GZIP):
        try:
            data = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, len(_ARC))
        except zlib.error:
            return None
    return _IS_ARC if data.startswith(_ARC) else None


def _first_bytes(stream: BinaryIO) -> bytes:
    if not stream.seekable():
        # Of a pipe they are kept in its buffer.
        return stream.peek(_SNIFFED) if isinstance(stream, io.BufferedReader) else b""
    start = stream.tell()
    data = stream.read(_SNIFFED)
    stream.seek(start)
    return data
