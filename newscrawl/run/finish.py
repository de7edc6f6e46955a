"""Sets the finish reason of a run that ends by itself.

See decisions 47 and 48 in docs/decisions.md.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import CloseSpider

from newscrawl.context import of as context_of
from newscrawl.outcomes import counters, finish_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)
# Counters that make a run partial, with their texts.
_MISSED = {
    counters.MISSED: "not fetched",
    counters.FAILED: "not readable",
    counters.ITEMS_FAILED: "failed in a pipeline",
    counters.PARTS_FAILED: "without a further page",
    counters.HOME_NOT_READ: "home page not read",
    counters.ARCHIVE_NOT_READ: "archives not read",
    counters.ARCHIVE_FORBIDDEN: "archives forbidden by robots.txt",
    counters.ARCHIVE_BROKEN_OFF: "archives broken off",
    counters.SOURCES_UNREADABLE: "sitemaps, feeds or lists not read",
    counters.RELATED_NOT_FOLLOWED: "Related Posts above the limit",
    counters.LEDGER_NOT_KEPT: "addresses not kept",
    counters.SPIDER_EXCEPTIONS: "errors of the spider",
}
_SINGULARS = {
    "archives": "archive",
    "sitemaps, feeds or lists": "sitemap, feed or list",
    "addresses": "address",
    "errors": "error",
}
_MIN_DOUBTFUL = 3


def blocked(stats: Mapping[str, Any]) -> tuple[int, dict[str, int]]:
    """Return the number of blocked pages, and the number of each kind, the most frequent first."""
    kinds = {
        key.removeprefix(counters.BLOCKED): count
        for key, count in stats.items()
        if key.startswith(counters.BLOCKED)
    }
    ranked = dict(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])))
    return sum(ranked.values()), ranked


def blocked_share(stats: Mapping[str, Any]) -> float:
    """Return the share of the responses that were block pages, 0 to 1."""
    return blocked(stats)[0] / max(1, int(stats.get(counters.ANSWERED, 0)))


def missed(stats: Mapping[str, Any], *, max_doubtful: float = 1.0) -> dict[str, int]:
    """Return texts and numbers of what a run should have read and could not.

    Args:
        stats: Scrapy's.
        max_doubtful: the share of new addresses above which those that answered with something
            else than an article count.
    """
    counts = {text: stats.get(key, 0) for key, text in _MISSED.items()}
    doubtful = stats.get(counters.DOUBTFUL, 0)
    answered = max(1, stats.get(counters.ARTICLES_ANSWERED, 0))
    if doubtful >= _MIN_DOUBTFUL and doubtful / answered > max_doubtful:
        counts["answered with something else than an article"] = doubtful
    return {text: count for text, count in counts.items() if count}


def finish_reason(
    stats: Mapping[str, Any], *, is_first: bool, max_blocked: float, max_doubtful: float = 1.0
) -> tuple[str, str]:
    """Return the finish reason and detail of a run that ended by itself.

    Args:
        stats: Scrapy's.
        is_first: whether the series had no run before.
        max_blocked: the share of blocked pages above which a run counts as blocked.
        max_doubtful: that of `missed`.
    """
    if blocked_share(stats) > max_blocked:
        return finish_reasons.BLOCKED, blocked_summary(stats)
    missing = missed(stats, max_doubtful=max_doubtful)
    detail = _detail(stats, missing)
    if stats.get(counters.RATE_LIMITED):
        number = stats[counters.RATE_LIMITED]
        pages = "1 page" if number == 1 else f"{number:,} pages"
        return finish_reasons.RATE_LIMITED, f"{pages}: {detail}"
    if stats.get(counters.ARCHIVE_FORBIDDEN) and not stats.get(counters.ARTICLES_ANSWERED):
        return finish_reasons.ROBOTS_FORBIDDEN, detail
    if stats.get(counters.ARCHIVE_NOT_FOUND):
        return finish_reasons.SECTION_MISSING, str(
            stats.get(counters.FINISH_DETAIL) or "no archive of a section"
        )
    if missing:
        return finish_reasons.PARTIAL, detail
    if not stats.get(counters.WRITTEN) and not is_first:
        return finish_reasons.NOTHING_NEW, ""
    return finish_reasons.FINISHED, ""


def _singular(text: str) -> str:
    """Return a text for the number 1.

    >>> _singular("archives broken off"), _singular("not fetched")
    ('archive broken off', 'not fetched')
    """
    for plural, singular in _SINGULARS.items():
        text = text.replace(plural, singular)
    return text


def _detail(stats: Mapping[str, Any], missing: Mapping[str, int]) -> str:
    counts = ", ".join(
        f"{count:,} {_singular(text) if count == 1 else text}" for text, count in missing.items()
    )
    causes = "; ".join(stats.get(counters.FIRST_FAILURES, ()))
    return f"{counts} ({causes})" if causes else counts


def blocked_summary(stats: Mapping[str, Any]) -> str:
    """Return the number and kinds of blocked pages as text."""
    count, kinds = blocked(stats)
    return f"{count:,} of {stats.get(counters.ANSWERED, 0):,} pages: {', '.join(kinds)}"


class FinishExtension:
    """Sets the finish reason before the spider closes, so that all extensions see the same one.

    Settings: BLOCKED_MAX_SHARE, DOUBTFUL_MAX_SHARE. Stats: `finish_reason`, Scrapy's own, and
    `finish/detail`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._start_failed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.item_error, signals.item_error)
        connect(extension.spider_error, signals.spider_error)
        connect(extension.spider_idle, signals.spider_idle)
        connect(extension.spider_closed, signals.spider_closed)
        connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    def item_error(self, failure: Failure) -> None:
        """Count an article on which a pipeline failed."""
        self._crawler.stats.inc_value(counters.ITEMS_FAILED)

    def spider_error(self, response: Response | Failure | None) -> None:
        """Note that the spider failed before it had yielded all its start requests."""
        # Scrapy sends None only for an error of `Spider.start`.
        self._start_failed = self._start_failed or response is None

    def spider_idle(self, spider: Spider) -> None:
        """Close the spider with the finish reason of its run.

        Raises:
            CloseSpider: with the finish reason.
        """
        context = context_of(self._crawler)
        if context is None or self._start_failed:
            return
        reason, detail = finish_reason(
            self._crawler.stats.get_stats(),
            is_first=context.discovery.is_new,
            max_blocked=self._crawler.settings.getfloat("BLOCKED_MAX_SHARE"),
            max_doubtful=self._crawler.settings.getfloat("DOUBTFUL_MAX_SHARE"),
        )
        self._crawler.stats.set_value(counters.FINISH_DETAIL, detail)
        if finish_reasons.is_good(reason):
            context.discovery.end_full_discovery(int(time.time()))
        raise CloseSpider(reason)

    def spider_closed(self) -> None:
        """Apply the ledger's reason, which may be set after the spider's."""
        self._update_reason()

    def engine_stopped(self) -> None:
        """Check again: renaming a dump may have failed."""
        self._update_reason()

    def _update_reason(self) -> None:
        stats = self._crawler.stats
        ledger_reason = stats.get_value(counters.LEDGER_REASON)
        reason, _ = finish_reasons.of(stats.get_stats())
        if ledger_reason:
            stats.set_value(counters.FINISH_REASON, ledger_reason)
            stats.set_value(counters.FINISH_DETAIL, stats.get_value(counters.LEDGER_DETAIL))
        elif finish_reasons.is_good(reason) and stats.get_value(counters.ALL_FORBIDDEN):
            number = stats.get_value(counters.ALL_FORBIDDEN)
            articles = "the only article" if number == 1 else f"all {number:,} articles"
            stats.set_value(counters.FINISH_REASON, finish_reasons.ROBOTS_FORBIDDEN)
            stats.set_value(counters.FINISH_DETAIL, f"{articles} that were found")
        elif finish_reasons.is_good(reason) and (unstored := _unstored(stats.get_stats())):
            stats.set_value(counters.FINISH_REASON, finish_reasons.PARTIAL)
            stats.set_value(counters.FINISH_DETAIL, f"{unstored:,} feeds not stored")


def _unstored(stats: Mapping[str, Any]) -> int:
    return counters.total(stats, counters.FEEDS_NOT_STORED)
