"""Asks REST how many posts a run by pages has to read: `posts?per_page=1`, X-WP-Total.

See decision 136 in docs/decisions.md.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from scrapy import Request

from newscrawl.arguments import REST
from newscrawl.discovery import categories, post_list
from newscrawl.discovery.kept_total import keep_total, kept_total, total_in
from newscrawl.discovery.post_list import PostFilter
from newscrawl.discovery.section_categories import SectionCategories
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scrapy.http import TextResponse
    from twisted.python.failure import Failure

    from newscrawl.context import RunContext
    from newscrawl.discovery.categories import Category

logger = logging.getLogger("newscrawl.spider")
_PRIORITY = 300
"""Of requests that each worker sends by itself, before any article."""
_MAX_CATEGORY_PAGES = 20
_HEADERS = {"Accept": "application/json"}


class BackfillCount:
    """The request for the number of posts of the run's section and days.

    It is sent once for each section and span of days: the answer, or that REST gives none, is
    kept in the ledger.
    """

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._listed: list[Category] = []

    def requests(self, channels: Collection[str]) -> Iterator[Request]:
        """Yield the first request; nothing where the number is known, or is not that of the run.

        The first part of the list that the channel of REST reads states the number too.
        """
        context, arguments = self._context, self._context.arguments
        is_limited = arguments.urls or arguments.pages is not None or arguments.source == REST
        if (
            not context.backfill.is_counted
            or REST in channels
            or is_limited
            or kept_total(context.discovery, context.scope)[0]
        ):
            return
        if context.scope.section is None:
            yield self._count(())
        else:
            yield self._categories(1)

    def _request(self, url: str, callback: Any, **state: Any) -> Request:
        return Request(
            self._context.addresses.fetchable(url),
            callback,
            headers=_HEADERS,
            priority=_PRIORITY,
            errback=self._failed,
            dont_filter=True,
            cb_kwargs=state,
            meta={"dont_retry": True},
        )

    def _categories(self, page: int) -> Request:
        url = categories.address(self._context.site.origin, page)
        return self._request(url, self._read_categories, page=page)

    def _count(self, ids: tuple[int, ...]) -> Request:
        scope = self._context.scope
        chosen = PostFilter(ids, scope.since, scope.until)
        return self._request(
            post_list.count_address(self._context.site.origin, chosen), self._read_count
        )

    def _read_categories(self, response: TextResponse, page: int) -> Iterator[Request]:
        try:
            listed = categories.read(response.body)
        except ValueError as error:
            self._unknown(str(error))
            return
        self._listed += listed
        if len(listed) == categories.PER_PAGE and page < _MAX_CATEGORY_PAGES:
            yield self._categories(page + 1)
            return
        section = self._context.scope.section
        assert section is not None
        ids = SectionCategories(self._context.addresses, self._listed).ids_of(section.slug)
        if ids:
            yield self._count(ids)
        else:
            self._unknown(f"it names no category for {section.slug}")

    def _read_count(self, response: TextResponse) -> None:
        try:
            post_list.read(response.body, self._context.addresses)
        except ValueError as error:
            self._unknown(str(error))
            return
        total = total_in(response.headers.get("X-WP-Total"))
        if total is None:
            self._unknown("it states no total")
            return
        self._keep(total)
        self._context.backfill.set_total(total)

    def _failed(self, failure: Failure) -> None:
        cause = SourceFailure.of(failure)
        self._unknown("robots.txt forbids it" if cause.is_forbidden else cause.reason)

    def _unknown(self, reason: str) -> None:
        """Record why there is no total; it is not asked for again."""
        logger.info("REST does not say how many posts there are: %s", reason)
        self._context.backfill.problem = f"REST: {reason}"
        self._keep(None)

    def _keep(self, total: int | None) -> None:
        keep_total(self._context.discovery, self._context.scope, total, int(time.time()))
