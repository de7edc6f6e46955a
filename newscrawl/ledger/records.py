"""Plain data that passes between a run and the thread of its ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newscrawl.discovery.state import Source

ARTICLE, SOURCE, LOCAL = range(3)
"""Kinds: an article; a source, forgotten once read; what each worker reads before all else."""

OUTSIDE = "dates:"
"""Result of an article outside a run's span of days; its day follows."""
SECTION = "section"
"""Result of an article that is none of the section, as far as its page tells."""


@dataclass(frozen=True, slots=True)
class DiscoveredUrl:
    """A URL that was come across."""

    url: str
    kind: int
    key: int
    rank: int = 0
    channels: int = 0
    depth: int = 0
    found_on: int | None = None
    request: str | None = None
    change_markers: Mapping[str, int] = field(default_factory=dict)
    """What a source tells of the article: `card`, `feed`, `lastmod`."""
    again: bool = False
    """Whether it is to be fetched also if it is known."""
    only_known: bool = False
    """Whether it is to be noted only if it is known."""
    seed: bool = False
    """Whether a crawl begins with it: workers that share one ask for it once."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A URL that this run is to fetch now."""

    id: int
    url: str
    kind: int
    rank: int
    channels: int
    depth: int
    tries: int
    request: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a leased URL."""

    id: int
    kind: int
    state: int
    result: str | None = None
    status: int | None = None
    due: int | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(slots=True)
class Batch:
    """What is made durable together."""

    settled: list[Settled] = field(default_factory=list)
    found: list[DiscoveredUrl] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    known_heads: dict[str, list[int]] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)
    length: int | None = None
    """Length of the dump in bytes; None when it has not grown."""
    file: int | None = None
    """Its file descriptor."""
    lease: int = 0
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun, and what was found of those before."""

    recovered: Recovered
    known_heads: dict[str, list[int]]
    sources: dict[int, Source]
    revived: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What a series holds when a run is over."""

    dumps: list[str]
    """Complete dumps, the run's own not among them, oldest first."""
    lines: int
    """How many lines they have."""


@dataclass(frozen=True, slots=True)
class ArticleSnapshot:
    """What was read of an article, as far as the ledger compares it."""

    id: str
    url: str
    fetched_at: int
    content_hash: str
    fields: dict[str, str]
    """Field to a short hash of its value."""
    published: int | None = None
    gone: bool = False
    text_key: int | None = None
    """Key of the exact text."""
    sketch: bytes | None = None
    """Signature of the text, for near-duplicates; None of a short one."""
    whole: bool = True
    """False for a page that broke off: it is no evidence of an edit."""


@dataclass(slots=True)
class ClaimResult:
    """What the ledger says of a reading."""

    write: bool
    revision: int
    first_seen_at: int
    previous_hash: str | None = None
    changed_fields: list[str] = field(default_factory=list)
    duplicate_of: str | None = None
    similarity: float | None = None
    published: int | None = None
    reason: str = ""
    """Why it is not written: `unchanged`, `same_article`, `another_worker`, `truncated`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that a run has promised to write."""

    article: str
    revision: int


@dataclass(frozen=True, slots=True)
class MissingArticle:
    """What is known of an article whose page is not there."""

    id: str
    url: str
    content_hash: str
    missing_since: int | None
    gone: bool
    in_series: bool
    """Whether a line of it stands in the dumps of this series."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way."""

    id: int
    series: int
    edition: int
    dump: int
    """Number of its dump in the ledger."""
    path: Path
    """Where the dump goes."""
    joins: bool = False
    """Whether it takes part in a crawl that other workers have begun."""
    is_first: bool = False
    """Whether the series had no run before."""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run came to, beside the lines that it wrote."""

    requests: int = 0
    known: int = 0
    """Articles looked at of which no line was due."""
    failed: int = 0
    """Addresses that it could not read."""

    @classmethod
    def of(cls, stats: Mapping[str, Any]) -> RunCounts:
        """Return what a run's stats tell."""
        return cls(
            requests=stats.get("downloader/request_count", 0),
            known=sum(count for key, count in stats.items() if key.startswith("known/")),
            failed=stats.get("ledger/failed", 0),
        )


@dataclass(slots=True)
class Recovered:
    """What dead runs had left, and what is not as the ledger left it."""

    runs: int = 0
    given_back: int = 0
    """URLs that were leased."""
    cut: int = 0
    """Bytes of lines that were not committed."""
    finished: list[Path] = field(default_factory=list)
    """Dumps that got their final name."""
    amiss: list[str] = field(default_factory=list)
    """What a person must know, a line each."""
