"""What a ledger knows of one address. Times are ISO 8601 in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

IN_DUMPS = "in the dumps"
"""How the summary of a series begins whose dumps have the article."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first time that a channel has led to the address."""

    at: str
    url: str
    channel: str
    page: str | None
    """The page that listed it; None for the argument `urls` and where it is not recorded."""
    event: Literal["found"] = "found"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of the address and its outcome."""

    at: str
    url: str
    run: int
    status: int | None
    """HTTP status of the final response; None without one."""
    outcome: str
    """Value of `newscrawl.outcomes.outcome.Kind`."""
    reason: str
    explanation: str
    """The outcome in plain words."""
    due: str | None
    """When it was to be requested again; None if never by itself."""
    event: Literal["request"] = "request"


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of a dump."""

    at: str
    article: str
    run: int
    revision: int
    edition: int
    dump: str
    """Path of the file; that of the `.part` while it grows. Empty while the line is claimed."""
    line: int | None
    """Its number, from 1; None if it is not found there."""
    problem: str
    """Why there is no number; empty otherwise."""
    status: str
    """`published` or `gone`, as the line says; empty if it was not found."""
    changed_fields: list[str]
    """What differs from the revision before, as the line says."""
    event: Literal["line"] = "line"


@dataclass(frozen=True, slots=True)
class AddressState:
    """The row of one address in the queue of a spider."""

    url: str
    state: str
    """`pending`, `leased`, `done`, `failed` or `excluded`."""
    is_source: bool
    """Whether it is read for the links on it, such as an archive."""
    status: int | None
    result: str
    explanation: str
    """The result in plain words; empty before the first request."""
    tries: int
    """Requests in a row without success."""
    channels: list[str]
    found_at: str
    fetched_at: str | None
    due: str | None
    is_due: bool
    """Whether the due time has come."""
    next: str
    """When it is requested again, in plain words."""


@dataclass(frozen=True, slots=True)
class RunOfAddress:
    """A run that has requested the address or written its article."""

    run: int
    started: str
    host: str
    reason: str
    """Scrapy's finish reason; `died` for a run that was killed, `active` for one that works."""


@dataclass(slots=True)
class SeriesHistory:
    """What one spider knows of the address."""

    spider: str
    summary: str = ""
    """Whether its dumps have the article, or why not, in plain words."""
    addresses: list[AddressState] = field(default_factory=list)
    """That which was named first; then other addresses of its article."""
    events: list[Finding | Visit | WrittenLine] = field(default_factory=list)
    """In the order of time."""
    runs: list[RunOfAddress] = field(default_factory=list)
    other_article: str = ""
    """Where the article is that answered in place of this one, in plain words; empty otherwise."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The article at the address, as all spiders share it."""

    id: str
    url: str
    """Its canonical address."""
    other_urls: list[str]
    first_seen_at: str
    published: str | None
    versions: int
    """Number of the texts that were read, written or not."""
    missing_since: str | None
    is_gone: bool
    duplicate_of: str | None
    similarity: float | None


@dataclass(slots=True)
class AddressHistory:
    """What a ledger knows of an address."""

    url: str
    """Canonical."""
    kind: str
    """The kind of page by the form of the address: value of `newscrawl.urls.Kind`."""
    is_known: bool = False
    articles: list[KnownArticle] = field(default_factory=list)
    series: list[SeriesHistory] = field(default_factory=list)
    """Those whose dumps have the article first."""
    meaning: list[tuple[str, str]] = field(default_factory=list)
    """What it means that the ledger does not know it: labels and texts; empty if it does."""
