"""Follows leased URLs through the engine and derives their results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from newscrawl.context import of as context_of
from newscrawl.discovery import LISTED
from newscrawl.discovery.state import bits
from newscrawl.items import Article
from newscrawl.ledger.records import SECTION, Leased, Settled
from newscrawl.ledger.revisions import epoch_of
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, PENDING
from newscrawl.scrapy_internals import is_forbidden, requests_in_progress
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler
    from scrapy.http import Response

META = "lease"
"""Meta key of a request's lease; retries and redirects keep it."""
_HOUR, _DAY = 3_600, 86_400
_BACKOFF = (0, _HOUR, 6 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY)
_MAX_TRIES = 12
_LOOKS = 3
_MISSING = frozenset({404, 410})
_LISTED = bits(*LISTED)
_LATER = frozenset({"robots", "not_article: needs_browser"})
"""Rules that may no longer apply tomorrow."""
WRITTEN, NOT_IN_DUMP = "written", "not_kept"
"""Results of an exported article: to the run's dump, or only elsewhere."""
_IN_DUMPS = frozenset({WRITTEN, "unchanged"})


@dataclass(slots=True)
class Lease:
    """A leased URL and its state in the engine."""

    row: Leased
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_parsed: bool = False
    """Whether the callback has finished."""
    excluded: str | None = None
    """The rule that excludes it."""
    failure: str | None = None
    result: str | None = None
    published: int | None = None
    """When the article was published, seconds since 1970."""


def of(carrier: Request | Response | None) -> Lease | None:
    """Return the lease of a request or a response."""
    try:
        return carrier.meta.get(META) if carrier is not None else None
    except AttributeError:
        # A response without a request.
        return None


def rows_in_progress(engine: ExecutionEngine) -> Iterator[int]:
    """Yield the rows whose requests the engine is processing."""
    for request in requests_in_progress(engine):
        if lease := of(request):
            yield lease.row.id


def settle(lease: Lease, now: int, ages: Sequence[int], channels: int = 0) -> Settled:
    """Return the result of a lease.

    Args:
        lease: the lease, whose request has left the engine.
        now: seconds since 1970.
        ages: after how many seconds from its publication an article is fetched again.
        channels: channels that have found it in this run.
    """
    row = lease.row
    state, result, due = _result_of(lease, now, ages)
    if result == SECTION and (row.channels | channels) & _LISTED and not row.channels & _LISTED:
        # The section's archive has listed it meanwhile.
        state, result = PENDING, None
    if result == WRITTEN:
        # The most common result takes no space.
        result = None
    # Any other page must be sent in full next time.
    is_known = state == DONE and lease.result in _IN_DUMPS
    return Settled(
        row.id,
        row.kind,
        state,
        result[:120] if result else None,
        lease.status,
        due,
        lease.etag if is_known else None,
        lease.last_modified if is_known else None,
    )


def _result_of(lease: Lease, now: int, ages: Sequence[int]) -> tuple[int, str | None, int | None]:
    tries = lease.row.tries
    if lease.failure:
        return FAILED, lease.failure, _retry_at(now, tries)
    if lease.excluded:
        due = now + _DAY if lease.excluded in _LATER else None
        return EXCLUDED, lease.excluded, due
    if lease.status in _MISSING:
        # Requested again after an hour: an article missing twice counts as gone.
        return FAILED, f"HTTP {lease.status}", now + _HOUR if tries < _LOOKS else None
    if lease.result == NOT_IN_DUMP:
        return DONE, NOT_IN_DUMP, now
    if lease.status is not None and (200 <= lease.status < 300 or lease.status == 304):
        if lease.is_parsed:
            return DONE, lease.result or "read", _recheck_at(now, lease.published, ages)
        return FAILED, "not read to its end", _retry_at(now, tries)
    if lease.status is not None:
        return FAILED, f"HTTP {lease.status}", _retry_at(now, tries)
    return FAILED, "left the engine without a word", _retry_at(now, tries)


def _retry_at(now: int, tries: int) -> int | None:
    return now + _BACKOFF[min(tries, len(_BACKOFF) - 1)] if tries < _MAX_TRIES else None


def _recheck_at(now: int, published: int | None, ages: Sequence[int]) -> int | None:
    if published is None:
        return None
    return min((published + age for age in ages if published + age > now), default=None)


class LeaseMiddleware:
    """Follows leased URLs in the spider, as the middleware nearest to the engine."""

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
        if lease := of(response):
            lease.status = response.status
            lease.etag = _header(response, "ETag")
            lease.last_modified = None if lease.etag else _header(response, "Last-Modified")

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Record that a callback has finished; its requests do not belong to the lease."""
        lease = of(response)
        key = key_of(lease.row.url) if lease else None
        async for output in result:
            if isinstance(output, Request):
                output.meta.pop(META, None)
                output.meta["found_on"] = key
            yield output
        if lease:
            lease.is_parsed = True
            lease.excluded = response.meta.get("excluded")
            lease.failure = response.meta.get("failure")
            if response.meta.get("in_browser"):
                # They apply to the page as it was sent, not to what its scripts have fetched.
                lease.etag = lease.last_modified = None

    def item_scraped(self, item: Any, response: Any) -> None:
        """Record that the article was written."""
        if lease := of(response):
            lease.result = WRITTEN
            context = context_of(self._crawler)
            if context is not None and isinstance(item, Article):
                lease.published = epoch_of(item.date_published, context.zone)
            else:
                lease.published = None

    def item_dropped(self, item: Any, response: Any, exception: Exception) -> None:
        """Record why an article was not written."""
        if lease := of(response):
            response.meta["excluded"] = lease.excluded = getattr(exception, "rule", None)
            lease.result = getattr(exception, "result", "rejected")
            lease.published = getattr(exception, "published", None) or lease.published

    def item_error(self, response: Any, failure: Any) -> None:
        """Record that a pipeline failed."""
        if lease := of(response):
            lease.failure = f"pipeline: {type(failure.value).__name__}"

    def spider_error(self, response: Any, failure: Any) -> None:
        """Record that a callback failed."""
        if lease := of(response):
            lease.failure = f"spider: {type(failure.value).__name__}"


class LeasedDownloadMiddleware:
    """Records downloads that finally failed."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Record the error; retries are over when this is called."""
        lease = of(request)
        if lease is None:
            return
        if isinstance(exception, IgnoreRequest):
            message = str(exception).lower()
            lease.excluded = "robots" if is_forbidden(exception) else message[:80] or "ignored"
        else:
            lease.failure = type(exception).__name__


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:300] if value else None
