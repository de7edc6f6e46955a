"""Plain data that is passed between a run and the thread of its ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newscrawl.discovery.state import Source
    from newscrawl.rights.feed_reading import FeedReading
    from newscrawl.warc.exchange import ArchivedResponse
    from newscrawl.warc.response_archive import ArchiveProgress


@dataclass(frozen=True, slots=True)
class DiscoveredUrl:
    """A URL that was discovered."""

    url: str
    kind: int
    key: int
    rank: int = 0
    channels: int = 0
    depth: int = 0
    found_on: int | None = None
    """Key of the page that lists it."""
    found_on_url: str | None = None
    """Its address."""
    request: str | None = None
    change_markers: Mapping[str, int] = field(default_factory=dict)
    """Values by which sources show a change of the article: `card`, `feed`, `lastmod`."""
    again: bool = False
    """Whether it is fetched again if it is known."""
    only_known: bool = False
    """Whether it is recorded only if it is known."""
    seed: bool = False
    """Whether a crawl begins with it: workers that share a crawl request it once."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A URL that this run must fetch now."""

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
    status: int | None = None
    """HTTP status of the last look, in whatever run."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The result of a leased URL."""

    id: int
    kind: int
    state: int
    result: str | None = None
    status: int | None = None
    due: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    tries: int = 0
    """Looks in a row that did not succeed, this one included."""
    key: int = 0
    """Key of its canonical URL."""
    outcome: str = ""
    """What became of it, for its history: `outcomes.outcome.Kind`."""
    url: str = ""
    """Canonical."""
    article_id: str | None = None
    """Id of the article that its page would show for a password."""


@dataclass(frozen=True, slots=True)
class SettledByList:
    """The result of an article that a list holds, and that was not requested."""

    result: Settled
    """Its `id` is 0: the address may not be known yet."""
    channels: int
    modified: int | None = None
    """When the list states that it was last changed, seconds since 1970."""


@dataclass(slots=True)
class Batch:
    """What is committed together."""

    known_heads: dict[str, list[int]] = field(default_factory=dict)
    site_facts: str | None = None
    """Facts that this run has learned of the site, as JSON; None if there are no new ones."""
    only: int | None = None
    """Channels, one of which must have found an article that is leased; None for any."""
    waits: tuple[int, ...] = ()
    """Ranks: articles, and sources up to each, are leased only when all sources above it have
    been read."""
    settled: list[Settled] = field(default_factory=list)
    listed: list[SettledByList] = field(default_factory=list)
    discovered: list[DiscoveredUrl] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)
    feed_readings: list[FeedReading] = field(default_factory=list)
    """What feeds state on rights."""
    length: int | None = None
    """Length of the dump in bytes; None when it has not grown."""
    file: int | None = None
    """Its file descriptor."""
    archive_files: list[ArchiveProgress] = field(default_factory=list)
    """How far the files of the run's archive have been written."""
    archived: list[ArchivedResponse] = field(default_factory=list)
    """Responses whose payload is in them since the last commit."""
    lease: int = 0
    is_idle: bool = False
    """Whether the run has nothing else to fetch: then pages that were missing are requested."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun, and what earlier runs left."""

    recovered: Recovered
    known_heads: dict[str, list[int]]
    sources: dict[int, Source]
    revived: int
    known_addresses: int = 0
    """About how many addresses the ledger knows."""
    site_facts: str | None = None
    """Facts that earlier runs have learned of the site, as JSON."""
    edition: int = 1
    """Number of times that the series is written, this run's included."""
    has_feed_terms: bool = False
    """Whether feeds state anything on the rights of articles, or could not be read."""

    @property
    def known(self) -> tuple[dict[str, list[int]], dict[int, Source], int, str | None, int]:
        """What earlier runs have left for the discovery of articles, and the edition."""
        return (
            self.known_heads, self.sources, self.known_addresses, self.site_facts, self.edition,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """The complete dumps of a series when a run is over."""

    dumps: list[str]
    """Paths, without the run's own dump, oldest first."""
    lines: int
    """How many lines they have in total."""


@dataclass(frozen=True, slots=True)
class ArticleSnapshot:
    """What the ledger compares of an article as it was read once."""

    id: str
    url: str
    fetched_at: int
    content_hash: str
    fields: dict[str, str]
    """Field to a short hash of its value."""
    published: int | None = None
    modified: int | None = None
    """When its page states that it was last changed; None unless it does so to the second."""
    gone: bool = False
    text_key: int | None = None
    """Key of the exact text."""
    sketch: bytes | None = None
    """Signature of the text, for near-duplicates; None if the text is short."""
    whole: bool = True
    """False for a truncated page, which does not prove an edit."""


@dataclass(slots=True)
class ClaimResult:
    """What the ledger answers to a claim."""

    write: bool
    revision: int
    first_seen_at: int
    previous_hash: str | None = None
    changed_fields: list[str] = field(default_factory=list)
    duplicate_of: str | None = None
    similarity: float | None = None
    published: int | None = None
    id: str | None = None
    """The article's own id, if it claims that of another one; None for the id that it claims."""
    reason: str = ""
    """Why the line is not written: `unchanged`, `same_article`, `another_worker`, `truncated`,
    `other_article`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that a run has claimed."""

    article: str
    revision: int


@dataclass(frozen=True, slots=True)
class UnchangedArticle:
    """What is known of an article whose page has not changed."""

    published: int | None
    """Seconds since 1970."""
    is_written: bool
    """Whether the dumps of this series contain a line of it."""


@dataclass(frozen=True, slots=True)
class MissingArticle:
    """A known article whose page is missing."""

    id: str
    url: str
    content_hash: str
    missing_since: int | None
    gone: bool
    in_series: bool
    """Whether the dumps of this series contain a line of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run in progress."""

    id: int
    series: int
    edition: int
    dump: int
    """Number of its dump in the ledger."""
    path: Path
    """Path of the dump."""
    joins: bool = False
    """Whether it joins a crawl that other workers have begun."""
    is_first: bool = False
    """Whether it is the first run of the series."""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Counts of a run, besides the lines that it wrote."""

    requests: int = 0
    known: int = 0
    """Articles that were read without a line being due."""
    failed: int = 0
    """URLs that could not be read."""

    @classmethod
    def of(cls, stats: Mapping[str, Any]) -> RunCounts:
        """Return the counts in a run's stats."""
        return cls(
            requests=counters.requests_sent(stats),
            known=counters.total(stats, counters.KNOWN),
            failed=stats.get(counters.LEDGER_FAILED, 0),
        )


@dataclass(slots=True)
class Recovered:
    """What was recovered from dead runs, and which dumps are damaged."""

    runs: int = 0
    given_back: int = 0
    """Leased URLs that were returned to the queue."""
    cut: int = 0
    """Bytes of lines that were not committed."""
    finished: list[Path] = field(default_factory=list)
    """Dumps that were completed and renamed."""
    problems: list[str] = field(default_factory=list)
    """Damaged or unknown dumps, one message each."""
