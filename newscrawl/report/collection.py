"""The articles of dumps, each once.

See decision 62 in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from newscrawl.dumps.decoding import StructDecoder
from newscrawl.dumps.newest import Age
from newscrawl.dumps.reading import decoded
from newscrawl.sites import by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo
    from pathlib import Path

    from newscrawl.dumps.reading import OnBad
    from newscrawl.items import Article

_TIMED = frozenset({"minute", "second"})
FIELDS: dict[str, Callable[[Article], object]] = {
    "subtitle": lambda article: article.subtitle,
    "authors": lambda article: article.authors,
    "date_published": lambda article: article.date_published,
    "time of publication": lambda article: article.date_published_precision in _TIMED,
    "date_modified": lambda article: article.date_modified,
    "section": lambda article: article.section,
    "breadcrumbs": lambda article: article.breadcrumbs,
    "keywords": lambda article: article.keywords,
    "dateline": lambda article: article.dateline,
    "image": lambda article: article.image,
    "related": lambda article: article.related,
}
"""The fields whose coverage is shown; every article has headline, url and body."""
NO_SECTION, OTHER_SECTIONS = "(no section)", "(other sections)"
BITS = {name: 1 << index for index, name in enumerate(FIELDS)}
"""The bit of each field in `Entry.has`."""


_DECODE = StructDecoder(
    "id", "site", "url", "status", "headline", "subtitle", "authors.name", "date_published",
    "date_published_precision", "date_modified", "section", "breadcrumbs.name", "keywords",
    "dateline.place", "image.url", "related.url", "first_seen_at", "fetched_at", "revision",
    "changed_fields", "duplicate_of", "similarity",
)  # fmt: skip
"""Decodes the fields that the report counts; most of a line's bytes are skipped."""


class Version(NamedTuple):
    """A revision of an article, as far as edits need it."""

    fetched_at: str
    headline: str
    changed_fields: tuple[str, ...]


@dataclass(slots=True)
class Entry:
    """An article in its newest revision."""

    age: Age
    zone: tzinfo
    """The time zone of the site."""
    url: str
    headline: str
    section: str
    published: date | None
    """The day in the site's time zone."""
    published_at: datetime | None
    """None if only the day is known."""
    has: int
    """One bit for each of FIELDS that the article has."""
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    related: tuple[str, ...]
    """Addresses in the Related Posts box."""
    duplicate_of: str | None
    similarity: float | None

    @property
    def first_seen(self) -> datetime | None:
        """The time of the first capture, in the site's time zone."""
        return _capture_time(self.age.first_seen_at, self.zone)

    @property
    def captured(self) -> date | None:
        """The day of this revision's capture, in the site's time zone."""
        time = _capture_time(self.age.fetched_at, self.zone)
        return time and time.date()


@dataclass(slots=True)
class Archive:
    """The articles of dumps, independent of the order of lines."""

    entries: dict[str, Entry] = field(default_factory=dict)
    """id to the newest revision with content."""
    versions: dict[str, dict[tuple[str, int], Version]] = field(default_factory=dict)
    """id to all revisions, for articles that were revised."""
    lines: int = 0
    series: dict[str, set[str]] = field(default_factory=dict)
    """Each section, also as `site: section`, to the folders of the dumps with articles of it."""
    zones: dict[str, tzinfo] = field(default_factory=dict)
    """Key of each site to its time zone; UTC for an unknown site."""
    _gone: dict[str, Age] = field(default_factory=dict)

    @property
    def removed(self) -> dict[str, str]:
        """The articles that the site removed and has not restored: id to when."""
        entries = self.entries
        return {
            name: age.fetched_at
            for name, age in self._gone.items()
            if name not in entries or age.across_series > entries[name].age.across_series
        }

    @property
    def names(self) -> list[str]:
        """The names of the sites, or keys of unknown ones, in alphabetical order."""
        return sorted(site.name if (site := by_key(key)) else key for key in self.zones)

    @property
    def zone(self) -> tzinfo:
        """The time zone of all sites; UTC if they have several, or there are no sites."""
        zones = {*self.zones.values()}
        return zones.pop() if len(zones) == 1 else UTC

    def zone_of(self, name: str) -> tzinfo:
        """Return the time zone of an article's site."""
        entry = self.entries.get(name)
        return entry.zone if entry else self.zones.get(name.partition(":")[0], UTC)

    def read(self, path: Path, on_bad: OnBad) -> None:
        """Add the lines of a dump.

        Args:
            path: its file.
            on_bad: called with the error of each line that is left out.
        """
        for _, article, _ in decoded(path, on_bad, _DECODE):
            self.add(article)
            if article.status != "gone":
                section = article.section or NO_SECTION
                for name in (section, _with_site(article.site, section)):
                    self.series.setdefault(name, set()).add(path.parent.name)

    def add(self, article: Article) -> None:
        """Add a line, of which only the fields that _DECODE reads are needed."""
        self.lines += 1
        zone = self.zones.get(article.site)
        if zone is None:
            zone = self.zones[intern(article.site)] = _zone(article.site)
        age = Age.of(article)
        if article.status == "gone":
            earlier = self._gone.get(article.id, age)
            self._gone[article.id] = max(age, earlier, key=lambda gone: gone.across_series)
            return
        entry = self.entries.get(article.id)
        if article.revision > 1 or (entry and entry.age[:2] != age[:2]):
            self._add_version(article, age, entry)
        if entry is None or age.across_series > entry.age.across_series:
            self.entries[intern(article.id)] = _entry(article, age, zone)

    def separate_sites(self) -> None:
        """Put the site before the name of each section if there are several sites."""
        if len(self.zones) > 1:
            for name, entry in self.entries.items():
                entry.section = intern(_with_site(name.partition(":")[0], entry.section))

    def sections(self, most: int) -> Counter[str]:
        """Count the articles of each section; beyond `most`, the smallest are combined.

        Tables have a column for each section; a site usually has a dozen.
        """
        counts = Counter(entry.section for entry in self.entries.values())
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        largest = {name for name, _ in ranked[:most]}
        if len(counts) > most:
            for entry in self.entries.values():
                if entry.section not in largest:
                    entry.section = OTHER_SECTIONS
            counts = Counter(entry.section for entry in self.entries.values())
        return counts

    def _add_version(self, article: Article, age: Age, entry: Entry | None) -> None:
        versions = self.versions.setdefault(intern(article.id), {})
        if entry and entry.age[:2] not in versions:
            versions[entry.age[:2]] = Version(entry.age.fetched_at, entry.headline, ())
        earlier = versions.get(age[:2])
        # Where several spiders wrote a revision the first capture counts.
        if earlier is None or age.fetched_at < earlier.fetched_at:
            changed = tuple(intern(name) for name in article.changed_fields)
            versions[age[:2]] = Version(age.fetched_at, article.headline, changed)


def _with_site(key: str, section: str) -> str:
    return f"{key}: {section}"


def _zone(key: str) -> tzinfo:
    site = by_key(key)
    return ZoneInfo(site.timezone) if site else UTC


def _entry(article: Article, age: Age, zone: tzinfo) -> Entry:
    published = article.date_published or ""
    has_time = article.date_published_precision in _TIMED
    has = 0
    for name, value in FIELDS.items():
        if value(article):
            has |= BITS[name]
    return Entry(
        age=age,
        zone=zone,
        url=intern(article.url),
        headline=article.headline,
        section=intern(article.section or NO_SECTION),
        published=parse_day(published[:10]),
        published_at=parse_time(published, zone) if has_time else None,
        has=has,
        authors=tuple(intern(author.name) for author in article.authors),
        keywords=tuple(map(intern, article.keywords)),
        related=tuple(intern(card.url) for card in article.related),
        duplicate_of=article.duplicate_of,
        similarity=article.similarity,
    )


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date | None:
    """Return the day of an ISO date; None for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_time(text: str, zone: tzinfo) -> datetime | None:
    """Return an ISO date and time in a time zone; None for any other text.

    >>> str(parse_time("2026-11-23T00:30:00+01:00", UTC))
    '2026-11-22 23:30:00+00:00'
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(zone)


# A run captures many articles in the same second.
_capture_time = lru_cache(maxsize=4096)(parse_time)
