"""Prints the summary when the crawl is over."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.spider import DefaultSpider

from newscrawl.finish_reasons import is_good
from newscrawl.run.summary_text import MAX_URLS, render, shown, styled
from newscrawl.scrapy_internals import feed_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

_STDOUT = ("-", "stdout:")


class SummaryExtension:
    """Prints what the run's counters tell, at the very end.

    Settings: SUMMARY_ENABLED (default true).
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider: Spider | None = None
        self._failed_urls: dict[str, None] = {}
        self._feed_uris: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening.

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
        """Note the spider; `scrapy fetch` and `scrapy shell` run one that crawls nothing."""
        if not isinstance(spider, DefaultSpider):
            self._spider = spider

    def spider_error(self, response: Response | Failure | None) -> None:
        """Note the address of a page on which the spider failed."""
        # None when the spider's start failed, a Failure when an errback did.
        url = getattr(response, "url", None)
        if url and len(self._failed_urls) < MAX_URLS:
            self._failed_urls[url] = None

    def feed_slot_closed(self, slot: Any) -> None:
        """Note where a feed was stored."""
        self._feed_uris.append(feed_uri(slot))

    def engine_stopped(self) -> None:
        """Print the summary."""
        if self._spider is None:
            return
        summary = collect(
            self._crawler.stats.get_stats(),
            self._spider.name,
            failed_urls=self._failed_urls,
            files=self._files(self._spider),
        )
        self._print(summary)

    def _files(self, spider: Spider) -> tuple[tuple[str, str], ...]:
        """Return what this run left behind; only files that hold something."""
        output = getattr(spider, "output", None)
        log_file = self._crawler.settings["LOG_FILE"]
        places: list[tuple[str, Any]] = [
            ("dump", getattr(output, "dump", None)),
            ("rejected", getattr(output, "rejected", None)),
            ("log", log_file or getattr(output, "log", None)),
        ]
        found = [(label, shown(path)) for label, path in places if path and _holds(Path(path))]
        if overrides_feeds(self._crawler.settings):
            uris = [("dump", uri) for uri in self._feed_uris if uri not in _STDOUT]
            found = [*uris, *(entry for entry in found if entry[0] != "dump")]
        return tuple(found)

    def _print(self, summary: Summary) -> None:
        # With `-O -:json` standard output is the dump's.
        stream = sys.stderr if writes_to_stdout(self._crawler.settings) else sys.stdout
        if stream.isatty():
            Console(file=stream).print(styled(summary), soft_wrap=True, highlight=False, end="")
            return
        encoding = stream.encoding or "utf-8"
        stream.write(render(summary).encode(encoding, "replace").decode(encoding))
        stream.flush()


def overrides_feeds(settings: BaseSettings) -> bool:
    """Return whether the feeds were named on the command line or by Scrapyd."""
    priority = settings.getpriority("FEEDS")
    return priority is not None and priority >= SETTINGS_PRIORITIES["cmdline"]


def writes_to_stdout(settings: BaseSettings) -> bool:
    """Return whether a feed goes to standard output."""
    return any(str(uri) in _STDOUT for uri in settings.getdict("FEEDS"))


def _holds(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of one crawl, in numbers; a mapping is reason or name to count."""

    spider: str
    reason: str
    """Scrapy's finish reason."""
    seconds: float = 0.0
    articles: int = 0
    sections: Mapping[str, int] = field(default_factory=dict)
    coverage: Mapping[str, int] = field(default_factory=dict)
    """Articles that have the field; `date_published/day` are those without a time."""
    duplicates: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    rejected_articles: int = 0
    """One article may be rejected for several reasons."""
    outside: Mapping[str, int] = field(default_factory=dict)
    not_articles: Mapping[str, int] = field(default_factory=dict)
    not_fetched: Mapping[str, int] = field(default_factory=dict)
    """Addresses of articles that could not be fetched, after all tries."""
    blocked: Mapping[str, int] = field(default_factory=dict)
    """Pages that were none of the site's, by kind."""
    parts_missing: int = 0
    """Articles of several pages that lack one."""
    requests: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Responses by class: `2xx`, `3xx` ..."""
    retries: int = 0
    gave_up: int = 0
    """Requests that failed after the last retry."""
    unanswered: Mapping[str, int] = field(default_factory=dict)
    """Requests without a response, by kind of error; each try counts."""
    failed: int = 0
    """Pages that were fetched and could not be read."""
    failed_kinds: Mapping[str, int] = field(default_factory=dict)
    failed_urls: tuple[str, ...] = ()
    log_errors: int = 0
    unstored: int = 0
    """Feeds that could not be stored."""
    revised: int = 0
    """Articles written again, because their content changed."""
    gone: int = 0
    """Articles found removed."""
    known: Mapping[str, int] = field(default_factory=dict)
    """Articles looked at of which no line was due, and why."""
    browser_pages: int = 0
    """Pages opened in the browser."""
    browser_skipped: Mapping[str, int] = field(default_factory=dict)
    """Pages that a script would have filled and that were not opened, and why."""
    browser_failed: Mapping[str, int] = field(default_factory=dict)
    earlier: tuple[int, str] = (0, "")
    """How many lines the series' earlier dumps have, and where the last one is."""
    files: tuple[tuple[str, str], ...] = ()
    """What is where: ("dump", "output/esteri/….jsonl") ..."""

    @property
    def clean(self) -> bool:
        """Whether the crawl came to its own end and every page could be read."""
        return is_good(self.reason) and not (self.failed or self.gave_up or self.unstored)


def collect(
    stats: Mapping[str, Any],
    spider: str,
    *,
    failed_urls: Iterable[str] = (),
    files: tuple[tuple[str, str], ...] = (),
) -> Summary:
    """Return the summary that a run's final `stats` tell.

    `failed_urls` are added to those under `pages/failed/urls`.
    """
    statuses: dict[str, int] = {}
    for status, count in _group(stats, "downloader/response_status_count/").items():
        statuses[f"{status[:1]}xx"] = statuses.get(f"{status[:1]}xx", 0) + count
    failed_kinds = _group(stats, "pages/failed/")
    return Summary(
        spider=spider,
        reason=str(stats.get("finish_reason", "unknown")),
        seconds=float(stats.get("elapsed_time_seconds") or 0),
        articles=stats.get("articles/written", 0),
        sections=_group(stats, "articles/section/"),
        coverage=_group(stats, "coverage/"),
        duplicates=_group(stats, "duplicates/"),
        rejected=_group(stats, "rejected/"),
        rejected_articles=stats.get("item_dropped_reasons_count/RejectedItem", 0),
        outside=_group(stats, "outside/"),
        not_articles=_group(stats, "not_article/"),
        not_fetched=_group(stats, "not_fetched/"),
        blocked=_group(stats, "blocked/"),
        parts_missing=stats.get("parts/failed", 0),
        requests=stats.get("downloader/request_count", 0),
        statuses=dict(sorted(statuses.items())),
        retries=stats.get("retry/count", 0),
        gave_up=stats.get("retry/max_reached", 0),
        unanswered={
            # "twisted.internet.error.TimeoutError"; a request that we refused is no error.
            kind.rsplit(".", 1)[-1]: count
            for kind, count in _group(stats, "downloader/exception_type_count/").items()
            if not kind.endswith((".IgnoreRequest", ".BrowserError"))
        },
        # An exception that no code of ours caught is counted by Scrapy alone.
        failed=stats.get("pages/failed") or stats.get("spider_exceptions/count", 0),
        failed_kinds=failed_kinds or _group(stats, "spider_exceptions/", leave_out=("count",)),
        failed_urls=tuple(dict.fromkeys([*stats.get("pages/failed/urls", ()), *failed_urls])),
        log_errors=stats.get("log_count/ERROR", 0) + stats.get("log_count/CRITICAL", 0),
        unstored=sum(_group(stats, "feedexport/failed_count/").values()),
        revised=stats.get("articles/revised", 0),
        gone=stats.get("articles/gone", 0),
        known=_group(stats, "known/"),
        browser_pages=stats.get("browser/pages", 0),
        browser_skipped=_group(stats, "browser/skipped/"),
        browser_failed=_group(stats, "browser/failed/"),
        earlier=(
            stats.get("ledger/lines", 0),
            str(next(reversed(stats.get("ledger/dumps", [])), "")),
        ),
        files=files,
    )


def _group(
    stats: Mapping[str, Any], prefix: str, *, leave_out: tuple[str, ...] = ()
) -> dict[str, int]:
    """Return the counters under `prefix` without it, the largest first."""
    found = {
        key.removeprefix(prefix): value
        for key, value in stats.items()
        if key.startswith(prefix) and isinstance(value, int)
    }
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return {key: value for key, value in ranked if key not in leave_out}
