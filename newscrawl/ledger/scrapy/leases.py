"""Follows tasks through the engine and derives what the ledger stores of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from newscrawl.context import of as context_of
from newscrawl.discovery import EXPLICIT, LISTED
from newscrawl.discovery.state import bits
from newscrawl.items import Article
from newscrawl.items.draft import Draft
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Settled
from newscrawl.ledger.revisions import epoch_of
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, PENDING
from newscrawl.outcomes import counters
from newscrawl.outcomes import task as tasks
from newscrawl.outcomes.outcome import ALIAS, ROBOTS, SECTION, Kind, Outcome
from newscrawl.outcomes.task import META, SOURCE, DroppedArticle, Task
from newscrawl.pages.truncation import FLAG
from newscrawl.scrapy_internals import ignored_reason, is_forbidden, requests_in_progress
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.outcomes.retries import Retries

logger = logging.getLogger(__name__)
_LISTED = bits(*LISTED)
_EXCLUDED = frozenset({Kind.EXCLUDED, Kind.NOT_ARTICLE, Kind.REJECTED, Kind.OTHER_ARTICLE})
# Any other page must be sent in full next time.
_IN_DUMPS = frozenset({Kind.WRITTEN, Kind.UNCHANGED})
EXPORTED = frozenset({Kind.WRITTEN, Kind.TRUNCATED})
"""Outcomes of which a line was exported, to the run's dump or only elsewhere."""
_MAX_RESULT = 120


def rows_in_progress(engine: ExecutionEngine) -> Iterator[int]:
    """Yield the rows whose requests the engine is processing."""
    for request in requests_in_progress(engine):
        if task := tasks.of(request):
            yield task.number


def settle(task: Task, now: int, retries: Retries, channels: int = 0) -> Settled:
    """Return what the ledger stores of a task.

    Args:
        task: the task, whose request has left the engine.
        now: seconds since 1970.
        retries: when an address is read again.
        channels: channels that have found it in this run.
    """
    outcome = task.final_outcome()
    key = key_of(task.url)
    if task.kind == SOURCE:
        due = retries.source_due(now, task.tries) if task.is_kept else None
        state = FAILED if task.is_kept else DONE
        result = outcome.reason[:_MAX_RESULT]
        return Settled(
            task.number, task.kind, state, result, task.status, due, tries=task.tries + 1, key=key
        )
    due = retries.due(outcome, now, task.tries, task.published)
    state, reason = _state_of(outcome), outcome.reason
    if reason == SECTION and (task.channels | channels) & _LISTED and not task.channels & _LISTED:
        # The section's archive has listed it meanwhile.
        state, reason, due = PENDING, "", None
    if outcome.is_success and task.alias_of is not None:
        reason = f"{ALIAS}{task.alias_of}"
    is_known = outcome.kind in _IN_DUMPS
    return Settled(
        task.number,
        task.kind,
        state,
        # The most common result takes no space.
        reason[:_MAX_RESULT] or None,
        task.status,
        due,
        task.etag if is_known else None,
        task.last_modified if is_known else None,
        0 if outcome.is_success or outcome.is_by_rule else task.tries + 1,
        key,
        outcome.kind.value,
        task.url,
        task.article_id,
    )


def _state_of(outcome: Outcome) -> int:
    if outcome.is_failure:
        return FAILED
    return EXCLUDED if outcome.kind in _EXCLUDED else DONE


class LeaseMiddleware:
    """Follows tasks in the spider, as the middleware nearest to the engine."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        connect = crawler.signals.connect
        connect(self.item_scraped, signals.item_scraped)
        connect(self.item_dropped, signals.item_dropped)
        connect(self.item_error, signals.item_error)
        connect(self.spider_error, signals.spider_error)
        self.is_starting = False
        """Whether the spider has more to yield from `start`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LeaseMiddleware:
        """Return the middleware of a crawler, connected to its signals."""
        return cls(crawler)

    def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Record when the spider's start requests begin and end."""
        self.is_starting = True
        return self._track_start(start)

    async def _track_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        try:
            async for request in start:
                yield request
        finally:
            self.is_starting = False

    def process_spider_input(self, response: Response) -> None:
        """Record status and validators of a response."""
        if task := tasks.of(response):
            task.status = response.status
            task.etag = _header(response, "ETag")
            task.last_modified = None if task.etag else _header(response, "Last-Modified")

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Record that a callback has finished, and whose page it has read.

        Its requests do not belong to the task.
        """
        task = tasks.of(response)
        async for output in result:
            if task:
                # Before the article is claimed, which may change what the ledger knows of it.
                await self._identify(task)
                if self._is_left_out(task, output):
                    continue
            if isinstance(output, Request):
                output.meta.pop(META, None)
                output.meta["found_on"] = task.url if task else response.url
            yield output
        if task:
            await self._identify(task)
            task.is_parsed = True

    def _is_left_out(self, task: Task, output: Any) -> bool:
        """Return whether it is another article, which only this address' channels would cover."""
        context = context_of(self._crawler)
        is_other = task.outcome is not None and task.outcome.kind is Kind.OTHER_ARTICLE
        if not (is_other and context is not None and isinstance(output, Draft)):
            return False
        article = output.article
        return EXPLICIT not in article.discovered_via and not context.scope.covers(article.sections)

    async def _identify(self, task: Task) -> None:
        """Record whether the page that answered is that of the address' own article."""
        answer, task.answered_by = task.answered_by, None
        ledger = client.of(self._crawler)
        if answer is None or answer.url == task.url or ledger is None:
            return
        try:
            is_own = await ledger.is_of_address(task.url, answer.article, answer.url)
        except LedgerError:
            task.settle(Outcome.failed("ledger_error"))
            return
        if is_own:
            task.alias_of = answer.article
            return
        logger.info("Another article (%s) answered: %s", answer.article, task.url)
        stats = self._crawler.stats
        stats.inc_value(f"{counters.NOT_ARTICLE}{Kind.OTHER_ARTICLE}")
        if not task.tries:
            stats.inc_value(counters.DOUBTFUL)
        task.settle(Outcome.other_article(answer.article))

    def item_scraped(self, item: Any, response: Any) -> None:
        """Record that the article was written."""
        task, context = tasks.of(response), context_of(self._crawler)
        if task is None or context is None or not isinstance(item, Article):
            return
        task.published = epoch_of(item.date_published, context.zone)
        if item.status == "gone":
            task.settle(Outcome(Kind.GONE, f"HTTP {task.status}"))
        elif FLAG in item.flags:
            task.settle(Outcome(Kind.TRUNCATED, FLAG))
        else:
            task.settle(Outcome(Kind.WRITTEN))

    def item_dropped(self, item: Any, response: Any, exception: Exception) -> None:
        """Record why an article was not written."""
        task = tasks.of(response)
        if task is None:
            return
        if isinstance(exception, DroppedArticle):
            task.settle(exception.outcome)
            task.published = exception.published or task.published
        else:
            task.settle(Outcome.failed(f"dropped: {type(exception).__name__}"))

    def item_error(self, response: Any, failure: Any) -> None:
        """Record that a pipeline failed."""
        if task := tasks.of(response):
            task.settle(Outcome.failed(f"pipeline: {type(failure.value).__name__}"))

    def spider_error(self, response: Any, failure: Any) -> None:
        """Record that a callback failed."""
        if task := tasks.of(response):
            task.settle(Outcome.failed(f"spider: {type(failure.value).__name__}"))


class LeasedDownloadMiddleware:
    """Records downloads that finally failed."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record the error; retries are over when this is called."""
        if isinstance(exception, IgnoreRequest):
            if is_forbidden(exception):
                tasks.settle(request, Outcome(Kind.EXCLUDED, ROBOTS))
            else:
                tasks.settle(request, Outcome.failed(ignored_reason(exception) or "ignored"))
        else:
            tasks.settle(request, Outcome.failed(type(exception).__name__))


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:300] if value else None


def is_starting(crawler: Crawler) -> bool:
    """Return whether the spider has not yet yielded all of its first requests."""
    middleware = crawler.get_spider_middleware(LeaseMiddleware)
    return middleware is not None and middleware.is_starting


def is_busy(crawler: Crawler) -> bool:
    """Return whether the spider is starting or requests of rows are in progress."""
    assert crawler.engine is not None
    return is_starting(crawler) or next(rows_in_progress(crawler.engine), None) is not None
