"""Completes an article's rights with the site's published reservations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from newscrawl.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.spiders.base import BaseSpider


class CompletePipeline:
    """Applies the site's tdmrep.json where the page itself reserves nothing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompletePipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item, its rights completed."""
        if isinstance(item, Article):
            spider = cast("BaseSpider", self._crawler.spider)
            spider.reservations.complete(item.rights, item.url)
        return item
