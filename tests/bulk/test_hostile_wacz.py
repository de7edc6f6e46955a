"""Of a WACZ whose ZIP is damaged, or misleads, nothing is read twice or without a bound."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from newscrawl.bulk import packed_archives
from newscrawl.bulk.packed_archives import PackedArchives, PackError
from newscrawl.bulk.warc_records import WarcRecord, records
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    from collections.abc import Iterable

URL = "https://www.example.it/cronaca/titolo-della-notizia/"
NAME = "archive/a.warc.gz"


def archive(count: int = 1) -> bytes:
    written = Archive()
    for _ in range(count):
        written.response(URL, b"<html><body>Testo</body></html>")
    return written.data


def packed(*names: str, method: int = zipfile.ZIP_STORED, data: bytes | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name in names:
            file.writestr(name, archive() if data is None else data)
    return buffer.getvalue()


def changed(data: bytes, place: int, form: str, value: int) -> bytes:
    return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]


def read(data: bytes) -> dict[str, int | str]:
    """Return for each archive how many records it has, or why it is not read."""
    archives = PackedArchives(io.BytesIO(data))
    result: dict[str, int | str] = {}
    for name in archives.names:
        try:
            with archives.open(name) as member:
                found = [entry for entry in records(member) if isinstance(entry, WarcRecord)]
        except OSError as error:
            result[name] = str(error)
        else:
            result[name] = len(found)
    return result


def directory_of(data: bytes) -> int:
    return data.index(b"PK\x01\x02")


def one_entry(data: bytes, names: Iterable[str]) -> bytes:
    """Return a ZIP with one member, which its directory lists under several names."""
    directory, end = directory_of(data), data.index(b"PK\x05\x06")
    entries = b"".join(data[directory : directory + 46] + name.encode() for name in names)
    count = len(list(names))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), directory, 0)
    assert data[directory + 46 : end] == NAME.encode()
    return data[:directory] + entries + tail


def test_a_name_that_is_listed_twice_is_read_once() -> None:
    assert read(one_entry(packed(NAME), [NAME, NAME])) == {NAME: 1}


def test_members_of_the_same_bytes_are_read_once() -> None:
    names = [NAME, "archive/b.warc.gz"]
    assert read(one_entry(packed(NAME), names)) == {
        NAME: 1,
        names[1]: f"it is the same bytes as {NAME}",
    }


def test_a_member_does_not_reach_into_the_next_one() -> None:
    data = packed(NAME, "archive/b.warc.gz")
    first = directory_of(data)
    for place in (first + 20, first + 24):
        data = changed(data, place, "<L", len(archive()) + 60)
    found = read(data)
    assert found["archive/b.warc.gz"] == 1
    assert found[NAME] == "it is longer in the directory of the ZIP than in the file"


def test_methods_without_a_bound_are_not_read() -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        why = "the ZIP has compressed it by another method than deflate"
        assert read(packed(NAME, method=method)) == {NAME: why}
    assert read(packed(NAME, method=zipfile.ZIP_DEFLATED)) == {NAME: 1}
    data = packed(NAME)
    assert read(changed(data, directory_of(data) + 8, "<H", 1)) == {NAME: "it is encrypted"}


@pytest.mark.parametrize(
    ("behind", "form", "value", "why"),
    [
        (12, "<L", 0x7FFFFFFF, "cannot be read"),
        (12, "<L", 7, "cannot be read"),
        (12, "<L", 0, "has no archive"),
    ],
)
def test_a_directory_in_another_place_is_one_reason(
    behind: int, form: str, value: int, why: str
) -> None:
    data = packed(NAME)
    with pytest.raises(PackError, match=why):
        read(changed(data, data.index(b"PK\x05\x06") + behind, form, value))


def test_a_member_before_the_file_is_one_reason() -> None:
    data = packed(NAME)
    broken = changed(data, data.index(b"PK\x05\x06") + 16, "<L", 0x7FFFFFFF)
    assert read(broken) == {NAME: "its header in the ZIP is damaged"}


def test_a_directory_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_archives, "_MAX_DIRECTORY", 200)
    assert read(packed(NAME)) == {NAME: 1}
    with pytest.raises(PackError, match="directory is too large"):
        read(packed(*(f"archive/{number}.warc.gz" for number in range(9))))


def test_what_is_compressed_is_not_decompressed_again_without_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    damaged = (archive()[:60] + b"x" * 200 + archive()) * 50
    data = packed(NAME, method=zipfile.ZIP_DEFLATED, data=damaged)
    assert read(data) == {NAME: 50}
    monkeypatch.setattr(packed_archives, "_MAX_REPEATED", 10 * len(damaged))
    (why,) = read(data).values()
    assert "needed more than once" in str(why)
