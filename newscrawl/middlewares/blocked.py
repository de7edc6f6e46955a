"""Responses that show that the site blocks the crawler: counted, never parsed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.middlewares.rate_limits import asks_to_wait
from newscrawl.outcomes import counters, finish_reasons, task
from newscrawl.outcomes.outcome import Kind, Outcome
from newscrawl.pages.block_page import response_kind
from newscrawl.run.finish import blocked_summary

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)
_MAX_IN_A_ROW = 10
"""Blocked pages in a row that end the run: further requests would make it worse."""


class BlockedError(HttpError):
    """A response with a good status that is not a page of the site."""

    def __init__(self, response: Response, kind: str) -> None:
        super().__init__(response, f"blocked: {kind}")
        self.kind = kind
        """One of `newscrawl.pages.block_page.KINDS`."""


def kind(response: Response) -> str | None:
    """Return how a response shows a block: a kind of page or `http_403`; None if it does not."""
    root = response.selector.root if isinstance(response, HtmlResponse) else None
    return response_kind(response.status, root)


class BlockedPagesMiddleware:
    """Counts blocked pages, and keeps them from the spider.

    Home pages, archives and articles count; feeds and other sources may be closed to everyone.
    Stats: `pages/answered`, `blocked/<kind>`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._in_a_row = 0
        self._walls_in_a_row = 0
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BlockedPagesMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_spider_input(self, response: Response) -> None:
        """Accept pages of the site.

        Raises:
            BlockedError: the response has a good status and is not a page of the site.
        """
        if response.request is None or not _is_page(response.request):
            return
        count = self._crawler.stats.inc_value
        count(counters.ANSWERED)
        block_kind = kind(response)
        waits = asks_to_wait(response)
        self._in_a_row = self._in_a_row + 1 if block_kind or waits else 0
        if waits and self._in_a_row == _MAX_IN_A_ROW:
            self._close_spider(finish_reasons.RATE_LIMITED, f"HTTP {response.status}")
        if block_kind is None:
            return
        if not waits:
            count(f"{counters.BLOCKED}{block_kind}")
        self._note(response, block_kind, 0 if waits else self._in_a_row)
        if 200 <= response.status < 300:
            raise BlockedError(response, block_kind)

    def note_wall(self, response: Response, kind: str) -> None:
        """Count an article's page that has a wall in place of the article's text.

        Its template is the site's: only what was read of it shows the wall.
        """
        self._walls_in_a_row += 1
        self._crawler.stats.inc_value(f"{counters.BLOCKED}{kind}")
        self._note(response, kind, self._walls_in_a_row)

    def note_text(self) -> None:
        """Note that an article's page has no wall."""
        self._walls_in_a_row = 0

    def _note(self, response: Response, kind: str, in_a_row: int) -> None:
        """Record a blocked page; end the run after too many in a row."""
        logger.warning("Blocked (%s): %s", kind, response.url)
        if in_a_row == _MAX_IN_A_ROW:
            summary = blocked_summary(self._crawler.stats.get_stats())
            self._close_spider(finish_reasons.BLOCKED, summary)
        task.settle(response, Outcome(Kind.BLOCKED, f"blocked: {kind}"))

    def _close_spider(self, reason: str, detail: str) -> None:
        engine = self._crawler.engine
        assert engine is not None
        self._crawler.stats.set_value(counters.FINISH_DETAIL, detail)
        self._closing = asyncio.ensure_future(engine.close_spider_async(reason=reason))


def _is_page(request: Request) -> bool:
    return "article" in request.meta or bool(request.meta.get("is_page"))
