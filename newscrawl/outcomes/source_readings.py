"""The sources that a run has requested, and what became of each: for its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newscrawl.outcomes.outcome import Outcome

MAX_SOURCES = 200
"""Sources that are named; a site may have thousands of sitemaps."""


@dataclass(slots=True)
class SourceReading:
    """What became of one source: an archive with all its pages, a sitemap, a feed."""

    requests: int
    articles: int
    """Entries that it listed, known ones included."""
    outcome: Outcome


@dataclass(slots=True)
class SourceReadings:
    """The sources of a run, in the order of their first answers; at most `MAX_SOURCES`."""

    _readings: dict[tuple[str, str], SourceReading] = field(default_factory=dict)

    def add(self, channel: str, url: str, articles: int, outcome: Outcome) -> bool:
        """Add an answer of a source, or that there was none; return whether there was room for it.

        Args:
            channel: name of the channel.
            url: canonical address of the source; of an archive, that of its first page.
            articles: number of entries in this answer.
            outcome: what became of the request.
        """
        reading = self._readings.get((channel, url))
        if reading is not None:
            reading.requests += 1
            reading.articles += articles
            reading.outcome = outcome.or_worse(reading.outcome)
        elif len(self._readings) < MAX_SOURCES:
            self._readings[channel, url] = SourceReading(1, articles, outcome)
        else:
            return False
        return True

    def channels(self) -> list[str]:
        """Return the channels of which a source has listed articles, in their order."""
        listing = (channel for (channel, _), one in self._readings.items() if one.articles)
        return [*dict.fromkeys(listing)]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the sources as the run report has them."""
        return [
            {
                "channel": channel,
                "url": url,
                "requests": reading.requests,
                "articles": reading.articles,
                "outcome": str(reading.outcome.kind),
                "reason": None if reading.outcome.is_success else reading.outcome.reason,
            }
            for (channel, url), reading in self._readings.items()
        ]
