"""Writes the articles that are not written to the dump, with the reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from scrapy import signals
from scrapy.exporters import JsonLinesItemExporter

from newscrawl import ledger
from newscrawl.pipelines.validate import RejectedItem

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


class RejectedItems:
    """Keeps `<start time>.rejected.jsonl` beside the dump; no file where nothing is rejected.

    Each line has `url`, `reasons`, `rejected_at` and `article`, all that was read.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._file: BinaryIO | None = None
        self._exporter: JsonLinesItemExporter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RejectedItems:
        """Return the extension, listening to a crawler."""
        extension = cls(crawler)
        crawler.signals.connect(extension.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def item_dropped(self, item: Any, exception: Exception, spider: Spider) -> None:
        """Write a rejected article."""
        if not isinstance(exception, RejectedItem):
            return
        try:
            self._write(item, exception, spider)
        except OSError as error:
            found = ledger.of(self._crawler)
            if found is None:
                raise
            # The run ends; the next one reads the article again.
            found.broken = found.broken or error

    def _write(self, item: Any, exception: RejectedItem, spider: Spider) -> None:
        if self._exporter is None:
            path = spider.output.rejected  # type: ignore[attr-defined]
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab")
            self._exporter = JsonLinesItemExporter(self._file, encoding="utf-8")  # type: ignore[arg-type]
        self._exporter.export_item(
            {
                "url": item.url,
                "reasons": exception.reasons,
                "rejected_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "article": item,
            }
        )
        assert self._file is not None
        self._file.flush()

    def spider_closed(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
