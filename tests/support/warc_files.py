"""WARC files as tests need them: ours, those of others, and their damage."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.version import __version__
from tests.support.answers import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

    from tests.support.answers import Answer

DATE = "2026-11-28T10:00:00Z"


class Archive:
    """A WARC file that is being written, with its records compressed one by one."""

    def __init__(self, *, is_gzip: bool = True) -> None:
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=is_gzip, warc_version="WARC/1.1")

    def save(self, path: Path) -> Path:
        """Write the file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        return path

    @property
    def data(self) -> bytes:
        """What was written so far."""
        return self._buffer.getvalue()

    def info(self, **fields: str) -> None:
        """Write a `warcinfo` with some fields, `_` for `-` in their names."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        self._write(self._writer.create_warcinfo_record("x.warc.gz", named))

    def ours(self, site_url: str, *, site: str = "alanews", source: str = "page") -> None:
        """Write the `warcinfo` of an archive of ours."""
        self.info(
            software=f"newscrawl/{__version__}",
            isPartOf="alanews",
            newscrawl_source=source,
            newscrawl_site=site,
            newscrawl_site_url=site_url,
        )

    def response(  # noqa: PLR0913 - all that a record may have
        self,
        url: str,
        body: bytes,
        headers: Iterable[tuple[str, str]] = (("Content-Type", "text/html; charset=UTF-8"),),
        *,
        status: str = "200 OK",
        date: str = DATE,
        fields: Mapping[str, str] | None = None,
        kind: str = "response",
    ) -> str:
        """Write a response and return its id."""
        http = StatusAndHeaders(status, [*headers], protocol="HTTP/1.1")
        named = {"WARC-Date": date, **(fields or {})}
        record = self._writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=named
        )
        self._write(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def metadata(self, concurrent_to: str, target: str, /, **fields: str | list[str]) -> None:
        """Write the `metadata` of a response."""
        pairs = [
            (name, value)
            for name, values in fields.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        block = "".join(f"{name}: {value}\r\n" for name, value in pairs).encode()
        self._fields_record("metadata", target, block, {"WARC-Concurrent-To": concurrent_to})

    def conversion(self, refers_to: str, url: str, page: bytes) -> str:
        """Write a page that a browser rendered and return its id."""
        record = self._writer.create_warc_record(
            url,
            "conversion",
            payload=io.BytesIO(page),
            warc_content_type="text/html",
            warc_headers_dict={"WARC-Refers-To": refers_to, "WARC-Date": DATE},
        )
        self._write(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def resource(self, url: str, content: bytes, content_type: str) -> None:
        """Write something that was not fetched by HTTP."""
        self._write(
            self._writer.create_warc_record(
                url,
                "resource",
                payload=io.BytesIO(content),
                warc_content_type=content_type,
                warc_headers_dict={"WARC-Date": DATE},
            )
        )

    def request(self, url: str) -> None:
        """Write a request."""
        http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        self._write(self._writer.create_warc_record(url, "request", http_headers=http))

    def _write(self, record: ArcWarcRecord) -> None:
        given = record.raw_stream
        self._writer.write_record(record)
        # Temporary files, of which digests were made.
        for stream in (given, record.raw_stream):
            stream.close()

    def _fields_record(self, kind: str, url: str, block: bytes, named: dict[str, str]) -> None:
        self._write(
            self._writer.create_warc_record(
                url,
                kind,
                payload=io.BytesIO(block),
                warc_content_type="application/warc-fields",
                warc_headers_dict={"WARC-Date": DATE, **named},
            )
        )

    def fetch(self, twin: str, path: str, /, **metadata: str | list[str]) -> Answer:
        """Write what a twin answers as a crawl of it does, with metadata if there is any."""
        answer = ask(twin, path, Accept_Encoding="gzip")
        headers = [(name, value) for name, value in answer.headers.items()]
        headers = [(name, value) for name, value in headers if name.lower() != "set-cookie"]
        url = f"{twin}{path}"
        status = f"{answer.status} Answer"
        number = self.response(url, answer.body, headers, status=status)
        self.request(url)
        if metadata:
            self.metadata(number, url, **metadata)
        return answer


def page_of(answer: Answer) -> bytes:
    """Return the page of an answer, decompressed."""
    is_gzip = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.body) if is_gzip else answer.body
