"""Prints the summary when the crawl is over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.spider import DefaultSpider

from newscrawl.context import of as context_of
from newscrawl.formatting import display_path
from newscrawl.run import standard_output
from newscrawl.run.summary import MAX_URLS, Summary, collect, render, styled
from newscrawl.scrapy_internals import feed_uri, is_crawl
from newscrawl.text import without_credentials

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

_STDOUT = ("-", "stdout:")


class SummaryExtension:
    """Prints the summary of the run's stats at the very end.

    Settings: SUMMARY_ENABLED (default true).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider: Spider | None = None
        self._failed_urls: dict[str, None] = {}
        self._feed_uris: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to the signals.

        Raises:
            NotConfigured: SUMMARY_ENABLED is false.
        """
        if not crawler.settings.getbool("SUMMARY_ENABLED", default=True):
            raise NotConfigured
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.spider_error, signals.spider_error)
        connect(extension.feed_slot_closed, signals.feed_slot_closed)
        # After spider_closed, so that every feed has its final name and every counter is set.
        connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        """Note the spider; in `scrapy fetch` or `scrapy shell` none crawls."""
        if not isinstance(spider, DefaultSpider) and is_crawl(self._crawler):
            self._spider = spider

    def spider_error(self, response: Response | Failure | None) -> None:
        """Note the address of a page on which the spider failed."""
        # None when the spider's start failed, a Failure when an errback did.
        url = getattr(response, "url", None)
        if url and len(self._failed_urls) < MAX_URLS:
            self._failed_urls[url] = None

    def feed_slot_closed(self, slot: Any) -> None:
        """Note where a feed was stored."""
        self._feed_uris.append(without_credentials(feed_uri(slot)))

    def engine_stopped(self) -> None:
        """Print the summary."""
        if self._spider is None:
            return
        context = context_of(self._crawler)
        summary = collect(
            self._crawler.stats.get_stats(),
            context.series if context else self._spider.name,
            failed_urls=self._failed_urls,
            files=self._files(),
            wait_limits=(
                self._crawler.settings.getfloat("WAIT_MAX"),
                self._crawler.settings.getfloat("RETRY_AFTER_MAX"),
            ),
        )
        self._print(summary)

    def _files(self) -> tuple[tuple[str, str], ...]:
        """Return the files that this run has written, without the empty ones."""
        context = context_of(self._crawler)
        paths = context.paths if context else None
        archive = context.archive if context else None
        log_file = self._crawler.settings["LOG_FILE"]
        candidates: list[tuple[str, Any]] = [
            ("dump", paths and paths.dump),
            ("rejected", paths and paths.rejected),
            ("disagree", paths and paths.audit),
            *(("archive", path) for path in (archive.paths if archive else ())),
            ("log", log_file or (paths and paths.log)),
        ]
        files = [
            (label, display_path(path))
            for label, path in candidates
            if path and _is_filled(Path(path))
        ]
        if overrides_feeds(self._crawler.settings):
            uris = [("dump", uri) for uri in self._feed_uris if uri not in _STDOUT]
            files = [*uris, *(file for file in files if file[0] != "dump")]
        return tuple(files)

    def _print(self, summary: Summary) -> None:
        # With `-O -:json` the dump goes to standard output.
        stream = sys.stderr if writes_to_stdout(self._crawler.settings) else sys.stdout
        if stream.isatty():
            Console(file=stream).print(styled(summary), soft_wrap=True, highlight=False, end="")
            return
        standard_output.write(render(summary), stream)


def overrides_feeds(settings: BaseSettings) -> bool:
    """Return whether the feeds were named on the command line or by Scrapyd."""
    priority = settings.getpriority("FEEDS")
    return priority is not None and priority >= SETTINGS_PRIORITIES["cmdline"]


def writes_to_stdout(settings: BaseSettings) -> bool:
    """Return whether a feed goes to standard output."""
    return any(str(uri) in _STDOUT for uri in settings.getdict("FEEDS"))


def _is_filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
