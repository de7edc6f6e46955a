"""Follows tasks through the engine and derives what the ledger stores of them."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from newscrawl.context import of as context_of
from newscrawl.discovery import EXPLICIT, LISTED, REST
from newscrawl.discovery.state import bits
from newscrawl.items import Article
from newscrawl.items.draft import Draft
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.records import Settled, SettledByList
from newscrawl.ledger.revisions import epoch_of
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, PENDING
from newscrawl.outcomes import counters
from newscrawl.outcomes import task as tasks
from newscrawl.outcomes.outcome import ALIAS, ROBOTS, SECTION, Kind, Outcome
from newscrawl.outcomes.task import (
    META,
    SOURCE,
    DroppedArticle,
    ListedArticle,
    RefusedRequest,
    Task,
)
from newscrawl.pages.identity import PROTECTED
from newscrawl.pages.truncation import FLAG
from newscrawl.scrapy_internals import ignored_reason, is_forbidden, requests_in_progress
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.ledger.records import Batch
    from newscrawl.outcomes.retries import Retries

logger = logging.getLogger(__name__)
_LISTED = bits(*LISTED)
_REST = bits(REST)
_EXCLUDED = frozenset(
    {Kind.EXCLUDED, Kind.NOT_ARTICLE, Kind.REJECTED, Kind.OTHER_ARTICLE, Kind.WITHHELD}
)
# Any other page must be sent in full next time.
_IN_DUMPS = frozenset({Kind.WRITTEN, Kind.UNCHANGED})
_EXPORTED = frozenset({Kind.WRITTEN, Kind.TRUNCATED})
"""Outcomes of which a line was exported, to the run's dump or only elsewhere."""
_NOT_IN_DUMP = Outcome(Kind.NOT_IN_DUMP, Kind.NOT_IN_DUMP.value)
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


def leave_out_of_dump(task: Task) -> bool:
    """Record that what was exported is not in the run's dump; return whether anything was."""
    listed = [row for row in task.listed.values() if row.outcome.kind in _EXPORTED]
    for row in listed:
        task.listed[row.url] = replace(row, outcome=_NOT_IN_DUMP)
    if task.final_outcome().kind not in _EXPORTED:
        return bool(listed)
    task.outcome = _NOT_IN_DUMP
    return True


def has_unwritten(batch: Batch) -> bool:
    """Return whether lists held articles that are not in the dump: the lists are read again."""
    return any(row.result.outcome == Kind.NOT_IN_DUMP for row in batch.listed)


def failed_articles(batch: Batch) -> int:
    """Return how many articles could not be read."""
    results = [*batch.settled, *(row.result for row in batch.listed)]
    return sum((row.kind, row.state) == (tasks.ARTICLE, FAILED) for row in results)


def add_to(batch: Batch, task: Task, now: int, retries: Retries, channels: int) -> None:
    """Add what the ledger stores of a task, and of the articles that its answer held, to a batch.

    The arguments are those of `settle`. The lease of one that is postponed returns with the run's.
    """
    if task.is_postponed:
        return
    batch.settled.append(settle(task, now, retries, channels))
    batch.listed += settle_listed(task, now, retries)


def settle_listed(task: Task, now: int, retries: Retries) -> Iterator[SettledByList]:
    """Yield what the ledger stores of the articles that a source's answer held itself."""
    for article in task.listed.values():
        outcome = article.outcome
        result = Settled(
            0,
            tasks.ARTICLE,
            _state_of(outcome),
            outcome.reason[:_MAX_RESULT] or None,
            task.status,
            retries.due(outcome, now, 0, article.published),
            tries=0 if outcome.is_success or outcome.is_by_rule else 1,
            key=key_of(article.url),
            outcome=outcome.kind.value,
            url=article.url,
            article_id=article.article_id if outcome.reason.endswith(PROTECTED) else None,
        )
        yield SettledByList(result, _REST, article.modified)


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
        if item.status == "gone":
            outcome = Outcome(Kind.GONE, f"HTTP {task.status}")
        elif FLAG in item.flags:
            outcome = Outcome(Kind.TRUNCATED, FLAG)
        else:
            outcome = Outcome(Kind.WRITTEN)
        self._settle(task, item, outcome)

    def item_dropped(self, item: Any, response: Any, exception: Exception) -> None:
        """Record why an article was not written."""
        task = tasks.of(response)
        if task is None:
            return
        if isinstance(exception, DroppedArticle):
            self._settle(task, item, exception.outcome, exception.published)
        else:
            self._settle(task, item, Outcome.failed(f"dropped: {type(exception).__name__}"))

    def item_error(self, item: Any, response: Any, failure: Any) -> None:
        """Record that a pipeline failed."""
        if task := tasks.of(response):
            self._settle(task, item, Outcome.failed(f"pipeline: {type(failure.value).__name__}"))

    def _settle(
        self, task: Task, item: Any, outcome: Outcome, published: int | None = None
    ) -> None:
        """Record the outcome of an article: its page's, or its own where a list holds it."""
        article = item.article if isinstance(item, Draft) else item
        context = context_of(self._crawler)
        zone = context.zone if context is not None else UTC
        if isinstance(article, Article):
            published = epoch_of(article.date_published, zone) or published
        if task.kind != SOURCE or not isinstance(article, Article):
            task.settle(outcome)
            task.published = published or task.published
            return
        modified = epoch_of(article.date_modified, zone)
        task.settle_listed(ListedArticle(article.url, outcome, article.id, published, modified))

    def spider_error(self, response: Any, failure: Any) -> None:
        """Record that a callback failed."""
        if task := tasks.of(response):
            task.settle(Outcome.failed(f"spider: {type(failure.value).__name__}"))


class LeasedDownloadMiddleware:
    """Records downloads that finally failed."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record the error; retries are over when this is called."""
        if isinstance(exception, RefusedRequest):
            tasks.settle(request, exception.outcome)
        elif isinstance(exception, IgnoreRequest):
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
