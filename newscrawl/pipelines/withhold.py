"""Drops articles that their publishers reserve, under RIGHTS_POLICY `respect`.

It comes before all that keeps an article's text: the dump, the ledger, the rejected file.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newscrawl.context import of as context_of
from newscrawl.items import Article
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Outcome
from newscrawl.outcomes.task import DroppedArticle
from newscrawl.rights.policy import withheld_use

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class WithheldItem(DroppedArticle):
    """An article that was read and is not kept."""

    def __init__(self, item: Article, use: str) -> None:
        super().__init__(f"withheld ({use}): {item.url}", Outcome.withheld(use))


class WithholdPipeline:
    """Drops what a page, its headers, its licences or a feed reserve for uses that a dump has."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WithholdPipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item.

        Raises:
            WithheldItem: its publisher reserves it.
        """
        context = context_of(self._crawler)
        if context is None or not context.rights.is_respected or not isinstance(item, Article):
            return item
        use = withheld_use(item.rights, datetime.now(UTC))
        if use is not None:
            self._crawler.stats.inc_value(f"{counters.WITHHELD}{use}")
            raise WithheldItem(item, use)
        return item
