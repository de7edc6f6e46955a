"""Writes articles as lines of JSON through Scrapy's feed export, committed with the ledger.

See decisions 16, 24 and 87 in docs/decisions.md.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Self
from urllib.parse import quote, unquote, urlsplit

from scrapy import signals
from scrapy.exporters import JsonLinesItemExporter
from scrapy.extensions.feedexport import FeedExporter
from scrapy.utils.defer import deferred_from_coro

from newscrawl.context import of as context_of
from newscrawl.dumps.encoding import line
from newscrawl.dumps.part_files import part_of
from newscrawl.dumps.paths import OutputPaths
from newscrawl.items import Article
from newscrawl.ledger import client, errors
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Claim
from newscrawl.ledger.scrapy import archived_tasks
from newscrawl.ledger.store.locks import create_locked
from newscrawl.outcomes import counters
from newscrawl.pipelines.validate import RejectedItem
from newscrawl.scrapy_internals import Overriding

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.extensions.feedexport import FeedSlot
    from twisted.internet.defer import Deferred

__all__ = [
    "ArticleLinesExporter",
    "DumpStorage",
    "RejectedItems",
    "SeparateFeeds",
    "feed_uri_params",
    "line",
]

logger = logging.getLogger(__name__)


class SeparateFeeds(Overriding, FeedExporter):
    """Scrapy's feed export, in which a feed that fails does not affect the others.

    The first failure of a feed is logged; a run with a feed that has failed is `partial`.
    Stats: `feedexport/failed_count/<storage>`, Scrapy's own; `feeds/failed/<format>`: items that
    a feed could not write.
    """

    overridden = ("open_spider", "item_scraped", "close_spider")

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._failed: set[str] = set()
        # Receivers are called in the order in which they were connected: Scrapy connects later.
        crawler.signals.connect(self.archive_response, signals.item_scraped)

    def open_spider(self, spider: Spider) -> None:
        """Open each feed."""
        feeds = self.feeds
        for uri, options in feeds.items():
            self.feeds = {uri: options}
            try:
                super().open_spider(spider)
            except Exception as error:  # noqa: BLE001 - storages raise anything
                self._report(uri, options["format"], "feed", error)
        self.feeds = feeds

    def archive_response(self, item: Any, response: Any) -> None:
        """Archive what an article was read from, which its line names."""
        if isinstance(item, Article):
            item.archive = archived_tasks.location_of(self.crawler, item, response)

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Pass an item to each feed."""
        slots: list[FeedSlot] = []
        for slot in self.slots:
            self.slots = [slot]
            try:
                super().item_scraped(item, spider)
            except Exception as error:  # noqa: BLE001 - exporters raise anything
                self._report(slot.uri, slot.format, type(slot.storage).__name__, error)
            slots += self.slots
        self.slots = slots

    async def close_spider(self, spider: Spider) -> None:
        """Finish and store each feed."""
        self.slots = [slot for slot in self.slots if self._has_finished(slot)]
        await super().close_spider(spider)

    def _has_finished(self, slot: FeedSlot) -> bool:
        if not slot.itemcount:
            return slot.uri not in self._failed
        try:
            slot.finish_exporting()
        except Exception as error:  # noqa: BLE001 - exporters raise anything
            self._report(slot.uri, slot.format, type(slot.storage).__name__, error)
            return False
        return True

    def _report(self, uri: str, name: str, storage: str, error: Exception) -> None:
        stats = self.crawler.stats
        stats.inc_value(f"{counters.FEEDS_FAILED}{name}")
        if uri in self._failed:
            return
        self._failed.add(uri)
        stats.inc_value(f"{counters.FEEDS_NOT_STORED}{storage}")
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        logger.error("Feed %s is not complete: %s", uri, text)


class ArticleLinesExporter(JsonLinesItemExporter):
    """Writes the same lines as Scrapy's exporter at a fifth of its cost.

    Scrapy's exporter adapts each nested value; an article has about a hundred of them. It is
    used for anything but a whole article (`FEED_EXPORT_FIELDS`, other items, ASCII escapes).
    A line written to the run's dump is reported to the ledger in the same step.
    """

    ledger: client.Ledger | None = None

    def __init__(self, file: Any, **options: Any) -> None:
        super().__init__(file, **options)
        # Scrapy's attribute for it is not documented.
        self._dump = file

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the exporter of a crawler."""
        exporter = cls(*args, **kwargs)
        exporter.ledger = client.of(crawler)
        return exporter

    def export_item(self, item: Any) -> None:
        """Write one line; if the run's dump cannot be written, the ledger ends the run."""
        if self.ledger is None or self.ledger.dump is not self._dump:
            self._write(item)
        elif self.ledger.broken is None:
            try:
                self._write(item)
            except OSError as error:
                self.ledger.broken = error
            else:
                self.ledger.claims.append(Claim(item.id, item.revision))

    def _write(self, item: Any) -> None:
        is_plain = self.fields_to_export is None and self.indent in {None, 0}
        if type(item) is Article and is_plain and self.encoding == "utf-8":
            self._dump.write(line(item))
        else:
            super().export_item(item)


class DumpStorage:
    """The run's dump: written as `….jsonl.part` and renamed when it is complete.

    Feed addresses are `dump:///path`.
    """

    def __init__(self, crawler: Crawler, uri: str) -> None:
        self._crawler = crawler
        self._path = Path(unquote(urlsplit(uri).path))
        self._part = part_of(self._path)

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        uri: str,
        *,
        feed_options: dict[str, Any] | None = None,  # noqa: ARG003 - Scrapy's interface
    ) -> Self:
        """Return the storage of a crawler's dump."""
        return cls(crawler, uri)

    def open(self, spider: Spider) -> IO[bytes]:
        """Create the file; an existing file is not overwritten.

        If that fails the ledger ends the run, and until then lines are discarded.

        Raises:
            OSError: the file cannot be created, and the crawl has no ledger to report it.
        """
        ledger = client.of(self._crawler)
        try:
            file = create_locked(self._part)
        except OSError as error:
            if ledger is None:
                raise
            ledger.broken = error
            return Path(os.devnull).open("wb")
        if ledger is not None:
            ledger.dump = file
        return file

    def store(self, file: IO[bytes]) -> Deferred[None]:
        """Close the file and rename it."""
        return deferred_from_coro(self._store(file))

    async def _store(self, file: IO[bytes]) -> None:
        ledger = client.of(self._crawler)
        if ledger is not None and ledger.is_whole:
            try:
                await ledger.check_files()
            except LedgerError as error:
                ledger.is_whole = False
                errors.report_failure(self._crawler.stats, error)
        try:
            file.close()
        except OSError:
            # Its unwritten rest was not committed, and the run has reported why it ends.
            if ledger is None or ledger.is_whole:
                raise
        if ledger is None:
            self._part.rename(self._path)
        elif ledger.is_whole:
            try:
                await ledger.finish_dump(self._part, self._path)
            except LedgerError as error:
                errors.report_failure(self._crawler.stats, error)


class RejectedItems:
    """Writes `<start time>.rejected.jsonl` beside the dump, if an article is rejected.

    Each line has `url`, `reasons`, `rejected_at` and `article`, the whole article.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._file: BinaryIO | None = None
        self._exporter: JsonLinesItemExporter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RejectedItems:
        """Return the extension of a crawler, connected to its signals."""
        extension = cls(crawler)
        crawler.signals.connect(extension.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def item_dropped(self, exception: Exception) -> None:
        """Write a rejected article."""
        context = context_of(self._crawler)
        if context is None or not isinstance(exception, RejectedItem):
            return
        try:
            self._write(exception, context.paths.rejected)
        except OSError as error:
            ledger = client.of(self._crawler)
            if ledger is None:
                raise
            # The run ends; the next one reads the article again.
            ledger.broken = ledger.broken or error

    def _write(self, exception: RejectedItem, path: Path) -> None:
        if self._exporter is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab")
            self._exporter = JsonLinesItemExporter(self._file, encoding="utf-8")  # type: ignore[arg-type]
        self._exporter.export_item(
            {
                "url": exception.article.url,
                "reasons": exception.reasons,
                "rejected_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "article": exception.article,
            }
        )
        assert self._file is not None
        self._file.flush()

    def spider_closed(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def feed_uri_params(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """Return Scrapy's feed parameters and `dump`, the quoted path of the run's dump."""
    context = context_of(spider.crawler)
    paths = context.paths if context else OutputPaths.of_run(spider.settings, spider.name)
    return {**params, "dump": quote(str(paths.dump.absolute()))}
