"""The articles that a run covers: a section or the whole site, and a span of days.

See decision 6 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Article
    from newscrawl.sites import Section, Site


@dataclass(frozen=True, slots=True)
class Scope:
    """A section with its children, or the whole site; days are inclusive."""

    site: Site
    section: Section | None = None
    since: date | None = None
    until: date | None = None

    def sections(self) -> list[Section]:
        """Return the sections whose archives the run reads, in menu order."""
        return [self.section] if self.section else list(self.site.sections)

    def covers(self, labels: Iterable[str]) -> bool:
        """Return whether one of `labels` is the run's section or a child of it."""
        if self.section is None:
            return True
        slug = self.section.slug
        section_labels = {
            section.label.casefold()
            for section in self.site.sections
            if slug in {section.slug, section.parent}
        }
        return any(label.casefold() in section_labels for label in labels)

    def covers_day(self, day: str) -> bool:
        """Return whether a day (ISO 8601, or `YYYY/MM/DD` as in addresses) is within the span."""
        value = date.fromisoformat(day[:10].replace("/", "-"))
        return (self.since is None or value >= self.since) and (
            self.until is None or value <= self.until
        )

    def covers_date_of(self, article: Article) -> bool:
        """Return whether the article was published within the span.

        False for an article without a date; True for every article if there is no span.
        """
        if self.since is None and self.until is None:
            return True
        return article.date_published is not None and self.covers_day(article.date_published)

    def span(self) -> tuple[str, str]:
        """Return the first and the last day as ISO dates; unbounded, `""` and `9999-12-31`."""
        first = self.since.isoformat() if self.since else ""
        return first, self.until.isoformat() if self.until else "9999-12-31"
