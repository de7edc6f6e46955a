"""Reads WARC files: checks every record, and finds the pages of articles in them."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import redirect_stderr
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from parsel import Selector
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from newscrawl import dumps
from newscrawl.archive.series_files import ArchiveError
from newscrawl.dumps.files import DAMAGED, SUFFIXES
from newscrawl.dumps.paths import stem_of_archive
from newscrawl.formatting import display_path
from newscrawl.outcomes.outcome import Kind
from newscrawl.pages.charset import to_utf8
from newscrawl.text import fold, key_of
from newscrawl.warc import brotli_bodies
from newscrawl.warc.exchange import Location
from newscrawl.warc.other_formats import OtherFormatError, check_format
from newscrawl.warc.warc_file import REFERS_TO_FILE, REFERS_TO_OFFSET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_WRITTEN = frozenset({Kind.WRITTEN.value, Kind.TRUNCATED.value})
_LISTED = _WRITTEN | {Kind.UNCHANGED.value}
"""Outcomes of articles that a dump of the series has."""
_BLOCK = 1 << 18
_ZEROS = bytes(8)
"""The last bytes of a gzip member, its checksum and size, are never these (RFC 1952, 2.3.1)."""
_MAX_PAGE = 1 << 23
"""Bytes of a page in which its title is looked for."""


class CapturedPage(NamedTuple):
    """The page of an article, as a reader of web archives finds it."""

    url: str
    """As in the record that has its payload."""
    date: str
    """When that was served: ISO 8601 in UTC, to the second, as indexes have it."""
    title: str
    record: Location
    """That record."""


@dataclass(frozen=True, slots=True)
class _Capture:
    """What a record says of a page."""

    url: str
    date: str
    payload: Location | None
    """The record that has the payload; None if it is not known, or is not a page."""
    read_from: Location | None
    """The record that a line names: the payload, or the page after its scripts have run."""


class CapturedPages:
    """Yields the pages of articles of some WARC files; counts what it has read."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Store the files, those of a run one after the other, in their order."""
        brotli_bodies.enable()
        self._paths = {path.name: path for path in paths}
        self._listed: set[Location] = set()
        self._listed_urls: set[int] = set()
        self._titles: dict[Location, str] = {}
        self._titles_of: Path | None = None
        self.records = 0
        self.without_payload = 0
        """Visits to pages whose payload is in a file that is not among these."""

    def read(self, on_read: Callable[[Path, int], None]) -> Iterator[CapturedPage]:
        """Yield each page of an article once for each line, those with a line first.

        A page that was unchanged is listed if no other is of its address.

        Args:
            on_read: called with a file and up to which byte it was read.

        Raises:
            ArchiveError: a file is damaged, or is not a WARC file.
            OSError: a file cannot be read.
        """
        for path in self._paths.values():
            _check_file(path)
            captures: dict[str, _Capture] = {}
            for record, offset in _records(path):
                self.records += 1
                on_read(path, offset)
                capture = _capture_of(record, Location(path.name, offset), captures)
                if capture is not None:
                    captures[record.rec_headers.get_header("WARC-Record-ID")] = capture
                elif record.rec_type == "metadata":
                    yield from self._page(record, path, captures)

    def _page(
        self, record: Any, path: Path, captures: dict[str, _Capture]
    ) -> Iterator[CapturedPage]:
        fields = _fields(record.content)
        outcome = fields.get("outcome")
        capture = captures.get(record.rec_headers.get_header("WARC-Concurrent-To") or "")
        if outcome not in _LISTED or "url" not in fields or capture is None:
            return
        payload = capture.payload
        holder = self._paths.get(payload.file) if payload is not None else None
        if payload is None or holder is None or holder.parent != path.parent:
            self.without_payload += 1
            return
        url_key = key_of(capture.url)
        is_known = outcome not in _WRITTEN and url_key in self._listed_urls
        if payload in self._listed or is_known:
            return
        self._listed.add(payload)
        self._listed_urls.add(url_key)
        yield CapturedPage(
            capture.url, f"{capture.date[:19]}Z", self._title(capture, path, payload), payload
        )

    def _title(self, capture: _Capture, path: Path, payload: Location) -> str:
        """Return the headline of the line, else the title of the page, else its address."""
        stem = stem_of_archive(path)
        if stem != self._titles_of:
            self._titles, self._titles_of = _headlines(stem), stem
        headline = self._titles.get(capture.read_from) if capture.read_from is not None else None
        return headline or _html_title(self._paths[payload.file], payload.offset) or capture.url


def _check_file(path: Path) -> None:
    """Read a compressed file to its end, since warcio takes what is damaged for the end.

    Raises:
        ArchiveError: it is damaged, or of another format.
    """
    with path.open("rb") as file:
        try:
            check_format(file)
        except OtherFormatError as error:
            raise ArchiveError(f"{display_path(path)} {error}") from None
        if file.read(2) != b"\x1f\x8b":
            return
        file.seek(-len(_ZEROS), io.SEEK_END)
        has_padding = file.read() == _ZEROS
    if has_padding:
        raise ArchiveError(
            f"{display_path(path)} ends in zero bytes, which a WACZ cannot have behind records: "
            "`gunzip -c` and `warcio recompress` make a file without them"
        )
    try:
        with gzip.open(path) as stream:
            while stream.read(_BLOCK):
                pass
    except EOFError:
        raise _damaged(path, "the file is cut off") from None
    except DAMAGED as error:
        raise _damaged(path, str(error)) from None


def _records(path: Path) -> Iterator[tuple[Any, int]]:
    """Yield each record, with its `content` if that is short, and its offset in bytes.

    Raises:
        ArchiveError: the file is damaged, or is not a WARC file.
    """
    number = 0
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        while True:
            try:
                # What warcio prints it also counts.
                with redirect_stderr(io.StringIO()):
                    record = next(records, None)
                    if record is not None:
                        _read_to_end(record)
                        offset = records.get_record_offset()
            except ArchiveLoadFailed as error:
                if not number:
                    raise ArchiveError(f"{display_path(path)} is not a WARC file") from None
                raise _damaged(path, fold(str(error)), number) from None
            except (ValueError, zlib.error) as error:
                raise _damaged(path, fold(str(error)), number) from None
            if records.err_count:
                raise _damaged(path, "a record is longer than it states", number)
            if record is None:
                break
            if record.raw_stream.limit:
                raise _damaged(path, "the file is cut off", number)
            number += 1
            yield record, offset
    if not number:
        raise ArchiveError(f"{display_path(path)} is not a WARC file: it has no record")


def _read_to_end(record: Any) -> None:
    """Read a record, so that its digest is checked; keep what was read of a metadata record."""
    record.content = b""
    while block := record.raw_stream.read(_BLOCK):
        if record.rec_type == "metadata" and len(record.content) < _MAX_PAGE:
            record.content += block


def _damaged(path: Path, cause: str, number: int | None = None) -> ArchiveError:
    if "non-chunked gzip" in cause:
        raise ArchiveError(
            f"{display_path(path)} is compressed as a whole and not record by record: "
            "`warcio recompress` makes a file that can be packed"
        )
    after = f" after {number:,} record{'s' * (number != 1)}" if number else ""
    return ArchiveError(f"{display_path(path)} is damaged{after}: {cause[:120]}; copy it again")


def _capture_of(record: Any, own: Location, captures: dict[str, _Capture]) -> _Capture | None:
    headers = record.rec_headers
    url, date = headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date")
    if record.rec_type == "response":
        status = record.http_headers.get_statuscode() if record.http_headers else ""
        return _Capture(url, date, own, own) if status[:1] == "2" else None
    if record.rec_type == "revisit":
        earlier = _earlier(headers)
        url = headers.get_header("WARC-Refers-To-Target-URI") or url
        date = headers.get_header("WARC-Refers-To-Date") or date
        return _Capture(url, date, earlier, earlier)
    if record.rec_type == "conversion":
        # A page after its scripts have run: what was served is what is opened.
        original = captures.get(headers.get_header("WARC-Refers-To") or "")
        if original is not None:
            return _Capture(original.url, original.date, original.payload, own)
    return None


def _earlier(headers: Any) -> Location | None:
    file, offset = headers.get_header(REFERS_TO_FILE), headers.get_header(REFERS_TO_OFFSET)
    return Location(file, int(offset)) if file and offset and offset.isdecimal() else None


def _fields(content: bytes) -> dict[str, str]:
    lines = content.decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _headlines(stem: Path) -> dict[Location, str]:
    """Return the headlines of a run's lines by the records from which they were read."""
    headlines = {}
    for path in (stem.with_name(stem.name + suffix) for suffix in SUFFIXES):
        if path.is_file():
            for article in dumps.read(path, skip_bad=True, on_bad=_pass_over):
                if article.archive is not None and article.headline:
                    location = Location(article.archive.file, article.archive.offset)
                    headlines[location] = fold(article.headline)
    return headlines


def _pass_over(error: dumps.DumpError) -> None:
    """Leave out a line that cannot be read: `scrapy validate` says which."""


def _html_title(path: Path, offset: int) -> str:
    with path.open("rb") as file, redirect_stderr(io.StringIO()):
        file.seek(offset)
        record = next(iter(ArchiveIterator(file)))
        try:
            body = record.content_stream().read(_MAX_PAGE)
        except (ValueError, zlib.error):
            return ""
        content_type = record.http_headers.get_header("Content-Type")
    if not body.strip():
        return ""
    page = to_utf8(body, content_type).body.decode("utf-8", "replace")
    return fold(Selector(text=page, type="html").xpath("string(//title)").get())
