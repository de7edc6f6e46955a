"""Writes and reads a WARC, with warcio and trafilatura; runs in the peers' environment.

`python -m benchmarks.peers.warc_reading write PAGES WARC` turns JSON lines with `html` and `url`
into responses; `read WARC OUT PROCESSES` has trafilatura read them into JSON lines.
"""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from io import BytesIO
from multiprocessing import Pool
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def write(pages: Path, warc: Path) -> None:
    """Write a compressed WARC with a response record for each page."""
    writer_of = import_module("warcio.warcwriter").WARCWriter
    headers_of = import_module("warcio.statusandheaders").StatusAndHeaders
    with warc.open("wb") as file:
        writer = writer_of(file, gzip=True)
        for line in pages.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            body = page["html"].encode()
            stated = [("Content-Type", "text/html; charset=UTF-8")]
            headers = headers_of("200 OK", stated, protocol="HTTP/1.1")
            record = writer.create_warc_record(
                page["url"], "response", payload=BytesIO(body), http_headers=headers
            )
            writer.write_record(record)


def responses(warc: Path) -> Iterator[tuple[str, bytes]]:
    """Yield address and body of each response."""
    iterator_of = import_module("warcio.archiveiterator").ArchiveIterator
    with warc.open("rb") as file:
        for record in iterator_of(file):
            if record.rec_type == "response":
                url = record.rec_headers.get_header("WARC-Target-URI")
                yield url, record.content_stream().read()


def extract(page: tuple[str, bytes]) -> str:
    """Return trafilatura's reading of one page as a line of JSON."""
    url, html = page
    document = import_module("trafilatura").bare_extraction(
        html, url=url, with_metadata=True, include_comments=False
    )
    fields = {"headline": document.title, "body": document.text} if document else {}
    return json.dumps({"url": url, **fields}, ensure_ascii=False)


def read(warc: Path, out: Path, processes: int) -> None:
    """Read all pages with so many processes; 1 is this one."""
    with out.open("w", encoding="utf-8") as file:
        if processes == 1:
            file.writelines(f"{line}\n" for line in map(extract, responses(warc)))
            return
        with Pool(processes) as pool:
            lines = pool.imap_unordered(extract, responses(warc), chunksize=16)
            file.writelines(f"{line}\n" for line in lines)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write")
    writing.add_argument("pages", type=Path)
    writing.add_argument("warc", type=Path)
    reading = commands.add_parser("read")
    reading.add_argument("warc", type=Path)
    reading.add_argument("out", type=Path)
    reading.add_argument("processes", type=int)
    given = parser.parse_args()
    if given.command == "write":
        write(given.pages, given.warc)
    else:
        read(given.warc, given.out, given.processes)


if __name__ == "__main__":
    main()
