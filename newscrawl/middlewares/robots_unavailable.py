"""Why nothing may be fetched from a host whose robots.txt could not be read."""

from __future__ import annotations

from newscrawl.outcomes import finish_reasons


class RobotsUnavailableError(Exception):
    """A host's robots.txt could not be read: nothing else may be fetched from the host."""

    def __init__(
        self, url: str, cause: str, reason: str = finish_reasons.ROBOTS_UNAVAILABLE
    ) -> None:
        super().__init__(f"{url}: {cause}")
        self.reason = reason
        """Finish reason of the run."""
