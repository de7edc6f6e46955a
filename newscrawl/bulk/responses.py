"""Turns records of WARC into responses: addresses, headers, and bodies as they were meant."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from newscrawl.bulk.content_coding import BodyError, decoded, without_chunks
from newscrawl.extraction.fetched_page import FetchedPage
from newscrawl.sites.host_names import web_address

if TYPE_CHECKING:
    from newscrawl.bulk.warc_records import WarcRecord

MAX_BODY = 16 * 1024 * 1024
"""Bytes of a decoded body, by default: those of setting DOWNLOAD_MAXSIZE."""
_BROKE_OFF = frozenset({"disconnect", "length", "time", "unspecified"})
_PARSER = StatusAndHeadersParser(["HTTP/"], verify=False)
_HTML = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_MAY_BE_HTML = frozenset({"", "text/plain", "application/octet-stream", "unknown/unknown"})
_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(-[0-9]{2})?")
_STATUS = re.compile(r"[0-9]{3}")
_SNIFFED = 1_024
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<!--")


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response of an archive."""

    url: str
    """`WARC-Target-URI`, without a user name and a password."""
    fetched_at: datetime
    """Aware, UTC."""
    status: int
    headers: dict[str, list[str]] = field(default_factory=dict)
    """Field lines by name in lower case."""
    body: bytes = b""
    """Without transfer and content codings."""
    is_truncated: bool = False

    def page(self, rendered: bytes | None = None) -> FetchedPage:
        """Return it as a page; `rendered` is what a browser made of it."""
        return FetchedPage(
            self.url, self.body, self.headers, self.status, self.is_truncated, rendered
        )

    @property
    def is_html(self) -> bool:
        """Whether it is HTML, by its header; by its first bytes where that says nothing."""
        stated = self.headers.get("content-type", [""])[0].partition(";")[0].strip().lower()
        if stated in _HTML:
            return True
        start = self.body[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return stated in _MAY_BE_HTML and start.startswith(_HTML_STARTS)


def response_of(record: WarcRecord, max_size: int = MAX_BODY) -> ArchivedResponse | str:
    """Return the response of a record of kind `response` or `revisit`, or why it is not one.

    Args:
        record: as read.
        max_size: bytes of the decoded body.
    """
    place = _address_and_time(record)
    if isinstance(place, str):
        return place
    url, date = place
    try:
        stream = io.BytesIO(record.block)
        head = _PARSER.parse(stream)
        status = _status(head.statusline)
    except (StatusAndHeadersParserException, EOFError, ValueError, IndexError):
        return "no_http_headers"
    headers: dict[str, list[str]] = {}
    for name, value in head.headers:
        headers.setdefault(name.lower(), []).append(value)
    body = record.block[stream.tell() :]
    if "chunked" in " ".join(headers.get("transfer-encoding", ())).lower():
        body = without_chunks(body)
    try:
        body = decoded(body, headers.get("content-encoding", ()), max_size)
    except BodyError as error:
        return str(error)
    if len(body) > max_size:
        return "too_large"
    is_truncated = (record.get("WARC-Truncated") or "").lower() in _BROKE_OFF
    return ArchivedResponse(url, date, status, headers, body, is_truncated)


def _status(line: str) -> int:
    """Return the status that a status line states (RFC 9112, 4).

    Raises:
        ValueError: it does not state one.
    """
    text = line.split(" ", 1)[0]
    if not _STATUS.fullmatch(text):
        raise ValueError(text)
    return int(text)


def kept_of_list(record: WarcRecord) -> ArchivedResponse | str:
    """Return what was kept of a list, as a response without headers; else why it is not one."""
    stated, date = _stated_address(record), moment_of(record)
    if date is None:
        return "no_date"
    return ArchivedResponse(web_address(stated) or "", date, 200, {}, record.block)


def resource_of(record: WarcRecord, max_size: int = MAX_BODY) -> ArchivedResponse | str:
    """Return the response that a `resource` stands for, which has no headers; else why not."""
    place = _address_and_time(record)
    if isinstance(place, str):
        return place
    url, date = place
    if len(record.block) > max_size:
        return "too_large"
    headers = {"content-type": [record.get("Content-Type") or "application/octet-stream"]}
    return ArchivedResponse(url, date, 200, headers, record.block)


def revisited(revisit: WarcRecord, earlier: ArchivedResponse) -> ArchivedResponse:
    """Return the response that a revisit stands for: an earlier body, fetched again.

    The headers are those of the revisit where it has any; not those of a 304, which are few.
    """
    own = response_of(revisit)
    date = moment_of(revisit) or earlier.fetched_at
    url = web_address(_stated_address(revisit)) or earlier.url
    if isinstance(own, str) or own.status == 304:
        return replace(earlier, url=url, fetched_at=date)
    return replace(earlier, url=url, fetched_at=date, headers=own.headers, status=own.status)


def _address_and_time(record: WarcRecord) -> tuple[str, datetime] | str:
    """Return the address and the time of a record, or why it is not that of a page."""
    stated, date = _stated_address(record), moment_of(record)
    if not stated:
        return "no_address"
    if not stated[:6].lower().startswith(("http:", "https:")):
        return "not_http"
    url = web_address(stated)
    if url is None:
        return "bad_address"
    return (url, date) if date is not None else "no_date"


def _stated_address(record: WarcRecord) -> str:
    """Return `WARC-Target-URI`, which some programs write in angle brackets, as WARC 1.0 has it."""
    return (record.get("WARC-Target-URI") or "").removeprefix("<").removesuffix(">")


def moment_of(record: WarcRecord, name: str = "WARC-Date") -> datetime | None:
    """Return the time that a named field states; None if it does not.

    Of a time of reduced precision, as WARC 1.1 allows it, it is the beginning.
    """
    text = record.get(name) or ""
    if _YEAR_OR_MONTH.fullmatch(text):
        text = f"{text}-01-01"[:10]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def fields_of(record: WarcRecord) -> dict[str, list[str]]:
    """Return the fields of a block of type `application/warc-fields`, names in lower case."""
    fields: dict[str, list[str]] = {}
    for line in record.block.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), []).append(value.strip())
    return fields
