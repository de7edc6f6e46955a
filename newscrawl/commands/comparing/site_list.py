"""The list of a site's articles as a channel gives it, and what is to be compared."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newscrawl.outcomes.site_coverage import UNKNOWN, SitePost

if TYPE_CHECKING:
    from newscrawl.sites import Section
    from newscrawl.urls import SiteUrls

REST, SITEMAP, ARCHIVE = "rest", "sitemap", "archive"
"""Channels that list a site's articles."""
ALL = "all"
"""Name of the period without periods."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared."""

    urls: SiteUrls
    series: str
    section: Section | None = None
    """The only section that the series has; None for the whole site."""
    since: date | None = None
    until: date | None = None
    is_by_day: bool = False
    is_totals: bool = False

    @property
    def has_span(self) -> bool:
        """Whether days limit it."""
        return self.since is not None or self.until is not None

    def covers(self, day: str | None) -> bool:
        """Return whether a day, an ISO date, is within the span; an unknown one only without."""
        if day is None:
            return not self.has_span
        value = date.fromisoformat(day)
        return (self.since is None or value >= self.since) and (
            self.until is None or value <= self.until
        )

    def day_of(self, moment: datetime | None) -> str | None:
        """Return the day of a time in the site's time zone, as an ISO date."""
        if moment is None:
            return None
        return moment.astimezone(ZoneInfo(self.urls.site.timezone)).date().isoformat()

    def period_of(self, day: str | None) -> str:
        """Return the name of a day's period: itself, or its month."""
        if self.is_totals:
            return ALL
        if day is None:
            return UNKNOWN
        return day if self.is_by_day else day[:7]

    def locate(self, url: str, published: int | None, *, has_sections: bool) -> SitePost | None:
        """Return an article by what the ledger knows of it; None if it is outside the span.

        Args:
            url: canonical.
            published: seconds since 1970.
            has_sections: whether the site's list states sections; its address names one of them.
        """
        address = self.urls.understand(url)
        moment = None if published is None else datetime.fromtimestamp(published, UTC)
        day = self.day_of(moment) or (address.day and address.day.replace("/", "-"))
        if not self.covers(day):
            return None
        post = SitePost(None, url, day=day)
        if self.section is not None:
            return replace(post, sections=(self.section.slug,))
        return replace(post, sections=self.named_sections(url)) if has_sections else post

    def named_sections(self, url: str) -> tuple[str, ...]:
        """Return the sections of the site that an address names, with those above them."""
        parents = {section.slug: section.parent for section in self.urls.site.sections}
        found: dict[str, None] = {}
        for name in self.urls.understand(url).sections:
            slug: str | None = name
            while slug in parents and slug not in found:
                found[slug] = None
                slug = parents[slug]
        return tuple(found)


@dataclass(slots=True)
class SiteList:
    """The articles of a site that a channel lists."""

    source: str = ""
    """One of REST, SITEMAP, ARCHIVE; empty before anything was read."""
    posts: list[SitePost] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is wrong or missing, in words."""
    is_complete: bool = True
    """Whether it has all articles of the site, or of the section."""
    has_sections: bool = False
    """Whether it states the sections of each article."""
    totals: dict[str, int | None] | None = None
    """Section to the number of its posts, that of all under an empty name; with `--totals`."""
    problem: str | None = None
    """Why nothing can be compared, in one line."""
    requests: int = 0
