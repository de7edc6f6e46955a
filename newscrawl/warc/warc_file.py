"""One WARC file that grows: a gzip member for each record."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from types import MappingProxyType
from typing import IO, TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date
from warcio.warcwriter import WARCWriter

from newscrawl.warc.exchange import Role, kept_request_headers, kept_response_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from warcio.recordloader import ArcWarcRecord

    from newscrawl.warc.exchange import ArchivedResponse, Exchange

VERSION = "WARC/1.1"
_FIELDS = "application/warc-fields"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
SAME_PAYLOAD, NOT_MODIFIED = f"{_PROFILE}identical-payload-digest", f"{_PROFILE}server-not-modified"
"""Profiles of revisit records (WARC 1.1, 6.7)."""
REFERS_TO_FILE, REFERS_TO_OFFSET = "WARC-Refers-To-Filename", "WARC-Refers-To-File-Offset"
"""Where the record is that a revisit record refers to: a file in the same folder."""


class WarcFile:
    """Writes records to an open file.

    Each method returns the id of the record, and raises OSError if it cannot be written.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        """Store the file, opened for writing in binary mode, and its final name."""
        self.file = file
        self.name = name
        self._info_id: str | None = None
        self._writer = WARCWriter(file, gzip=True, warc_version=VERSION)

    @property
    def length(self) -> int:
        """Bytes written so far: the offset of the next record."""
        return self.file.tell()

    def write_info(self, fields: Mapping[str, str]) -> str:
        """Write the record that describes the file."""
        self._info_id = self._write(self._writer.create_warcinfo_record(self.name, dict(fields)))
        return self._info_id

    def write_response(self, exchange: Exchange) -> str:
        """Write a response with its payload."""
        headers = {**_record_headers(exchange), "WARC-Payload-Digest": exchange.digest}
        if exchange.is_cut_off:
            headers["WARC-Truncated"] = "disconnect"
        return self._write(
            self._writer.create_warc_record(
                exchange.url,
                "response",
                payload=BytesIO(exchange.body),
                length=len(exchange.body),
                http_headers=_response_head(exchange),
                warc_headers_dict=headers,
            )
        )

    def write_revisit(self, exchange: Exchange, earlier: ArchivedResponse | None) -> str:
        """Write a response without its payload: an earlier record has it, or the server.

        Args:
            exchange: the response.
            earlier: the record that has the payload; None where none is known.
        """
        headers = _record_headers(exchange)
        headers["WARC-Profile"] = NOT_MODIFIED if exchange.status == 304 else SAME_PAYLOAD
        if earlier is not None:
            headers |= {
                "WARC-Refers-To": earlier.record_id,
                "WARC-Refers-To-Target-URI": exchange.url,
                "WARC-Refers-To-Date": earlier.date,
                REFERS_TO_FILE: earlier.location.file,
                REFERS_TO_OFFSET: str(earlier.location.offset),
                "WARC-Payload-Digest": earlier.digest,
            }
        return self._write(
            self._writer.create_warc_record(
                exchange.url,
                "revisit",
                http_headers=_response_head(exchange),
                warc_headers_dict=headers,
            )
        )

    def write_rendered(self, exchange: Exchange, original: str | None) -> str:
        """Write a page after its scripts have run; `original` is the id of what was served."""
        headers = _record_headers(exchange)
        if original is not None:
            headers["WARC-Refers-To"] = original
        return self.write_conversion(exchange, "text/html; charset=utf-8", exchange.body, headers)

    def write_conversion(
        self, exchange: Exchange, content_type: str, content: bytes, headers: Mapping[str, str]
    ) -> str:
        """Write what was made from a response."""
        return self._write(
            self._writer.create_warc_record(
                exchange.url,
                "conversion",
                payload=BytesIO(content),
                length=len(content),
                warc_content_type=content_type,
                warc_headers_dict={**_record_headers(exchange), **headers},
            )
        )

    def write_request(self, exchange: Exchange) -> str:
        """Write the request of a response that was written."""
        path = exchange.url.split("#", 1)[0].split("/", 3)
        target = "/" + (path[3] if len(path) > 3 else "")
        head = StatusAndHeaders(
            f"{exchange.method} {target} {exchange.protocol}",
            kept_request_headers(exchange.request_headers),
            is_http_request=True,
        )
        return self._write(
            self._writer.create_warc_record(
                exchange.url,
                "request",
                payload=BytesIO(exchange.request_body),
                length=len(exchange.request_body),
                http_headers=head,
                warc_headers_dict={
                    "WARC-Date": warc_date(exchange.received_at),
                    "WARC-Concurrent-To": str(exchange.record_id),
                },
            )
        )

    def write_metadata(self, exchange: Exchange, fields: Iterable[tuple[str, str]]) -> str:
        """Write what became of a response that was written."""
        headers = {
            "WARC-Date": warc_date(exchange.received_at),
            "WARC-Concurrent-To": str(exchange.record_id),
        }
        return self.write_fields(exchange.url, fields, headers)

    def write_fields(
        self,
        url: str,
        fields: Iterable[tuple[str, str]],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Write fields about an address."""
        text = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields).encode()
        return self._write(
            self._writer.create_warc_record(
                url,
                "metadata",
                payload=BytesIO(text),
                length=len(text),
                warc_content_type=_FIELDS,
                warc_headers_dict=dict(headers),
            )
        )

    def _write(self, record: ArcWarcRecord) -> str:
        if self._info_id is not None:
            # It stays true where records of several files are combined.
            record.rec_headers.add_header("WARC-Warcinfo-ID", self._info_id)
        self._writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))


def warc_date(moment: datetime) -> str:
    """Return an aware time as `WARC-Date` has it: UTC, to the microsecond."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return str(datetime_to_iso_date(naive, use_micros=True))


def _record_headers(exchange: Exchange) -> dict[str, str]:
    headers = {"WARC-Date": warc_date(exchange.received_at)}
    if exchange.ip_address is not None and exchange.role is not Role.RENDERED:
        headers["WARC-IP-Address"] = exchange.ip_address
    return headers


def _response_head(exchange: Exchange) -> StatusAndHeaders:
    return StatusAndHeaders(
        exchange.status_line(), kept_response_headers(exchange.headers), exchange.protocol
    )
