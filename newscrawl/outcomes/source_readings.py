"""The sources of a run, requested or left out, and what became of each: for its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.outcomes.outcome import Outcome

MAX_SOURCES = 200
"""Sources that are named; a site may have thousands of sitemaps."""


@dataclass(slots=True)
class SourceReading:
    """What became of one source: an archive with all its pages, a sitemap, a feed."""

    articles: int
    """Entries that it listed, known ones included."""
    outcome: Outcome
    section: str | None = None
    """Slug of the section whose archive it is."""
    is_unchanged: bool = False
    """Whether it has said that nothing has changed since an earlier run."""
    requests: int = 1
    """0 for one that was not sent: robots.txt forbids it, say, or the run ends before its turn."""


@dataclass(slots=True)
class SourceReadings:
    """The sources of a run, in the order of their first answers; at most `MAX_SOURCES`."""

    _readings: dict[tuple[str, str], SourceReading] = field(default_factory=dict)

    def add(self, channel: str, url: str, answer: SourceReading) -> bool:
        """Add an answer of a source, or that there was none; return whether there was room for it.

        Args:
            channel: name of the channel.
            url: canonical address of the source; of an archive, that of its first page.
            answer: what one request has given.
        """
        reading = self._readings.get((channel, url))
        if reading is not None:
            reading.requests += answer.requests
            reading.articles += answer.articles
            reading.outcome = answer.outcome.or_worse(reading.outcome)
            reading.is_unchanged |= answer.is_unchanged
        elif len(self._readings) < MAX_SOURCES:
            self._readings[channel, url] = answer
        else:
            return False
        return True

    def channels(self) -> list[str]:
        """Return the channels of which a source has listed articles, in their order."""
        listing = (channel for (channel, _), one in self._readings.items() if one.articles)
        return [*dict.fromkeys(listing)]

    def as_json(self, labels: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the sources as the run report has them; `labels` maps slugs of sections."""
        return [
            {
                "channel": channel,
                "url": url,
                "section": labels.get(reading.section or "", reading.section),
                "requests": reading.requests,
                "articles": reading.articles,
                "unchanged": reading.is_unchanged,
                "outcome": str(reading.outcome.kind),
                "reason": None if reading.outcome.is_success else reading.outcome.reason,
            }
            for (channel, url), reading in self._readings.items()
        ]
