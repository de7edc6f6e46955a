"""What the archives of runs hold, read by warcio."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Record:
    """One record, with its payload as it was served."""

    kind: str
    headers: dict[str, str]
    head: str
    """Status line and headers of HTTP."""
    payload: bytes

    @property
    def url(self) -> str:
        """Its address."""
        return self.headers.get("WARC-Target-URI", "")

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields of a record of `application/warc-fields`."""
        lines = self.payload.decode().splitlines()
        return [(name, value) for name, _, value in (line.partition(": ") for line in lines)]


def files(folder: Path) -> list[Path]:
    """Return the complete files of the archives of a series, oldest first."""
    return sorted(folder.glob("*.warc.gz"))


def records(path: Path) -> list[Record]:
    """Return all records of a file."""
    with path.open("rb") as file:
        return [_record(record) for record in ArchiveIterator(file, no_record_parse=False)]


def of_line(folder: Path, line: dict[str, Any]) -> Record:
    """Return the record that a line names."""
    with (folder / line["archive"]["file"]).open("rb") as file:
        file.seek(line["archive"]["offset"])
        return _record(next(iter(ArchiveIterator(file))))


def everything(folder: Path) -> list[Record]:
    """Return the records of all complete files."""
    return [record for path in files(folder) for record in records(path)]


def outcomes(found: list[Record]) -> dict[str, list[tuple[str, str]]]:
    """Return for the id of each record that has one what its metadata record says."""
    return {
        record.headers["WARC-Concurrent-To"]: record.fields
        for record in found
        if record.kind == "metadata"
    }


def faults(path: Path) -> list[str]:
    """Return what warcio finds wrong with the digests and lengths of a file."""
    checker = Checker(_Options())
    checker.process_one(str(path))
    return [] if not checker.exit_value else [f"{path.name}: warcio check fails"]


class _Options:
    inputs = ()
    verbose = False


def _record(record: Any) -> Record:
    payload = record.raw_stream.read()
    http = record.http_headers
    return Record(
        record.rec_type,
        dict(record.rec_headers.headers),
        http.to_str() if http is not None else "",
        payload,
    )


def plain_bytes(path: Path) -> bytes:
    """Return the content of a file; that of an archive is decompressed, also if it is cut off."""
    content = path.read_bytes()
    if ".warc.gz" not in path.name:
        return content
    plain = b""
    while content:
        member = zlib.decompressobj(wbits=31)
        plain += member.decompress(content)
        content = member.unused_data
    return plain


def parts(folder: Path) -> Iterator[str]:
    """Yield the names of files that are still being written."""
    yield from (path.name for path in folder.glob("*.part"))
