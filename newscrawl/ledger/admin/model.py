"""The figures of a ledger. Times are ISO 8601 in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failures:
    """Addresses that were not read as articles, for one reason."""

    reason: str
    count: int
    now: int
    """Number that the next run tries again."""
    next_at: str | None
    """When the first of the others is tried again."""
    never: int
    """Number that is not tried again; `scrapy ledger retry` makes them pending."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump of a series."""

    path: str
    host: str
    lines: int
    bytes: int
    state: str
    """`complete`; `growing` while its run works; `unfinished`: its run died; `damaged`."""
    problem: str = ""
    """What is wrong with a damaged one: `is gone`, `was changed`."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that has ended."""

    started: str
    seconds: int | None
    """Its duration; None for a run that was killed."""
    reason: str
    """Scrapy's finish reason; `died` for a run that was killed."""
    written: int
    requests: int | None
    known: int | None
    """Articles that were read without a line being due."""
    failed: int | None


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run that is active."""

    started: str
    host: str
    process: int
    leased: int
    written: int


@dataclass(slots=True)
class SeriesStatus:
    """Status of one spider's series."""

    name: str
    edition: int = 1
    addresses: int = 0
    """Known addresses of articles: the sum of the next five, without the sources."""
    done: int = 0
    pending: int = 0
    leased: int = 0
    failed: int = 0
    excluded: int = 0
    sources: int = 0
    """Archive pages and other sources among the pending and the leased."""
    stranded: int = 0
    """How many are leased by runs that died; the next run returns them to the queue."""
    due: dict[str, int] = field(default_factory=dict)
    """Time span to the number of addresses that are fetched again in it."""
    failures: list[Failures] = field(default_factory=list)
    answers: list[Failures] = field(default_factory=list)
    """Excluded addresses that answered with something else than an article, by reason."""
    exclusions: dict[str, int] = field(default_factory=dict)
    """Rule to the number of addresses that it excludes."""
    articles: int = 0
    lines: int = 0
    revised: int = 0
    """Lines that are a later revision of an article."""
    gone: int = 0
    exact_duplicates: int = 0
    near_duplicates: int = 0
    dumps: list[Dump] = field(default_factory=list)
    """Oldest first."""
    live: list[LiveRun] = field(default_factory=list)
    runs: list[PastRun] = field(default_factory=list)
    """The latest runs, newest first."""


@dataclass(slots=True)
class LedgerStatus:
    """Status of a ledger."""

    place: str
    site: str
    schema_version: int
    sketch_format: int
    bytes: int
    """Its size on disk."""
    articles: int
    """Known articles, each counted once, whichever spiders wrote it."""
    revisions: int
    """Their revisions, the first ones included."""
    gone: int
    exact_duplicates: int
    near_duplicates: int
    series: list[SeriesStatus]
