"""Where each field was read, and which sources said otherwise."""

from __future__ import annotations

from newscrawl.items import Disagreement


class Provenance:
    """Collects provenance and disagreements while a page is read."""

    def __init__(self) -> None:
        self.provenance: dict[str, str] = {}
        self.disagreements: list[Disagreement] = []

    def note(self, field: str, source: str) -> None:
        """Note where a field was read."""
        self.provenance[field] = source

    def disagree(self, field: str, source: str, value: str) -> None:
        """Note that another source said otherwise."""
        self.disagreements.append(Disagreement(field, source, value))
