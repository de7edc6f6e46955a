"""Passes each revision of an article once, with what has changed.

See decision 27 in docs/decisions.md.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NoReturn

from scrapy.exceptions import DropItem

from newscrawl.context import of as context_of
from newscrawl.items import Article
from newscrawl.items.draft import MissingPage, UnchangedPage
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.revisions import apply, gone, snapshot_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scrapy.crawler import Crawler


class KnownItem(DropItem):
    """An article that is not written; `result` says why."""

    def __init__(self, text: str, result: str, published: int | None = None) -> None:
        super().__init__(text, log_level="DEBUG")
        self.result = result
        self.published = published


class ComparePipeline:
    """Compares an article with the ledger and claims its line."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._gone_after = crawler.settings.getint("GONE_AFTER")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ComparePipeline:
        """Return the pipeline of a crawler."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Return the item with its history.

        Raises:
            KnownItem: the series has this revision already.
        """
        if context_of(self._crawler) is None:
            # Of `scrapy parse --pipelines`, or a plain spider: there is no ledger.
            return item
        try:
            if isinstance(item, MissingPage):
                return await self._missing(item)
            if isinstance(item, UnchangedPage):
                return await self._unchanged(item)
            return await self._read(item) if isinstance(item, Article) else item
        except LedgerError as error:
            # The scheduler ends the run; the next one fetches the article again.
            raise KnownItem(f"not written: {error}", "ledger_error") from None

    async def _read(self, item: Article) -> Article:
        claim = await self._ledger().claim(snapshot_of(item, self._zone()))
        if not claim.write:
            same_run = claim.reason == "same_article"
            self._count("duplicates/same_article" if same_run else f"known/{claim.reason}")
            raise KnownItem(
                f"{claim.reason}: {item.id} at {item.url}", claim.reason, claim.published
            )
        apply(item, claim)
        if item.revision > 1:
            self._count("articles/revised")
        if item.duplicate_of:
            is_same = item.similarity == 1.0
            self._count("duplicates/same_text" if is_same else "duplicates/similar_text")
        return item

    async def _unchanged(self, page: UnchangedPage) -> NoReturn:
        published = await self._ledger().unchanged(page.url)
        self._count("known/not_modified")
        raise KnownItem(f"not modified: {page.url}", "unchanged", published)

    async def _missing(self, page: MissingPage) -> Article:
        known = await self._ledger().missing(page.url)
        if known is None or not known.in_series:
            raise KnownItem(f"does not exist: {page.url}", "missing")
        now = int(time.time())
        if not known.gone and (
            known.missing_since is None or now - known.missing_since < self._gone_after
        ):
            self._count("gone/to_be_confirmed")
            raise KnownItem(f"missing, checked again later: {known.id}", "missing")
        article, snapshot = gone(known, now)
        claim = await self._ledger().claim(snapshot)
        if not claim.write:
            raise KnownItem(f"{claim.reason}: {known.id}", claim.reason)
        apply(article, claim)
        self._count("articles/gone")
        return article

    def _zone(self) -> ZoneInfo:
        context = context_of(self._crawler)
        assert context is not None
        return context.zone

    def _ledger(self) -> client.Ledger:
        ledger = client.of(self._crawler)
        if ledger is None:
            raise KnownItem("not written: the crawl has no ledger", "ledger_error")
        return ledger

    def _count(self, key: str) -> None:
        self._crawler.stats.inc_value(key)
