"""Archives of real sizes: rotated at the default of 1 GB, packed with more than 4 GiB in all."""

from __future__ import annotations

import gzip
import os
import shutil
import struct
import zlib
from typing import IO, TYPE_CHECKING
from zipfile import ZipFile

import pytest
from scrapy.utils.project import get_project_settings

from newscrawl.bulk.packed_archives import PackedArchives
from newscrawl.bulk.warc_records import BadRecord, WarcRecord, records
from tests.support import archives, rights_site
from tests.support.archiving import add, archive, exchange, warc
from tests.support.front import answer
from tests.support.rights_site import article
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.crawling import Crawl
    from tests.support.front import Front, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.soak]
SIZE = 60
DEFAULT = 1_000_000_000
PAGES, PADDING = 90, 15_000_000
SLACK = 500_000_000
"""Bytes that may arrive until the next commit."""
GIB = 1024**3
_PAGE = 4096


@pytest.fixture(autouse=True)
def _emptied(tmp_path: Path) -> Iterator[None]:
    """Leave no gigabytes behind, as pytest keeps the folders of its last runs."""
    yield
    shutil.rmtree(tmp_path)


def noise() -> bytes:
    """Return 15 MB of gzip members that are empty, with random bytes in their headers (FEXTRA)."""
    extra = 0xFFFF
    head = b"\x1f\x8b\x08\x04" + bytes(6) + struct.pack("<H", extra)
    return b"".join(
        head + os.urandom(extra) + b"\x03\0" + bytes(8) for _ in range(PADDING // extra)
    )


def test_a_series_is_rotated_at_the_default_and_each_line_names_its_record(
    front: Front, tmp_path: Path
) -> None:
    assert get_project_settings().getint("ARCHIVE_MAX_SIZE") == DEFAULT
    padding = noise()

    def page(visit: Visit, _: socket.socket) -> bytes:
        title = f"Un titolo di prova con numero {visit.path.strip('/').rpartition('-')[2]}"
        text = article().replace("Un titolo di prova", title)
        return answer(gzip.compress(text.encode()) + padding, Content_Encoding="gzip")

    front.answers[r"^/mondo/un-titolo-[0-9]+/$"] = page
    paths = [f"/mondo/un-titolo-{number}/" for number in range(PAGES)]
    run = rights_site.run(front, tmp_path, *paths, settings={"ARCHIVE": "warc"})
    assert (run.code, len(run.articles)) == (0, PAGES), run.stderr[-2_000:]
    files = archives.files(run.folder)
    assert [*archives.parts(run.folder)] == []
    assert run.reports[-1]["archive"]["files"] == [f"esteri/{path.name}" for path in files]
    sizes = [path.stat().st_size for path in files]
    assert len(sizes) > 1
    assert all(DEFAULT <= size <= DEFAULT + SLACK for size in sizes[:-1]), sizes
    assert sizes[-1] < DEFAULT + SLACK
    responses = {}
    for path in files:
        for place, url in _responses(path).items():
            responses[path.name, place] = url
    for line in run.articles:
        url = responses[line["archive"]["file"], line["archive"]["offset"]]
        number = line["headline"].rpartition(" ")[2]
        assert url == f"{front.url}/mondo/un-titolo-{number}/"
    _check_pages(run)


def _responses(path: Path) -> dict[int, str]:
    """Return the address of each response by its offset; every record is whole."""
    found = {}
    with path.open("rb") as file:
        for record in records(file):
            assert not isinstance(record, BadRecord), record
            if record.kind == "response":
                found[record.offset] = str(record.get("WARC-Target-URI"))
    return found


def _check_pages(run: Crawl) -> None:
    """Fail unless the record of a line has its page, to the first and last byte."""
    for line in run.articles[::10]:
        record = archives.of_line(run.folder, line)
        assert line["headline"] in gzip.decompress(record.payload).decode()


def _write_sparsely(file: IO[bytes], data: bytes) -> None:
    """Write data without taking space on the disk for its zeros."""
    zeros, view = bytes(_PAGE), memoryview(data)
    start = 0
    while start < len(view):
        end = min(len(view), start + _PAGE - file.tell() % _PAGE)
        if end - start == _PAGE and view[start:end] == zeros:
            file.seek(_PAGE, os.SEEK_CUR)
        else:
            file.write(view[start:end])
        start = end


def _large_record(number: int) -> bytes:
    """Return a response of 15 MB of zeros, in a gzip member that does not compress them."""
    written = Archive(is_gzip=False)
    kind = [("Content-Type", "application/octet-stream")]
    written.response(f"https://www.example.it/file-{number}", bytes(15_000_000), kind)
    member = zlib.compressobj(0, wbits=31)
    return member.compress(written.data) + member.flush()


def _large_series(folder: Path) -> int:
    """Write five archives with an article at the end of each; return the number of responses."""
    folder.mkdir(parents=True)
    large, count = _large_record(0), 0
    for number in range(5):
        path = folder / f"2026-11-28T10-00-00Z-{number:05}.warc.gz"
        with warc(path) as opened:
            while opened.length < DEFAULT:
                _write_sparsely(opened.file, large)
                count += 1
            add(opened, exchange(number, article().encode()))
            count += 1
    return count


def test_a_series_of_more_than_4_gib_is_packed_and_opened_again(tmp_path: Path) -> None:
    folder, out = tmp_path / "output" / "esteri", tmp_path / "esteri.wacz"
    count = _large_series(folder)
    assert sum(path.stat().st_size for path in archives.files(folder)) > 4 * GIB
    done = archive("pack", "esteri", "-o", out, output=folder.parent)
    assert (done.code, done.stderr) == (0, "")
    with ZipFile(out) as packed:
        infos = [info for info in packed.infolist() if info.filename.startswith("archive/")]
        assert max(info.header_offset for info in packed.infolist()) > 4 * GIB
        assert packed.read("datapackage.json")
    with out.open("rb") as file:
        archived = PackedArchives(file)
        assert archived.names == sorted(info.filename for info in infos)
        responses = 0
        for name in archived.names:
            with archived.open(name) as member:
                for record in records(member):
                    assert isinstance(record, WarcRecord), record
                    responses += record.kind == "response"
                    last = record
            assert last.kind == "metadata"
    assert responses == count
