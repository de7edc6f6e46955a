"""Bodies are decoded within bounds, whatever they are."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest

from newscrawl.bulk.content_coding import BodyError, decoded, without_chunks

PAGE = "<html><body><p>Perché è così.</p></body></html>".encode() * 50


def raw_deflate(data: bytes) -> bytes:
    encoder = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return encoder.compress(data) + encoder.flush()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (PAGE, "identity"),
        (gzip.compress(PAGE), "gzip"),
        (gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), "x-gzip"),
        (zlib.compress(PAGE), "deflate"),
        (raw_deflate(PAGE), "deflate"),
        (brotli.compress(PAGE), "BR"),
        (brotli.compress(gzip.compress(PAGE)), "gzip, br"),
    ],
    ids=["identity", "gzip", "members", "zlib", "deflate", "br", "two"],
)
def test_codings_are_decoded(body: bytes, coding: str) -> None:
    assert decoded(body, [coding], len(PAGE)) == PAGE


@pytest.mark.parametrize(
    ("body", "coding"),
    [(gzip.compress(bytes(50_000_000)), "gzip"), (brotli.compress(bytes(50_000_000)), "br")],
    ids=["gzip", "br"],
)
def test_a_body_that_grows_is_not_decoded_whole(body: bytes, coding: str) -> None:
    with pytest.raises(BodyError, match="too_large"):
        decoded(body, [coding], 100_000)


def test_a_body_that_breaks_off_is_decoded_up_to_there() -> None:
    body = gzip.compress(b"".join(b"%d " % number for number in range(9_999)))
    assert decoded(body[: len(body) // 2], ["gzip"], 100_000).startswith(b"0 1 2 3 ")


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "lzw", "gzip, gzip, gzip, gzip"])
def test_what_is_not_in_its_coding_is_refused(coding: str) -> None:
    with pytest.raises(BodyError):
        decoded(PAGE, [coding], 1_000_000)


@pytest.mark.parametrize("body", [b"", PAGE, b"3\r\nabc", b"3;x=y\r\nabc\r\n0\r\n"])
def test_chunks_may_be_damaged(body: bytes) -> None:
    assert without_chunks(body) in (b"", PAGE, b"abc")
