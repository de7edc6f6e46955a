"""Compares what a run reads from pages with a second witness, and names what disagrees.

See decision 135 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import json
import logging
from heapq import nlargest
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import DontCloseSpider

from newscrawl.context import of as context_of
from newscrawl.discovery import rest_lists
from newscrawl.dumps.atomic import atomic_write
from newscrawl.extraction import second_witness
from newscrawl.extraction.dating import resolve_dates
from newscrawl.extraction.second_witness import FEED, REST, Furniture, Pair
from newscrawl.items import FROM_REST, Article
from newscrawl.outcomes import audit_figures, counters
from newscrawl.pages.rest_article import RestArticle, not_article_reason
from newscrawl.scrapy_internals import wake
from newscrawl.spiders.witness_downloads import (
    WitnessClosedError,
    WitnessDownloads,
    WitnessUnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any, Self

    from scrapy.crawler import Crawler

    from newscrawl.context import RunContext
    from newscrawl.pages.rest_records import Lists, PostRecord

logger = logging.getLogger("newscrawl.audit")
_NEWEST = 200
"""Articles that are kept for the feed, which has the newest 20 of the site or of the section."""
_MAX_NAMED = 2_000
"""Disagreements that are named; further ones are counted."""


class AuditExtension:
    """Compares written articles with their REST records, a hundred a request, else with the feed.

    Setting: AUDIT_ENABLED. Stats: those of `counters.AUDIT_ARTICLES` and after it. Disagreements
    go to `<start time>.audit.jsonl`: `id`, `url`, `field`, `page`, `witness`, `source`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context: RunContext | None = None
        self._is_enabled = crawler.settings.getbool("AUDIT_ENABLED")
        self._waiting: list[Article] = []
        self._source = REST
        self._reasons: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._is_over = False
        self._is_draining = False
        """Whether the run is idle: then fewer articles than a whole request are compared too."""
        self._lines: list[dict[str, object]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.item_scraped, signals.item_scraped)
        connect(extension.spider_idle, signals.spider_idle)
        connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begin: without a context there is nothing to record."""
        self._context = context_of(self._crawler)
        if self._context is None:
            return
        if not self._is_enabled:
            self._set_reason(audit_figures.OFF)
            return
        self._downloads = WitnessDownloads(self._context, self._crawler)

    def item_scraped(self, item: object) -> None:
        """Keep an article that was read from its page and written."""
        if not self._is_active or not isinstance(item, Article) or item.status == "gone":
            return
        if FROM_REST in item.flags:
            return
        if self._source == REST and _number(item) is None:
            self._leave_out(second_witness.NO_ID)
            return
        self._waiting.append(item)
        self._is_draining = False
        if self._source == FEED and len(self._waiting) > 2 * _NEWEST:
            self._keep_newest()
        elif self._source == REST and len(self._waiting) >= rest_lists.PER_PAGE:
            self._begin()

    @property
    def _is_active(self) -> bool:
        return self._is_enabled and self._context is not None and not self._is_over

    def spider_idle(self) -> None:
        """Compare what is left before the run ends.

        Raises:
            DontCloseSpider: until that is done.
        """
        self._is_draining = True
        if self._is_active and self._waiting:
            self._begin()
        if self._task is not None:
            raise DontCloseSpider

    def spider_closed(self) -> None:
        """Write what disagrees; a run that was ended early does not compare what was left."""
        if self._task is not None:
            self._task.cancel()
        if self._context is None:
            return
        if self._is_active and (self._waiting or self._task is not None):
            self._set_reason("the run ended before")
        if self._lines:
            self._write(self._context.paths.audit)

    def _begin(self) -> None:
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            await self._compare_all()
        except WitnessUnavailableError as error:
            self._fail(str(error))
        except Exception as error:
            # An audit must never end a run.
            logger.exception("The audit crashed")
            self._fail(f"{type(error).__name__}: {error}")
        finally:
            self._task = None
        if self._crawler.engine is not None:
            wake(self._crawler.engine)

    async def _compare_all(self) -> None:
        if self._crawler.stats.get_value(counters.RATE_LIMITED):
            raise WitnessUnavailableError("the site asks to wait")
        while self._source == REST and self._has_batch():
            batch = self._waiting[: rest_lists.PER_PAGE]
            try:
                await self._compare_with_rest(batch)
            except WitnessClosedError as error:
                logger.info("Audit: REST cannot be used (%s): the feed is used", error)
                self._reasons.append(f"REST: {error}")
                self._source = FEED
                return
            del self._waiting[: len(batch)]
        if self._source == FEED and self._waiting:
            await self._compare_with_feed()

    def _has_batch(self) -> bool:
        count = len(self._waiting)
        return count >= rest_lists.PER_PAGE or (self._is_draining and count > 0)

    def _fail(self, reason: str) -> None:
        """Record why the audit ends before all was compared."""
        self._is_over = True
        self._reasons.append(f"{self._source}: {reason}")
        logger.warning("Audit ended: %s", "; ".join(self._reasons))
        self._crawler.stats.inc_value(counters.AUDIT_FAILED)
        self._set_reason("; ".join(self._reasons))

    # --- The witnesses ------------------------------------------------------------------------

    async def _compare_with_rest(self, batch: Sequence[Article]) -> None:
        by_number = {number: item for item in batch if (number := _number(item)) is not None}
        records, lists = await self._downloads.records(by_number)
        pairs = []
        for record in records:
            item = by_number.pop(record.id)
            pairs += await self._paired(item, record, lists)
        self._leave_out(second_witness.NOT_LISTED, len(by_number))
        await self._compare(pairs)

    async def _compare_with_feed(self) -> None:
        """Compare the newest articles with the feed's items, once, at the end of the run."""
        self._is_over = True
        self._keep_newest()
        batch, self._waiting = self._waiting, []
        try:
            items = await self._downloads.feed()
        except WitnessClosedError as error:
            self._reasons.append(f"feed: {error}")
            self._set_reason("; ".join(self._reasons))
            return
        pairs = []
        for item in batch:
            found = items.get(item.url)
            if found is not None:
                pairs += await self._paired(item, *found)
        await self._compare(pairs)
        if not pairs:
            self._reasons.append("feed: it has none of these articles")
        self._set_reason("; ".join(self._reasons))

    async def _paired(self, item: Article, record: PostRecord, lists: Lists) -> list[Pair]:
        """Return an article and the reading of its record; nothing if they cannot be compared."""
        assert self._context is not None
        # A hundred texts at once would hold up the downloads.
        await asyncio.sleep(0)
        addresses = self._context.addresses
        if not_article_reason(record, addresses) is not None:
            self._leave_out(second_witness.NOT_PUBLIC)
            return []
        draft = RestArticle(record, lists, addresses).draft()
        draft.article.fetched_at = item.fetched_at
        pair = Pair.of(item, resolve_dates(draft), self._source)
        if second_witness.is_edited(pair):
            self._leave_out(second_witness.EDITED)
            return []
        return [pair]

    async def _compare(self, pairs: Sequence[Pair]) -> None:
        stats = self._crawler.stats
        furniture = Furniture.of(pairs)
        if pairs:
            stats.set_value(counters.AUDIT_WITNESS, self._source)
        for pair in pairs:
            await asyncio.sleep(0)
            found = second_witness.compare(pair, furniture)
            stats.inc_value(counters.AUDIT_ARTICLES)
            disagreeing = {difference.field for difference in found.differences}
            for name in found.compared:
                stats.inc_value(f"{counters.AUDIT_COMPARED}{name}")
                stats.inc_value(f"{counters.AUDIT_AGREED}{name}", int(name not in disagreeing))
            for difference in found.differences:
                self._note(
                    {
                        "id": found.article.id,
                        "url": found.article.url,
                        "field": difference.field,
                        "page": difference.page,
                        "witness": difference.witness,
                        "source": self._source,
                    }
                )

    # --- What is left of it -------------------------------------------------------------------

    def _note(self, line: dict[str, object]) -> None:
        self._crawler.stats.inc_value(counters.AUDIT_DISAGREEMENTS)
        if len(self._lines) < _MAX_NAMED:
            self._lines.append(line)
            logger.info("Audit: page and %s disagree in %s: %s", line["source"], line["field"],
                        line["url"])  # fmt: skip
        else:
            self._crawler.stats.inc_value(counters.AUDIT_NOT_NAMED)

    def _write(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path) as temporary, temporary.open("w", encoding="utf-8") as file:
                for line in self._lines:
                    file.write(f"{json.dumps(line, ensure_ascii=False)}\n")
        except OSError as error:
            self._crawler.stats.inc_value(counters.AUDIT_FAILED)
            logger.error("Audit: cannot write %s: %s", path, error.strerror)  # noqa: TRY400 - without a traceback

    def _keep_newest(self) -> None:
        self._waiting = nlargest(_NEWEST, self._waiting, key=lambda item: item.date_published or "")

    def _leave_out(self, reason: str, count: int = 1) -> None:
        if count:
            self._crawler.stats.inc_value(f"{counters.AUDIT_LEFT_OUT}{reason}", count)

    def _set_reason(self, reason: str) -> None:
        self._crawler.stats.set_value(counters.AUDIT_REASON, reason)


def _number(article: Article) -> int | None:
    """Return the WordPress id of an article; None for one whose id is a hash of its address."""
    text: Any = article.id.rpartition(":")[2]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
