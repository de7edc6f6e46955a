"""Rejects articles without required content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.items import Article
from newscrawl.items.article import rejection_reasons
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Kind, Outcome
from newscrawl.outcomes.task import DroppedArticle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RejectedItem(DroppedArticle):
    """An article that is not written; it goes to the file of rejected articles with `reasons`."""

    def __init__(self, item: Article, reasons: list[str]) -> None:
        texts = ", ".join(reasons)
        super().__init__(
            f"rejected ({texts}): {item.url}",
            Outcome(Kind.REJECTED, f"rejected: {texts}"),
            log_level=None,
        )
        self.article = item
        """The item as it was rejected; Scrapy's signal has the one that the spider yielded."""
        self.reasons = reasons


class ValidatePipeline:
    """Accepts articles without problems according to `newscrawl.items.article`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ValidatePipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item.

        Raises:
            RejectedItem: with the reasons.
        """
        if isinstance(item, Article) and (reasons := rejection_reasons(item)):
            for reason in reasons:
                self._crawler.stats.inc_value(f"{counters.REJECTED}{reason}")
            raise RejectedItem(item, reasons)
        return item
