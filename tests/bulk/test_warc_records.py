"""Records are read past every kind of damage, and what is damaged is reported once."""

from __future__ import annotations

import gzip
import io
import re
from typing import TYPE_CHECKING

import pytest

from newscrawl.bulk.warc_records import MAX_BLOCK, BadRecord, WarcRecord, records
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTH = re.compile(rb"(?<=Content-Length: )\d+")
URLS = [f"https://www.example.it/{number}" for number in range(5)]
BODY = b"<html><body><p>" + b"Testo della notizia. " * 200 + b"</p></body></html>"


def members(*, is_gzip: bool = True) -> list[bytes]:
    """Return the records of an archive with five responses, each alone."""
    parts: list[bytes] = []
    archive, start = Archive(is_gzip=is_gzip), 0
    for url in URLS:
        archive.response(url, BODY)
        parts.append(archive.data[start:])
        start = len(archive.data)
    return parts


def reading(data: bytes) -> list[str | None]:
    """Return the address of each record, and the reason of each bad one."""
    return [
        entry.reason if isinstance(entry, BadRecord) else entry.get("WARC-Target-URI")
        for entry in records(io.BytesIO(data))
    ]


@pytest.mark.parametrize("is_gzip", [True, False])
def test_whole_files_are_read(is_gzip: bool) -> None:  # noqa: FBT001 - of pytest
    parts = members(is_gzip=is_gzip)
    assert reading(b"".join(parts)) == URLS
    found = list(records(io.BytesIO(b"".join(parts))))
    assert [entry.offset for entry in found] == [sum(map(len, parts[:n])) for n in range(5)]
    again = next(records(io.BytesIO(b"".join(parts)), start=found[3].offset))
    assert again == found[3]
    assert isinstance(again, WarcRecord)
    assert BODY in again.block


def test_a_file_compressed_as_a_whole_is_read() -> None:
    assert reading(gzip.compress(b"".join(members(is_gzip=False)))) == URLS


def _with_length(change: int) -> Callable[[bytes], bytes]:
    return lambda plain: _LENGTH.sub(lambda found: b"%d" % (int(found[0]) + change), plain, 1)


WRONG_LENGTHS = [_with_length(change) for change in (-50, 50, 3_000, 10**6, 10**8, 10**30)]
DAMAGE = [
    *((damage, "wrong_length") for damage in WRONG_LENGTHS),
    (lambda plain: plain.replace(b"Content-Length", b"Content-Lengt"), "wrong_length"),
    (lambda plain: plain.replace(b"WARC-Type", b"WARC-Tipo"), "not_a_record"),
    (lambda plain: plain.replace(b"WARC/1.1", b"WARC/9,9", 1), "not_a_record"),
    (lambda plain: plain.replace(b"WARC/1.1\r\n", b"\r\nX" * 2_000, 1), "not_a_record"),
    (lambda plain: plain.replace(b"WARC-Date", b"a" * 70_000, 1), "not_a_record"),
]


@pytest.mark.parametrize(("damage", "reason"), DAMAGE)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_damage_in_a_file_compressed_as_a_whole_costs_one_record(
    damage: Callable[[bytes], bytes], reason: str, number: int
) -> None:
    parts = members(is_gzip=False)
    parts[number] = damage(parts[number])
    member = gzip.compress(b"".join(parts))
    expected = [*URLS[:number], reason, *URLS[number + 1 :]]
    assert reading(member + member) == expected * 2
    found = list(records(io.BytesIO(member + gzip.compress(parts[0]))))
    assert [entry.offset for entry in found[-2:]] == [0, len(member)]


@pytest.mark.parametrize("number", [0, 2, 4])
def test_the_first_and_the_last_record_of_a_member_may_be_damaged(number: int) -> None:
    parts = members(is_gzip=False)
    parts[number] = WRONG_LENGTHS[0](parts[number])
    expected = [*URLS[:number], "wrong_length", *URLS[number + 1 :]]
    assert reading(gzip.compress(b"".join(parts)) * 2) == expected * 2


def test_damaged_bytes_in_a_file_compressed_as_a_whole_cost_what_is_behind_them() -> None:
    parts = members(is_gzip=False)
    data = gzip.compress(b"".join(parts) * 20)
    # The checksum at the end does not say which record is damaged.
    found = reading(data[:-8] + bytes(8) + gzip.compress(parts[0]))
    assert found == [*(URLS * 20)[:-1], "damaged_gzip", URLS[0]]


def test_records_within_a_page_are_not_read() -> None:
    archive = Archive()
    archive.response(URLS[0], BODY)
    archive.response(URLS[1], b"\r\n\r\n" + members(is_gzip=False)[2] * 2)
    start = len(archive.data)
    archive.response(URLS[3], BODY)
    whole, last = archive.data[:start], archive.data[start:]
    assert reading(whole + last) == [URLS[0], URLS[1], URLS[3]]
    assert reading(whole[:-8] + bytes(8) + last) == [URLS[0], "damaged_gzip", URLS[3]]


@pytest.mark.parametrize("size", [1, 1_000, 70_000, 3_000_000])
@pytest.mark.parametrize("is_gzip", [True, False])
def test_zero_bytes_behind_records_are_padding(is_gzip: bool, size: int) -> None:  # noqa: FBT001 - of pytest
    data = b"".join(members(is_gzip=is_gzip))
    assert reading(data + bytes(size)) == URLS
    assert reading(data + bytes(size) + data) == URLS * 2


@pytest.mark.parametrize("is_gzip", [True, False])
def test_a_file_that_is_cut_off_is_read_up_to_there(is_gzip: bool) -> None:  # noqa: FBT001 - of pytest
    data = b"".join(members(is_gzip=is_gzip))
    assert reading(data[:-100]) == [*URLS[:4], "cut_off"]


def test_damaged_bytes_cost_one_record() -> None:
    parts = members()
    middle = len(parts[2]) // 2
    parts[2] = parts[2][:middle] + b"\x00" * 40 + parts[2][middle + 40 :]
    assert reading(b"".join(parts)) in (
        [*URLS[:2], "damaged_gzip", *URLS[3:]],
        [*URLS[:2], "not_a_record", *URLS[3:]],
    )


def test_a_damaged_first_record_costs_one_record() -> None:
    parts = members()
    parts[0] = b"\x00" * 60 + parts[0][60:]
    assert reading(b"".join(parts)) == ["not_a_record", *URLS[1:]]


@pytest.mark.parametrize("is_gzip", [True, False])
@pytest.mark.parametrize("change", [-50, 50, 3_000])
def test_wrong_lengths_cost_one_record(change: int, is_gzip: bool) -> None:  # noqa: FBT001 - of pytest
    parts = members(is_gzip=is_gzip)
    plain = gzip.decompress(parts[1]) if is_gzip else parts[1]
    head, _, rest = plain.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    place = next(n for n, text in enumerate(lines) if text.startswith(b"Content-Length"))
    lines[place] = b"Content-Length: %d" % (int(lines[place].split()[1]) + change)
    plain = b"\r\n".join(lines) + b"\r\n\r\n" + rest
    parts[1] = gzip.compress(plain) if is_gzip else plain
    assert reading(b"".join(parts)) == [URLS[0], "wrong_length", *URLS[2:]]


def test_a_record_that_is_too_large_is_passed_over() -> None:
    archive = Archive()
    archive.response(URLS[0], BODY)
    archive.response(URLS[1], b"\x00" * (MAX_BLOCK + 1))
    archive.response(URLS[2], BODY)
    assert reading(archive.data) == [URLS[0], "too_large", URLS[2]]


def test_endless_lines_are_not_read_into_memory() -> None:
    parts = members()
    parts[1] = gzip.compress(b"WARC/1.0\r\nX: " + b"a" * 5_000_000)
    assert reading(b"".join(parts)) == [URLS[0], "not_a_record", *URLS[2:]]


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"\x1f\x8b\x08\x00", b"WARC/1.0"])
def test_other_files_are_not_archives(data: bytes) -> None:
    assert not [entry for entry in records(io.BytesIO(data)) if isinstance(entry, WarcRecord)]


@pytest.mark.parametrize("is_gzip", [True, False])
def test_wherever_a_file_is_cut_off_one_record_is_bad(is_gzip: bool) -> None:  # noqa: FBT001 - of pytest
    parts = members(is_gzip=is_gzip)
    start = len(b"".join(parts[:4]))
    for end in range(start + 30, start + len(parts[4]) - 4, 61):
        assert reading(b"".join(parts)[:end]) in (
            [*URLS[:4], "cut_off"],
            [*URLS[:4], "not_a_record"],
        )
