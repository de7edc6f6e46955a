"""Completes an article's rights with what its site states outside the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.context import of as context_of
from newscrawl.items import Article
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store import feed_terms
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import FEED_NOT_READ, Kind, Outcome
from newscrawl.outcomes.task import DroppedArticle
from newscrawl.text import key_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.context import RunContext
    from newscrawl.items import Signal


class UnknownTermsItem(DroppedArticle):
    """An article that was read and is not written, as a feed with its terms was not read."""

    def __init__(self, item: Article) -> None:
        super().__init__(f"feed not read: {item.url}", Outcome(Kind.EXCLUDED, FEED_NOT_READ))


class CompletePipeline:
    """Adds what tdmrep.json, robots.txt, licences and feeds state about an article."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompletePipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Return the item, with its rights completed.

        Raises:
            UnknownTermsItem: what a feed states is not known, under RIGHTS_POLICY `respect`.
        """
        context = context_of(self._crawler)
        if context is None or not isinstance(item, Article):
            return item
        of_feeds, is_unknown = await self._feed_terms(item, context)
        if context.rights.is_respected and is_unknown:
            self._crawler.stats.inc_value(counters.MISSED)
            self._crawler.stats.inc_value(f"{counters.NOT_FETCHED}{FEED_NOT_READ}")
            raise UnknownTermsItem(item)
        fetched = context.addresses.fetchable(item.url)
        context.rights.complete(item.rights, item.url, fetched, of_feeds)
        return item

    async def _feed_terms(self, item: Article, context: RunContext) -> tuple[list[Signal], bool]:
        """Return what feeds state of an article, and whether what a feed states is not known."""
        ledger = client.of(self._crawler)
        if ledger is None or not (context.rights.has_feed_terms or ledger.shares):
            return [], False
        try:
            return await ledger.read(feed_terms.read, [key_of(item.url)])
        except LedgerError:
            # The scheduler ends the run; the next one fetches the article again.
            return [], True
