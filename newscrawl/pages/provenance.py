"""The source of each field, and the sources that state another value."""

from __future__ import annotations

from newscrawl.items import Disagreement


class Provenance:
    """Collects provenance and disagreements while a page is read."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.disagreements: list[Disagreement] = []

    def note(self, field: str, source: str) -> None:
        """Record where a field was read."""
        self.sources[field] = source

    def disagree(self, field: str, source: str, value: str) -> None:
        """Record that another source states another value."""
        self.disagreements.append(Disagreement(field, source, value))
