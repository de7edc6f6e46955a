"""Writes each article once and marks the same text under another address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from newscrawl.fingerprints import Fingerprints
from newscrawl.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class DuplicatesPipeline:
    """Keeps the run's fingerprints."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._fingerprints = Fingerprints()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DuplicatesPipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item, marked when its text was written before.

        Raises:
            DropItem: the article itself was written before, from another address.
        """
        if isinstance(item, Article):
            if self._fingerprints.knows(item):
                self._crawler.stats.inc_value("duplicates/same_article")
                raise DropItem(f"already written: {item.id} at {item.url}", log_level="DEBUG")
            if self._fingerprints.mark(item):
                self._crawler.stats.inc_value("duplicates/same_text")
        return item
