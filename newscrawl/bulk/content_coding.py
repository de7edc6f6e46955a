"""Decodes the body of an HTTP response within bounds (RFC 9110, 8.4; RFC 9112, 7.1)."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEP = 1 << 16
_MAX_CODINGS = 3


class BodyError(ValueError):
    """A body that cannot be decoded; the text is the reason, for a counter."""


class _Zlib:
    """Decodes gzip, of several members too, and deflate, which many servers send without header."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._decoder = zlib.decompressobj(window)
        self._is_started = False

    def decode(self, data: bytes, most: int = 1 << 62) -> bytes:
        decoded = b""
        while data and len(decoded) < most:
            if self._decoder.eof:
                if self._window != _GZIP or not data.startswith(b"\x1f\x8b"):
                    break
                self._decoder = zlib.decompressobj(self._window)
            decoded += self._step(data, most - len(decoded))
            data = self._decoder.unconsumed_tail or self._decoder.unused_data
        return decoded

    def _step(self, data: bytes, most: int) -> bytes:
        try:
            decoded = self._decoder.decompress(data, most)
        except zlib.error:
            if self._is_started or self._window != _DEFLATE:
                raise
            self._window = -zlib.MAX_WBITS
            self._decoder = zlib.decompressobj(self._window)
            decoded = self._decoder.decompress(data, most)
        self._is_started = True
        return decoded


_GZIP, _DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS


def _brotli(data: bytes, most: int) -> bytes:
    decoder = brotli.Decompressor()
    decoded = decoder.process(data, output_buffer_limit=most)
    while len(decoded) < most and not decoder.can_accept_more_data():
        more = decoder.process(b"", output_buffer_limit=most - len(decoded))
        if not more:
            break
        decoded += more
    return bytes(decoded)


def _zstd(data: bytes, most: int) -> bytes:
    return bytes(zstd.ZstdDecompressor().decompress(data, most))


def _gzip(data: bytes, most: int) -> bytes:
    return _inflated(data, most, _GZIP)


def _deflate(data: bytes, most: int) -> bytes:
    return _inflated(data, most, _DEFLATE)


def _inflated(data: bytes, most: int, window: int) -> bytes:
    """Return what is decodable: a response that broke off is read as far as it goes."""
    decoder, decoded = _Zlib(window), bytearray()
    for start in range(0, len(data), _STEP):
        try:
            decoded += decoder.decode(data[start : start + _STEP], most - len(decoded))
        except zlib.error:
            if not decoded:
                raise
            break
        if len(decoded) >= most:
            break
    return bytes(decoded)


_DECODERS = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd,
}  # fmt: skip


def decoded(body: bytes, codings: Iterable[str], max_size: int) -> bytes:
    """Return a body without its content codings.

    Args:
        body: as sent.
        codings: field lines of `Content-Encoding`.
        max_size: in bytes, of the result.

    Raises:
        BodyError: it is larger, or is not in the codings that are stated.

    >>> import gzip
    >>> decoded(gzip.compress(b"<p>Testo</p>"), ["gzip"], 100)
    b'<p>Testo</p>'
    """
    names = [name.strip().lower() for line in codings for name in line.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > _MAX_CODINGS:
        raise BodyError("too_many_codings")
    for name in reversed(names):
        decode = _DECODERS.get(name)
        if decode is None:
            raise BodyError("unknown_coding")
        try:
            body = decode(body, max_size + 1)
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError):
            raise BodyError("damaged_coding") from None
        if len(body) > max_size:
            raise BodyError("too_large")
    return body


def without_chunks(body: bytes) -> bytes:
    r"""Return a body without the transfer coding `chunked`; one that is not chunked is unchanged.

    Many archives keep the header and store the body without the coding.

    >>> without_chunks(b"3\r\nabc\r\n0\r\n\r\n"), without_chunks(b"<p>abc</p>")
    (b'abc', b'<p>abc</p>')
    """
    chunks: list[bytes] = []
    position = 0
    while position < len(body):
        end = body.find(b"\r\n", position, position + 64)
        try:
            size = int(body[position:end].partition(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return body if not chunks else b"".join(chunks)
        if not size:
            break
        chunks.append(body[end + 2 : end + 2 + size])
        position = end + 2 + size + 2
    return b"".join(chunks)
