"""Records why an article was not fetched, or was fetched and cannot be read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from newscrawl.items.draft import MissingPage
from newscrawl.middlewares.failed_pages import count_unreadable
from newscrawl.outcomes import counters, task
from newscrawl.outcomes.outcome import Outcome
from newscrawl.spiders.channels.channel import note_failure
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.statscollectors import StatsCollector
    from twisted.python.failure import Failure

logger = logging.getLogger("newscrawl.spider")


def record(failure: Failure, stats: StatsCollector) -> Iterator[MissingPage]:
    """Count a failed request for an article; yield a page that no longer exists."""
    request: Request = failure.request  # type: ignore[attr-defined]
    cause, article_task = SourceFailure.of(failure), task.of(request)
    if cause.is_unreadable:
        logger.warning("Fetched and not read (%s): %s", cause.text, request.url)
        kind = counters.key_of_reason(cause.reason)
        count_unreadable(stats, kind, request.url)
        note_failure(stats, f"articles: {kind}")
        if article_task is not None:
            article_task.settle(Outcome.failed(cause.reason))
        count_answer(article_task, stats)
        return
    logger.warning("Not fetched (%s): %s", cause.text, request.url)
    stats.inc_value(f"{counters.NOT_FETCHED}{counters.key_of_reason(cause.reason)}")
    if cause.is_missing:
        count_answer(article_task, stats)
        was_missing = article_task is not None and article_task.was_missing
        yield MissingPage(request.meta["article"], was_missing)
        return
    if article_task is not None and article_task.outcome is None:
        article_task.settle(Outcome.failed(cause.reason))
    if cause.is_forbidden:
        return
    count_answer(article_task, stats)
    if cause.asks_to_wait:
        stats.inc_value(counters.RATE_LIMITED)
    if cause.moved_to is None:
        stats.inc_value(counters.MISSED)
        note_failure(stats, f"articles: {counters.key_of_reason(cause.reason)}")
    elif article_task is None or not article_task.tries:
        # An article may have been moved to another site for good.
        stats.inc_value(counters.DOUBTFUL)


def count_answer(article_task: task.Task | None, stats: StatsCollector) -> None:
    """Count an answer to the first request for an article."""
    if article_task is None or not article_task.tries:
        stats.inc_value(counters.ARTICLES_ANSWERED)
