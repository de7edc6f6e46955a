"""What a probe has seen of a site. docs/probe.md documents the keys of its JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

UNKNOWN = "unknown"
WORKS, NOTE, FAILS = "works", "works with a note", "does not work"
OPEN, CLOSED, FORBIDDEN, MISSING, UNREADABLE = (
    "open",
    "closed",
    "forbidden",
    "missing",
    "unreadable",
)
NOT_READ = "not read"
"""State of a source: `closed` is a status 401 or 403, `forbidden` is by robots.txt."""


@dataclass(slots=True)
class Connection:
    """How the home page was reached."""

    is_reachable: bool = False
    final_url: str = ""
    redirects: list[str] = field(default_factory=list)
    """Addresses that redirected, in order."""
    tls: str = ""
    """`valid` (a certificate that was verified) or `none` (http)."""


@dataclass(slots=True)
class Robots:
    """What robots.txt says."""

    status: int | None = None
    forbids: list[str] = field(default_factory=list)
    """Paths among those that a crawl would request."""
    crawl_delay: float | None = None
    """In seconds."""
    sitemaps: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    """Statements on rights: of robots.txt, tdmrep.json, headers and metas."""


@dataclass(slots=True)
class Platform:
    """What the site is made with."""

    is_wordpress: bool = False
    generators: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    metadata_plugins: list[str] = field(default_factory=list)
    name: str = ""
    language: str = ""
    timezone: str = ""
    is_timezone_stated: bool = False
    """Whether REST states the zone; else it is that of the country or language, or UTC."""


@dataclass(slots=True)
class SectionFound:
    """A section."""

    slug: str
    label: str
    parent: str | None
    archive: str | None
    articles: int | None = None
    """By REST, without those of the sections below it."""
    is_in_menu: bool = False


@dataclass(slots=True)
class ArchiveFound:
    """An archive that was looked at."""

    url: str
    style: str
    """`page numbers`, `load more`, `scroll`, `next and previous`, `scroll, filled by a script`,
    `no pager`, `one page`, `not an archive`, or why it was not read."""
    cards: int = 0
    """Articles in its list."""
    hero: int = 0
    """Articles above its list, the same on each of its pages."""
    last_page: int | None = None
    """By its pager."""
    second_page: str = ""
    """`works`, or what is wrong; empty if it was not requested."""
    date: str | None = None
    """Date on its first card, as written."""


@dataclass(slots=True)
class SourceFound:
    """A sitemap or a feed."""

    url: str
    state: str
    reason: str = ""
    entries: int = 0
    """Articles; of an index: sitemaps."""
    newest: str | None = None
    """Latest change or publication, ISO 8601 in UTC."""
    is_index: bool = False


@dataclass(slots=True)
class Rest:
    """The REST interface."""

    state: str = UNKNOWN
    reason: str = ""
    articles: int | None = None


@dataclass(slots=True)
class ShownDate:
    """Which date the theme shows on articles."""

    kind: str = UNKNOWN
    """`published`, `modified`, `both`, `relative`, `none` or `unknown`."""
    example: str | None = None
    on_cards: str = UNKNOWN
    why: str = ""


@dataclass(slots=True)
class Permalink:
    """A shape of articles' addresses."""

    shape: str
    articles: int
    example: str


@dataclass(slots=True)
class Sample:
    """An article that was read."""

    url: str
    problem: str | None = None
    """Why it was not read as an article."""
    headline: str = ""
    page_class: str = ""
    """The page class that read it."""
    fields: dict[str, str] = field(default_factory=dict)
    """Field to source, as `provenance` of a line in a dump."""
    missing: list[str] = field(default_factory=list)
    shown_date: str | None = None
    marked_dates: dict[str, str] = field(default_factory=dict)
    """Dates in elements that say which they are: `published`, `modified`."""
    date_published: str | None = None
    date_modified: str | None = None
    word_count: int = 0
    videos: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Estimate:
    """The size of a first crawl; None is unknown."""

    articles: int | None = None
    source: str = ""
    is_minimum: bool = False
    delay: float = 0.0
    """Seconds between two requests."""
    requests_by_page: int | None = None
    hours_by_page: float | None = None
    requests_by_rest: int | None = None
    hours_by_rest: float | None = None


@dataclass(slots=True)
class Verdict:
    """Whether one point of a crawl will work."""

    point: str
    verdict: str
    why: str = ""


@dataclass(slots=True)
class SiteReport:
    """All that a probe has seen."""

    url: str
    requests: int = 0
    connection: Connection = field(default_factory=Connection)
    robots: Robots = field(default_factory=Robots)
    platform: Platform = field(default_factory=Platform)
    sections: list[SectionFound] = field(default_factory=list)
    archives: list[ArchiveFound] = field(default_factory=list)
    sitemaps: list[SourceFound] = field(default_factory=list)
    feeds: list[SourceFound] = field(default_factory=list)
    rest: Rest = field(default_factory=Rest)
    shown_date: ShownDate = field(default_factory=ShownDate)
    permalinks: list[Permalink] = field(default_factory=list)
    old_permalinks: str = UNKNOWN
    """What addresses without the day answer, where those with it are in use."""
    samples: list[Sample] = field(default_factory=list)
    estimate: Estimate = field(default_factory=Estimate)
    verdicts: list[Verdict] = field(default_factory=list)
    problem: str | None = None
    """Why a crawl will not work and what to do: one line."""

    @property
    def will_work(self) -> bool:
        """Whether a crawl of the site will work."""
        return self.problem is None

    def as_json(self) -> dict[str, Any]:
        """Return the report as a dict that JSON can encode."""
        return {**asdict(self), "will_work": self.will_work}
