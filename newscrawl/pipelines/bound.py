"""Drops articles published outside the run's span of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.context import of as context_of
from newscrawl.items import Article
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import OUTSIDE, Kind, Outcome
from newscrawl.outcomes.task import DroppedArticle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class OutsideItem(DroppedArticle):
    """An article outside the run's days; the outcome has its day, for runs with other days."""

    def __init__(self, item: Article) -> None:
        rule = f"{OUTSIDE}{(item.date_published or '')[:10]}"
        super().__init__(f"outside the requested dates: {item.url}", Outcome(Kind.EXCLUDED, rule))


class BoundPipeline:
    """Applies `since` and `until`, also to articles without a day in the address."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BoundPipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item.

        Raises:
            OutsideItem: it was published outside the span, or has no date.
        """
        context = context_of(self._crawler)
        if context is None or not isinstance(item, Article) or "url" in item.discovered_via:
            return item
        if not context.scope.covers_date_of(item):
            self._crawler.stats.inc_value(counters.OUTSIDE_DATES)
            raise OutsideItem(item)
        return item
