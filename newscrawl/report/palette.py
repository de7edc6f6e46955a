"""Assigns colours to sections, the same in all charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.report.charts import COLOURS, OTHERS

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER = "others"


class Palette:
    """Colours of the largest sections; the rest share one.

    >>> palette = Palette({"Esteri": 3, "Sport": 9})
    >>> palette.order, palette.name("Cronaca")
    (['Sport', 'Esteri'], 'others')
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.order = sorted(counts, key=lambda name: (-counts[name], name))
        """All sections, the largest first."""
        self._own = dict(zip(self.order, COLOURS, strict=False))

    def name(self, section: str) -> str:
        """Return the name of a section in charts."""
        return section if section in self._own else OTHER

    @property
    def colours(self) -> dict[str, str]:
        """Names in charts to colours, the largest first."""
        rest = {OTHER: OTHERS} if len(self.order) > len(self._own) else {}
        return self._own | rest
