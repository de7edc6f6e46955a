"""Keeps the memory of pages that were read from piling up, and the event loop from stalling."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

_THRESHOLDS = (700, 4, 2)
"""As `gc.set_threshold` takes them: all that a crawl made is looked at every seventy pages."""


class GcFreezeExtension:
    """Sets aside, for the time of a crawl, what was there before its first page.

    Python collects its oldest objects only once their number has grown by a quarter. Hundreds of
    thousands of them come from imports: until then the trees of all pages read stay in memory,
    and a collection goes through all those objects, for a tenth of a second. Frozen
    (`gc.freeze`), they count for nothing.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._thresholds = gc.get_threshold()
        crawler.signals.connect(self.started, signals.engine_started)
        crawler.signals.connect(self.stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawler, listening."""
        return cls(crawler)

    def started(self) -> None:
        """Freeze what there is."""
        gc.collect()
        gc.freeze()
        # Until a collection finds nothing old, Python goes by the number of what is now frozen.
        gc.collect()
        gc.set_threshold(*_THRESHOLDS)

    def stopped(self) -> None:
        """Have it collected again like anything else."""
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
