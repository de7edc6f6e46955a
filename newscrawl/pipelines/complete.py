"""Completes an article's rights with what its site states outside the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.context import of as context_of
from newscrawl.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CompletePipeline:
    """Adds what tdmrep.json, robots.txt, licences and feeds state about an article."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompletePipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item, with its rights completed."""
        context = context_of(self._crawler)
        if context is not None and isinstance(item, Article):
            fetched = context.addresses.fetchable(item.url)
            context.rights.complete(item.rights, item.url, fetched)
        return item
