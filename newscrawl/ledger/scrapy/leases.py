"""What becomes of a leased URL on its way through the engine, and what that means for it."""

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
from newscrawl.scrapy_internals import is_forbidden, requests_in_hand
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler
    from scrapy.http import Response

META = "lease"
"""Where a request carries its lease; retries and redirects take it along."""
_HOUR, _DAY = 3_600, 86_400
_BACKOFF = (0, _HOUR, 6 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY)
_MAX_TRIES = 12
_LOOKS = 3
_MISSING = frozenset({404, 410})
_LISTED = bits(*LISTED)
_LATER = frozenset({"robots", "not_article: needs_browser"})
"""Rules that may hold no longer tomorrow."""
WRITTEN, NOT_KEPT = "written", "not_kept"
"""Results of an article that was exported: to the run's dump, or elsewhere only."""
_KNOWN_WHOLE = frozenset({WRITTEN, "unchanged"})


@dataclass(slots=True)
class Lease:
    """A leased URL and what has been seen of it so far."""

    row: Leased
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_parsed: bool = False
    """Whether the callback has come to its end."""
    excluded: str | None = None
    """The rule that keeps it out."""
    failure: str | None = None
    result: str | None = None
    published: int | None = None
    """When the article was published, seconds since 1970."""


def of(carrier: Request | Response | None) -> Lease | None:
    """Return the lease that a request or a response carries."""
    try:
        return carrier.meta.get(META) if carrier is not None else None
    except AttributeError:
        # A response that no request belongs to.
        return None


def under_way(engine: ExecutionEngine) -> Iterator[int]:
    """Yield the rows whose requests the engine has in hand."""
    for request in requests_in_hand(engine):
        if lease := of(request):
            yield lease.row.id


def settle(lease: Lease, now: int, ages: Sequence[int], channels: int = 0) -> Settled:
    """Return what a lease comes to.

    Args:
        lease: the lease, whose request has left the engine.
        now: seconds since 1970.
        ages: after how many seconds from its publication an article is looked at again.
        channels: what led to it, as far as this run knows.
    """
    row = lease.row
    state, result, due = _judge(lease, now, ages)
    if result == SECTION and (row.channels | channels) & _LISTED and not row.channels & _LISTED:
        # Meanwhile the section's archive has listed it.
        state, result = PENDING, None
    if result == WRITTEN:
        # What most come to takes no room.
        result = None
    # Of anything else but what is known, the page must come whole again.
    is_known = state == DONE and lease.result in _KNOWN_WHOLE
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


def _judge(lease: Lease, now: int, ages: Sequence[int]) -> tuple[int, str | None, int | None]:
    tries = lease.row.tries
    if lease.failure:
        return FAILED, lease.failure, _again(now, tries)
    if lease.excluded:
        due = now + _DAY if lease.excluded in _LATER else None
        return EXCLUDED, lease.excluded, due
    if lease.status in _MISSING:
        # Looked at again after an hour: an article missing twice counts as gone.
        return FAILED, f"HTTP {lease.status}", now + _HOUR if tries < _LOOKS else None
    if lease.result == NOT_KEPT:
        return DONE, NOT_KEPT, now
    if lease.status is not None and (200 <= lease.status < 300 or lease.status == 304):
        if lease.is_parsed:
            return DONE, lease.result or "read", _next_look(now, lease.published, ages)
        return FAILED, "not read to its end", _again(now, tries)
    if lease.status is not None:
        return FAILED, f"HTTP {lease.status}", _again(now, tries)
    return FAILED, "left the engine without a word", _again(now, tries)


def _again(now: int, tries: int) -> int | None:
    return now + _BACKOFF[min(tries, len(_BACKOFF) - 1)] if tries < _MAX_TRIES else None


def _next_look(now: int, published: int | None, ages: Sequence[int]) -> int | None:
    if published is None:
        return None
    return min((published + age for age in ages if published + age > now), default=None)


class LeaseMiddleware:
    """Sees each page of a leased URL come and go, next to the engine on both sides."""

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
        """Return the middleware of a crawler, listening."""
        return cls(crawler)

    def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Hand on what the spider starts with; note from when on and until when."""
        self.is_starting = True
        return self._watched(start)

    async def _watched(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        try:
            async for one in start:
                yield one
        finally:
            self.is_starting = False

    def process_spider_input(self, response: Response) -> None:
        """Note how the site answered."""
        if lease := of(response):
            lease.status = response.status
            lease.etag = _header(response, "ETag")
            lease.last_modified = None if lease.etag else _header(response, "Last-Modified")

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Note that a callback came to its end; requests that it makes are no part of it."""
        lease = of(response)
        key = key_of(lease.row.url) if lease else None
        async for one in result:
            if isinstance(one, Request):
                one.meta.pop(META, None)
                one.meta["found_on"] = key
            yield one
        if lease:
            lease.is_parsed = True
            lease.excluded = response.meta.get("excluded")
            lease.failure = response.meta.get("failure")
            if response.meta.get("in_browser"):
                # They speak of the page as it was sent, not of what its scripts have fetched.
                lease.etag = lease.last_modified = None

    def item_scraped(self, item: Any, response: Any) -> None:
        """Note that the article was written."""
        if lease := of(response):
            lease.result = WRITTEN
            context = context_of(self._crawler)
            if context is not None and isinstance(item, Article):
                lease.published = epoch_of(item.date_published, context.zone)
            else:
                lease.published = None

    def item_dropped(self, item: Any, response: Any, exception: Exception) -> None:
        """Note why an article was not written."""
        if lease := of(response):
            response.meta["excluded"] = lease.excluded = getattr(exception, "rule", None)
            lease.result = getattr(exception, "result", "rejected")
            lease.published = getattr(exception, "published", None) or lease.published

    def item_error(self, response: Any, failure: Any) -> None:
        """Note that a pipeline failed."""
        if lease := of(response):
            lease.failure = f"pipeline: {type(failure.value).__name__}"

    def spider_error(self, response: Any, failure: Any) -> None:
        """Note that a callback failed."""
        if lease := of(response):
            lease.failure = f"spider: {type(failure.value).__name__}"


class LeasedDownloadMiddleware:
    """Sees the downloads that failed for good."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note why; retries are over when this is asked."""
        lease = of(request)
        if lease is None:
            return
        if isinstance(exception, IgnoreRequest):
            text = str(exception).lower()
            lease.excluded = "robots" if is_forbidden(exception) else text[:80] or "ignored"
        else:
            lease.failure = type(exception).__name__


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:300] if value else None
