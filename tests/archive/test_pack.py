"""`scrapy archive pack` writes what readers of web archives open: every article's page is in it."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from newscrawl.archive.captured_pages import CapturedPages
from tests.support import terminals
from tests.support.archiving import add, archive, archives_of, exchange, warc
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl

pytestmark = pytest.mark.e2e


def validated(path: Path) -> str:
    """Return what `wacz validate` prints of a file; it leaves files open, hence its own process."""
    done = subprocess.run(
        [sys.executable, "-m", "wacz", "validate", "-f", str(path)],
        capture_output=True, text=True, check=False, timeout=HANG,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pages_in(path: Path) -> list[dict[str, Any]]:
    """Return the list of pages, after its header."""
    with ZipFile(path) as pack:
        header, *pages = map(json.loads, pack.read("pages/pages.jsonl").splitlines())
    assert header["format"] == "json-pages-1.0"
    return pages


def index_of(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return the index: address and time in 14 digits to what is said of the record."""
    with ZipFile(path) as pack:
        text = gzip.decompress(pack.read("indexes/index.cdx.gz")).decode()
    index = {}
    for line in text.splitlines():
        _, time, described = line.split(" ", 2)
        record = json.loads(described)
        index[record["url"], time] = record
    return index


def payload_in(path: Path, record: dict[str, str]) -> tuple[str, bytes]:
    """Return the address and the page of a record of a packed file, read at its offset."""
    with ZipFile(path) as pack, pack.open(f"archive/{record['filename']}") as file:
        file.seek(int(record["offset"]))
        found = next(iter(ArchiveIterator(io.BytesIO(file.read(int(record["length"]))))))
        return found.rec_headers.get_header("WARC-Target-URI"), found.content_stream().read()


def test_each_article_is_listed_and_found_by_the_index(
    series: Path, archived: Crawl, tmp_path: Path
) -> None:
    out = tmp_path / "esteri.wacz"
    done = archive("pack", "esteri", "-o", out, output=series.parent)
    assert (done.code, done.stderr) == (0, "")
    assert "Validation succeeded" in validated(out)
    pages, index = pages_in(out), index_of(out)
    # Lines name the site's address, records the one that was requested: that of the twin.
    lines = [(line["url"].split("/", 3)[3], line["headline"]) for line in archived.articles]
    assert len(lines) > 10
    assert sorted((page["url"].split("/", 3)[3], page["title"]) for page in pages) == sorted(lines)
    for page in pages:
        assert page["url"].startswith("http://127.0.0.1:")
        record = index[page["url"], "".join(filter(str.isdigit, page["ts"]))]
        address, payload = payload_in(out, record)
        assert address == page["url"]
        assert b"<article" in payload
    assert len({page["id"] for page in pages}) == len(pages)
    with ZipFile(out) as pack:
        names = [f"archive/{path.name}" for path in archives_of(series)]
        assert all(pack.getinfo(name).compress_type == ZIP_STORED for name in names)
        assert [pack.read(name) for name in names] == [
            path.read_bytes() for path in archives_of(series)
        ]
        described = json.loads(pack.read("datapackage.json"))
    assert described["mainPageURL"] == pages[0]["url"]
    assert described["mainPageDate"] == pages[0]["ts"]
    assert described["title"] == "esteri"
    records = sum(report["archive"]["records"] for report in archived.reports)
    summary = f"esteri.wacz: 2 files, {records} records, {len(pages)} pages, "
    assert summary in done.stdout
    assert any(record["mime"] == "warc/revisit" for record in index.values())


def test_without_dumps_pages_have_the_title_of_their_html(series: Path, tmp_path: Path) -> None:
    for path in series.glob("*.jsonl"):
        path.unlink()
    out = tmp_path / "out.wacz"
    assert archive("pack", series, "-o", out, output=tmp_path).code == 0
    assert {page["title"].rpartition(" ")[2] for page in pages_in(out)} == {"Alanews"}


def test_what_a_run_has_not_completed_is_left_out(series: Path, tmp_path: Path) -> None:
    first, second = archives_of(series)
    second.rename(f"{second}.part")
    out = tmp_path / "out.wacz"
    done = archive("pack", "esteri", "-o", out, output=series.parent)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"newscrawl: left out {second}.part: ")
    assert "1 file, " in done.stdout
    with ZipFile(out) as pack:
        packed = [name for name in pack.namelist() if name.startswith("archive/")]
    assert packed == [f"archive/{first.name}"]
    validated(out)


def test_named_files_are_packed_and_the_name_is_that_of_their_folder(
    series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, second = archives_of(series)
    done = archive("pack", second, second, output=tmp_path / "other")
    assert done.stdout.startswith("esteri.wacz: 1 file, ")
    validated(tmp_path / "esteri.wacz")


def page(title: str) -> bytes:
    return f"<title>{title}</title><article>{title}</article>".encode()


def listed(*paths: Path) -> tuple[list[tuple[str, str]], CapturedPages]:
    """Return titles and times of the pages of files, and what has counted them."""
    pages = CapturedPages(paths)
    found = [(each.title, each.date) for each in pages.read(lambda *_: None)]
    return found, pages


def at(second: int) -> str:
    return f"2026-11-28T10:00:{second:02}Z"


def test_a_page_is_listed_once_for_each_line_with_the_time_of_its_payload(tmp_path: Path) -> None:
    first, second = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    with warc(first) as opened:
        earlier = add(opened, exchange(1, page("one"), 1))
        read_later = add(opened, exchange(2, page("two"), 2), "not_article")
        unchanged = add(opened, exchange(3, page("three"), 3), "unchanged")
        add(opened, exchange(4, b"", 4, status=301, headers=[("Location", "/5/")]))
        add(opened, exchange(5, page("cut"), 5), "truncated")
    with warc(second) as opened:
        add(opened, exchange(1, b"", 11, status=304), "unchanged", earlier)
        add(opened, exchange(1, page("one"), 12), "written", earlier)
        add(opened, exchange(1, page("one, edited"), 13))
        add(opened, exchange(1, page("one, other advertisement"), 14), "unchanged")
        add(opened, exchange(3, b"", 15, status=304), "unchanged", unchanged)
        add(opened, exchange(6, b"", 16, status=304), "unchanged")
        add(opened, exchange(2, page("two"), 17), "written", read_later)
    pages = [("one", at(1)), ("three", at(3)), ("cut", at(5))]
    pages += [("one, edited", at(13)), ("two", at(2))]
    assert listed(first, second)[0] == pages
    # Without the first file, what it has cannot be opened.
    found, counted = listed(second)
    assert found == [("one, edited", at(13))]
    assert counted.without_payload == 5
    assert counted.records == 1 + 7 * 3


def test_a_rendered_page_is_opened_as_it_was_served(tmp_path: Path) -> None:
    path = tmp_path / "1.warc.gz"
    with warc(path) as opened:
        served = exchange(1, page("served"), 1)
        served.record_id = opened.write_response(served)
        opened.write_request(served)
        rendered = exchange(1, page("rendered"), 2)
        rendered.record_id = opened.write_rendered(rendered, served.record_id)
        opened.write_metadata(rendered, [("outcome", "written"), ("url", served.url)])
        # A record of a list of REST is not a page.
        record = exchange(2, b"[]", 3)
        record.record_id = opened.write_conversion(record, "application/json", b"[]", {})
        opened.write_metadata(record, [("outcome", "written"), ("article", record.url)])
    assert listed(path)[0] == [("served", at(1))]


def test_a_page_without_a_title_is_listed_by_its_address(tmp_path: Path) -> None:
    path = tmp_path / "1.warc.gz"
    gzipped = [("Content-Type", "text/html; charset=iso-8859-1"), ("Content-Encoding", "gzip")]
    with warc(path) as opened:
        add(opened, exchange(1, b"", 1))
        add(opened, exchange(2, gzip.compress("<title>perché</title>".encode("latin-1")), 2,
                             headers=gzipped))  # fmt: skip
        add(opened, exchange(3, b"not gzip", 3, headers=gzipped))
    titles = [title for title, _ in listed(path)[0]]
    assert titles == ["https://www.example.it/1/", "perché", "https://www.example.it/3/"]


def test_pages_of_any_coding_are_packed(tmp_path: Path) -> None:
    path, out = tmp_path / "1.warc.gz", tmp_path / "out.wacz"
    with warc(path) as opened:
        packers = {"br": brotli.compress, "gzip": gzip.compress}
        for number, (name, compress) in enumerate(packers.items()):
            packed = compress(page(f"in {name}"))
            headers = [("Content-Type", "text/html"), ("Content-Encoding", name)]
            add(opened, exchange(number, packed, number, headers=headers))
    done = archive("pack", path, "-o", out, output=tmp_path)
    assert "1 file, 7 records, 2 pages, " in done.stdout
    assert [listed_page["title"] for listed_page in pages_in(out)] == ["in br", "in gzip"]
    validated(out)


def test_a_file_that_is_compressed_as_a_whole_is_named(tmp_path: Path) -> None:
    path, whole = tmp_path / "1.warc.gz", tmp_path / "whole.warc.gz"
    with warc(path) as opened:
        add(opened, exchange(1, page("one"), 1))
    whole.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    done = archive("pack", whole, "-o", tmp_path / "out.wacz", output=tmp_path)
    assert (done.code, done.stderr.count("\n")) == (1, 1)
    assert "is compressed as a whole and not record by record" in done.stderr


def test_an_archive_without_compression_and_without_pages_is_packed(tmp_path: Path) -> None:
    path, compressed, out = tmp_path / "1.warc", tmp_path / "1.warc.gz", tmp_path / "out.wacz"
    with warc(compressed) as opened:
        add(opened, exchange(1, page("not an article"), 1), "not_article")
    path.write_bytes(gzip.decompress(compressed.read_bytes()))
    done = archive("pack", path, "-o", out, output=tmp_path)
    assert "1 file, 4 records, 0 pages, " in done.stdout
    assert pages_in(out) == []
    assert len(index_of(out)) == 1
    validated(out)


def test_a_terminal_has_a_bar_and_what_it_shows_is_not_taken_for_damage(tmp_path: Path) -> None:
    path = tmp_path / "1.warc.gz"
    with warc(path) as opened:
        # Enough for several updates of the bar.
        for number in range(1000):
            add(opened, exchange(number, page(f"page {number}")))
    line = ["archive", "pack", str(path), "-o", str(tmp_path / "out.wacz")]
    code, printed, shown = terminals.run(line)
    assert (code, printed.count(b"\n")) == (0, 1), shown
    assert b"1.warc.gz" in shown
    assert b"packing" in shown
    assert b"damaged" not in shown


def test_the_list_has_each_run(series: Path, archived: Crawl) -> None:
    second = archives_of(series)[1]
    second.rename(f"{second}.part")
    done = archive("list", "esteri", output=series.parent)
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    for line, report in zip(lines, archived.reports, strict=True):
        assert line.startswith(
            f"{report['run_id']}: {report['archive']['records']} records, 1 file, "
        )
    assert [line.endswith(", not complete") for line in lines] == [False, True]
    assert archive("list", output=series.parent).stdout == done.stdout
