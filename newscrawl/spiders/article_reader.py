"""Reads the article in a response: opens it in the browser if needed, appends further pages."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse

from newscrawl.extraction.fetched_page import TWIN_HEADER, with_flags
from newscrawl.extraction.read import ArticlePage, NeedsBrowser, NotArticle, read, stamp
from newscrawl.middlewares.blocked import BlockedPagesMiddleware
from newscrawl.middlewares.reserved import header_lines
from newscrawl.outcomes import counters, task
from newscrawl.outcomes.outcome import Outcome
from newscrawl.pages import meta_refresh
from newscrawl.pages.charset import FLAG as CHARSET
from newscrawl.pages.page_tree import is_bounded
from newscrawl.pages.truncation import FLAG
from newscrawl.spiders.channels.channel import note_failure
from newscrawl.spiders.further_pages import append_parts
from newscrawl.spiders.renderer import ARTICLE
from newscrawl.spiders.rights_reader import RightsReader
from newscrawl.warc.exchange import EXCHANGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response, TextResponse

    from newscrawl.context import RunContext
    from newscrawl.items.draft import Draft
    from newscrawl.spiders.renderer import Renderer

logger = logging.getLogger("newscrawl.spider")


class ArticleReader:
    """Turns the response of an article's address into a draft, or records why it cannot."""

    def __init__(self, crawler: Crawler, context: RunContext, renderer: Renderer) -> None:
        self._crawler = crawler
        self._context = context
        self._renderer = renderer
        self._rights = RightsReader(crawler, context)

    @property
    def _blocks(self) -> BlockedPagesMiddleware:
        try:
            blocks = self._crawler.get_spider_middleware(BlockedPagesMiddleware)
        except RuntimeError:
            # The crawl has no engine yet.
            blocks = None
        # Settings may leave the middleware out.
        return blocks or BlockedPagesMiddleware(self._crawler)

    async def read(self, response: TextResponse) -> Draft | None:
        """Return the article of a response; None if there is none, which is the task's outcome."""
        if not isinstance(response, HtmlResponse):
            self._not_article(response, "not_html")
            return None
        result = self._read(response)
        is_incomplete = isinstance(result, NeedsBrowser)
        if is_incomplete or (self._renderer.renders_all and isinstance(result, ArticlePage)):
            gap = result.gap if isinstance(result, NeedsBrowser) else None
            rendered = await self._renderer.open(response, gap, ARTICLE)
            if isinstance(rendered, HtmlResponse):
                result = self._read(rendered)
                if isinstance(result, NeedsBrowser):
                    result = NotArticle("not_filled")
            elif is_incomplete:
                page_task = task.of(response)
                if page_task is not None and page_task.outcome is not None:
                    # The browser failed.
                    return None
                result = NotArticle(rendered)
        if not isinstance(result, ArticlePage):
            self._without_article(response, result)
            return None
        self._blocks.note_text()
        has_all_parts = await append_parts(
            result.page, self._context, self._crawler, self._renderer, response
        )
        self._context.discovery.read_articles += 1
        is_whole = has_all_parts and FLAG not in response.flags
        draft = result.draft(_received_at(response), is_whole=is_whole)
        await self._rights.complete(draft, response)
        return _with_flags(draft, response)

    def stamped(self, draft: Draft, response: Response, reader: str) -> Draft:
        """Return the draft of an article that a list holds, with time and reader."""
        self._context.discovery.read_articles += 1
        stamp(draft.article, _received_at(response), reader)
        return _with_flags(draft, response)

    def _read(self, response: HtmlResponse) -> ArticlePage | NotArticle | NeedsBrowser:
        return read(
            response.selector,
            response.url,
            self._context.addresses,
            headers=header_lines(response),
            is_shallow=is_bounded(response.selector.root),
        )

    def _without_article(self, response: Response, result: NotArticle | NeedsBrowser) -> None:
        """Record a page that was read and has no article."""
        if isinstance(result, NeedsBrowser):
            self._not_article(response, result.gap)
        elif result.is_wall:
            self._wall(response, result.reason)
            return
        else:
            if (page_task := task.of(response)) is not None:
                page_task.article_id = result.article_id
            self._not_article(response, result.reason)
        self._blocks.note_text()

    def _wall(self, response: Response, kind: str) -> None:
        """Count a page that has a wall in place of the article's text."""
        self._blocks.note_wall(response, kind)
        stats = self._crawler.stats
        stats.inc_value(f"{counters.NOT_FETCHED}blocked_{kind}")
        stats.inc_value(counters.MISSED)
        note_failure(stats, f"articles: blocked_{kind}")

    def _not_article(self, response: Response, reason: str) -> None:
        """Log and count a page that is not an article now, and may be one later."""
        if _leads_elsewhere(response):
            self._not_fetched(response, meta_refresh.REASON)
            return
        logger.info("Not an article (%s): %s", reason, response.url)
        self._crawler.stats.inc_value(f"{counters.NOT_ARTICLE}{reason}")
        task.settle(response, Outcome.not_article(reason))
        page_task = task.of(response)
        is_first = page_task is None or not page_task.tries
        if is_first and reason != "needs_browser":
            self._crawler.stats.inc_value(counters.DOUBTFUL)

    def _not_fetched(self, response: Response, reason: str) -> None:
        """Log and count a page whose article was not fetched."""
        logger.warning("Not fetched (%s): %s", reason, response.url)
        stats = self._crawler.stats
        stats.inc_value(f"{counters.NOT_FETCHED}{reason}")
        stats.inc_value(counters.MISSED)
        note_failure(stats, f"articles: {reason}")
        task.settle(response, Outcome.failed(reason))


def _received_at(response: Response) -> datetime:
    """Return when a page was received, as its record in the archive has it; else now."""
    exchange = response.request.meta.get(EXCHANGE) if response.request is not None else None
    return datetime.now(UTC) if exchange is None else exchange.received_at


def _leads_elsewhere(response: Response) -> bool:
    """Return whether a browser would soon open another address in place of a page."""
    is_html = isinstance(response, HtmlResponse)
    return is_html and meta_refresh.leads_elsewhere(response.text, response.url)


def _with_flags(draft: Draft, response: Response) -> Draft:
    is_repaired, is_from_twin = CHARSET in response.flags, TWIN_HEADER in response.headers
    return with_flags(draft, is_repaired=is_repaired, is_from_twin=is_from_twin)


def header_texts(response: Response) -> dict[str, str]:
    """Return the headers of a response as text, their names in lower case."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
