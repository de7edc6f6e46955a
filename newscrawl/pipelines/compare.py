"""Passes each revision of an article once, with what has changed.

See decision 27 in docs/decisions.md.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NoReturn

from newscrawl.context import of as context_of
from newscrawl.items import Article
from newscrawl.items.draft import MissingPage, UnchangedPage
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.revisions import apply, gone, snapshot_of
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Kind, Outcome
from newscrawl.outcomes.task import DroppedArticle
from newscrawl.pages.truncation import FLAG

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scrapy.crawler import Crawler


_MISSING = Outcome(Kind.MISSING, "HTTP 404")
_PREFIXES = {
    "same_article": counters.DUPLICATES, Kind.OTHER_ARTICLE: counters.NOT_ARTICLE,
}  # fmt: skip
"""Reason for which no line is due to the prefix of its counter, where it is not `known/`."""


class KnownItem(DroppedArticle):
    """An article that is not written."""


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
            raise KnownItem(f"not written: {error}", Outcome.failed("ledger_error")) from None

    async def _read(self, item: Article) -> Article:
        claim = await self._ledger().claim(snapshot_of(item, self._zone()))
        if not claim.write:
            prefix = _PREFIXES.get(claim.reason, counters.KNOWN)
            self._count(f"{prefix}{claim.reason}")
            raise KnownItem(
                f"{claim.reason}: {item.id} at {item.url}",
                _outcome_of(item, claim.reason),
                claim.published,
            )
        apply(item, claim)
        if item.revision > 1:
            self._count(counters.REVISED)
        if item.duplicate_of:
            is_same = item.similarity == 1.0
            self._count(counters.SAME_TEXT if is_same else counters.SIMILAR_TEXT)
        return item

    async def _unchanged(self, page: UnchangedPage) -> NoReturn:
        known = await self._ledger().unchanged(page.url)
        if not known.is_written:
            # Nothing was written of what the site says has not changed: it is sent in full next.
            raise KnownItem(
                f"not modified, but not written: {page.url}",
                Outcome.failed("not modified, but never written"),
            )
        self._count(f"{counters.KNOWN}not_modified")
        raise KnownItem(
            f"not modified: {page.url}", Outcome(Kind.UNCHANGED, "unchanged"), known.published
        )

    async def _missing(self, page: MissingPage) -> Article:
        known = await self._ledger().missing(page.url)
        if known is None or not known.in_series:
            raise KnownItem(f"does not exist: {page.url}", _MISSING)
        now = int(time.time())
        is_confirmed = page.was_missing and known.missing_since is not None
        if not known.gone and not (
            is_confirmed and now - (known.missing_since or 0) >= self._gone_after
        ):
            self._count(counters.GONE_TO_BE_CONFIRMED)
            raise KnownItem(f"missing, checked again later: {known.id}", _MISSING)
        article, snapshot = gone(known, now)
        claim = await self._ledger().claim(snapshot)
        if not claim.write:
            raise KnownItem(f"{claim.reason}: {known.id}", _MISSING)
        apply(article, claim)
        self._count(counters.GONE)
        return article

    def _zone(self) -> ZoneInfo:
        context = context_of(self._crawler)
        assert context is not None
        return context.zone

    def _ledger(self) -> client.Ledger:
        ledger = client.of(self._crawler)
        if ledger is None:
            raise KnownItem("not written: the crawl has no ledger", Outcome.failed("ledger_error"))
        return ledger

    def _count(self, key: str) -> None:
        self._crawler.stats.inc_value(key)


def _outcome_of(item: Article, reason: str) -> Outcome:
    """Return the outcome of an article whose line is not due, by the ledger's reason."""
    if reason == Kind.OTHER_ARTICLE:
        return Outcome.other_article(item.id)
    if FLAG in item.flags:
        return Outcome(Kind.TRUNCATED, FLAG)
    return Outcome(Kind.UNCHANGED, reason)
