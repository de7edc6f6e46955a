"""Lets warcio decode bodies in Brotli, which with the present Brotli it cannot.

warcio sets an attribute on Brotli's decompressor, which has had fixed attributes since 1.2.
"""

from __future__ import annotations

import brotli
from warcio.bufferedreaders import BufferedReader


class _Decompressor:
    """Brotli's decompressor with the attribute that warcio looks at."""

    unused_data = None

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def decompress(self, data: bytes) -> bytes:
        """Return what `data` adds to the body."""
        decompressed: bytes = self._decompressor.process(data)
        return decompressed

    def flush(self) -> bytes:
        """Return what is left, which is nothing."""
        return b""


def enable() -> None:
    """Have warcio's readers decode Brotli, in this process."""
    BufferedReader.DECOMPRESSORS["br"] = _Decompressor
