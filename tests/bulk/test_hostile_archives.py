"""Archives that were made to cost much are read in time and memory that their size bounds."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import pytest

from newscrawl.bulk.warc_records import BadRecord, records
from tests.support.cost import at_most
from tests.support.crawling import ROOT
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    from pathlib import Path

GIB = 1024**3
LARGE = pytest.mark.parametrize("size", [GIB, pytest.param(10 * GIB, marks=pytest.mark.soak)])
URL = "https://www.example.it/cronaca/titolo-della-notizia/"
PAGE = b"<html><body><p>" + b"Testo della notizia. " * 200 + b"</p></body></html>"


def one_response(*, is_gzip: bool) -> bytes:
    archive = Archive(is_gzip=is_gzip)
    archive.response(URL, PAGE)
    return archive.data


def head(length: int, kind: str = "response") -> bytes:
    return f"WARC/1.1\r\nWARC-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


def reading(data: bytes) -> list[str | None]:
    with at_most(10):
        return [
            entry.reason if isinstance(entry, BadRecord) else entry.get("WARC-Target-URI")
            for entry in records(io.BytesIO(data))
        ]


@pytest.mark.parametrize("claimed", [10 * GIB, 10**30])
@pytest.mark.parametrize("kind", ["response", "unknown"])
def test_a_plain_record_that_claims_more_than_the_file_costs_one_record(
    claimed: int, kind: str
) -> None:
    whole = one_response(is_gzip=False)
    data = head(claimed, kind) + b"x" * 1_000 + b"\r\n\r\n"
    assert reading(data + whole + data + whole) == ["cut_off", URL, "cut_off", URL]


def test_many_records_that_claim_more_than_the_file_are_each_counted() -> None:
    count = 5_000
    data = (b"\n" + head(10 * GIB)) * count + b"\n" + one_response(is_gzip=False)
    assert reading(data) == [*["cut_off"] * count, URL]


def test_many_records_with_lengths_that_reach_far_do_not_hang() -> None:
    data = (b"\n" + head(1_000_000)) * 100_000
    reasons = reading(data)
    assert set(reasons) == {"wrong_length", "cut_off"}
    # Behind those for which too much would be read again, the next one is where reading ended.
    assert 200 < len(reasons) < 100_000


def test_beginnings_of_records_without_their_end_do_not_hang() -> None:
    count = 20_000
    data = b"\nWARC/1.0" * count + b"\n" + one_response(is_gzip=False)
    assert reading(data) == [*["not_a_record"] * count, URL]


def test_beginnings_of_gzip_members_without_their_end_do_not_hang() -> None:
    data = one_response(is_gzip=True)
    assert reading(data + b"\x1f\x8b\x08" * 100_000 + data) == [URL, "damaged_gzip", URL]


@pytest.mark.parametrize("line", [b"a:\n", b"\n"])
def test_endless_short_lines_do_not_hang(line: bytes) -> None:
    whole = one_response(is_gzip=True)
    bomb = gzip.compress(b"WARC/1.0\r\n" + line * 5_000_000)
    assert reading(bomb * 20 + whole) == [*["not_a_record"] * 20, URL]


@pytest.mark.parametrize("count", [20, pytest.param(5_000, marks=pytest.mark.soak)])
def test_many_damaged_records_compressed_as_a_whole_do_not_hang(count: int) -> None:
    plain = one_response(is_gzip=False)
    claimed = plain.replace(b"Content-Length: ", b"Content-Length: 9")
    reasons = reading(gzip.compress(claimed * count + plain, 1))
    # Of many, for which too much would be read again, the rest is lost.
    assert (count > 20 and "wrong_length" in reasons) or reasons == [*["wrong_length"] * 20, URL]


def test_a_member_of_damaged_records_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "zeros.warc.gz"
    zeros = gzip.compress(head(GIB) + bytes(GIB // 4), 1)
    path.write_bytes(zeros + gzip.compress(one_response(is_gzip=False) * 2))
    assert _in_process(path) == ["wrong_length", URL, URL]


def test_a_member_may_be_larger_than_what_is_searched_at_once() -> None:
    noise = zlib.compress(bytes(range(256)) * 40_000, 0)
    whole = one_response(is_gzip=True)
    for padding in range(4_088, 4_096):
        data = b"\x1f\x8b\x08" + b"\0" * padding + whole
        assert reading(data + noise + whole)[-1] == URL


@LARGE
def test_a_large_record_is_passed_over_in_bounded_memory(tmp_path: Path, size: int) -> None:
    path = tmp_path / "large.warc.gz"
    zeros = bytes(1 << 24)
    with path.open("wb") as file:
        member = zlib.compressobj(1, wbits=31)
        file.write(member.compress(head(size)))
        for _ in range(size // len(zeros)):
            file.write(member.compress(zeros))
        file.write(member.compress(b"\r\n\r\n") + member.flush())
        file.write(one_response(is_gzip=True))
    assert _in_process(path) == ["too_large", URL]


@LARGE
def test_a_large_plain_record_is_passed_over_in_bounded_memory(tmp_path: Path, size: int) -> None:
    path = tmp_path / "large.warc"
    with path.open("wb") as file:
        file.write(head(size))
        # Without taking space on the disk.
        file.truncate(len(head(size)) + size)
        file.seek(0, io.SEEK_END)
        file.write(b"\r\n\r\n" + one_response(is_gzip=False))
    assert _in_process(path) == ["too_large", URL]


_PROGRAM = """
import resource
import sys
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
from newscrawl.bulk.warc_records import BadRecord, records
with open(sys.argv[1], "rb") as file:
    for entry in records(file):
        print(entry.reason if isinstance(entry, BadRecord) else entry.get("WARC-Target-URI"))
"""


def _in_process(path: Path) -> list[str]:
    """Return what is read of a file in a process that may take 512 MiB of addresses."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
