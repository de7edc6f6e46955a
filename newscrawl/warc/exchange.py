"""One request and its response, as a record keeps them: without credentials and cookies."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.text import without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_REQUEST_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "accept-language", "cache-control", "content-length",
        "content-type", "from", "host", "if-modified-since", "if-none-match", "pragma", "range",
        "referer", "user-agent",
    }
)  # fmt: skip
"""What is kept of a request: any other header may hold a credential of the operator."""
_LEFT_OUT = re.compile(r"cookie|auth|token|secret|session|api-?key|csrf|nonce", re.IGNORECASE)
"""Headers that are left out of a response."""
_AS_RECEIVED = frozenset({"transfer-encoding"})
"""What describes the connection: the body is kept without chunks."""


EXCHANGE, ROLE, TASK = "exchange", "archive_role", "archive_task"
"""Meta keys of a request: its exchange, once it is answered; its role, where its task does not say
so; the task of the article to which a further request belongs."""
RENDERED_FROM = "rendered_from"
"""Meta key of a request in the browser: the response that is rendered."""


class Role(StrEnum):
    """What a response is to the run."""

    PAGE = "page"
    """The page of an article's address."""
    PART = "part"
    """A further page of an article."""
    RENDERED = "rendered"
    """A page after its scripts have run in the browser."""
    SITE = "site"
    """What holds for the whole site: robots.txt, reservations, licences."""
    TEXTS = "texts"
    """A list that holds the texts of articles: posts of REST, feeds."""
    SOURCE = "source"
    """Any other source: home page, archives, sitemaps, lists of REST."""


class Location(NamedTuple):
    """Where a record is."""

    file: str
    """Name of the file, next to the dump."""
    offset: int
    """At which byte the record's gzip member begins."""


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """A response whose payload is in an archive of the series."""

    key: int
    """Key of its address."""
    digest: str
    """Of its payload, as in `WARC-Payload-Digest`."""
    location: Location
    date: str
    """Its `WARC-Date`."""
    record_id: str


@dataclass
class Exchange:
    """One request, and the response as it was served: neither decompressed nor decoded."""

    url: str
    received_at: datetime
    """Aware."""
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    method: str = "GET"
    request_headers: list[tuple[str, str]] = field(default_factory=list)
    request_body: bytes = b""
    protocol: str = "HTTP/1.1"
    ip_address: str | None = None
    is_cut_off: bool = False
    """Whether the connection ended before the whole body was received."""
    role: Role = Role.SOURCE
    earlier: ArchivedResponse | None = None
    """The last response of the same address in the archives of the series."""
    record_id: str | None = None
    """Of its record, once that is written."""
    location: Location | None = None
    """Where its payload is, once its record is written."""
    original: Exchange | None = None
    """The response of which this is the page after its scripts have run."""
    is_described: bool = False
    """Whether a metadata record says what became of it."""

    @cached_property
    def digest(self) -> str:
        """The digest of the payload, as warcio writes it."""
        digest = hashlib.sha1(self.body, usedforsecurity=False).digest()
        return "sha1:" + base64.b32encode(digest).decode()

    def status_line(self) -> str:
        """Return status and reason phrase; HTTP/2 does not send one, so that it is the usual."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        return f"{self.status} {phrase}"


def kept_request_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of a request that a record keeps.

    >>> kept_request_headers([("Accept", "*/*"), ("Authorization", "Basic eA=="), ("X-Key", "1")])
    [('Accept', '*/*')]
    """
    return [
        (name, without_credentials(value))
        for name, value in headers
        if name.lower() in _REQUEST_HEADERS
    ]


def kept_response_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of a response that a record keeps.

    >>> kept_response_headers([("Set-Cookie", "id=1"), ("X-Auth-Token", "1"),
    ...     ("Transfer-Encoding", "chunked"), ("Location", "https://user:password@example.it/")])
    [('Location', 'https://***@example.it/')]
    """
    return [
        (name, without_credentials(value))
        for name, value in headers
        if not _LEFT_OUT.search(name) and name.lower() not in _AS_RECEIVED
    ]
