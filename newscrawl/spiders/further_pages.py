"""The further pages of an article, fetched and appended before it is yielded.

See decision 9 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.extraction import further_page
from newscrawl.middlewares.reserved import header_lines
from newscrawl.outcomes import counters, task
from newscrawl.pages import scripted
from newscrawl.pages.truncation import FLAG
from newscrawl.spiders.renderer import ARTICLE
from newscrawl.warc.exchange import ROLE, TASK, Role

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.context import RunContext
    from newscrawl.pages.article_page import BaseArticlePage
    from newscrawl.spiders.renderer import Renderer

logger = logging.getLogger("newscrawl.spider")


async def append_parts(
    page: BaseArticlePage,
    context: RunContext,
    crawler: Crawler,
    renderer: Renderer,
    response: Response,
) -> bool:
    """Fetch and append the further pages; return whether the article is complete.

    All pages belong to the task of the first one.
    """
    position = 0
    # A page that is appended may link to further ones.
    while position < len(urls := page.parts()):
        url, position = urls[position], position + 1
        assert crawler.engine is not None
        fetched = context.addresses.fetchable(url)
        if context.rights.forbids(url, fetched):
            logger.warning("A further page is reserved, and RIGHTS_POLICY is respect: %s", url)
            crawler.stats.inc_value(counters.PARTS_FAILED)
            return False
        request = Request(
            fetched,
            callback=NO_CALLBACK,
            priority=response.request.priority + 1 if response.request else 1,
            meta={ROLE: Role.PART, TASK: task.of(response)},
        )
        try:
            part = await crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - the downloader may raise anything; the first page is kept
            logger.warning("A further page was not fetched (%s): %s", type(error).__name__, url)
            crawler.stats.inc_value(counters.PARTS_FAILED)
            return False
        if not isinstance(part, HtmlResponse) or not further_page.is_further_page(
            context.addresses, part.url, part.status, part.selector.root
        ):
            logger.warning("A further page is not available (HTTP %d): %s", part.status, url)
            crawler.stats.inc_value(counters.PARTS_FAILED)
            return False
        if gap := scripted.article_gap(part.selector.root):
            rendered = await renderer.open(part, gap, ARTICLE)
            if not isinstance(rendered, HtmlResponse):
                crawler.stats.inc_value(counters.PARTS_FAILED)
                return False
            part = rendered
        has_text = further_page.append(page, part.selector, part.url, header_lines(part))
        if not has_text or FLAG in part.flags:
            crawler.stats.inc_value(counters.PARTS_FAILED)
            return False
        crawler.stats.inc_value(counters.PARTS_APPENDED)
    return True
