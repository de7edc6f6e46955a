"""The source of each field, and the sources that state another value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Disagreement

if TYPE_CHECKING:
    from collections.abc import Iterable


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

    def choose(self, field: str, stated: Iterable[tuple[str, str | None]]) -> str:
        """Return the first text of (source, text) pairs, and note it and those that differ."""
        chosen = ""
        for source, value in stated:
            if value and not chosen:
                chosen = value
                self.note(field, source)
            elif value and value.casefold() != chosen.casefold():
                self.disagree(field, source, value)
        return chosen
