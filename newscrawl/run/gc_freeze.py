"""Keeps memory of finished pages from accumulating and the event loop from stalling.

See decision 44 in docs/decisions.md.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

_THRESHOLDS = (3_000, 4, 1)
"""For `gc.set_threshold`: of objects that refer to each other at most 30,000 wait for their end."""


class GcFreezeExtension:
    """Excludes from collection, during a crawl, the objects that exist before its first page.

    Python collects its oldest objects only once their number has grown by a quarter. Hundreds of
    thousands of them come from imports: until then what is no longer used and refers to itself
    stays in memory, and a collection traverses all those objects, which takes a tenth of a second.
    Frozen objects (`gc.freeze`) are not counted. Pages need no collection: see
    `middlewares/page_text.py`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._thresholds = gc.get_threshold()
        crawler.signals.connect(self.started, signals.engine_started)
        crawler.signals.connect(self.stopped, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        return cls(crawler)

    def started(self) -> None:
        """Freeze all existing objects."""
        gc.freeze()
        # Without it, Python would still use the number of old objects from before the freeze.
        gc.collect()
        gc.set_threshold(*_THRESHOLDS)

    def stopped(self) -> None:
        """Undo the freeze and restore the thresholds."""
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
