"""CPU time of reading archives, and of a year of CC-NEWS: `python -m benchmarks.bench_bulk`.

Pages are those of a folder (`--pages FOLDER`, saved as `*.html` anywhere in it), else articles of
the twin. Each is written so many times to a WARC file, compressed as crawlers do it, under its own
address and, a second time, with the theme's class names changed, so that it is read as a page of an
unknown layout. Time is CPU time of this process, the best of several rounds. Then
`newscrawl.bulk.Extract` reads the same file, and a MinHash signature is made of each text.
"""

from __future__ import annotations

import argparse
import gzip
import re
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench_extract import pages as twin_pages
from newscrawl.bulk.archive_reader import ArchiveReader, pages
from newscrawl.bulk.archived_articles import ArchivedArticleReader
from newscrawl.extraction.extract import stated_address

if TYPE_CHECKING:
    from collections.abc import Callable

GIB, DAY = 2**30, 86_400
_THEME = re.compile(rb"jeg_|jnews|content-inner|entry-(?=header|content|title)")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"


def saved(folder: Path) -> list[tuple[str, bytes]]:
    """Return the address and the HTML of saved pages."""
    bodies = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    without = "https://www.lavalle.example/2026/11/27/pagina-"
    return [(stated_address(body) or f"{without}{n}/", body) for n, body in enumerate(bodies)]


def record(url: str, body: bytes) -> bytes:
    """Return a compressed record of a response."""
    block = _HEAD + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(block)}"
        f"\r\nWARC-Date: {datetime(2026, 11, 27, 12, tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}\r\n"
        "Content-Type: application/http; msgtype=response\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6)


def archive(named: list[tuple[str, bytes]], times: int, *, is_unknown: bool) -> bytes:
    """Return a WARC file with each page so many times, in other words each time."""
    records = []
    for url, body in named:
        page = _THEME.sub(b"xq", body) if is_unknown else body
        host = "https://www.altrovalle.example/" if is_unknown else None
        address = re.sub(r"^https?://[^/]*/", host, url) if host else url
        if is_unknown:
            origin = "/".join(url.split("/", 3)[:3]).encode()
            page = page.replace(origin, b"https://www.altrovalle.example")
        # Each copy has words of its own, so that nothing that was kept of the one before helps.
        for number in range(times):
            copy = page.replace(b"<p>", b"<p>%d" % number).replace(b" di ", b" di%d " % number)
            records.append(record(address, copy))
    return b"".join(records)


def best(work: Callable[[], object], rounds: int) -> float:
    """Return the CPU seconds of the fastest call."""
    durations = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        durations.append(time.process_time() - start)
    return min(durations)


def read(data: bytes) -> Counter[str]:
    """Read a file to articles; return how many pages each page class has read."""
    reader = ArchivedArticleReader()
    found: Counter[str] = Counter()
    for entry in pages(ArchiveReader().read(BytesIO(data))):
        found["pages"] += 1
        for article in reader.read(entry).articles:
            found[article.extractor.rpartition(" ")[2]] += 1
    return found


def by_datatrove(data: bytes, rounds: int) -> tuple[float, float] | None:
    """Return the CPU seconds of `Extract`, and of the signatures; None without the extra."""
    try:
        from datatrove.pipeline.dedup import MinhashDedupSignature  # noqa: PLC0415 - an extra

        from newscrawl.bulk import Extract  # noqa: PLC0415 - an extra
        from newscrawl.bulk.deduplication import SpacedWords  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.warc.gz").write_bytes(data)
        extracted = best(lambda: [*Extract(folder)(None, 0, 1)], rounds)
        documents = [*Extract(folder)(None, 0, 1)]
        sign = MinhashDedupSignature(f"{folder}/signatures", language=SpacedWords())
        return extracted, best(lambda: sign(iter(documents), 0, 1), rounds)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, help="a folder of saved pages")
    parser.add_argument("--times", type=int, default=4, help="how often each page is in the file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=25, help="of CC-NEWS a day, of 1 GiB each")
    given = parser.parse_args()
    named = (
        saved(given.pages)
        if given.pages
        else [(url, html.encode()) for html, url in twin_pages(40)]
    )
    kilobytes = sum(len(body) for _, body in named) / len(named) / 1000
    print(f"{len(named)} pages of {kilobytes:.0f} kB on average, {given.times} times each")
    for is_unknown in (False, True):
        data = archive(named, given.times, is_unknown=is_unknown)
        count = read(data)
        number = count.pop("pages")
        walk = best(lambda data=data: [*ArchiveReader().read(BytesIO(data))], given.rounds)  # type: ignore[misc]
        whole = best(lambda data=data: read(data), given.rounds)  # type: ignore[misc]
        print(f"\n{'unknown layout' if is_unknown else 'as served'}: {dict(count)}")
        print(f"  compressed            {len(data) / number / 1000:8.1f} kB a page")
        print(f"  records alone         {walk / number * 1000:8.2f} ms a page")
        print(f"  records and articles  {whole / number * 1000:8.2f} ms a page")
        total = whole
        if (measured := by_datatrove(data, given.rounds)) is not None:
            print(f"  Extract               {measured[0] / number * 1000:8.2f} ms a page")
            print(f"  MinHash signatures    {measured[1] / number * 1000:8.2f} ms a page")
            total = sum(measured)
        gib = total * GIB / len(data)
        print(f"  together              {gib:8.0f} CPU seconds a GiB of WARC")
        days = given.files * 365 * gib / DAY
        print(f"  a year of {given.files} GiB a day  {days:6.0f} CPU days")


if __name__ == "__main__":
    main()
