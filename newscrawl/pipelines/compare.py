"""Writes each article once per revision, and says what changed."""

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
    """An article of which no line is due; `result` says why."""

    def __init__(self, text: str, result: str, published: int | None = None) -> None:
        super().__init__(text, log_level="DEBUG")
        self.result = result
        self.published = published


class ComparePipeline:
    """Asks the ledger what is known of an article and promises its line."""

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
        try:
            if isinstance(item, MissingPage):
                return await self._missing(item)
            if isinstance(item, UnchangedPage):
                return await self._unchanged(item)
            return await self._read(item) if isinstance(item, Article) else item
        except LedgerError as error:
            # The scheduler ends the run; what is not written is fetched again by the next.
            raise KnownItem(f"not written: {error}", "ledger_error") from None

    async def _read(self, item: Article) -> Article:
        verdict = await self._ledger().claim(snapshot_of(item, self._zone()))
        if not verdict.write:
            same_run = verdict.reason == "same_article"
            self._count("duplicates/same_article" if same_run else f"known/{verdict.reason}")
            raise KnownItem(
                f"{verdict.reason}: {item.id} at {item.url}", verdict.reason, verdict.published
            )
        apply(item, verdict)
        if item.revision > 1:
            self._count("articles/revised")
        if item.duplicate_of:
            same = item.similarity == 1.0
            self._count("duplicates/same_text" if same else "duplicates/similar_text")
        return item

    async def _unchanged(self, page: UnchangedPage) -> NoReturn:
        published = await self._ledger().unchanged(page.url)
        self._count("known/not_modified")
        raise KnownItem(f"not modified: {page.url}", "unchanged", published)

    async def _missing(self, page: MissingPage) -> Article:
        found = await self._ledger().missing(page.url)
        if found is None or not found.in_series:
            raise KnownItem(f"not there: {page.url}", "missing")
        now = int(time.time())
        if not found.gone and (
            found.missing_since is None or now - found.missing_since < self._gone_after
        ):
            self._count("gone/to_be_confirmed")
            raise KnownItem(f"missing, looked at again later: {found.id}", "missing")
        article, reading = gone(found, now)
        verdict = await self._ledger().claim(reading)
        if not verdict.write:
            raise KnownItem(f"{verdict.reason}: {found.id}", verdict.reason)
        apply(article, verdict)
        self._count("articles/gone")
        return article

    def _zone(self) -> ZoneInfo:
        context = context_of(self._crawler)
        assert context is not None
        return context.zone

    def _ledger(self) -> client.Ledger:
        found = client.of(self._crawler)
        if found is None:
            raise KnownItem("not written: the crawl has no ledger", "ledger_error")
        return found

    def _count(self, key: str) -> None:
        self._crawler.stats.inc_value(key)
