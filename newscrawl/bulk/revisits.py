"""Finds the response whose payload a `revisit` record stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from newscrawl.bulk.responses import ArchivedResponse, moment_of, response_of
from newscrawl.bulk.warc_records import WarcRecord, records
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newscrawl.bulk.warc_records import BadRecord

    OpenFile = Callable[[str], BinaryIO | None]

_MAX_KEYS = 400_000
"""Two for each response, about 120 bytes each."""


class RecordIndex:
    """Where the responses of a file are, as far as it was read; the first 200,000 of them."""

    def __init__(self) -> None:
        self._offsets: dict[int, int] = {}

    def noting(self, entries: Iterable[WarcRecord | BadRecord]) -> Iterator[WarcRecord | BadRecord]:
        """Yield the records of the file, and keep where the responses among them are."""
        for entry in entries:
            if isinstance(entry, WarcRecord) and entry.kind == "response":
                self._note(entry)
            yield entry

    def _note(self, record: WarcRecord) -> None:
        if len(self._offsets) >= _MAX_KEYS:
            return
        number = record.get("WARC-Record-ID")
        if number:
            self._offsets.setdefault(key_of(number), record.offset)
        if key := _key_of_capture(record, "WARC-Target-URI", "WARC-Date"):
            self._offsets.setdefault(key, record.offset)

    def offset_of(self, revisit: WarcRecord) -> int | None:
        """Return where the response is that a revisit refers to; None if it was not read."""
        number = revisit.get("WARC-Refers-To")
        if number and (offset := self._offsets.get(key_of(number))) is not None:
            return offset
        key = _key_of_capture(revisit, "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
        return self._offsets.get(key) if key else None


def _key_of_capture(record: WarcRecord, url_field: str, date_field: str) -> int | None:
    """Return the key of an address and a time, to the second."""
    url, moment = record.get(url_field), moment_of(record, date_field)
    return key_of(f"{url} {moment:%Y%m%d%H%M%S}") if url and moment else None


def in_file_beside(
    revisit: WarcRecord, open_file: OpenFile, max_size: int
) -> ArchivedResponse | None:
    """Return the response at the place that a revisit of ours names, in a file of its folder."""
    name = revisit.get("WARC-Refers-To-Filename")
    offset = _number(revisit.get("WARC-Refers-To-File-Offset"))
    if not name or offset is None:
        return None
    try:
        stream = open_file(name)
        if stream is None:
            return None
        with stream:
            return _response_at(stream, offset, revisit, max_size)
    except OSError:
        return None


def in_same_file(
    revisit: WarcRecord, stream: BinaryIO, offset: int | None, max_size: int
) -> ArchivedResponse | None:
    """Return the response at an offset; the stream then stands where it stood before.

    Raises:
        OSError: the file cannot be read.
    """
    if offset is None or not stream.seekable():
        return None
    position = stream.tell()
    try:
        return _response_at(stream, offset, revisit, max_size)
    finally:
        stream.seek(position)


def _response_at(
    stream: BinaryIO, offset: int, revisit: WarcRecord, max_size: int
) -> ArchivedResponse | None:
    stream.seek(offset)
    record = next(records(stream), None)
    if not isinstance(record, WarcRecord) or record.kind != "response":
        return None
    if not _refers_to(revisit, record):
        return None
    response = response_of(record, max_size)
    return None if isinstance(response, str) else response


def _refers_to(revisit: WarcRecord, record: WarcRecord) -> bool:
    """Return whether a revisit refers to a record, by its address if it states that."""
    url = revisit.get("WARC-Refers-To-Target-URI")
    if url is not None:
        return record.get("WARC-Target-URI") == url
    return record.get("WARC-Record-ID") == revisit.get("WARC-Refers-To")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None
