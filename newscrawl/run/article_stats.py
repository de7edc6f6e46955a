"""Counts the written articles: sections, fields, and how long after publication."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import signals

from newscrawl.items import COUNTED_FIELDS, Article
from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

FRESH = timedelta(days=2)
"""Articles up to this age show what the site publishes now, older ones are a backlog."""


class ArticleStatsExtension:
    """Counts each article that is written.

    Stats: `articles/written`, `articles/section/<section>`, `articles/fresh/<section>`,
    `coverage/<field>`, `coverage/date_published/day`, `articles/reader/<class>`,
    `articles/reader_coverage/<class>/<field>`, `rights/articles`,
    `rights/signals/<source>/<use>`. Kept in `lags`: publication in seconds
    since 1970, and seconds from it to capture, of the articles that this run is the first to
    capture.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.lags: list[tuple[float, int]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        extension = cls(crawler)
        crawler.signals.connect(extension.item_scraped, signals.item_scraped)
        return extension

    def item_scraped(self, item: object) -> None:
        """Count an article that was written."""
        if not isinstance(item, Article):
            return
        count = self._crawler.stats.inc_value
        count(counters.WRITTEN)
        section = item.section or "(none)"
        count(f"{counters.ARTICLES_BY_SECTION}{section}")
        # A line about a removed article has none.
        reader = item.extractor.rpartition(" ")[2]
        if reader:
            count(f"{counters.ARTICLES_BY_READER}{reader}")
        for name in COUNTED_FIELDS:
            if getattr(item, name):
                count(f"{counters.COVERAGE}{name}")
                if reader:
                    count(f"{counters.COVERAGE_BY_READER}{reader}/{name}")
        self._count_signals(item)
        if item.date_published_precision == "day":
            count(counters.COVERAGE_DAY_ONLY)
        age = age_of(item)
        if age is not None and age <= FRESH:
            count(f"{counters.FRESH_BY_SECTION}{section}")
        is_new = item.revision == 1 and item.first_seen_at == item.fetched_at
        if is_new and age is not None and item.date_published_precision != "day":
            assert item.fetched_at is not None
            published = datetime.fromisoformat(item.fetched_at) - age
            # An editor's clock may be ahead of ours.
            self.lags.append((published.timestamp(), max(0, int(age.total_seconds()))))

    def _count_signals(self, item: Article) -> None:
        count = self._crawler.stats.inc_value
        if item.rights.signals:
            count(counters.RIGHTS_ARTICLES)
        for signal in item.rights.signals:
            count(f"{counters.RIGHTS_SIGNALS}{signal.source}/{signal.use}")


def age_of(article: Article) -> timedelta | None:
    """Return how old an article was when it was fetched; without a time, from the day's start.

    None when either time is not known.

    >>> article = Article(date_published="2026-11-25T10:00:00+01:00")
    >>> article.fetched_at = "2026-11-25T09:07:30Z"
    >>> age_of(article)
    datetime.timedelta(seconds=450)
    """
    if not article.date_published or not article.fetched_at:
        return None
    fetched = datetime.fromisoformat(article.fetched_at)
    published = datetime.fromisoformat(article.date_published)
    if published.tzinfo is None:
        published = published.replace(tzinfo=fetched.tzinfo)
    return fetched - published
