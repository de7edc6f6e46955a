"""Answers that show that the site keeps the crawler out: counted, never read."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl import finish_reasons
from newscrawl.pages.block_page import block_kind
from newscrawl.run.finish import ANSWERED, blocked_summary

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)
_REFUSALS = frozenset({401, 403, 429})
_LOOKED_AT = frozenset({200, 403, 429, 503})
_IN_A_ROW = 10
"""So many blocked pages one after another end the run: asking on would make it worse."""


class BlockedError(HttpError):
    """A page with status 200 that is none of the site's."""

    def __init__(self, response: Response, kind: str) -> None:
        super().__init__(response, f"blocked: {kind}")
        self.kind = kind
        """One of `newscrawl.pages.block_page.KINDS`."""


def kind(response: Response) -> str | None:
    """Return how a response shows that the crawler is kept out: a kind of page or `http_403`."""
    if response.status in _LOOKED_AT and isinstance(response, HtmlResponse):
        # A page without an element has no root of a tree.
        root = response.selector.root
        if found := block_kind(root) if hasattr(root, "iter") else None:
            return found
    return f"http_{response.status}" if response.status in _REFUSALS else None


class BlockedPagesMiddleware:
    """Counts pages that the site withholds, and keeps them from the spider.

    Home pages, archives and articles count: lists for machines may be closed to all.
    Stats: `pages/answered`, `blocked/<kind>`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._in_a_row = 0
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BlockedPagesMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_spider_input(self, response: Response) -> None:
        """Let pages of the site pass.

        Raises:
            BlockedError: the page is none, in spite of its status.
        """
        if response.request is None or not _is_page(response.request):
            return
        count = self._crawler.stats.inc_value
        count(ANSWERED)
        found = kind(response)
        self._in_a_row = self._in_a_row + 1 if found else 0
        if found is None:
            return
        count(f"blocked/{found}")
        logger.warning("Blocked (%s): %s", found, response.url)
        if self._in_a_row == _IN_A_ROW:
            self._give_up()
        if response.status == 200:
            response.meta["failure"] = f"blocked: {found}"
            raise BlockedError(response, found)

    def _give_up(self) -> None:
        stats, engine = self._crawler.stats, self._crawler.engine
        assert engine is not None
        stats.set_value(finish_reasons.DETAIL, blocked_summary(stats.get_stats()))
        self._closing = asyncio.ensure_future(
            engine.close_spider_async(reason=finish_reasons.BLOCKED)
        )


def _is_page(request: Request) -> bool:
    return request.method == "GET" and bool(request.meta.keys() & {"article", "pagination", "home"})
