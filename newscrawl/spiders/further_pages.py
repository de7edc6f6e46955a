"""Further pages of one article, fetched and joined before it is handed on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.middlewares import blocked
from newscrawl.pages import scripted
from newscrawl.pages.truncation import FLAG
from newscrawl.spiders.rendering import ARTICLE

if TYPE_CHECKING:
    from scrapy.http import Response

    from newscrawl.pages.jnews import JNewsArticlePage
    from newscrawl.spiders.rendering import RenderingSpider

logger = logging.getLogger("newscrawl.spider")


async def append_parts(page: JNewsArticlePage, spider: RenderingSpider, response: Response) -> bool:
    """Fetch and append the further pages; return whether the article is whole.

    The pages belong to one piece of work: an article is handed on with all of them or not
    as a whole one.
    """
    for url in page.parts():
        request = Request(
            spider.context.addresses.fetchable(url),
            callback=NO_CALLBACK,
            priority=response.request.priority + 1 if response.request else 1,
        )
        try:
            part = await spider.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever the downloader raises, the rest stands
            logger.warning("A further page was not fetched (%s): %s", type(error).__name__, url)
            spider.crawler.stats.inc_value("parts/failed")
            return False
        number = spider.context.addresses.understand(part.url).part
        is_there = part.status == 200 and number != 1 and blocked.kind(part) is None
        if not is_there or not isinstance(part, HtmlResponse):
            logger.warning("A further page is not there (HTTP %d): %s", part.status, url)
            spider.crawler.stats.inc_value("parts/failed")
            return False
        if gap := scripted.article_gap(part.selector.root):
            opened = await spider.in_browser(part, gap, ARTICLE)
            if opened is None:
                spider.crawler.stats.inc_value("parts/failed")
                return False
            part = opened
        if not page.append(part.selector) or FLAG in part.flags:
            spider.crawler.stats.inc_value("parts/failed")
            return False
        spider.crawler.stats.inc_value("parts/appended")
    return True
